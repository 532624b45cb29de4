"""The loop around a talk: lines from a pipe or from a person, with colour and history for these."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from bot.store import OutboxRow
from bot.terminal.talk import Talk
from bot.terminal.transcript import lines_of

STYLES = {"coach": "ansicyan", "nudge": "ansiyellow", "--": "ansibrightblack"}
HELLO = (
    "-- You talk with the coach here. Type words, [Button] or [2] to press, /pass 3 days to let "
    "time pass, and Ctrl-D to leave. --"
)


async def run(talk: Talk, *, plain: bool, history: Path | None = None) -> None:
    """Read lines until there are no more. From a pipe, or with `plain`, without any colour."""
    await talk.begin()
    interactive = sys.stdin.isatty() and not plain
    show = _show_coloured if interactive else print
    if interactive:
        show(HELLO)
    for row in await talk.said():
        _show_row(row, show)
    async for line in _typed(history) if interactive else _piped():
        if not line.strip():
            continue
        if not interactive:
            show(f"  you: {line.strip()}")
        async for one in talk.hear(line):
            _show_row(one, show)


def _show_row(one: OutboxRow | str, show: object) -> None:
    assert callable(show)
    for line in [one] if isinstance(one, str) else lines_of(one):
        show(line)


async def _piped() -> AsyncIterator[str]:
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line.rstrip("\n")


async def _typed(history: Path | None) -> AsyncIterator[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    # What a seeker types is theirs: it is kept on disk only beside a store they asked for.
    kept = FileHistory(str(history)) if history else InMemoryHistory()
    session: PromptSession[str] = PromptSession(history=kept)
    while True:
        try:
            yield await session.prompt_async("  you: ")
        except (EOFError, KeyboardInterrupt):
            return


def _show_coloured(line: str) -> None:
    from prompt_toolkit import print_formatted_text
    from prompt_toolkit.formatted_text import FormattedText

    start = line[:5] if line[:5] in STYLES else line[:2]
    style = STYLES.get(start, "")
    head, rest = (line[:6], line[6:]) if start in ("coach", "nudge") else (line, "")
    print_formatted_text(FormattedText([(f"bold {style}" if rest else style, head), ("", rest)]))
