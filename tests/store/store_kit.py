"""What the tests of the store share: a moment, and rows that need only what the test is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.store import NudgeRow, OutboxRow, SeekerRow

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def seeker(id: int = 7, **changes: object) -> SeekerRow:
    """A seeker, with what the test changes."""
    row = SeekerRow(id=id, chat=id, turn=1, format=1, body='{"name": "Ana"}', last_seen=NOW)
    return replace(row, **changes)  # type: ignore[arg-type]


def request(chat: int = 7, **changes: object) -> OutboxRow:
    """A request to send, with what the test changes."""
    row = OutboxRow(chat=chat, method="sendMessage", payload='{"text": "Hello"}', seeker=chat)
    return replace(row, **changes)  # type: ignore[arg-type]


def nudge(rule: str = "draft", due: datetime = NOW, person: int = 1) -> NudgeRow:
    """A nudge that is due."""
    return NudgeRow(rule=rule, person=person, due=due, turn=1)


def bytes_of(folder: Path) -> bytes:
    """Every byte of every file in a folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())
