"""The command menu, the description and the short description, in every language."""

from bot.words import Words
from conversations.effects import Text

NAME = "Twenty Minutes"
COMMANDS = (
    "next", "people", "talks", "questions", "progress", "plan", "settings", "language", "help",
    "privacy", "export", "erase",
)  # fmt: skip
Menu = tuple[list[tuple[str, str]], str, str]


def menus(words: Words) -> dict[str, Menu]:
    """For each language: the commands with their descriptions, the description, the short one."""
    return {code: _menu(words, code) for code, _ in words.languages}


def _menu(words: Words, code: str) -> Menu:
    commands = [(name, words.say(Text(f"menu.{name}"), code)) for name in COMMANDS]
    return commands, words.say(Text("menu.about"), code), words.say(Text("menu.short"), code)
