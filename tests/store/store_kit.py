"""What the tests of the store share: a moment, and rows that need only what the test is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.store import InboxRow, NudgeRow, OutboxRow, SeekerRow, Transaction

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


async def keep(t: Transaction, update: int, tap: str | None, chat: int, body: str, now: datetime) -> bool:
    """Keep one raw update; whether it is new."""
    before = len(await t.waiting_updates(10_000))
    await t.keep_updates([InboxRow(update, tap, chat, body, now)])
    return len(await t.waiting_updates(10_000)) > before


async def pending(t: Transaction, now: datetime) -> list[OutboxRow]:
    """What may be sent now: replies, then nudges."""
    return [*await t.pending("reply", now, 10), *await t.pending("nudge", now, 10)]


def bytes_of(folder: Path) -> bytes:
    """Every byte of every file in a folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())
