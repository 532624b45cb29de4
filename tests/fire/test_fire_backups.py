"""Backups: made while the coach works, whole or not there at all, kept by a rule, and restored."""

import asyncio
import json
import os
import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.backups import back_up, backups_in, folder_of, kept, moment_of, name_of, newest_good
from bot.restoring import backup, restore
from bot.store import (
    RESTORED,
    BadBackup,
    CutShort,
    NotCopied,
    Store,
    StoreBusy,
    fingerprint,
    look_into,
)
from bot.store import driver as driver_module
from bot.store import replacing as replacing_module
from tests.fire.backup_kit import NOW, filled, noted, remember
from tests.store.killing_kit import KILLED, built, run

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def back_up_and_die(path: Path, place: str) -> None:
    """Make a backup in a process that dies at a place."""
    from bot import failpoints

    async def made() -> None:
        store = await Store.open(path)
        failpoints.arm(place)
        await back_up(store, folder_of(path), NOW + HOUR)

    asyncio.run(made())


@pytest.mark.holds("D14")
@pytest.mark.asyncio
async def test_while_a_backup_is_made_turns_go_on_and_nothing_acknowledged_before_is_missing(
    tmp_path: Path,
) -> None:
    store = await filled(tmp_path / "coach.db", 40)
    for number in range(20):
        await remember(store, f"before {number}")
    copying = asyncio.create_task(store.backup_to(tmp_path / "copy.db", NOW))
    took, number = [], 0

    while not copying.done():
        started = time.monotonic()
        await remember(store, f"during {number}")
        took.append(time.monotonic() - started)
        number += 1
        await asyncio.sleep(0.005)
    made = await copying

    assert noted(tmp_path / "copy.db") >= {f"before {n}" for n in range(20)}
    assert made.totals.seekers > 9_000
    assert len(took) > 10
    assert statistics.median(took) <= 0.1  # of thousands the 99th in a hundred is: tests/torture/store.py
    await store.close()


@pytest.mark.holds("D14")
@pytest.mark.asyncio
async def test_a_copy_in_the_thread_of_the_statements_would_hold_every_turn_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await filled(tmp_path / "coach.db", 40)
    real = driver_module.Driver.copy_to
    inner, loop = store._driver._connection, asyncio.get_running_loop()
    parts = 0

    def in_line(driver: driver_module.Driver, file: str, between: Callable[[], None]) -> None:
        def counted() -> None:
            nonlocal parts
            parts += 1
            between()

        asked = inner._execute(lambda: real(driver, file, counted))
        asyncio.run_coroutine_threadsafe(asked, loop).result()

    monkeypatch.setattr(driver_module.Driver, "copy_to", in_line)
    copying = asyncio.create_task(store.backup_to(tmp_path / "copy.db", NOW))
    while not parts:
        await asyncio.sleep(0.001)

    await remember(store, "during")

    then = parts
    await copying
    assert then == parts > 100  # the turn had to wait for the last part
    await store.close()


@pytest.mark.holds("D14")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
@pytest.mark.asyncio
async def test_a_backup_is_private_from_its_first_byte_under_any_umask(
    umask: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await filled(tmp_path / "coach.db")
    modes = set()
    folder = folder_of(tmp_path / "coach.db")
    real = driver_module.Driver.copy_to

    def watched(driver: driver_module.Driver, file: str, between: object) -> None:
        modes.add(Path(file).stat().st_mode & 0o777)
        real(driver, file, lambda: modes.add(Path(file).stat().st_mode & 0o777))

    monkeypatch.setattr(driver_module.Driver, "copy_to", watched)
    before = os.umask(umask)
    try:
        await back_up(store, folder, NOW)
    finally:
        os.umask(before)

    assert modes == {0o600}
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]
    assert folder.stat().st_mode & 0o777 == 0o700
    await store.close()


@pytest.mark.holds("D14")
@pytest.mark.parametrize(("place", "there"), [("backup.copied", 1), ("backup.named", 2)])
@pytest.mark.asyncio
async def test_a_backup_that_is_killed_is_there_whole_or_not_at_all(
    place: str, there: int, tmp_path: Path
) -> None:
    path = tmp_path / "coach.db"
    store = await filled(path)
    await remember(store, "before")
    await back_up(store, folder_of(path), NOW)
    await store.close()

    assert run(back_up_and_die, path, place) == KILLED

    assert len(backups_in(folder_of(path))) == there
    assert all("before" in noted(one) for one in backups_in(folder_of(path)))
    await backup(path, folder_of(path), NOW + 2 * HOUR)
    assert [one.name for one in folder_of(path).iterdir() if not moment_of(one.name)] == []


@pytest.mark.asyncio
async def test_a_backup_onto_a_full_disk_says_so_and_removes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await filled(tmp_path / "coach.db")
    folder = folder_of(tmp_path / "coach.db")
    old = [NOW - n * HOUR for n in range(60)]
    await back_up(store, folder, NOW)
    for moment in old[1:]:
        (folder / name_of(moment)).touch(mode=0o600)
    before = sorted(folder.iterdir())

    def full(driver: object, file: str, between: object) -> None:
        raise NotCopied(file, reason="SQLITE_FULL")

    monkeypatch.setattr(driver_module.Driver, "copy_to", full)
    with pytest.raises(NotCopied, match="SQLITE_FULL"):
        await back_up(store, folder, NOW + HOUR)

    assert sorted(folder.iterdir()) == before
    await remember(store, "after")
    await store.close()


@pytest.mark.asyncio
async def test_closing_or_cancelling_gives_a_backup_up_and_leaves_nothing_of_it(tmp_path: Path) -> None:
    store = await filled(tmp_path / "coach.db", 20)
    first = asyncio.create_task(store.backup_to(tmp_path / "first.db", NOW))
    await asyncio.sleep(0.02)
    first.cancel()
    await asyncio.wait({first})
    second = asyncio.create_task(store.backup_to(tmp_path / "second.db", NOW))
    await asyncio.sleep(0.02)

    await store.close()
    await asyncio.wait({second})

    assert first.cancelled()
    assert isinstance(second.exception(), NotCopied)
    assert {path.name for path in tmp_path.iterdir()} == {"coach.db", "coach.db.lock"}


def hourly(days: int) -> list[str]:
    """Names of backups that were made each hour, up to now."""
    return [name_of(NOW - n * HOUR) for n in range(days * 24)]


@pytest.mark.parametrize(
    ("names", "stay"),
    [
        ([], []),
        ([name_of(NOW - 90 * DAY)], [name_of(NOW - 90 * DAY)]),
        ([name_of(NOW - 90 * DAY), name_of(NOW - 31 * DAY)], [name_of(NOW - 31 * DAY)]),
        ([name_of(NOW), name_of(NOW - 31 * DAY)], [name_of(NOW)]),
        (
            [name_of(NOW), name_of(NOW - timedelta(minutes=1))],
            [name_of(NOW), name_of(NOW - timedelta(minutes=1))],
        ),
        (
            [name_of(NOW - timedelta(minutes=n)) for n in (10, 20, 30)],
            [name_of(NOW - timedelta(minutes=10))],
        ),
        ([name_of(NOW + DAY), name_of(NOW)], [name_of(NOW + DAY), name_of(NOW)]),
        (["notes.txt", "coach-2027-13-45T00-00-00Z.db", "coach.db.part"], []),
    ],
)
def test_which_backups_are_kept(names: list[str], stay: list[str]) -> None:
    assert kept(names, NOW) == set(stay)


def test_of_a_month_of_hours_some_forty_are_kept_and_none_is_older() -> None:
    stay = sorted((moment for name in kept(hourly(60), NOW) if (moment := moment_of(name))), reverse=True)

    ages = [NOW - moment for moment in stay]
    assert sum(age < DAY for age in ages) == 24
    assert len({moment.date() for moment in stay if NOW - moment < 14 * DAY}) in (14, 15)
    assert 24 + 13 + 2 <= len(stay) <= 24 + 14 + 4
    assert max(ages) < 30 * DAY
    assert max(later - sooner for sooner, later in pairwise(ages)) <= 8 * DAY


def test_kept_hour_by_hour_there_is_always_one_of_each_of_the_last_days_and_weeks() -> None:
    have: set[str] = set()
    now = NOW
    for _ in range(45 * 24):
        now += HOUR
        have = kept({*have, name_of(now)}, now)

    ages = sorted(now - moment for name in have if (moment := moment_of(name)))
    assert max(later - sooner for sooner, later in pairwise(ages)) <= 8 * DAY
    assert 20 * DAY < ages[-1] < 30 * DAY


async def made(path: Path, times: int = 2) -> list[Path]:
    """A closed store with some backups, newest first; between them something was saved."""
    store = await filled(path)
    for number in range(times):
        await remember(store, f"row {number}")
        await back_up(store, folder_of(path), NOW + number * HOUR)
    await remember(store, "lost")
    await store.close()
    return backups_in(folder_of(path))


@pytest.mark.holds("D15")
@pytest.mark.parametrize("which", [0, -1])
@pytest.mark.asyncio
async def test_a_restored_store_has_every_row_of_its_backup(which: int, tmp_path: Path) -> None:
    path = tmp_path / "coach.db"
    chosen = (await made(path, 3))[which]
    before = fingerprint(str(chosen))
    old = fingerprint(str(path))

    lines = await restore(path, str(chosen) if which else "newest", folder_of(path), NOW + DAY)

    assert fingerprint(str(path), RESTORED) == before
    assert path.stat().st_mode & 0o777 == 0o600
    aside = tmp_path / "coach.db.before-restore-2027-03-02T09-00-00Z"
    assert fingerprint(str(aside)) == old
    assert str(aside) in " ".join(lines) and "Every row" in " ".join(lines)
    store = await Store.open(path)
    async with store.transaction() as t:
        note = json.loads(await t.get_note(RESTORED) or "")
        begun = moment_of(chosen.name)
        assert begun is not None
        assert note == {"from": begun.timestamp() * 1000, "at": (NOW + DAY).timestamp() * 1000}
        assert await t.get_note("lost") is None
    await store.close()


@pytest.mark.holds("D15")
@pytest.mark.parametrize("how", ["truncated", "emptied", "flipped", "foreign", "newer", "text", "missing"])
@pytest.mark.asyncio
async def test_a_backup_that_cannot_be_used_is_refused_with_the_reason_and_nothing_changes(
    how: str, tmp_path: Path
) -> None:
    path = tmp_path / "coach.db"
    newest, *_ = await made(path)
    content = bytearray(newest.read_bytes())
    reason = {"foreign": "another program", "newer": "newer coach", "text": "not a database",
              "emptied": "not a database", "missing": "no such file"}.get(how, "damaged")  # fmt: skip
    if how == "truncated":
        newest.write_bytes(content[: len(content) // 2])
    elif how == "flipped":
        newest.write_bytes(content[:8192] + bytes(8192) + content[16384:])
    elif how in ("emptied", "text"):
        newest.write_bytes(b"" if how == "emptied" else b"not a database at all\n" * 100)
    elif how == "missing":
        newest.unlink()
    else:
        with closing(sqlite3.connect(newest)) as file:
            file.execute(f"PRAGMA {'application_id' if how == 'foreign' else 'user_version'} = 99")
            file.commit()
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir() if one.is_file()}
    started = time.monotonic()

    with pytest.raises(BadBackup, match=reason):
        await restore(path, str(newest), folder_of(path), NOW)

    assert time.monotonic() - started < 5
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir() if one.is_file()} == before


@pytest.mark.holds("D15")
@pytest.mark.asyncio
async def test_the_newest_good_backup_is_found_behind_bad_ones(tmp_path: Path) -> None:
    path = tmp_path / "coach.db"
    first, second, third = await made(path, 3)
    first.write_bytes(first.read_bytes()[:5000])
    second.write_bytes(b"")

    found, bad = await newest_good(folder_of(path))
    lines = await restore(path, "newest", folder_of(path), NOW + DAY)

    assert found is not None and found.file == third
    assert len(bad) == 2
    assert fingerprint(str(path), RESTORED) == fingerprint(str(third))
    assert [line for line in lines if "cannot be used" in line] == bad


@pytest.mark.holds("D15")
@pytest.mark.asyncio
async def test_an_older_backup_is_brought_up_to_date_at_the_next_start(tmp_path: Path) -> None:
    old = tmp_path / name_of(NOW)
    built(old, 1)

    await restore(tmp_path / "coach.db", str(old), tmp_path, NOW)
    store = await Store.open(tmp_path / "coach.db")

    async with store.transaction() as t:
        assert (await t.totals()).seekers == 39
    await store.close()


@pytest.mark.holds("D15")
@pytest.mark.asyncio
async def test_a_restore_while_the_coach_runs_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "coach.db"
    await made(path)
    store = await Store.open(path)
    await remember(store, "now")

    with pytest.raises(StoreBusy):
        await restore(path, "newest", folder_of(path), NOW)
    with pytest.raises(StoreBusy):
        await backup(path, folder_of(path), NOW)

    await remember(store, "later")
    assert store.still_ours()
    await store.close()


class Stop(Exception):
    """The power went."""


@pytest.mark.holds("D15")
@pytest.mark.parametrize("step", ["_copy", "_note", "_prove", "_move_aside", "os.replace 2", "os.replace 3"])
@pytest.mark.asyncio
async def test_a_restore_cut_short_serves_the_old_store_or_nobody_and_can_be_run_again(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "coach.db"
    newest, *_ = await made(path)
    old = fingerprint(str(path))

    def stop(*_: object) -> None:
        raise Stop

    if step.startswith("_"):
        monkeypatch.setattr(replacing_module, step, stop)
    else:
        calls = [os.replace] * (int(step[-1]) - 1)
        monkeypatch.setattr(os, "replace", lambda *given: calls.pop()(*given) if calls else stop())
    with pytest.raises(Stop):
        await restore(path, "newest", folder_of(path), NOW + DAY)
    monkeypatch.undo()

    try:
        await (await Store.open(path)).close()
    except CutShort:
        pass
    else:
        assert fingerprint(str(path)) == old
    await restore(path, "newest", folder_of(path), NOW + 2 * DAY)
    assert fingerprint(str(path), RESTORED) == fingerprint(str(newest))


@pytest.mark.asyncio
async def test_a_damaged_store_goes_aside_with_its_log(tmp_path: Path) -> None:
    path = tmp_path / "coach.db"
    await made(path)
    store = await Store.open(path)
    await remember(store, "in the log")
    log = (tmp_path / "coach.db-wal").read_bytes()
    await store.close()
    path.write_bytes(b"\x55" * 9000)
    (tmp_path / "coach.db-wal").write_bytes(log)

    lines = await restore(path, "newest", folder_of(path), datetime(2027, 3, 3, tzinfo=UTC))

    aside = "coach.db.before-restore-2027-03-03T00-00-00Z"
    assert (tmp_path / aside).read_bytes() == b"\x55" * 9000
    assert (tmp_path / f"{aside}-wal").read_bytes() == log
    assert sum(aside in line for line in lines) >= 2
    await (await Store.open(path)).close()


@pytest.mark.asyncio
async def test_a_file_whose_log_lies_beside_it_is_not_taken_for_whole(tmp_path: Path) -> None:
    path = tmp_path / "coach.db"
    store = await filled(path)
    shutil.copytree(tmp_path, tmp_path / "copy")
    await store.close()

    with pytest.raises(BadBackup, match="not whole"):
        await look_into(tmp_path / "copy" / "coach.db")
