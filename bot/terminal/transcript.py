"""How a conversation looks as text: `coach:`, `nudge:`, `you:`, buttons in brackets."""

import json
from collections.abc import Iterator

from bot.store import OutboxRow

INDENT = " " * 7
SHOWN_BUTTONS = 2
SHORT = 92


def lines_of(row: OutboxRow, *, short: bool = False) -> Iterator[str]:
    """The lines of one thing the coach says. `short`: one line for each message."""
    if row.method == "file":
        yield f"coach: <file: {row.file_name}>"
        return
    said = json.loads(row.payload)
    who = "nudge" if said["nudge"] else "coach"
    words = "\n\n".join(_part(one) for one in said["parts"]).split("\n")
    labels = [f"[{one}]" for one in said["buttons"]]
    if short:
        yield f"{who}: {_cut(words)}{_folded(labels)}"
        return
    yield f"{who}: {words[0]}"
    yield from (f"{INDENT}{line}".rstrip() for line in words[1:])
    if labels:
        yield f"{INDENT}{' '.join(labels)}"


def _part(part: dict[str, str]) -> str:
    if "words" in part:
        return part["words"]
    lines = [*([part["subject"], ""] if "subject" in part else []), *part["draft"].split("\n")]
    shown = "\n".join(f"| {line}".rstrip() for line in lines)
    return shown + (f"\n\n({part['meaning']})" if "meaning" in part else "")


def _cut(words: list[str]) -> str:
    first = words[0]
    whole = len(words) == 1 and len(first) <= SHORT
    return first if whole else f"{first[:SHORT].rsplit(' ', 1)[0] if len(first) > SHORT else first} …"


def _folded(labels: list[str]) -> str:
    shown = labels[:SHOWN_BUTTONS]
    more = ["[…]"] if len(labels) > SHOWN_BUTTONS else []
    return "".join(f" {one}" for one in (*shown, *more))
