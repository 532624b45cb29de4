"""The only module that knows the SQL library: one connection, its thread, and its errors."""

import logging
import sqlite3
from collections.abc import Awaitable, Mapping, Sequence
from pathlib import Path
from threading import Thread
from typing import Any, Self, TypeVar

import aiosqlite

from .errors import Corrupt, NotADatabase, NotSaved, NotWritable, StoreBusy, StoreError

T = TypeVar("T")
Row = tuple[Any, ...]

VERSION = sqlite3.sqlite_version_info
OLDEST = (3, 38, 0)  # the first with the JSON arrow; STRICT tables are older
MEMORY = ":memory:"

# At DEBUG the library logs every statement with its values, which are what people wrote.
logging.getLogger("aiosqlite").disabled = True

CULPRITS: Mapping[str, type[StoreError]] = {
    "SQLITE_NOTADB": NotADatabase,
    "SQLITE_CORRUPT": Corrupt,
    "SQLITE_BUSY": StoreBusy,
    "SQLITE_LOCKED": StoreBusy,
    "SQLITE_READONLY": NotWritable,
    "SQLITE_CANTOPEN": NotWritable,
}


def has_wal_reset_bug(version: Sequence[int]) -> bool:
    """Whether this SQLite may damage a file in WAL mode that two connections write at once.

    3.7.0 to 3.51.2, except the repaired branches 3.44.6+ and 3.50.7+ (sqlite.org/wal.html).
    """
    number = tuple(version[:3])
    repaired = (3, 44, 6) <= number < (3, 45, 0) or (3, 50, 7) <= number < (3, 51, 0)
    return (3, 7, 0) <= number <= (3, 51, 2) and not repaired


def statements(script: str) -> list[str]:
    """The statements of a script, one by one: run together they would commit in between."""
    found, rest = [], ""
    for line in script.splitlines(keepends=True):
        rest += line
        if sqlite3.complete_statement(rest):
            found.append(rest)
            rest = ""
    return found


class Driver:
    """One open connection. Statements run in the order they were asked for."""

    def __init__(self, connection: aiosqlite.Connection, file: str) -> None:
        self._connection = connection
        worker = getattr(connection, "_thread", None)
        self._worker = worker if isinstance(worker, Thread) else None
        self.file = file

    @classmethod
    async def connect(cls, file: str, *, read_only: bool = False) -> Self:
        """A connection in autocommit; read only it changes not even the log beside the file."""
        place = file
        if read_only:
            place = Path(file).as_uri() + "?mode=ro"
        connection = aiosqlite.connect(place, uri=read_only, isolation_level=None)
        driver = cls(connection, file)
        if driver._worker is not None:
            # A process that fails to close the store must end all the same: the log makes it safe.
            driver._worker.daemon = True
        await driver._asked(connection)
        return driver

    async def rows(self, sql: str, values: Mapping[str, object] | None = None) -> list[Row]:
        """Run one statement and give its rows, in one trip to the thread."""
        found = await self._asked(self._connection.execute_fetchall(sql, values or {}))
        return [tuple(row) for row in found]

    async def many(self, sql: str, values: Sequence[Mapping[str, object]]) -> None:
        """Run one statement for each set of values, in one trip to the thread."""
        await self._asked(self._connection.executemany(sql, values))

    async def script(self, text: str) -> None:
        """Run each statement of a script, inside whatever transaction is open."""
        for statement in statements(text):
            await self.rows(statement)

    async def rollback(self) -> None:
        """Undo what is open. Nothing open is nothing to do: asked in the thread, after the rest."""
        await self._asked(self._connection.rollback())

    async def close(self) -> None:
        """Close the connection and end its thread."""
        await self._asked(self._connection.close())
        if self._worker is not None:
            self._worker.join(timeout=1)  # it has nothing left to do but to return

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open now."""
        return self._connection.in_transaction

    async def _asked(self, work: Awaitable[T]) -> T:
        try:
            return await work
        except sqlite3.Error as error:
            raise self._culprit(error) from error

    def _culprit(self, error: sqlite3.Error) -> StoreError:
        """Our words for a failure. SQLite's own words name tables and columns, never contents."""
        name = getattr(error, "sqlite_errorname", None) or type(error).__name__
        primary = "_".join(name.split("_")[:2])
        if primary in CULPRITS:
            return CULPRITS[primary](self.file)
        return NotSaved(self.file, reason=name)
