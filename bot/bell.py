"""The bell: a few interval jobs that only wake others. The database is the memory, not this.

The only user of APScheduler. No job store and no cron triggers: those forget, double and skip.
"""

import logging
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.faults import where

LOG = logging.getLogger(__name__)

EVERY_SECONDS = 15
TIDY_SECONDS = 3600


class Bell:
    """Rings at fixed intervals; a ring that is late still comes, and two late ones are one."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        # It would tell of every ring, and print the words of a fault.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)

    def every(self, seconds: int, call: Callable[[], Awaitable[object]]) -> None:
        """Call this at an interval, never twice at once. A fault is logged without its words."""

        async def ring() -> None:
            try:
                await call()
            except Exception as error:
                LOG.error("a job of the bell failed: %s", where(error))

        self._scheduler.add_job(
            ring, "interval", seconds=seconds, coalesce=True, max_instances=1, misfire_grace_time=None
        )

    def start(self) -> None:
        """Begin to ring, in the running loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
