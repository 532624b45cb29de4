"""What the tests of time share: the table of clock changes, seekers with a weekly moment, a coach to ring."""

import csv
import struct
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.calendars import WorldCalendar
from bot.clock import StoppedClock
from bot.coach import Coach
from bot.planning import planned
from bot.store import NudgeRow, OutboxRow, SeekerRow, Store
from bot.terminal.channel import TerminalChannel
from conversations import Script, Seeker
from conversations.saving import FORMAT, dump, load
from conversations.state import Ask, Person, Plan, Promise, Talk
from tests.conversations.core_kit import the_coach, welcomed

MOST_RINGS = 500
TABLE = Path(__file__).with_name("clock_changes.csv")


@dataclass(frozen=True)
class Change:
    """One clock change, a wall time that it skips or doubles, and the one moment that is meant."""

    zone: str
    at: datetime
    before: timedelta
    after: timedelta
    day: date
    wall: time
    kind: str
    due: datetime
    cron: int  # how often the cron trigger of APScheduler fires for it

    def __str__(self) -> str:
        return f"{self.zone} {self.kind}"


def _offset(text: str) -> timedelta:
    hours, minutes = int(text[1:3]), int(text[4:6])
    return timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1)


@cache
def changes() -> tuple[Change, ...]:
    """The table of clock changes of 2027."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(_change(row) for row in csv.DictReader(file))


def _change(row: dict[str, str]) -> Change:
    return Change(
        row["zone"],
        datetime.fromisoformat(row["change_utc"]),
        _offset(row["before"]),
        _offset(row["after"]),
        date.fromisoformat(row["nominal_date"]),
        time.fromisoformat(row["wall"]),
        row["kind"],
        datetime.fromisoformat(row["expected_utc"]),
        int(row["cron_firings"]),
    )


def _block(version: bytes, moments: list[int], offsets: list[int], width: str) -> bytes:
    head = b"TZif" + version + bytes(15)
    head += struct.pack(">6l", 0, 0, 0, len(moments), len(offsets), 1 if offsets else 0)
    body = struct.pack(f">{len(moments)}{width}", *moments) + bytes(range(1, len(moments) + 1))
    for offset in offsets:
        body += struct.pack(">lbb", offset, 0, 0)
    return head + body + (b"\0" if offsets else b"")


@cache
def zone_in_table(name: str) -> ZoneInfo:
    """A zone with the clock changes of the table and no others: laws change, this table does not."""
    rows = sorted((one for one in changes() if one.zone == name), key=lambda one: one.at)
    moments = [int(one.at.timestamp()) for one in rows]
    offsets = [int(one.total_seconds()) for one in (rows[0].before, *(row.after for row in rows))]
    data = _block(b"2", [], [], "l") + _block(b"2", moments, offsets, "q") + b"\n\n"
    return ZoneInfo.from_file(BytesIO(data), key=name)


class TableCalendar(WorldCalendar):
    """The world, but with the clock changes of the table."""

    def zone(self, name: str) -> tzinfo:
        """The zone of the table, or the world's where it has none."""
        known = any(one.zone == name for one in changes())
        return zone_in_table(name) if known else super().zone(name)


def table_script() -> Script:
    """The script, with the clock changes of the table."""
    return replace(the_coach()[0], calendar=TableCalendar())


def weekly(zone: str, day: date, wall: time, made: datetime) -> Seeker:
    """A seeker in a zone whose weekly moment is this wall time on the weekday of `day`."""
    plan = Plan(day.weekday(), wall, made=made)
    return replace(welcomed().seeker, zone=zone, plan=plan, last_seen=made)


def owing(zone: str, seen: datetime, days: Iterable[int]) -> Seeker:
    """A seeker who promised something to one person for each of these days after the last word."""
    today = seen.astimezone(ZoneInfo(zone)).date()
    people = tuple(
        Person(number, f"Kim {number}", seen, promises=(
            Promise(number, "call the school", False, today + timedelta(days=day)),))
        for number, day in enumerate(days, 1)
    )  # fmt: skip
    return replace(welcomed().seeker, zone=zone, last_seen=seen, people=people, next_person=len(people) + 1)


def meeting(seeker: Seeker, start: datetime, number: int = 90) -> Seeker:
    """The seeker, with a talk settled on a wall time of their own zone."""
    seen = seeker.last_seen
    assert seen is not None
    ask = Ask(drafted=seen, sent=seen, answer="agreed", answered=seen)
    talk = Talk(start, seeker.zone, agreed=seen)
    person = Person(number, "Ana Ruiz", seen, ask=ask, talk=talk)
    return replace(seeker, people=(*seeker.people, person), next_person=number + 1)


@dataclass
class Clockwork:
    """A coach over a store in memory, with many seekers and a clock that only the test moves."""

    coach: Coach
    clock: StoppedClock

    async def keep(self, number: int, seeker: Seeker) -> None:
        """Save a seeker with what is owed to them now."""
        now = self.clock.now()
        rows = planned(self.coach.script, seeker, now)
        async with self.coach.store.transaction() as t:
            await t.save_seekers([SeekerRow(number, number, seeker.turn, FORMAT, dump(seeker), now)])
            await t.replace_plans({number: rows})

    async def ring(self, at: datetime | None = None) -> list[OutboxRow]:
        """Ring the bell, at a moment, until nobody is left; the nudges that were said."""
        if at is not None:
            self.clock.set(at)
        rings = 0
        while await self.coach.ring():
            rings += 1
            assert rings < MOST_RINGS, "the bell finds the same ones due again and again"
        return await self.said()

    async def said(self) -> list[OutboxRow]:
        """The nudges written since the last time, now counted as sent."""
        rows: list[OutboxRow] = []
        now = self.clock.now()
        async with self.coach.store.transaction() as t:
            while pending := await t.pending("nudge", now, 500):
                await t.claim([one.id for one in pending], now)
                for one in pending:
                    await t.settle(one.id, "sent", now=now)
                rows.extend(pending)
        return sorted(rows, key=lambda one: one.id)

    async def seeker(self, number: int) -> Seeker:
        """A seeker as saved."""
        async with self.coach.store.transaction() as t:
            row = await t.seeker(number)
        assert row is not None
        return load(row.body)

    async def owed(self, number: int) -> list[NudgeRow]:
        """What is owed to a seeker, as the bell sees it."""
        async with self.coach.store.transaction() as t:
            return (await t.nudges_of([number]))[number]


@asynccontextmanager
async def clockwork(now: datetime, script: Script | None = None) -> AsyncIterator[Clockwork]:
    """A coach to ring, whose store is closed at the end."""
    known, words = the_coach()
    store = await Store.open(":memory:")
    clock = StoppedClock(now.astimezone(UTC))
    coach = Coach(script or known, words, store, TerminalChannel(words), clock)
    try:
        yield Clockwork(coach, clock)
    finally:
        await store.close()
