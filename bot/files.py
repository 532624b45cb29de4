"""The files that go with a turn: the calendar file of a talk, the export of everything."""

from collections.abc import Sequence
from datetime import datetime

from bot.calendar_file import calendar_file
from bot.export import export_file
from bot.words import Words
from conversations import Seeker
from conversations.effects import Effect, SendCalendarFile, SendExport


def files_of(effects: Sequence[Effect], seeker: Seeker, words: Words, now: datetime) -> dict[str, bytes]:
    """The bytes of each file that the effects send, by the name channels know it by."""
    made: dict[str, bytes] = {}
    for one in effects:
        if isinstance(one, SendCalendarFile):
            made["calendar"] = calendar_file(one, words, seeker.language, now)
        elif isinstance(one, SendExport):
            made["export"] = export_file(seeker, now)
    return made
