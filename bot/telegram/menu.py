"""What Telegram shows of the bot outside the chat: commands and descriptions, per language."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from bot.telegram.outcomes import judge

MOST_COMMANDS: Final = 12
DEFAULT: Final = "en"
_LOG: Final = logging.getLogger(__name__)

Command = tuple[str, str]
Menu = tuple[Sequence[Command], str, str]


class Caller(Protocol):
    """What the menu needs of the bot (`bot.telegram.client.Client`)."""

    async def call(self, method: str, payload: dict[str, Any]) -> Any:
        """The raw result of a Bot API method."""


async def set_menu(bot: Caller, texts: Mapping[str, Menu], name: str = "") -> int:
    """Sets what differs, and counts it. `texts`: language -> (commands, description, short one).

    English is also what languages without their own see. Of two locales with one two-letter
    code the first stands. A failure is logged and the rest left as it is, for the coach works
    without; only TokenRefused is raised. Raises ValueError for more than 12 commands.
    """
    changed = 0
    try:
        if name:
            changed += await _set(bot, "Name", "name", name, "")
        for code, (commands, description, short) in _by_code(texts).items():
            changed += await _set(bot, "Commands", "commands", _listed(commands), code)
            changed += await _set(bot, "Description", "description", description, code)
            changed += await _set(bot, "ShortDescription", "short_description", short, code)
    except ValueError:
        raise
    except Exception as error:
        _LOG.warning("the menu was not set: %s", judge(error).reason)
    return changed


def _by_code(texts: Mapping[str, Menu]) -> dict[str, Menu]:
    menus = {"": texts[DEFAULT]} if DEFAULT in texts else {}
    for language, menu in texts.items():
        menus.setdefault(language.lower().replace("_", "-").split("-")[0], menu)
    return menus


def _listed(commands: Sequence[Command]) -> list[dict[str, str]]:
    if len(commands) > MOST_COMMANDS:
        raise ValueError(f"{len(commands)} commands; a menu shows at most {MOST_COMMANDS}")
    return [{"command": command, "description": said} for command, said in commands]


async def _set(bot: Caller, what: str, field: str, wanted: Any, code: str) -> int:
    language = {"language_code": code} if code else {}
    found = await bot.call(f"getMy{what}", dict(language))
    if (found if field == "commands" else found.get(field)) == wanted:
        return 0
    await bot.call(f"setMy{what}", {field: wanted, **language})
    return 1
