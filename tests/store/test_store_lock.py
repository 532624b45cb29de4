"""One process per store: a second is refused at once, and a crash frees the lock."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from bot.commands import BUSY
from bot.store import Store, StoreBusy, files
from tests.store.killing_kit import CONTEXT, hold

pytestmark = pytest.mark.asyncio

Holder = Callable[[Path], ForkServerProcess]


@pytest.fixture
def holder() -> Iterator[Holder]:
    """Makes other processes that have a store open; none is left behind."""
    made: list[ForkServerProcess] = []

    def make(path: Path) -> ForkServerProcess:
        opened = CONTEXT.Event()
        process = CONTEXT.Process(target=hold, args=(path, opened))
        process.start()
        made.append(process)
        assert opened.wait(30)
        return process

    yield make
    for process in made:
        process.kill()
        process.join(30)


async def refused(path: Path) -> None:
    """This store is refused within 2 seconds."""
    started = time.monotonic()
    with pytest.raises(StoreBusy, match="Another process"):
        await Store.open(path)
    assert time.monotonic() - started < 2


@pytest.mark.holds("C01")
async def test_a_second_process_is_refused_at_once_by_any_name(tmp_path: Path, holder: Holder) -> None:
    path = tmp_path / "coach.db"
    (tmp_path / "link.db").symlink_to(path)
    (tmp_path / "folder").symlink_to(tmp_path)
    process = holder(path)

    for name in (path, tmp_path / "link.db", tmp_path / "folder" / "coach.db"):
        await refused(name)

    assert process.is_alive()


@pytest.mark.holds("C01")
async def test_a_second_process_is_refused_by_a_path_that_leads_to_the_same_file(
    tmp_path: Path, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A hard link does here what a bind mount does; it would be refused for being one.
    (tmp_path / "there").mkdir()
    holder(tmp_path / "coach.db")
    os.link(tmp_path / "coach.db", tmp_path / "there" / "coach.db")
    monkeypatch.setattr(files, "check_file", lambda real: None)

    await refused(tmp_path / "there" / "coach.db")


MOUNT = ["unshare", "--mount", *(["--user", "--map-root-user"] if os.geteuid() else []), "sh", "-c"]


def may_mount() -> bool:
    """Whether this machine lets us mount a folder, seen by nobody else."""
    try:
        return subprocess.run([*MOUNT, "mount --bind /tmp /tmp"], capture_output=True).returncode == 0
    except OSError:
        return False


@pytest.mark.holds("C01")
@pytest.mark.skipif(not may_mount(), reason="this machine lets nobody mount a folder; see `man unshare`")
async def test_a_second_process_is_refused_where_the_folder_is_mounted_elsewhere(
    tmp_path: Path, holder: Holder
) -> None:
    there = tmp_path / "there"
    there.mkdir()
    process = holder(tmp_path / "coach.db")
    script = 'mount --bind "$1" "$2" && exec "$3" -m bot talk --db "$2/coach.db"'

    second = subprocess.run(
        [*MOUNT, script, "sh", tmp_path, there, sys.executable],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert (second.returncode, process.is_alive()) == (BUSY, True)
    assert "Another process" in second.stderr


@pytest.mark.holds("C02")
async def test_whoever_deletes_the_lock_file_lets_nobody_in(tmp_path: Path, holder: Holder) -> None:
    path = tmp_path / "coach.db"
    holder(path)

    (tmp_path / "coach.db.lock").unlink()

    await refused(path)


@pytest.mark.holds("C02")
async def test_a_lock_file_alone_would_let_a_second_one_in(
    tmp_path: Path, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "coach.db"
    holder(path)
    (tmp_path / "coach.db.lock").unlink()
    monkeypatch.setattr(files, "INODE_LOCKS", False)

    second = await Store.open(path)

    await second.close()


@pytest.mark.holds("C02")
async def test_after_a_kill_the_next_one_starts_within_two_seconds(tmp_path: Path, holder: Holder) -> None:
    path = tmp_path / "coach.db"
    process = holder(path)
    process.kill()
    process.join(30)

    started = time.monotonic()
    store = await Store.open(path)

    assert time.monotonic() - started < 2
    await store.close()


async def test_a_second_opening_in_this_process_leaves_the_locks_of_sqlite_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await Store.open(tmp_path / "coach.db")
    (tmp_path / "coach.db.lock").unlink()
    opened: list[Path] = []
    monkeypatch.setattr(files, "private", opened.append)

    await refused(tmp_path / "coach.db")

    assert opened == []
    await first.close()


async def test_a_store_knows_when_its_path_leads_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "coach.db"
    store = await Store.open(path)
    assert store.still_ours()

    path.rename(tmp_path / "moved.db")
    assert not store.still_ours()
    path.touch()
    assert not store.still_ours()

    path.unlink()
    (tmp_path / "moved.db").rename(path)
    assert store.still_ours()
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
