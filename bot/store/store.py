"""The store: one file, one connection, one transaction at a time."""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Coroutine
from typing import Any, Self, TypeVar

from .driver import MEMORY, OLDEST, VERSION, Driver, has_wal_reset_bug
from .errors import SqliteTooOld, StoreClosed
from .files import Lock, checked, create
from .house import SCRUB_OWED, House
from .inbox import Inbox
from .opening import open_driver
from .outbox import Outbox
from .queries import QUERIES
from .seal import PlainSeal, Seal
from .seekers import Seekers

T = TypeVar("T")

log = logging.getLogger(__name__)


class Transaction(Inbox, Seekers, Outbox, House):
    """Everything that can be asked of the store, while it is open."""

    def end(self) -> None:
        """From here on it answers nothing."""
        self._open = False


async def to_the_end(work: Coroutine[Any, Any, T] | asyncio.Future[T]) -> T:
    """Await work to its end even if the waiting task is cancelled; the cancellation follows."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        if not task.cancelled():
            task.exception()  # looked at, or asyncio warns that nobody did
        raise cancelled
    return task.result()


class Store:
    """The coach's memory. Open it with `await Store.open(path)`, close it with `await close()`."""

    #: With this SQLite a second connection could damage the file: backups go through this one.
    one_connection_only: bool = has_wal_reset_bug(VERSION)

    def __init__(self, driver: Driver, held: Lock | None, seal: Seal) -> None:
        self._driver = driver
        self._held = held
        self._seal = seal
        self._turn = asyncio.Lock()
        self._holder: asyncio.Task[Any] | None = None
        self._closed = False

    @classmethod
    async def open(cls, path: str | os.PathLike[str], *, seal: Seal | None = None) -> Self:
        """Open the store in this file, or ":memory:". Raises a `StoreError` with the remedy.

        A missing file is made, in a directory that exists; an older schema is brought up to date.
        """
        if VERSION < OLDEST:
            raise SqliteTooOld(str(path), found=".".join(map(str, VERSION)))
        opening = asyncio.ensure_future(cls._open(path, seal or PlainSeal()))
        try:
            return await to_the_end(opening)
        except asyncio.CancelledError:
            # Nobody is left to close what was opened.
            if not opening.cancelled() and opening.exception() is None:
                await to_the_end(opening.result().close())
            raise

    @classmethod
    async def _open(cls, path: str | os.PathLike[str], seal: Seal) -> Self:
        if str(path) == MEMORY:
            return cls(await open_driver(MEMORY, existing=False), None, seal)
        file = checked(path)
        held = Lock(file)
        try:
            existing = file.exists() and file.stat().st_size > 0
            create(file)
            store = cls(await open_driver(str(file), existing=existing), held, seal)
        except BaseException:
            held.release()
            raise
        try:
            await store._finish_erasing()
        except BaseException:
            await store.close()
            raise
        return store

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open now."""
        return not self._closed and self._driver.in_transaction

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """All of what is done inside, or nothing. One at a time; the others wait.

        A cancelled task rolls back before the next one begins; a commit that began is finished.
        """
        async with self._alone():
            inside = Transaction(self._driver, self._seal)
            try:
                await to_the_end(self._run("begin"))
                yield inside
                inside.end()
                await to_the_end(self._run("commit"))
            except BaseException:
                inside.end()
                await to_the_end(self._undo())
                raise

    async def scrub(self) -> None:
        """Take the bytes of what was erased out of every file of the store.

        The file is written anew, which takes a while where it is large: ask once for several
        erasures where they come together.
        """
        async with self._alone():
            await to_the_end(self._scrub())

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
            self._holder = asyncio.current_task()
            try:
                yield
            finally:
                self._holder = None

    async def _run(self, name: str) -> list[tuple[Any, ...]]:
        return await self._driver.rows(QUERIES[name].sql)

    async def _undo(self) -> None:
        try:
            await self._driver.rollback()
        except Exception as error:
            # What failed first is what the caller must hear; SQLite undoes the rest by itself.
            log.error("rollback failed: %s", type(error).__name__)

    async def _scrub(self) -> None:
        for name in ("checkpoint", "vacuum", "checkpoint"):
            await self._run(name)
        await self._driver.rows(QUERIES["drop_note"].sql, {"key": SCRUB_OWED})

    async def _finish_erasing(self) -> None:
        owed = await self._driver.rows(QUERIES["get_note"].sql, {"key": SCRUB_OWED})
        if owed:
            await self._scrub()

    async def _close(self) -> None:
        try:
            await self._driver.close()
        finally:
            if self._held is not None:
                self._held.release()
