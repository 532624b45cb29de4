"""Disks that are full or keep nothing: what was said to be saved is there, and the rest is said."""

import asyncio
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.coach import Coach
from bot.store import NotSaved, Store, StoreError
from bot.telegram.intake import Intake
from bot.telegram.sender import Sender
from tests.fire import full_disk
from tests.fire.crashing import folder
from tests.fire.disk import Disk, broken_sync, full
from tests.fire.full_disk import a_full_disk, a_full_disk_after_sending, a_sync_that_always_fails
from tests.fire.images import Image, Platter, lay, rows_in
from tests.fire.rig import FILE
from tests.fire.service_kit import playing

NOW = datetime(2026, 11, 23, tzinfo=UTC)


async def keep(store: Store, update: int) -> None:
    """Save one update."""
    async with store.transaction() as t:
        await t.set_note(f"kept {update}", "yes")


def notes_in(image: Image, place: Path) -> set[str]:
    """The notes that a store with these files holds."""
    rows_in(lay(image, place))
    connection = sqlite3.connect(place / FILE)
    found = {row[0] for row in connection.execute("SELECT key FROM notes_of_house")}
    connection.close()
    return {one for one in found if one.startswith("kept ")}


async def test_a_full_disk_saves_nothing_and_says_so_until_there_is_space(tmp_path: Path) -> None:
    with Disk() as disk:
        store = await Store.open(tmp_path / FILE)
        before = disk.opened
        disk.fails(full, 2, ("write",), lasting=True)
        with pytest.raises(NotSaved):
            await keep(store, 1)
        disk.heals()

        await keep(store, 2)

        after = disk.opened
        await store.close()
    assert notes_in({FILE: (tmp_path / FILE).read_bytes()}, tmp_path) == {"kept 2"}
    assert after == before  # a full disk is no reason to open the file anew


@pytest.mark.holds("D08")
async def test_a_sync_that_fails_once_is_reported_and_the_file_opened_anew(tmp_path: Path) -> None:
    with Disk() as disk:
        trace = disk.record()
        store = await Store.open(tmp_path / FILE)
        await keep(store, 1)
        disk.fails(broken_sync, 1, ("sync",))
        before = disk.opened
        with pytest.raises(StoreError):
            await keep(store, 2)

        await keep(store, 3)

        after, length = disk.opened, len(trace)
        await store.close()
    with folder() as place:
        kept = notes_in(safe_image(trace[:length]), place)
    assert after > before  # never over the same handle
    assert {"kept 1", "kept 3"} <= kept


def safe_image(trace: list[Any]) -> Image:
    """What is surely on the disk after a trace; what a failed sync was to keep is not."""
    platter = Platter({})
    for call in trace:
        platter.take(call)
    return {name: bytes(data) for name, data in platter.safe.items()}


@pytest.mark.holds("D08")
async def test_a_disk_that_never_keeps_anything_ends_the_service(tmp_path: Path) -> None:
    async with playing(tmp_path) as scene:
        found = await a_sync_that_always_fails(scene)

    assert found.code not in (None, 0)
    assert found.seconds <= 10
    assert not found.confirmed


@pytest.mark.holds("D06")
async def test_words_that_meet_a_full_disk_are_kept_once_there_is_space(tmp_path: Path) -> None:
    """At writes of the intake, of the turn, of the sender; once, and until there is space."""
    async with playing(tmp_path) as scene:
        once = [await a_full_disk(scene, nth, lasting=False) for nth in (3, 25, 45)]
        lasting = [await a_full_disk(scene, nth, lasting=True) for nth in (1, 30, 50, 70)]

        alive = not scene.task.done()
    assert sum(one.refused > 0 for one in (*once, *lasting)) >= 6
    assert [one for one in (*once, *lasting) if not one.sound()] == []
    assert [one for one in lasting if one.unsaved and not one.told] == []
    assert any(one.unsaved for one in lasting)
    assert alive


@pytest.mark.holds("D06")
async def test_updates_that_could_not_be_kept_are_asked_for_again_soon() -> None:
    """However long the disk was full: there are 30 seconds to handle what waited."""
    pauses = list[float]()

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 12:
            raise asyncio.CancelledError

    async def full_up(batch: list[Any]) -> None:
        raise NotSaved("coach.db", reason="SQLITE_FULL")

    class Giving:
        async def call(self, method: str, payload: Any, *, read_timeout: float) -> Any:
            return [{"update_id": 1}]

    with pytest.raises(asyncio.CancelledError):
        await Intake(Giving(), full_up, sleep=pause, chance=lambda: 1.0).run()

    assert max(pauses) <= 20


@pytest.mark.holds("D07")
async def test_a_message_that_could_not_be_recorded_is_recorded_later_and_not_sent_again(
    tmp_path: Path,
) -> None:
    async with playing(tmp_path) as scene:
        found = [await a_full_disk_after_sending(scene) for _ in range(10)]

    assert [one for one in found if not one.sound()] == []


@pytest.mark.holds("D06")
async def test_a_coach_that_confirms_what_it_did_not_keep_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known-bad twin: the update is gone for good."""
    keep_it = Coach.keep

    async def careless(coach: Coach, updates: Any) -> None:
        with suppress(StoreError):
            await keep_it(coach, updates)

    monkeypatch.setattr(Coach, "keep", careless)
    monkeypatch.setattr(full_disk, "WITHIN", 2.0)
    async with playing(tmp_path) as scene:
        with pytest.raises(AssertionError, match="never came: what write 3 held up"):
            await a_full_disk(scene, 3, lasting=True)


@pytest.mark.holds("D07")
async def test_a_sender_that_records_only_once_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known-bad twin: what was sent stays under way until the next start."""

    async def once(sender: Sender, row: Any, outcome: Any) -> None:
        with suppress(StoreError):
            await sender._write_down(row, outcome, NOW)

    monkeypatch.setattr(full_disk, "WITHIN", 2.0)
    async with playing(tmp_path) as scene:
        monkeypatch.setattr(Sender, "_record", once)
        with pytest.raises(AssertionError, match="never came: a message that is recorded"):
            await a_full_disk_after_sending(scene)
