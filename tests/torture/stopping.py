"""C12 and D17: a coach that starts and stops leaves nothing behind, and one told to stop ends in order."""

import asyncio
import gc
import os
import signal
import tempfile
import threading
import time as stopwatch
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.bell import Bell
from bot.clock import WallClock
from bot.local.faults import slow
from bot.local.flood import NONE
from bot.local.server import StandIn
from bot.service import Service
from bot.store import Store
from tests.torture.houses import built
from tests.torture.result import Result
from tests.torture.scene import scene
from tests.torture.short import NOON

WARMING = 20
PAGE = os.sysconf("SC_PAGE_SIZE")
LONGEST_STOP = 20.0


@dataclass(frozen=True)
class Held:
    """What a process holds: threads, tasks, file handles, and bytes of memory (0: not told here)."""

    threads: int
    tasks: int
    handles: int
    memory: int

    def beyond(self, before: "Held") -> tuple[int, int, int]:
        """How many threads, tasks and handles more than before."""
        return self.threads - before.threads, self.tasks - before.tasks, self.handles - before.handles


def held() -> Held:
    """What this process holds now."""
    gc.collect()
    statm = Path("/proc/self/statm")
    memory = int(statm.read_text().split()[1]) * PAGE if statm.exists() else 0
    return Held(threading.active_count(), len(asyncio.all_tasks()), len(os.listdir("/dev/fd")), memory)


async def cycle(standin: StandIn, path: Path) -> None:
    """Start, ask Telegram for updates once, and stop."""
    standin.calls.clear()
    store, stop, polled = await Store.open(path), asyncio.Event(), standin.updates.polled
    api = standin.base_url.removesuffix("/bot")
    bell = Bell()
    running = asyncio.create_task(Service(standin.token, api, *built(), store, WallClock()).run(bell, stop))
    # Counted where polls begin: the one of the cycle before is written down late, in the midst of this.
    while standin.updates.polled == polled and not running.done():
        await asyncio.sleep(0.005)
    stop.set()
    assert await asyncio.wait_for(running, 30) == 0
    assert standin.updates.polled > polled, "it ended before it had begun"
    bell.stop()
    await store.close()
    standin.updates.end_poll("the next one")


async def cycles(count: int) -> tuple[Held, Held]:
    """What is held after some cycles, and after so many more."""
    with tempfile.TemporaryDirectory() as name:
        async with StandIn(limits=NONE) as standin:
            for _ in range(WARMING):
                await cycle(standin, Path(name) / "coach.db")
            before = await _settled()
            for _ in range(count):
                await cycle(standin, Path(name) / "coach.db")
            return before, await _settled()


async def _settled() -> Held:
    """What is held once connections that were closed are gone: their loop needs a moment for it."""
    found = held()
    for _ in range(40):
        await asyncio.sleep(0.05)
        before, found = found, held()
        if before == found:
            break
    return found


@dataclass(frozen=True)
class Stop:
    """How a coach ended that was told to: its exit code, how long it took, and what was left."""

    code: int
    seconds: float
    in_flight: int
    in_doubt: int
    lost: int

    @property
    def sound(self) -> bool:
        """Whether it ended in order, and in time."""
        return self.code == 0 and self.seconds <= LONGEST_STOP and not self.lost


async def stopped(number: int = signal.SIGTERM, updates: int = 100) -> Stop:
    """SIGTERM while so many updates are in hand and requests are under way."""
    async with scene(NOON) as there:
        people = [there.standin.person(f"Kim {one}") for one in range(updates // 2)]
        child = await there.start(backups="")
        await there.until(lambda: there.standin.updates._poll > 0, "a poll", settles=False)
        there.standin.faults.next("sendMessage", slow(0.4), 500)
        for line in ("/start", "nonsense"):
            for one in people:
                one.types(line)
        sends = lambda: len(there.standin.called("sendMessage"))  # noqa: E731
        await there.until(lambda: sends() >= 4, "four requests under way", settles=False)
        in_flight, begun = sends(), stopwatch.monotonic()
        child.kill(number)
        code = await child.end()
        took = stopwatch.monotonic() - begun
        sql = "SELECT count(*) FROM outbox WHERE state IN ('sending', 'unsure')"
        kept = {row[0] for row in there.ask("SELECT update_id FROM inbox")}
        lost = len(set(there.standin.updates.confirmed) - kept)
        return Stop(code, took, in_flight, int(there.ask(sql)[0][0]), lost)


@contextmanager
def _timed() -> Iterator[list[float]]:
    begun, took = stopwatch.monotonic(), list[float]()
    yield took
    took.append(stopwatch.monotonic() - begun)


def c12(count: int = 1000) -> Result:
    """A thousand starts and stops."""
    with _timed() as took:
        before, after = asyncio.run(cycles(count))
    grown = (after.memory - before.memory) / 1e6
    same = after.beyond(before) == (0, 0, 0)
    figure = (f"threads {before.threads} to {after.threads}, tasks {before.tasks} to {after.tasks}, "
              f"handles {before.handles} to {after.handles}, {grown:+.1f} MB")  # fmt: skip
    return Result("C12", "starts and stops", count, 0, 0, figure, same and abs(grown) <= 5, took[0])


def d17(count: int = 100) -> Result:
    """A hundred times SIGTERM with much in hand."""
    with _timed() as took:
        found = [asyncio.run(stopped()) for _ in range(count)]
    clean = sum(one.in_doubt == 0 for one in found)
    slowest = max(one.seconds for one in found)
    figure = f"exit 0 within {slowest:.1f} s; nothing in doubt after {clean} of {count}"
    ok = all(one.sound and one.in_flight >= 4 for one in found) and clean >= 0.95 * count
    return Result("D17", "SIGTERM with much in hand", count, sum(one.lost for one in found), 0, figure, ok,
                  took[0])  # fmt: skip


ALL = (c12, d17)
