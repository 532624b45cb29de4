"""Builds the script and the words from the content files: once, at the start."""

from bot.calendars import WorldCalendar
from bot.content import load
from bot.words import Words
from conversations import STAGES, Script


def build() -> tuple[Script, Words]:
    """The conversation and all its languages. ContentError names an author's mistake."""
    files = load()
    words = Words(files.entries)
    script = Script(STAGES, files.content, WorldCalendar(), words.languages, files.alarms)
    return script, words
