"""The only module that knows the SQL library: one connection, its thread, and its errors."""

import contextlib
import hashlib
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from threading import Thread
from typing import Any, Self, TypeVar

import aiosqlite

from .errors import Corrupt, DiskFailed, NotADatabase, NotCopied, NotSaved, NotWritable, StoreBusy, StoreError
from .queries import QUERIES

T = TypeVar("T")
Row = tuple[Any, ...]

VERSION = sqlite3.sqlite_version_info
MEMORY = ":memory:"
PART = 64  # pages of a copy at a time: a quarter of a megabyte, well under a millisecond

# At DEBUG the library logs every statement with its values, which are what people wrote.
logging.getLogger("aiosqlite").disabled = True

CULPRITS: Mapping[str, type[StoreError]] = {
    "SQLITE_NOTADB": NotADatabase,
    "SQLITE_CORRUPT": Corrupt,
    "SQLITE_BUSY": StoreBusy,
    "SQLITE_LOCKED": StoreBusy,
    "SQLITE_READONLY": NotWritable,
    "SQLITE_CANTOPEN": NotWritable,
    "SQLITE_IOERR": DiskFailed,
}


def statements(script: str) -> list[str]:
    """The statements of a script, one by one: run together they would commit in between."""
    found, rest = [], ""
    for line in script.splitlines(keepends=True):
        rest += line
        if sqlite3.complete_statement(rest):
            found.append(rest)
            rest = ""
    return found


def fingerprint(file: str, except_for: str = "") -> str:
    """One number for every row of a database that nobody writes, in whatever order pages lie.

    A note of the house may be left out: the one that a restore writes itself.
    """
    left_out = f"INSERT INTO \"notes_of_house\" VALUES('{except_for}',"
    digest = hashlib.sha256()
    place = Path(file).as_uri() + "?mode=ro&immutable=1"
    with contextlib.closing(sqlite3.connect(place, uri=True, isolation_level=None)) as looked_at:
        for line in looked_at.iterdump():
            if not except_for or not line.startswith(left_out):
                digest.update(line.encode() + b"\n")
    return digest.hexdigest()


class Driver:
    """One open connection. Statements run in the order they were asked for."""

    #: After a disk error nobody knows what the file holds: this connection must not write again.
    doubtful = False

    def __init__(self, file: str, place: str, *, uri: bool) -> None:
        self.file = file
        # Only these threads use it: the library's own, and one that copies the file (`copy_to`).
        self._connection = aiosqlite.connect(
            place, uri=uri, isolation_level=None, check_same_thread=False, factory=self._made
        )
        self._inner: sqlite3.Connection | None = None
        worker = getattr(self._connection, "_thread", None)
        self._worker = worker if isinstance(worker, Thread) else None

    @classmethod
    async def connect(cls, file: str, *, read_only: bool = False, still: bool = False) -> Self:
        """A connection in autocommit.

        Read only it changes not even the log beside the file. `still`: nobody writes the file, and
        it has no log; then nothing is made beside it either.
        """
        how = "?mode=ro&immutable=1" if still else "?mode=ro" if read_only else ""
        driver = cls(file, Path(file).as_uri() + how if how else file, uri=bool(how))
        if driver._worker is not None:
            # A process that fails to close the store must end all the same: the log makes it safe.
            driver._worker.daemon = True
        await driver._asked(driver._connection)
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

    def copy_to(self, file: str, between: Callable[[], None]) -> None:
        """Copy everything into this file, a part at a time; call it in a thread of its own.

        SQLite serves threads one by one, so that statements go on between two parts; what they
        change is in the copy too. `between` is called there, and ends the copy where it raises.
        """
        assert self._inner is not None
        try:
            with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as copy:
                for name in ("loosen", "hurry"):
                    copy.execute(QUERIES[name].sql)
                self._inner.backup(copy, pages=PART, progress=lambda *_: between(), sleep=0.002)
        except sqlite3.Error as error:
            raise NotCopied(file, reason=named(error)) from error

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open now."""
        return self._connection.in_transaction

    def _made(self, *given: Any, **named: Any) -> sqlite3.Connection:
        self._inner = sqlite3.Connection(*given, **named)
        return self._inner

    async def _asked(self, work: Awaitable[T]) -> T:
        try:
            return await work
        except sqlite3.Error as error:
            raise self._culprit(error) from error

    def _culprit(self, error: sqlite3.Error) -> StoreError:
        """Our words for a failure. SQLite's own words name tables and columns, never contents."""
        name = named(error)
        kind = CULPRITS.get("_".join(name.split("_")[:2]), NotSaved)
        self.doubtful = self.doubtful or kind is DiskFailed
        return kind(self.file, reason=name)


def named(error: sqlite3.Error) -> str:
    """SQLite's name of an error, such as SQLITE_IOERR_FSYNC."""
    return getattr(error, "sqlite_errorname", None) or type(error).__name__
