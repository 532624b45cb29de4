"""How the long tests are played: what measures time alone, the others in lanes, and all have an end."""

import logging
import os
import signal
import time as stopwatch
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from multiprocessing import active_children, get_context
from multiprocessing.process import BaseProcess

from tests.torture.result import Result

Long = Callable[[], Result]


def played(alone: Mapping[str, Long], together: Mapping[str, Long], longest: float) -> Iterator[Result]:
    """The results, as they come. What has not ended after so many seconds is ended, and not well."""
    end, others = stopwatch.monotonic() + longest, active_children()
    for number, test in alone.items():
        yield one(number, test)
    # Many of them wait for a clock: one lane more than there are cores keeps all of these busy.
    lanes = ProcessPoolExecutor(
        (os.cpu_count() or 1) + 1, get_context("spawn"), initializer=_begin, max_tasks_per_child=1
    )
    waiting = {lanes.submit(one, number, test): number for number, test in together.items()}
    try:
        for done in as_completed(list(waiting), max(0.0, end - stopwatch.monotonic())):
            number, fault = waiting.pop(done), done.exception()
            yield done.result() if fault is None else _not_well(number, f"broke off: {fault}")
    except TimeoutError:
        for number in waiting.values():
            yield _not_well(number, "not ended: no time was left")
    finally:
        lanes.shutdown(wait=not waiting, cancel_futures=True)
        _end(child for child in active_children() if child not in others)


def _begin() -> None:
    """A group of its own; and what the coach logs of the faults it is given is no line of the table."""
    os.setpgrp()
    logging.getLogger().addHandler(logging.NullHandler())


def _end(processes: Iterable[BaseProcess]) -> None:
    """End these at once, with all that they started: each is the first of a group of its own."""
    for process in processes:
        with suppress(OSError):  # it had not come so far, or is gone
            if process.pid is not None:
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()


def one(number: str, test: Long) -> Result:
    """One of them; one that breaks is not well, and the others go on."""
    at = stopwatch.monotonic()
    try:
        return test()
    except Exception as error:
        traceback.print_exc()
        return _not_well(number, f"broke off: {type(error).__name__}", stopwatch.monotonic() - at)


def _not_well(number: str, what: str, seconds: float = 0.0) -> Result:
    return Result(number, what, 0, 0, 0, "", False, seconds)
