"""Every long test by its number, and how they are played: what measures time alone, the others in lanes."""

import os
import time as stopwatch
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Final

from tests.torture import (
    clocks,
    crowd,
    disk,
    full_disk,
    kills,
    load,
    moments,
    races,
    settlings,
    stopping,
    store,
    telegram,
)
from tests.torture.result import Result

Long = Callable[[], Result]
MOST_MINUTES: Final = 75
#: Those that measure how quick something is: alone, and before the others.
TIMED: Final[dict[str, Long]] = {
    "L02": load.l02,
    "L03": load.l03,
    "L04": crowd.l04,
    "T15": telegram.a_day_away,
    "D17": stopping.d17,
}
#: Those that count what is lost and doubled: on every core at once, the longest first.
COUNTED: Final[dict[str, Long]] = {
    "D02": kills.d02,
    "S11": kills.s11,
    "T18": settlings.t18,
    "D01": disk.d01,
    "D06": full_disk.d06,
    "D03": moments.d03,
    "S13": races.s13,
    "D04": disk.d04,
    "T13": telegram.strange_updates,
    "D20": disk.d20,
    "D15": store.d15,
    "S09": clocks.a_blocked_loop,
    "C12": stopping.c12,
    "D07": full_disk.d07,
    "S02": clocks.every_zone,
    "S03": clocks.another_library,
    "T03": telegram.lost_answers,
    "T06": telegram.repeated_updates,
    "C07": store.c07,
    "T01": telegram.time_outs,
    "D08": full_disk.d08,
    "D14": store.d14,
    "T02": telegram.no_connection,
}
#: Every long test, by the number of the catalogue that it holds.
TESTS: Final = {**TIMED, **COUNTED}


def played(numbers: Sequence[str], begun: float) -> Iterator[Result]:
    """The results, as they come. `begun` by a clock that all processes share."""
    for number in numbers:
        if number in TIMED:
            yield one(number, begun)
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), max_tasks_per_child=1) as lanes:
        waiting = [lanes.submit(one, number, begun) for number in COUNTED if number in numbers]
        for done in as_completed(waiting):
            yield done.result()


def one(number: str, begun: float) -> Result:
    """One of them; one that breaks is not well, and the others go on. None begins after its time."""
    if stopwatch.monotonic() - begun > MOST_MINUTES * 60:
        return Result(number, "not begun: no time was left", 0, 0, 0, "", False, 0.0)
    at = stopwatch.monotonic()
    try:
        return TESTS[number]()
    except Exception as error:
        traceback.print_exc()
        what = f"broke off: {type(error).__name__}"
        return Result(number, what, 0, 0, 0, "", False, stopwatch.monotonic() - at)
