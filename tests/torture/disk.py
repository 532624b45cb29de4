"""Crashes and disks that fail, at every place there is: D01, D04 and D20 of the catalogue."""

import asyncio
import sys
import time as stopwatch
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.store import StoreError
from tests.fire.crashing import (
    Recording,
    folder,
    killed,
    opens_or_plays,
    record,
    recovers,
    rehearsed,
    reopened,
)
from tests.fire.images import Damaged, files_in, lay
from tests.fire.powercut import Verdict, judge
from tests.fire.rig import Step
from tests.fire.stories import STORIES
from tests.torture.result import Result


@dataclass(frozen=True)
class Point:
    """One call of the disk at which a process may be killed: the nth of a step of a story."""

    recording: Recording
    step: int
    nth: int

    @property
    def what(self) -> Step | None:
        """The step; None for opening and closing."""
        return self.recording.steps[self.step][2]

    def __str__(self) -> str:
        return f"{self.recording.name}, step {self.step}, call {self.nth}"


@cache
def recordings() -> tuple[Recording, ...]:
    """All stories, each played once."""
    return tuple(asyncio.run(record(one)) for one in STORIES)


def points() -> list[Point]:
    """Every place to be killed at, story by story."""
    found: list[Point] = []
    for one in recordings():
        ends = [at for at, _, _ in one.steps[1:]] + [len(one.trace)]
        for number, ((begin, _, _), end) in enumerate(zip(one.steps, ends, strict=True)):
            found.extend(Point(one, number, nth) for nth in range(1, end - begin + 1))
    return found


def kill(point: Point, place: Path) -> str:
    """Kill a coach there; what is wrong with what it left, or nothing."""
    begin, before, _ = point.recording.steps[point.step]
    play = opens_or_plays(point.recording.steps, point.step)
    death = killed(point.recording.image(begin), play, point.nth, place)
    left = files_in(place)
    expected = point.recording.rows[before + death.acknowledged :][:2]
    wrong = "it was not killed" if death.survived else found_wrong(place, expected)
    lay(left, place)  # as it was left, for whoever goes on from here
    return f"{point}: {wrong}" if wrong else ""


def found_wrong(place: Path, expected: Sequence[str]) -> str:
    """What is wrong with the store in this folder, which must hold one of these rows, or nothing."""
    try:
        return "" if reopened(place) in expected else "neither before nor after"
    except Damaged as error:
        return f"damaged: {error}"
    except StoreError as error:
        return f"it does not start: {error}"


def kills(chosen: Sequence[Point]) -> list[str]:
    """Kill a coach at each of these places; what was wrong."""
    with folder() as place:
        return [wrong for point in chosen if (wrong := kill(point, place))]


def pairs(count: int, each: int) -> tuple[int, list[str]]:
    """Kill a coach at so many places, and then each start after it, `each` times; how many pairs."""
    inside = [(one, one.what) for one in points() if one.what is not None]
    pairs, wrong = 0, list[str]()
    with folder() as place, folder() as aside:
        for point, step in inside[:: max(1, len(inside) // count)]:
            wrong.extend(filter(None, [kill(point, place)]))
            image, play = files_in(place), recovers(step)
            meant = asyncio.run(rehearsed(image, play, aside))
            for nth in spread(len(meant.trace), each):
                death = killed(image, play, nth, aside)
                found = found_wrong(aside, meant.rows[death.acknowledged :][:2])
                found = "it was not killed again" if death.survived else found
                pairs += 1
                wrong.extend([f"{point}, again at {nth}: {found}"] if found else [])
    return pairs, wrong


def spread(length: int, count: int) -> list[int]:
    """So many numbers from 1 to length, evenly."""
    return sorted({1 + (length - 1) * one // max(1, count - 1) for one in range(count)}) if length else []


def power_cuts(share: int) -> Verdict:
    """Cut the power after every `share`-th call of every story, in six ways."""
    verdict = Verdict()
    with folder() as place:
        for one in recordings():
            judge(one, place, verdict, share)
    return verdict


def d01() -> Result:
    """Kill -9 at every write and sync of every step of twelve conversations."""
    begun = stopwatch.perf_counter()
    chosen = points()
    wrong = kills(chosen)
    figure = f"{len(chosen)} kill points, {len(wrong)} violations {wrong[:3] or ''}".strip()
    return Result("D01", "kill -9 at every call of the disk", len(chosen), len(wrong), 0, figure,
                  not wrong and len(chosen) >= 900, stopwatch.perf_counter() - begun)  # fmt: skip


def d04() -> Result:
    """Power cut after every call of twelve conversations, six variants each."""
    begun = stopwatch.perf_counter()
    found = power_cuts(1)
    figure = f"{found.images} images, {found.corrupt} corrupt, {found.lost} acknowledged commits missing"
    return Result("D04", "power cut at every call of the disk", found.images, found.lost, 0, figure,
                  found.sound() and found.images >= 5000, stopwatch.perf_counter() - begun)  # fmt: skip


def d20() -> Result:
    """Kill -9 during the start after a kill -9."""
    begun = stopwatch.perf_counter()
    count, wrong = pairs(120, 4)
    figure = f"{count} pairs, {len(wrong)} violations {wrong[:3] or ''}".strip()
    return Result("D20", "kill -9 while recovering from a kill -9", count, len(wrong), 0, figure,
                  not wrong and count >= 200, stopwatch.perf_counter() - begun)  # fmt: skip


ALL = (d01, d04, d20)

if __name__ == "__main__":
    results = [one() for one in ALL]
    for result in results:
        print(result)
    sys.exit(not all(one.ok for one in results))
