"""L04: ten thousand nudges due in one minute while twenty updates a second come in."""

import asyncio
import statistics
import tempfile
import time as stopwatch
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.local.flood import Limits
from tests.fire.time_kit import owing
from tests.torture.houses import built, keep
from tests.torture.moments import Load
from tests.torture.races import Watched
from tests.torture.result import Result
from tests.torture.scene import Scene, scene
from tests.torture.short import MORNING, SEEN

RATE, WRITERS = 20, 400
LONGEST, LAST_ANSWERS = 420.0, 10.0


@dataclass(frozen=True)
class Crowd:
    """How it went: seconds from the first nudge to the last, and of each answer.

    `unanswered`: writers who waited in vain; of them there are no seconds.
    """

    nudges: int
    missing: int
    twice: int
    seconds: float
    answers: tuple[float, ...]
    unanswered: int
    refusals: int
    broken: tuple[str, ...]

    @property
    def slowest(self) -> float:
        """The time within which 99 of 100 answers came."""
        return statistics.quantiles(self.answers, n=100)[98]


class Watch:
    """When each nudge arrived, and how long each writer waited for an answer."""

    def __init__(self, there: Scene, last_nudged: int) -> None:
        self._there, self._last = there, last_nudged
        self.nudges: Counter[int] = Counter()
        self.first = self.latest = 0.0
        self.asked: dict[int, float] = {}
        self.answers: list[float] = []

    def told(self, call: Any) -> None:
        """A request came in."""
        if call.method not in ("sendMessage", "editMessageText") or call.status != 200:
            return
        chat, now = int(call.params["chat_id"]), stopwatch.monotonic()
        if chat <= self._last:
            self.nudges[chat] += 1
            self.first, self.latest = self.first or now, now
        elif chat in self.asked:
            self.answers.append(now - self.asked.pop(chat))


class TimedLoad(Load):
    """Writers; when each wrote is noted, unless an answer to them is still to come."""

    watch: Watch

    def write(self) -> None:
        """One of them writes."""
        before = dict(self.written)
        super().write()
        [number] = [one for one, count in self.written.items() if count != before.get(one, 0)]
        self.watch.asked.setdefault(number, stopwatch.monotonic())


async def crowd(count: int) -> Crowd:
    """So many nudges at once, at the limits that Telegram is said to have."""
    seekers = {1001 + one: owing("America/Chicago", SEEN, [2]) for one in range(count)}
    with tempfile.TemporaryDirectory() as name:
        await keep(Path(name) / "coach.db", built()[0], seekers, SEEN)
        async with scene(MORNING, Path(name) / "coach.db", Limits(), people=count) as there:
            writers = [there.standin.person(f"Jo {number}") for number in range(WRITERS)]
            watch, load = Watch(there, 1000 + count), TimedLoad(there, writers, RATE, 4)
            there.standin.calls, load.watch = Watched(watch.told), watch
            await there.start(backups="", haste=1.0)
            loading = asyncio.create_task(load.run())
            end = stopwatch.monotonic() + LONGEST + 120
            while len(watch.nudges) < count and stopwatch.monotonic() < end:
                await asyncio.sleep(0.2)
            loading.cancel()
            end = stopwatch.monotonic() + LAST_ANSWERS
            while watch.asked and stopwatch.monotonic() < end:
                await asyncio.sleep(0.2)
            await asyncio.sleep(2)
            await there.stop()
            twice = sum(one - 1 for one in watch.nudges.values())
            return Crowd(count, count - len(watch.nudges), twice, watch.latest - watch.first,
                         tuple(watch.answers), len(watch.asked), there.standin.flood.refusals,
                         tuple(there.standin.broken_rules))  # fmt: skip


def l04(count: int = 10_000) -> Result:
    """Ten thousand."""
    begun = stopwatch.monotonic()
    found = asyncio.run(crowd(count))
    figure = (f"all in {found.seconds:.0f} s, 99 of 100 of {len(found.answers)} answers in "
              f"{found.slowest:.2f} s, {found.unanswered} unanswered, {found.refusals} x 429")  # fmt: skip
    ok = not (found.missing or found.twice or found.refusals or found.unanswered)
    ok = ok and found.seconds <= LONGEST
    return Result("L04", "10,000 nudges in one minute", count, found.missing, found.twice, figure,
                  ok and found.slowest <= 1.0, stopwatch.monotonic() - begun)  # fmt: skip


ALL = (l04,)
