"""When the disk fails under a commit: said so, never tried again over the same connection."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.store import DiskFailed, NotSaved, Store, StoreBroken, StoreBusy
from bot.store import connected as connected_module
from bot.store.driver import aiosqlite
from tests.store.store_kit import NOW

pytestmark = pytest.mark.asyncio

Ask = Callable[..., Any]


class BadDisk:
    """A disk whose sync fails some times, as the kernel has it.

    What was to be written is dropped, and the next sync of the same handle says that all is well.
    """

    def __init__(self, failures: int) -> None:
        self.failures, self.failed, self.lying = failures, 0, set[int]()

    def under(self, real: Ask) -> Ask:
        async def ask(connection: Any, sql: str, values: Any) -> Any:
            commits = sql.startswith("COMMIT")
            if commits and id(connection) in self.lying:
                return await real(connection, "ROLLBACK", {})
            if (commits or sql.startswith("INSERT INTO notes")) and self.failed < self.failures:
                self.failed += 1
                self.lying.add(id(connection))
                if connection.in_transaction:
                    await real(connection, "ROLLBACK", {})
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorname = "SQLITE_IOERR_FSYNC"
                raise error
            return await real(connection, sql, values)

        return ask


def put_under(monkeypatch: pytest.MonkeyPatch, failures: int) -> BadDisk:
    """From here on, the store stands on a disk that fails this often."""
    disk = BadDisk(failures)
    real = aiosqlite.Connection.execute_fetchall
    monkeypatch.setattr(aiosqlite.Connection, "execute_fetchall", disk.under(real))
    return disk


async def write(store: Store, key: str) -> None:
    """One transaction that writes."""
    async with store.transaction() as t:
        await t._driver.rows("UPDATE notes_of_house SET value = value")
        await t._driver.many("INSERT INTO notes_of_house VALUES (:key, 'kept')", [{"key": key}])


async def notes(path: Path) -> list[str]:
    """What is really in the file, read anew."""
    store = await Store.open(path)
    found = await store._driver.rows("SELECT key FROM notes_of_house WHERE value = 'kept' ORDER BY key")
    await store.close()
    return [row[0] for row in found]


@pytest.mark.holds("D08")
@pytest.mark.parametrize("failures", [1, 2])
async def test_after_a_failed_sync_the_next_transaction_has_another_connection(
    failures: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "coach.db"
    store = await Store.open(path)
    before = store._driver
    put_under(monkeypatch, failures)

    with pytest.raises(DiskFailed, match="SQLITE_IOERR_FSYNC"):
        await write(store, "first")
    assert store._driver is not before
    await write(store, "second")
    await store.close()

    monkeypatch.undo()
    assert await notes(path) == ["second"]


@pytest.mark.holds("D08")
async def test_over_the_same_connection_an_acknowledged_row_would_be_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def trusting(driver: object) -> object:
        return driver

    path = tmp_path / "coach.db"
    store = await Store.open(path)
    put_under(monkeypatch, 1)
    monkeypatch.setattr(connected_module, "mended", trusting)

    with pytest.raises(DiskFailed):
        await write(store, "first")
    await write(store, "second")  # no error: the caller believes that it is saved
    await store.close()

    monkeypatch.undo()
    assert await notes(path) == []


@pytest.mark.holds("D08")
async def test_a_disk_that_keeps_failing_breaks_the_store_within_ten_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "coach.db"
    store = await Store.open(path)
    put_under(monkeypatch, 10**9)
    started = time.monotonic()

    with pytest.raises(StoreBroken, match="keeps failing"):
        await write(store, "first")

    assert time.monotonic() - started < 10
    assert store.broken.is_set()
    assert not store.in_transaction
    with pytest.raises(StoreBroken):
        await write(store, "second")
    await store.close()
    monkeypatch.undo()
    assert await notes(path) == []


@pytest.mark.holds("D08")
async def test_those_who_wait_meanwhile_get_the_new_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "coach.db"
    store = await Store.open(path)
    put_under(monkeypatch, 1)

    told = await asyncio.gather(*(write(store, f"{n}") for n in range(5)), return_exceptions=True)
    await store.close()

    monkeypatch.undo()
    assert [type(one) for one in told if one] == [DiskFailed]
    assert await notes(path) == ["1", "2", "3", "4"]


@pytest.mark.holds("D08")
async def test_a_full_disk_keeps_its_connection(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "coach.db")
    before = store._driver
    pages = (await before.rows("PRAGMA page_count"))[0][0]
    await before.rows(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(NotSaved, match="SQLITE_FULL"):
        async with store.transaction() as t:
            await t.set_note("long", "x" * 100_000)

    assert store._driver is before
    await store.close()


async def test_a_scrub_that_fails_stays_owed_and_is_done_later(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "coach.db")
    assert await store.scrub_if_owed() is False
    async with store.transaction() as t:
        await t.erase(7, 7, NOW)
    reader = sqlite3.connect(tmp_path / "coach.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM inbox").fetchone()
    await store._driver.rows("PRAGMA busy_timeout = 50")

    with pytest.raises(StoreBusy):  # somebody reads what has to go
        await store.scrub_if_owed()
    reader.close()

    assert await store.scrub_if_owed() is True
    assert await store.scrub_if_owed() is False
    await store.close()
