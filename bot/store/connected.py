"""The one connection of an open store: whose turn it is, what becomes of it when the disk fails."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

from .copying import Copy
from .driver import MEMORY, Driver, Row
from .errors import StoreBroken, StoreClosed
from .files import Lock
from .mending import mended
from .queries import QUERIES
from .shield import to_the_end

log = logging.getLogger(__name__)


class Connected:
    """A connection that one task at a time may use, until it is closed."""

    def __init__(self, driver: Driver, held: Lock | None) -> None:
        self._driver = driver
        self._held = held
        self._turn = asyncio.Lock()
        self._holder: asyncio.Task[Any] | None = None
        self._copying = asyncio.Lock()
        self._copy: Copy | None = None
        self._closed = False
        #: Set once the disk keeps failing: nothing is saved any more, and the coach has to end.
        self.broken = asyncio.Event()

    @property
    def file(self) -> str:
        """Where it is kept."""
        return self._driver.file

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open now."""
        return not (self._closed or self.broken.is_set()) and self._driver.in_transaction

    def still_ours(self) -> bool:
        """Whether the path still leads to the file that is open: it may be moved, or replaced.

        What is written after that is in a file that nobody will open again.
        """
        return self._held is None or self._held.leads_here()

    async def close(self) -> None:
        """Let a running transaction end, close the file, end the thread, free the lock."""
        async with self._turn:
            if self._closed:
                return
            self._closed = True
            await to_the_end(self._close())

    @contextlib.asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        if self._holder is not None and self._holder is asyncio.current_task():
            raise RuntimeError("this task has a transaction open; a second would wait for ever")
        async with self._turn:
            if self._closed:
                raise StoreClosed(self._driver.file)
            if self.broken.is_set():
                raise StoreBroken(self._driver.file)
            self._holder = asyncio.current_task()
            try:
                yield
            finally:
                self._holder = None
                if self._driver.doubtful and self._driver.file != MEMORY:
                    await to_the_end(self._mend())

    async def _run(self, name: str, **values: object) -> list[Row]:
        return await self._driver.rows(QUERIES[name].sql, values)

    async def _undo(self) -> None:
        try:
            await self._driver.rollback()
        except Exception as error:
            # What failed first is what the caller must hear; SQLite undoes the rest by itself.
            log.error("rollback failed: %s", type(error).__name__)

    async def _mend(self) -> None:
        await self._stop_copying()
        try:
            self._driver = await mended(self._driver)
        except BaseException:
            self.broken.set()
            raise

    async def _stop_copying(self) -> None:
        if self._copy is not None:
            await self._copy.give_up()

    async def _close(self) -> None:
        await self._stop_copying()
        try:
            if not self.broken.is_set():
                await self._driver.close()
        finally:
            if self._held is not None:
                self._held.release()
