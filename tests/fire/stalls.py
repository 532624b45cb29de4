"""Watches the event loop: every callback that keeps it to itself for too long, by processor time.

Not by the clock on the wall: a machine that is busy with something else is no fault of ours. Nor is what
the tests before this one left in memory: it is set aside, so that no collection of garbage walks through it.
"""

import asyncio.events
import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

LONGEST = 0.2


@dataclass(frozen=True)
class Stall:
    """A callback that held the loop: what it was, and for how many seconds."""

    what: str
    seconds: float


@dataclass
class Stalls:
    """What was seen: how many callbacks, the longest of them, and those that were too long."""

    callbacks: int = 0
    longest: float = 0.0
    found: list[Stall] = field(default_factory=list)


@contextmanager
def watching(limit: float = LONGEST) -> Iterator[Stalls]:
    """Measure each callback of every event loop while this lasts."""
    seen, run = Stalls(), asyncio.events.Handle._run

    def measured(handle: asyncio.events.Handle) -> None:
        begun = time.thread_time()
        try:
            run(handle)
        finally:
            spent = time.thread_time() - begun
            seen.callbacks += 1
            seen.longest = max(seen.longest, spent)
            if spent > limit:
                seen.found.append(Stall(_name(handle), spent))

    gc.collect()
    gc.freeze()
    asyncio.events.Handle._run = measured  # type: ignore[assignment, method-assign]
    try:
        yield seen
    finally:
        gc.unfreeze()
        asyncio.events.Handle._run = run  # type: ignore[method-assign]


def _name(handle: asyncio.events.Handle) -> str:
    """Which coroutine or function it was; no words of a seeker are in these names."""
    called = getattr(handle, "_callback", None)
    task = getattr(called, "__self__", None)
    if isinstance(task, asyncio.Task):
        return getattr(task.get_coro(), "__qualname__", "a task")
    return getattr(called, "__qualname__", type(called).__name__)
