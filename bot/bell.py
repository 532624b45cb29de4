"""The bell: a few interval jobs that only wake others. The database is the memory, not this.

The only user of APScheduler. No job store and no cron triggers: those forget, double and skip.
"""

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

EVERY_SECONDS = 15
TIDY_SECONDS = 3600


class Bell:
    """Rings at fixed intervals; a ring that is late still comes, and two late ones are one."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def every(self, seconds: int, call: Callable[[], Awaitable[object]]) -> None:
        """Call this at an interval, never twice at once."""
        self._scheduler.add_job(
            call, "interval", seconds=seconds, coalesce=True, max_instances=1, misfire_grace_time=None
        )

    def start(self) -> None:
        """Begin to ring, in the running loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
