"""Opening: which files are served, and what an operator is told about the others."""

import asyncio
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.store import (
    NotADatabase,
    Store,
    StoreError,
)
from bot.store import driver as driver_module
from bot.store.gate import has_wal_reset_bug
from tests.store.store_kit import NOW, keep, seeker

pytestmark = pytest.mark.asyncio


async def made(path: Path, name: str = "offset") -> None:
    """A store with one note and one seeker in this file."""
    store = await Store.open(path)
    async with store.transaction() as t:
        await t.set_note(name, "5")
        await t.save_seekers([seeker()])
    await store.close()


async def refused(path: Path, error: type[StoreError]) -> str:
    """The words with which this file is refused."""
    with pytest.raises(error) as caught:
        await Store.open(path)
    words = str(caught.value)
    assert str(path) in words
    assert 1 <= words.count(". ") + 1 <= 3
    return words


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277])
async def test_every_file_is_private_under_any_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        store = await Store.open(tmp_path / "coach.db")
        async with store.transaction() as t:
            await t.set_note("offset", "5")
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
        await store.close()
    finally:
        os.umask(before)

    names = {"coach.db", "coach.db-wal", "coach.db-shm", "coach.db.lock"}
    assert modes == dict.fromkeys(names, 0o600)


async def test_what_was_written_is_there_after_closing(tmp_path: Path) -> None:
    await made(tmp_path / "coach.db")

    store = await Store.open(tmp_path / "coach.db")

    async with store.transaction() as t:
        assert await t.get_note("offset") == "5"
        assert await t.seeker(7) == seeker()
    await store.close()


async def test_the_connection_keeps_its_promises(filed: Store) -> None:
    asked = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")

    told = {name: (await filed._driver.rows(f"PRAGMA {name}"))[0][0] for name in asked}

    assert told == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 5000,
    }


async def test_no_thread_is_left_behind(tmp_path: Path) -> None:
    before = threading.active_count()
    (tmp_path / "text").write_bytes(b"text" * 500)
    (tmp_path / "text").chmod(0o600)

    for _ in range(5):
        await made(tmp_path / "coach.db")
        await refused(tmp_path / "text", NotADatabase)

    assert threading.active_count() == before


async def test_opening_that_is_cancelled_leaves_nothing_open(tmp_path: Path) -> None:
    before = threading.active_count()

    for passes in range(12):
        task = asyncio.create_task(Store.open(tmp_path / "coach.db"))
        for _ in range(passes):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()

    store = await Store.open(tmp_path / "coach.db")
    await store.close()
    assert threading.active_count() == before


async def test_a_process_that_forgets_to_close_still_ends(tmp_path: Path) -> None:
    code = "import asyncio, sys; from bot.store import Store; store = asyncio.run(Store.open(sys.argv[1]))"
    root = str(Path(__file__).parents[2])

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "coach.db")],
        env={**os.environ, "PYTHONPATH": root},
        timeout=10,
        check=False,
    )

    assert done.returncode == 0


@pytest.mark.parametrize(
    ("version", "bug"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
async def test_the_versions_that_may_damage_a_file_are_known(
    version: tuple[int, int, int], bug: bool
) -> None:
    assert has_wal_reset_bug(version) is bug
    assert Store.one_connection_only is has_wal_reset_bug(driver_module.VERSION)


async def test_nothing_anyone_wrote_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="aiosqlite")

    store = await Store.open(tmp_path / "coach.db")
    async with store.transaction() as t:
        await keep(t, 1, None, 7, "canary", NOW)
        await t.save_seekers([seeker(body="canary")])
    await store.close()

    assert "canary" not in caplog.text
