"""The bell: a few interval jobs that only wake others. The database is the memory, not this.

The only user of APScheduler. No job store and no cron triggers: those forget, double and skip.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import WallClock
from bot.faults import where

LOG = logging.getLogger(__name__)


WATCH_SECONDS = 1


class Bell:
    """Rings at fixed intervals; a ring that is late still comes, and two late ones are one."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._seconds: dict[str, int] = {}
        self._watching: asyncio.TimerHandle | None = None
        # It would tell of every ring, and print the words of a fault.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)

    def every(self, seconds: int, call: Callable[[], Awaitable[object]], *, soon: bool = False) -> None:
        """Call this at an interval, never twice at once; `soon`: for the first time at the start.

        A fault is logged without its words.
        """

        async def ring() -> None:
            try:
                await call()
            except Exception as error:
                LOG.error("a job of the bell failed: %s", where(error))

        late = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        first = {"next_run_time": WallClock().now()} if soon else {}
        job = self._scheduler.add_job(ring, "interval", seconds=seconds, **late, **first)
        self._seconds[job.id] = seconds

    def start(self) -> None:
        """Begin to ring, in the running loop."""
        self._scheduler.start()
        self._watch()

    def stop(self) -> None:
        """Ring no more."""
        if self._watching is not None:
            self._watching.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _watch(self) -> None:
        """A clock that was set back would make the bell sleep that long: it rings at once instead."""
        now = WallClock().now()
        for job in self._scheduler.get_jobs():
            longest = timedelta(seconds=self._seconds[job.id] + WATCH_SECONDS)
            if job.next_run_time is not None and job.next_run_time - now > longest:
                self._scheduler.modify_job(job.id, next_run_time=now)
        self._watching = asyncio.get_running_loop().call_later(WATCH_SECONDS, self._watch)
