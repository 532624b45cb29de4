"""One process per store: a second is refused at once, and a crash frees the lock."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.store import (
    Store,
    StoreBusy,
)

pytestmark = pytest.mark.asyncio

HOLD = """
import asyncio, sys
from bot.store import Store
async def hold():
    await Store.open(sys.argv[1])
    print("open", flush=True)
    await asyncio.sleep(60)
asyncio.run(hold())
"""


def holder(path: Path) -> "subprocess.Popen[str]":
    """Another process that has this store open."""
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


async def test_a_second_process_is_refused_at_once_by_any_name(tmp_path: Path) -> None:
    path = tmp_path / "coach.db"
    link = tmp_path / "link.db"
    process = holder(path)
    link.symlink_to(path)
    try:
        for name in (path, link):
            started = time.monotonic()
            with pytest.raises(StoreBusy, match="Another process"):
                await Store.open(name)
            assert time.monotonic() - started < 2
    finally:
        process.kill()
        process.communicate()

    store = await Store.open(path)
    await store.close()


async def test_a_lock_is_free_again_after_closing_and_after_a_refusal(tmp_path: Path) -> None:
    path = tmp_path / "coach.db"
    first = await Store.open(path)
    with pytest.raises(StoreBusy):
        await Store.open(path)
    async with first.transaction() as t:
        await t.set_note("offset", "5")

    await first.close()

    second = await Store.open(path)
    await second.close()
