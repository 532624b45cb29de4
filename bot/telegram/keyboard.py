"""Buttons in rows: as many side by side as their labels leave readable, never a label cut."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from telegram.constants import InlineKeyboardMarkupLimit

MOST: Final = int(InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER)
LONG: Final = 18
SHORT: Final = 10
_LEFTWARD: Final = ("ar", "fa", "he", "ur")

Key = dict[str, Any]
Rows = list[list[Key]]


def keyboard(
    body: Sequence[Key], ways_out: Sequence[Key], language: str, first: Sequence[Key] = ()
) -> dict[str, Rows] | None:
    """The inline keyboard; None without buttons.

    `first` (copy, open) stands above the options, `ways_out` (back, home) always share the
    last row. What exceeds 100 buttons is left out of the middle.
    """
    room = MOST - len(ways_out) - len(first)
    rows = [*_rows(first), *_rows(body[:room])]
    if ways_out:
        rows.append(list(ways_out))
    if reads_leftward(language):
        rows = [row[::-1] for row in rows]
    return {"inline_keyboard": rows} if rows else None


def reads_leftward(language: str) -> bool:
    """Whether a language is written from right to left (Telegram has no sign for it)."""
    return language.lower().replace("_", "-").split("-")[0] in _LEFTWARD


def _rows(keys: Sequence[Key]) -> Iterator[list[Key]]:
    widths = [len(key["text"]) for key in keys]
    many = 3 if all(width <= SHORT for width in widths) else 2
    at = 0
    while at < len(keys):
        room = many if all(width <= LONG for width in widths[at : at + many]) else 1
        yield list(keys[at : at + room])
        at += room
