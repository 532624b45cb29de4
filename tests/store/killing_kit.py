"""Processes that open a store and are killed, forked from one that is warm and has nothing open."""

import asyncio
import multiprocessing
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from bot import failpoints
from bot.store import Store, StoreBusy, fingerprint, opening
from bot.store.driver import statements
from bot.store.opening import MIGRATIONS, Migration

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["__main__", "tests.store.killing_kit"])
KILLED, BUSY = -9, 75
NEWEST = MIGRATIONS[-1].number
STEPS = (
    "ALTER TABLE seekers ADD COLUMN colour TEXT;\nUPDATE seekers SET colour = 'c' || id;",
    "CREATE TABLE colours (name TEXT PRIMARY KEY, many INTEGER NOT NULL) STRICT;\n"
    "INSERT INTO colours SELECT colour, count(*) FROM seekers GROUP BY colour;\n"
    "CREATE INDEX colours_many ON colours (many);",
    "CREATE TABLE anew (id INTEGER PRIMARY KEY, name TEXT, many INTEGER) STRICT;\n"
    "INSERT INTO anew (name, many) SELECT name, many + 1 FROM colours;\n"
    "DROP TABLE colours;\nALTER TABLE anew RENAME TO colours;",
    "INSERT INTO notes_of_house VALUES ('ladder', 'climbed');\nDELETE FROM colours WHERE id % 2;",
)
"""A ladder above the real migrations: a column, a table, a table built anew, and rows alone."""
LADDER = (
    *MIGRATIONS,
    *(Migration(at, f"{step}\nPRAGMA user_version = {at};") for at, step in enumerate(STEPS, NEWEST + 1)),
)


def built(path: Path, version: int, migrations: Sequence[Migration] = LADDER) -> None:
    """A house of this version in a file, by its migrations, with seekers in it."""
    path.touch(mode=0o600)
    with closing(sqlite3.connect(path, isolation_level=None)) as house:
        for migration in migrations[:version]:
            for statement in statements(migration.script):
                house.execute(statement)
            if migration.number == 1:
                rows = [(id, id, 1, 1, b"x" * 50) for id in range(1, 40)]
                house.executemany(
                    "INSERT INTO seekers (id, chat, turn, format, body) VALUES (?, ?, ?, ?, ?)", rows
                )


def state(path: Path) -> tuple[int, str]:
    """The version and the rows of a file, after whatever is in its log."""
    with closing(sqlite3.connect(path, isolation_level=None)) as house:
        version = house.execute("PRAGMA user_version").fetchone()[0]
    return version, fingerprint(str(path))


def run(work: Callable[..., None], *given: Any) -> int:
    """The exit code of some work in a process of its own; -9 where it was killed."""
    process = CONTEXT.Process(target=work, args=given)
    process.start()
    process.join(60)
    assert process.exitcode is not None
    return process.exitcode


def climb(path: Path, newest: int, kill_at: int) -> None:
    """Open a store that this coach brings to a version; dies after a number of statements."""
    opening.MIGRATIONS = LADDER[:newest]
    if kill_at:
        failpoints.arm("migration.step", kill_at)
    asyncio.run(_opened_and_closed(path))


def climb_badly(path: Path, newest: int, kill_at: int) -> None:
    """The same by a coach that commits each statement on its own."""
    from bot.store.driver import Driver

    async def one_by_one(driver: Driver, script: str) -> None:
        for statement in statements(script):
            await driver.rows(statement)
            failpoints.passing("migration.step")

    opening.in_one = one_by_one
    climb(path, newest, kill_at)


def climb_slowly(path: Path, newest: int, go: Event, stop: Event) -> None:
    """Open at the same moment as others, and rest a second inside; 75 where another has it."""
    opening.MIGRATIONS = LADDER[:newest]
    failpoints.arm("migration.step", 1, lambda: time.sleep(1))
    go.wait(30)
    try:
        asyncio.run(_opened_and_held(path, stop))
    except StoreBusy:
        os._exit(BUSY)


def hold(path: Path, opened: Event) -> None:
    """Have a store open until killed."""

    async def held() -> None:
        await Store.open(path)
        opened.set()
        await asyncio.sleep(600)

    asyncio.run(held())


async def _opened_and_closed(path: Path) -> None:
    store = await Store.open(path)
    await store.close()


async def _opened_and_held(path: Path, stop: Event) -> None:
    store = await Store.open(path)
    await asyncio.to_thread(stop.wait, 60)
    await store.close()
