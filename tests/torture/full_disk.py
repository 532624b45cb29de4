"""Disks that are full or keep nothing while the whole service runs: D06, D07 and D08."""

import asyncio
import sys
import time as stopwatch
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fire.full_disk import (
    Ended,
    Filled,
    Recorded,
    a_full_disk,
    a_full_disk_after_sending,
    a_sync_that_always_fails,
)
from tests.fire.service_kit import playing
from tests.torture.result import Result

MOST = 200
"""More writes than one welcome takes."""


async def every_write() -> list[Filled]:
    """The disk is full at each write of one welcome, once and from there on."""
    found: list[Filled] = []
    with TemporaryDirectory() as folder:
        async with playing(Path(folder)) as scene:
            for nth in range(1, MOST):
                both = [await a_full_disk(scene, nth, lasting=lasting) for lasting in (False, True)]
                if not any(one.refused for one in both):
                    break
                found.extend(both)
            assert not scene.task.done(), "the service ended"
    return found


async def recordings(count: int) -> list[Recorded]:
    """The disk is full whenever a message has left."""
    with TemporaryDirectory() as folder:
        async with playing(Path(folder)) as scene:
            return [await a_full_disk_after_sending(scene, 0.05) for _ in range(count)]


async def endings(count: int) -> list[Ended]:
    """Services whose disk keeps nothing."""
    found = []
    for _ in range(count):
        with TemporaryDirectory() as folder:
            async with playing(Path(folder)) as scene:
                found.append(await a_sync_that_always_fails(scene))
    return found


def d06() -> Result:
    """Disk full at every write while somebody is welcomed, once and until there is space."""
    begun = stopwatch.perf_counter()
    found = asyncio.run(every_write())
    lost = sum(one.welcomes < 1 or one.confirmed_in_vain for one in found)
    doubled = sum(one.welcomes > 1 for one in found)
    lasting = [one for one in found[1::2] if one.unsaved]
    told, slowest = sum(one.told for one in lasting), max(one.seconds for one in found)
    figure = f"{told} of {len(lasting)} told, handled within {slowest:.1f} s of space"
    ok = all(one.sound() for one in found) and told == len(lasting) > 0
    return Result("D06", "disk full at every write", len(found), lost, doubled, figure, ok,
                  stopwatch.perf_counter() - begun)  # fmt: skip


def d07(count: int = 100) -> Result:
    """Disk full while a send is recorded."""
    begun = stopwatch.perf_counter()
    found = asyncio.run(recordings(count))
    sent = sum(set(one.states) == {"sent"} for one in found)
    doubled = sum(len(one.texts) - len(set(one.texts)) for one in found)
    figure = f"{sent} of {count} ended as sent, within {max(one.seconds for one in found):.1f} s of space"
    return Result("D07", "disk full while a send is recorded", count, count - sent, doubled, figure,
                  all(one.sound() for one in found), stopwatch.perf_counter() - begun)  # fmt: skip


def d08(count: int = 5) -> Result:
    """A sync that always fails."""
    begun = stopwatch.perf_counter()
    found = asyncio.run(endings(count))
    slowest, vain = max(one.seconds for one in found), sum(one.confirmed for one in found)
    figure = f"codes {sorted({str(one.code) for one in found})}, within {slowest:.1f} s"
    ok = not vain and slowest <= 10 and all(one.code not in (None, 0) for one in found)
    return Result("D08", "a disk that keeps nothing", count, vain, 0, figure, ok,
                  stopwatch.perf_counter() - begun)  # fmt: skip


ALL = (d06, d07, d08)

if __name__ == "__main__":
    results = [one() for one in ALL]
    for result in results:
        print(result)
    sys.exit(not all(one.ok for one in results))
