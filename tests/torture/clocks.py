"""Every clock change of every zone: one moment for each day, and the same one that another library finds."""

import asyncio
import random
import sys
import time as stopwatch
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from whenever import ZonedDateTime

from bot.jobs import RING
from conversations.calendar import at_wall, next_at
from tests.fire.blocking import said_after_a_block
from tests.torture.result import Result

WALLS = tuple(time(hour, minute) for hour in range(24) for minute in range(0, 60, 10))
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
NEAR = 4 * 3600
BLOCKED = (10, 1000)


@dataclass(frozen=True)
class Turn:
    """A clock change: when, and the offset before and after it."""

    at: datetime
    before: timedelta
    after: timedelta


@dataclass(frozen=True)
class Tally:
    """How many firings were looked at, how many never came, and how many came again."""

    runs: int = 0
    lost: int = 0
    doubled: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.runs + other.runs, self.lost + other.lost, self.doubled + other.doubled)


def zone_names() -> tuple[str, ...]:
    """Every zone name that is known here, always in the same order."""
    return tuple(sorted(available_timezones() - {"localtime"}))


def turns(name: str, first: int, last: int, step: timedelta = DAY) -> tuple[Turn, ...]:
    """The clock changes of a zone from the first to the last of these years, `step` or more apart."""
    zone, found = ZoneInfo(name), list[Turn]()
    day, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    offset = _offset(zone, day)
    while day < end:
        then = _offset(zone, day + step)
        if then != offset:
            found.append(Turn(_between(zone, day, day + step), offset, then))
        day, offset = day + step, then
    return tuple(found)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _between(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = _offset(zone, low)
    while high - low > SECOND:
        middle = low + ((high - low) / 2 // SECOND) * SECOND
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high


def meant(day: date, wall: time, turn: Turn) -> datetime:
    """The moment that a wall time near one clock change means, reckoned from its offsets alone."""
    shown = datetime.combine(day, wall, tzinfo=UTC)
    old, new = shown - turn.before, shown - turn.after
    return old if old < turn.at or new < turn.at else new


def around(zone: ZoneInfo, turn: Turn, walls: Iterable[time]) -> Tally:
    """A daily moment at each wall time, from two days before a clock change to two days after it."""
    first = turn.at.astimezone(zone).date() - 2 * DAY
    days = [first + number * DAY for number in range(5)]
    tally = Tally()
    for wall in walls:
        tally += _chain(zone, wall, [meant(day, wall, turn) for day in days])
    return tally


def _chain(zone: ZoneInfo, wall: time, wanted: Sequence[datetime]) -> Tally:
    """Ask for the next moment right after each one, an hour later, and right before the next."""
    lost = doubled = 0
    for last, moment in zip((wanted[0] - 3 * timedelta(hours=1), *wanted), wanted, strict=False):
        for asked in (last + SECOND, min(last + timedelta(minutes=50), moment), moment - SECOND):
            found = next_at(asked.astimezone(zone), wall).astimezone(UTC)
            lost += found > moment
            doubled += found < moment
    return Tally(len(wanted), lost, doubled)


def every_turn(names: Iterable[str], first: int = 2026, last: int = 2036) -> tuple[Tally, int, int]:
    """All clock changes of these zones; those that share their rules are reckoned once."""
    known: dict[tuple[Turn, ...], Tally] = {}
    total, count, zones = Tally(), 0, 0
    for name in names:
        found = turns(name, first, last)
        if found not in known:
            zone = ZoneInfo(name)
            known[found] = sum((around(zone, one, WALLS) for one in found), Tally())
        total, count, zones = total + known[found], count + len(found), zones + 1
    return total, count, zones


def differences(names: Sequence[str], count: int, seed: int) -> tuple[int, int]:
    """How often another library finds another moment for a random wall time; half are near a change."""
    chosen = random.Random(seed)
    zones = {name: ZoneInfo(name) for name in names}  # held, or most are read anew each time
    known = {name: turns(name, 2015, 2040, 7 * DAY) for name in names}
    different = near = 0
    for number in range(count):
        name = chosen.choice(names)
        shown = datetime(1970, 1, 1) + timedelta(seconds=chosen.randrange(130 * 365 * 86400))
        if number % 2 and known[name]:
            turn = chosen.choice(known[name])
            at = (turn.at + turn.before).replace(tzinfo=None)
            shown, near = at + timedelta(seconds=chosen.randint(-NEAR, NEAR)), near + 1
        different += _differs(zones[name], name, shown)
    return different, near


def _differs(zone: ZoneInfo, name: str, shown: datetime) -> bool:
    ours = at_wall(shown.date(), shown.time(), zone)
    parts = (shown.year, shown.month, shown.day, shown.hour, shown.minute, shown.second)
    theirs = ZonedDateTime(*parts, tz=name, disambiguation="compatible")
    return int(ours.timestamp()) != theirs.timestamp()


def every_zone() -> Result:
    """S02: every zone name, every clock change of eleven years, 144 wall times, five days."""
    begun = stopwatch.perf_counter()
    tally, count, zones = every_turn(zone_names())
    seconds = stopwatch.perf_counter() - begun
    figure = f"{zones} zone names, {count} clock changes, {tally.runs} firings"
    ok = not tally.lost and not tally.doubled and count > 2000
    return Result("S02", "a daily moment around every clock change", tally.runs, tally.lost,
                  tally.doubled, figure, ok, seconds)  # fmt: skip


def another_library(count: int = 1_000_000, seed: int = 3) -> Result:
    """S03: random wall times in random zones, as `whenever` finds them."""
    begun = stopwatch.perf_counter()
    different, near = differences(zone_names(), count, seed)
    seconds = stopwatch.perf_counter() - begun
    figure = f"{different} differences in {count} wall times, {near} of them near a clock change"
    return Result("S03", "the same moment as another library", count, different, 0, figure,
                  different == 0 and near > count // 5, seconds)  # fmt: skip


ALL = (every_zone, another_library)

if __name__ == "__main__":
    results = [one() for one in ALL]
    for result in results:
        print(result)
    sys.exit(not all(one.ok for one in results))


def a_blocked_loop() -> Result:
    """S09: ten and a thousand come due while the loop is blocked for half a minute; the bell of service."""
    begun, lost, doubled = stopwatch.monotonic(), 0, 0
    for count in BLOCKED:
        said = asyncio.run(said_after_a_block(count, RING, 30))
        lost += count - len(set(said))
        doubled += len(said) - len(set(said))
    ok = not lost and not doubled
    figure = f"blocked for 30 s, {' and '.join(map(str, BLOCKED))} due"
    seconds = stopwatch.monotonic() - begun
    return Result("S09", "a loop that is blocked", sum(BLOCKED), lost, doubled, figure, ok, seconds)
