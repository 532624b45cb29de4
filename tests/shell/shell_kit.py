"""A talk over a store in memory, on a Monday morning in Chicago, for tests of the shell."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import StoppedClock
from bot.coach import Coach
from bot.store import OutboxRow, Store
from bot.terminal.channel import TerminalChannel
from bot.terminal.talk import Talk
from bot.terminal.transcript import lines_of
from bot.words import Words
from conversations import Script

CHICAGO = ZoneInfo("America/Chicago")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=CHICAGO)
TO_THE_DRAFT = (
    "/start", "[I just finished college or training]", "nursing", "Maria Lopez", "[Enough for now]",
    "[Very well]", "[Ask Maria]", "[Text or chat message]", "Dana",
)  # fmt: skip


@asynccontextmanager
async def talking(
    script: Script, words: Words, path: Path | None = None, language: str = "", name: str = ""
) -> AsyncIterator[Talk]:
    """A talk, whose store is closed at the end."""
    store = await Store.open(path or ":memory:")
    clock = StoppedClock(MONDAY)
    coach = Coach(script, words, store, TerminalChannel(words, language, name), clock)
    talk = Talk(coach, clock, CHICAGO)
    await talk.begin()
    try:
        yield talk
    finally:
        await store.close()


async def heard(talk: Talk, *lines: str) -> list[str]:
    """Everything that is shown after these lines."""
    shown: list[str] = []
    for line in lines:
        async for one in talk.hear(line):
            shown.extend([one] if isinstance(one, str) else lines_of(one))
    return shown


def words_in(rows: list[OutboxRow | str]) -> str:
    """All the lines of these rows as one text."""
    return "\n".join(line for one in rows for line in ([one] if isinstance(one, str) else lines_of(one)))
