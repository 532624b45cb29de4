"""The store: one file, one connection, one transaction at a time."""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Self

from .connected import Connected
from .copying import COPY_BEGUN, Copied, Copy
from .doubts import Doubts
from .driver import MEMORY, VERSION, Driver
from .errors import CutShort, NotSaved, SqliteTooOld, StoreBusy
from .files import Lock, checked, create, half_restored
from .gate import gate
from .house import SCRUB_OWED, House
from .inbox import Inbox
from .opening import open_driver
from .rows import millis
from .seal import PlainSeal, Seal
from .seekers import Seekers
from .shield import to_the_end

log = logging.getLogger(__name__)


class Transaction(Inbox, Seekers, Doubts, House):
    """Everything that can be asked of the store, while it is open."""

    def end(self) -> None:
        """From here on it answers nothing."""
        self._open = False


class Store(Connected):
    """The coach's memory. Open it with `await Store.open(path)`, close it with `await close()`."""

    #: With this SQLite a second connection could damage the file: backups go through this one.
    one_connection_only: bool = gate(VERSION).one_connection

    def __init__(self, driver: Driver, held: Lock | None, seal: Seal) -> None:
        super().__init__(driver, held)
        self._seal = seal

    @classmethod
    async def open(cls, path: str | os.PathLike[str], *, seal: Seal | None = None) -> Self:
        """Open the store in this file, or ":memory:". Raises a `StoreError` with the remedy.

        A missing file is made, in a directory that exists; an older schema is brought up to date.
        """
        if not gate(VERSION).served:
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
            store = cls(await _opened(file, held), held, seal)
        except BaseException:
            held.release()
            raise
        try:
            await store.scrub_if_owed()
        except (NotSaved, StoreBusy) as error:  # it stays owed: no reason to serve nobody
            log.error("what was erased is still in the files: %s", type(error).__name__)
        except BaseException:
            await store.close()
            raise
        return store

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
        erasures where they come together. What fails stays owed.
        """
        async with self._copying, self._alone():
            await to_the_end(self._scrub())

    async def scrub_if_owed(self) -> bool:
        """Scrub if somebody was erased since; whether that was so."""
        async with self._copying, self._alone():
            owed = await to_the_end(self._run("get_note", key=SCRUB_OWED))
            if owed:
                await to_the_end(self._scrub())
            return bool(owed)

    async def backup_to(self, file: str | os.PathLike[str], now: datetime) -> Copied:
        """Copy the store into this file while it goes on being written; it is there whole or not at all.

        Everything that was saved before this was asked is in the copy. One copy at a time.
        """
        async with self._copying:
            async with self.transaction() as t:
                await t.set_note(COPY_BEGUN, str(millis(now)))
            self._copy = Copy(Path(file))
            try:
                return await self._copy.make(self._driver, millis(now))
            finally:
                self._copy = None

    async def _scrub(self) -> None:
        for name in ("checkpoint", "vacuum", "checkpoint"):
            rows = await self._run(name)
            if rows and rows[0][0]:  # somebody reads the log, which still holds what was erased
                raise StoreBusy(self._driver.file)
        await self._run("drop_note", key=SCRUB_OWED)


async def _opened(file: Path, held: Lock) -> Driver:
    if half_restored(file).exists():
        raise CutShort(str(file))
    existing = file.exists() and file.stat().st_size > 0
    create(file)
    held.hold_file()
    driver = await open_driver(str(file), existing=existing)
    if not held.leads_here():  # it was moved while it was looked at
        await driver.close()
        raise StoreBusy(str(file))
    return driver
