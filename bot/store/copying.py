"""Copies the store while it goes on being written; a copy has its name only once it is good."""

import asyncio
import errno
import functools
import os
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

from bot.failpoints import passing

from .driver import Driver, Row
from .errors import BadBackup, Corrupt, NewerSchema, NotADatabase, NotCopied, NotOurs, StoreError
from .files import private, to_the_disk
from .opening import inspect, newest_schema, number, sound
from .queries import QUERIES
from .rows import Totals

#: The note that every copy begins with: when it was begun. What is in it was said before.
COPY_BEGUN = "copy_begun"
SYNC = 64  # after how many parts what is copied goes to the disk, lest it all goes at once
REST = 0.001  # between two parts: whoever waits for the connection comes first
WHY: dict[type[StoreError], str] = {
    NotADatabase: "it is not a database",
    NotOurs: "it belongs to another program",
    NewerSchema: "a newer coach made it",
    Corrupt: "it is damaged or cut short",
}


class GivenUp(Exception):
    """The copy is not wanted any more."""


@dataclass(frozen=True)
class Copied:
    """What a good copy holds. `begun` is in unix milliseconds: all that was saved by then is in it."""

    file: Path
    size: int
    schema: int
    begun: int
    totals: Totals


async def look_into(file: Path) -> Copied:
    """What is in a backup, all of it read once; `BadBackup` says why it must not be used.

    Nothing in the file or beside it changes.
    """
    try:
        _alone(file)
        driver = await Driver.connect(str(file), still=True)
        try:
            return await _found(driver, file)
        finally:
            await driver.close()
    except BadBackup:
        raise
    except StoreError as error:
        raise BadBackup(str(file), why=WHY.get(type(error), "it cannot be read")) from error


def _alone(file: Path) -> None:
    if not file.is_file():
        raise BadBackup(str(file), why="there is no such file")
    if not file.stat().st_size:
        raise NotADatabase(str(file))
    log = file.with_name(file.name + "-wal")
    if log.exists() and log.stat().st_size:
        raise BadBackup(str(file), why=f"it is not whole without {log.name}, and a restore takes one file")


async def _found(driver: Driver, file: Path) -> Copied:
    if await number(driver, "tables") == 0:
        raise NotOurs(driver.file)
    await inspect(driver, newest_schema())
    await sound(driver)
    begun: list[Row] = await driver.rows(QUERIES["get_note"].sql, {"key": COPY_BEGUN})
    return Copied(
        file,
        file.stat().st_size,
        await number(driver, "schema_version"),
        int(begun[0][0]) if begun else int(file.stat().st_mtime) * 1000,
        Totals(*(await driver.rows(QUERIES["totals"].sql))[0]),
    )


class Copy:
    """One copy on its way, made in a thread of its own."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._part = file.with_name(file.name + ".part")
        self._unwanted = threading.Event()
        self._left = asyncio.Event()
        self._parts = 0

    async def give_up(self) -> None:
        """Stop, and wait until the connection is let go."""
        self._unwanted.set()
        await self._left.wait()

    async def make(self, driver: Driver, begun: int) -> Copied:
        """Copy, look whether the copy is good, and give it its name; or leave nothing."""
        self._part.unlink(missing_ok=True)
        handle = private(self._part)  # nobody else may read it, from the first byte on
        try:
            await self._written(driver, handle)
            found = await look_into(self._part)
            if found.begun != begun:
                raise NotCopied(str(self._part), reason="the copy is not of now")
            passing("backup.copied")
            await asyncio.to_thread(self._name)
            passing("backup.named")
        except OSError as error:
            raise NotCopied(str(self._part), reason=errno.errorcode.get(error.errno or 0, "")) from error
        finally:
            os.close(handle)
            self._part.unlink(missing_ok=True)
        return replace(found, file=self._file)

    async def _written(self, driver: Driver, handle: int) -> None:
        between = functools.partial(self._between, handle)
        # In a thread from this moment on: nobody can put another connection in between.
        work = asyncio.ensure_future(asyncio.to_thread(driver.copy_to, str(self._part), between))
        work.add_done_callback(lambda _: self._left.set())
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            self._unwanted.set()
            await self._left.wait()
            raise
        except GivenUp:
            raise NotCopied(str(self._part), reason="the copy was given up") from None
        await asyncio.to_thread(os.fsync, handle)

    def _between(self, handle: int) -> None:
        if self._unwanted.is_set():
            raise GivenUp
        self._parts += 1
        if self._parts % SYNC == 0:
            os.fsync(handle)
        time.sleep(REST)

    def _name(self) -> None:
        os.replace(self._part, self._file)
        to_the_disk(self._file.parent)
