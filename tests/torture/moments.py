"""D03: kill -9 at random moments while fifty updates a second come in; none is lost or applied twice."""

import asyncio
import random
import time as stopwatch
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.local.people import Person
from tests.torture.result import Result
from tests.torture.scene import Scene, scene
from tests.torture.short import NOON

RATE = 50
CROWD = 400


@dataclass(frozen=True)
class Count:
    """What many kills under load came to, in updates."""

    kills: int
    acknowledged: int
    missing: int
    twice: int
    undone: int


class Load:
    """People who write, so many words a second in all; each word is one turn of its seeker."""

    def __init__(self, there: Scene, people: Sequence[Person], rate: int, seed: int) -> None:
        self._people, self._rate, self._chance = people, rate, random.Random(seed)
        self._there = there
        self.written: Counter[int] = Counter()

    async def run(self) -> None:
        """Until cancelled."""
        begun, count = stopwatch.monotonic(), 0
        while True:
            while count < (stopwatch.monotonic() - begun) * self._rate:
                count += 1
                self.write()
            await asyncio.sleep(0.5 / self._rate)

    def write(self) -> None:
        """One of them writes."""
        one = self._chance.choice(self._people)
        self.written[one.chat.id] += 1
        one.types("/start" if self.written[one.chat.id] == 1 else f"word {self.written[one.chat.id]}")


async def at_random_moments(kills: int, seed: int, *, bad: str = "") -> Count:
    """So many kills, each some tenths of a second after a start."""
    chance = random.Random(seed)
    async with scene(NOON) as there:
        people = [there.standin.person(f"Kim {number}") for number in range(CROWD)]
        load = Load(there, people, RATE, seed)
        loading = asyncio.create_task(load.run())
        for _ in range(kills):
            child = await there.start(bad=bad, backups="")
            await asyncio.sleep(chance.uniform(0.4, 1.8))
            child.kill()
            await child.end()
        loading.cancel()
        acknowledged, lost = set(there.standin.updates.confirmed), 0
        await there.start(backups="")
        if bad:
            await there.until(lambda: not there.standin.updates.waiting, "all taken in", settles=False)
            lost = len(acknowledged - {row[0] for row in there.ask("SELECT update_id FROM inbox")})
            return Count(kills, len(acknowledged), lost, 0, 0)
        await there.until(lambda: not there.undone(), "every turn", settles=False)
        return _counted(there, load, kills)


def _counted(there: Scene, load: Load, kills: int) -> Count:
    acknowledged = set(there.standin.updates.confirmed)
    kept = {row[0] for row in there.ask("SELECT update_id FROM inbox")}
    turns = dict(there.ask("SELECT id, turn FROM seekers"))
    twice = sum(max(0, turns.get(one, 0) - count) for one, count in load.written.items())
    missing = sum(max(0, count - turns.get(one, 0)) for one, count in load.written.items())
    return Count(kills, len(acknowledged), max(missing, len(acknowledged - kept)), twice, len(there.undone()))


def d03(kills: int = 200, seed: int = 3) -> Result:
    """Two hundred kills under load."""
    begun = stopwatch.monotonic()
    found = asyncio.run(at_random_moments(kills, seed))
    figure = f"{found.acknowledged} acknowledged updates at {RATE}/s"
    ok = not (found.missing or found.twice or found.undone) and found.acknowledged >= 50 * kills
    return Result("D03", "kill -9 at random moments under load", kills, found.missing, found.twice, figure,
                  ok, stopwatch.monotonic() - begun)  # fmt: skip


ALL = (d03,)
