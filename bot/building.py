"""Builds the script and the words from the content files: once, at the start."""

from bot.calendars import WorldCalendar
from bot.catalogs import right_to_left
from bot.content import load
from bot.problems import Problem
from bot.words import Words
from conversations import STAGES, Script


def build(*, pseudo: bool = False) -> tuple[Script, Words]:
    """The conversation and all its languages. ContentError names an author's mistake.

    `pseudo`: with a made-up language that is written from right to left, in place of Arabic.
    """
    files = load()
    made = {"ar": right_to_left(files.entries.values())} if pseudo else {}
    words = Words(files.entries, made=made)
    script = Script(STAGES, files.content, WorldCalendar(), words.languages, files.alarms, files.answers)
    return script, words


def problems() -> list[Problem]:
    """Everything an author should mend, in words, situations, catalogues and script."""
    from bot.check import problems as found
    from bot.check import read_sources

    script, words = build()
    return found(script, load(), words, read_sources())
