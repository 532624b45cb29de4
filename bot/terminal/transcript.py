"""How a conversation looks as text: `coach:`, `nudge:`, `you:`, buttons in brackets."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from bot.store import OutboxRow

INDENT = " " * 7
SHOWN_BUTTONS = 2
SHORT = 100


def lines_of(row: OutboxRow) -> Iterator[str]:
    """The lines of one thing the coach says."""
    if row.method == "file":
        yield f"coach: <file: {row.file_name}>"
        return
    said = json.loads(row.payload)
    who = "nudge" if said["nudge"] else "coach"
    words = "\n\n".join(_part(one) for one in said["parts"]).split("\n")
    labels = [f"[{one}]" for one in said["buttons"]]
    yield f"{who}: {words[0]}"
    yield from (f"{INDENT}{line}".rstrip() for line in words[1:])
    if labels:
        yield f"{INDENT}{' '.join(labels)}"


def line_of(rows: Sequence[OutboxRow]) -> str:
    """One line for all that is said in a turn: each message cut, the buttons folded after two."""
    said = [json.loads(one.payload) for one in rows]
    who = "nudge" if any(one.get("nudge") for one in said) else "coach"
    pieces = [_piece(row, one) for row, one in zip(rows, said, strict=True)]
    labels = [f"[{one}]" for told in said for one in told.get("buttons", ())]
    room = SHORT // len(pieces)
    return f"{who}: {' / '.join(_cut(one, room) for one in pieces)}{_folded(labels)}"


def _piece(row: OutboxRow, said: dict[str, Any]) -> str:
    if row.method == "file":
        return f"<file: {row.file_name}>"
    return "\n".join(_part(one) for one in said["parts"])


def _part(part: dict[str, str]) -> str:
    if "words" in part:
        return part["words"]
    lines = [*([part["subject"], ""] if "subject" in part else []), *part["draft"].split("\n")]
    shown = "\n".join(f"| {line}".rstrip() for line in lines)
    return shown + (f"\n\n({part['meaning']})" if "meaning" in part else "")


def _cut(words: str, room: int) -> str:
    first = words.split("\n", 1)[0]
    if first == words and len(first) <= room:
        return first
    return f"{first[:room].rsplit(' ', 1)[0] if len(first) > room else first} …"


def _folded(labels: list[str]) -> str:
    shown = labels[:SHOWN_BUTTONS]
    more = ["[…]"] if len(labels) > SHOWN_BUTTONS else []
    return "".join(f" {one}" for one in (*shown, *more))
