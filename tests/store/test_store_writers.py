"""Two who write at once: nobody is refused because of the order in which they began."""

import ast
import asyncio
import re
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import Store, StoreBusy
from bot.store.driver import Driver
from bot.store.queries import QUERIES, read_sql

ROOT = Path(__file__).parents[2]


async def count_up(driver: Driver, begin: str, times: int) -> int:
    """Read a number and write the next one, in one transaction each; how many were refused."""
    refused = 0
    for _ in range(times):
        try:
            await driver.rows(begin)
            (number,) = (await driver.rows("SELECT n FROM numbers"))[0]
            await asyncio.sleep(0)
            await driver.rows("UPDATE numbers SET n = :n", {"n": number + 1})
            await driver.rows("COMMIT")
        except StoreBusy:
            refused += 1
            await driver.rollback()
    return refused


async def both(path: Path, begin: str, times: int) -> tuple[int, int]:
    """Two connections count up at once; how many transactions were refused, and the number."""
    drivers = [await Driver.connect(str(path)) for _ in range(2)]
    for driver in drivers:
        await driver.script(read_sql("sql/settings.sql"))
    await drivers[0].script("CREATE TABLE numbers (n);\nINSERT INTO numbers VALUES (0);\n")
    refused = await asyncio.gather(*(count_up(driver, begin, times) for driver in drivers))
    (number,) = (await drivers[0].rows("SELECT n FROM numbers"))[0]
    for driver in drivers:
        await driver.close()
    return sum(refused), number


@pytest.mark.holds("C05")
@pytest.mark.asyncio
async def test_of_600_who_read_then_write_nobody_is_refused(tmp_path: Path) -> None:
    assert await both(tmp_path / "two.db", QUERIES["begin"].sql, 300) == (0, 600)


@pytest.mark.holds("C05")
@pytest.mark.asyncio
async def test_who_takes_the_lock_only_when_writing_is_refused(tmp_path: Path) -> None:
    refused, number = await both(tmp_path / "two.db", "BEGIN", 300)

    assert refused > 0
    assert number == 600 - refused


@pytest.mark.holds("C05")
def test_no_transaction_in_the_code_begins_without_the_lock() -> None:
    for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "bot").rglob("*.sql")]:
        text = re.sub(r"(#|--).*", "", path.read_text(encoding="utf-8"))
        for found in re.finditer(r"(?<![\w.])BEGIN\b(?! IMMEDIATE)", text):
            raise AssertionError(
                f"{path.name}: {found.group()} without IMMEDIATE. A read may not write later."
            )


@pytest.mark.holds("C05")
def test_every_connection_says_that_it_begins_its_transactions_itself() -> None:
    found = 0
    for path in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "sqlite3.connect",
                "aiosqlite.connect",
            ):
                found += 1
                named = {one.arg: ast.unparse(one.value) for one in node.keywords}
                assert named.get("isolation_level") == "None", (
                    f"{path.name}:{node.lineno}: isolation_level=None"
                )
    assert found >= 3


def hold_the_lock(path: Path, seconds: float, begun: threading.Event) -> None:
    """Somebody else's program writes for a while."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        begun.set()
        time.sleep(seconds)
        other.execute("ROLLBACK")


@pytest.mark.holds("C06")
@pytest.mark.asyncio
async def test_a_lock_held_for_four_seconds_is_waited_for(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "coach.db")
    begun = threading.Event()
    other = asyncio.create_task(asyncio.to_thread(hold_the_lock, tmp_path / "coach.db", 4, begun))
    await asyncio.to_thread(begun.wait, 30)

    async with store.transaction() as t:
        await t.set_note("waited", "yes")
        assert await t.get_note("waited") == "yes"

    await other
    await store.close()


@pytest.mark.holds("C06")
@pytest.mark.asyncio
async def test_a_lock_held_for_too_long_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "coach.db")
    async with store.transaction() as t:
        await t.set_note("before", "kept")
    await store._driver.rows("PRAGMA busy_timeout = 100")
    with closing(sqlite3.connect(tmp_path / "coach.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreBusy):
            async with store.transaction() as t:
                await t.set_note("during", "never")
        assert not store.in_transaction

    async with store.transaction() as t:
        await t.set_note("after", "kept")
        assert [await t.get_note(key) for key in ("before", "during", "after")] == ["kept", None, "kept"]
    await store.close()
