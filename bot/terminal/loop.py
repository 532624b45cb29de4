"""The loop around a talk: lines from a pipe or from a person, with colour and history for these."""

import asyncio
import shutil
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from bot.store import OutboxRow
from bot.terminal.talk import Talk
from bot.terminal.transcript import INDENT, lines_of

STYLES = {"coach": "ansicyan", "nudge": "ansiyellow", "--": "ansibrightblack"}
WIDEST = 100
HELLO = (
    "-- You talk with the coach here. Type words, [Button] or [2] to press, /pass 3 days to let "
    "time pass, and Ctrl-D to leave. --"
)


async def run(talk: Talk, *, plain: bool, history: Path | None = None) -> None:
    """Read lines until there are no more. From a pipe, or with `plain`, without any colour.

    A person who is new is greeted at once; a pipe says /start itself.
    """
    await talk.begin()
    interactive = sys.stdin.isatty() and not plain
    show: Callable[[str], None] = _show_coloured if interactive else print
    if interactive:
        show(HELLO)
    for row in await talk.said():
        _show_row(row, show)
    async for line in _typed(history, await talk.is_new()) if interactive else _piped():
        if not line.strip():
            continue
        if not interactive:
            show(f"  you: {line.strip()}")
        async for one in talk.hear(line):
            _show_row(one, show)


def _show_row(one: OutboxRow | str, show: Callable[[str], None]) -> None:
    for line in [one] if isinstance(one, str) else lines_of(one):
        show(line)


async def _piped() -> AsyncIterator[str]:
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line.rstrip("\n")


async def _typed(history: Path | None, is_new: bool) -> AsyncIterator[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    if is_new:
        yield "/start"
    # What a seeker types is theirs: it is kept on disk only beside a store they asked for.
    kept = FileHistory(str(history)) if history else InMemoryHistory()
    session: PromptSession[str] = PromptSession(history=kept)
    while True:
        try:
            yield await session.prompt_async("  you: ")
        except (EOFError, KeyboardInterrupt):
            return


def wrapped(line: str, width: int) -> list[str]:
    """A line in pieces that fit: broken between words, and between buttons, never inside one."""
    is_buttons = line.startswith(f"{INDENT}[") and line.endswith("]")
    if is_buttons:
        labels = line.strip()[1:-1].split("] [")
        line = INDENT + " ".join(f"[{one.replace(' ', chr(160))}]" for one in labels)
    start = INDENT + ("| " if line.startswith(f"{INDENT}| ") else "")
    pieces = textwrap.wrap(
        line, width, subsequent_indent=start, break_long_words=False, break_on_hyphens=False,
        drop_whitespace=True, replace_whitespace=False,
    )  # fmt: skip
    return [one.replace(chr(160), " ") if is_buttons else one for one in pieces] or [""]


def _show_coloured(line: str) -> None:
    from prompt_toolkit import print_formatted_text
    from prompt_toolkit.formatted_text import FormattedText

    start = line[:5] if line[:5] in STYLES else line[:2]
    style = STYLES.get(start, "")
    for number, piece in enumerate(wrapped(line, min(WIDEST, shutil.get_terminal_size().columns - 1))):
        head = piece[:6] if start in ("coach", "nudge") and not number else ""
        colour = style if start == "--" else ""
        print_formatted_text(FormattedText([(f"bold {style}", head), (colour, piece[len(head) :])]))
