"""Kill -9 and power cuts at any call of the disk: nothing acknowledged is lost, nothing half done."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.store import Store
from tests.fire.crashing import Play, Recording, folder, record, recovers
from tests.fire.disk import Disk, full
from tests.fire.images import Platter
from tests.fire.powercut import Verdict, judge
from tests.fire.rig import FILE, Counted, Step
from tests.fire.stories import STORIES
from tests.torture import disk
from tests.torture.disk import Point, kills, pairs, points, power_cuts, recordings

SETTINGS = next(one for one in STORIES if one.name == "settings")
SAMPLE = 120
SHARE = 10
"""Of the trace of every story, each tenth length is looked at here, and every one in torture."""


async def note(store: Store) -> None:
    """Save something."""
    async with store.transaction() as t:
        await t.set_note("anything", "yes")


async def test_a_disk_that_is_only_watched_changes_nothing(tmp_path: Path) -> None:
    with Disk() as disk:
        trace = disk.record()
        store = await Store.open(tmp_path / FILE)
        await note(store)
        await store.close()

    platter = Platter({})
    for call in trace:
        platter.take(call)
    left = platter.crashed()[FILE]
    assert left == (tmp_path / FILE).read_bytes()
    assert {call.kind for call in trace} == {"write", "truncate", "sync", "delete"}


async def test_a_disk_that_was_taken_out_is_not_asked_any_more(tmp_path: Path) -> None:
    with Disk() as disk:
        disk.fails(full, lasting=True)
    store = await Store.open(tmp_path / FILE)

    await note(store)

    await store.close()
    assert disk.calls == disk.refused == 0


@pytest.mark.holds("D01")
def test_a_coach_that_is_killed_anywhere_has_done_a_step_or_has_not() -> None:
    everywhere = points()
    first_opening = [one for one in everywhere if one.recording.start == {} and one.step == 0]

    wrong = kills([*first_opening[:20], *everywhere[:: len(everywhere) // SAMPLE]])

    assert wrong == []
    assert len(everywhere) >= 900


@pytest.mark.holds("D01")
def test_a_step_that_says_saved_too_early_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The known-bad twin: a store that acknowledges before it commits."""
    recorded = next(one for one in recordings() if one.name == SETTINGS.name)
    begin, _, _ = recorded.steps[1]
    end, _, _ = recorded.steps[2]

    def early(store: Any) -> Any:
        store.acknowledged()
        return Store.transaction(store)

    monkeypatch.setattr(Counted, "transaction", early)
    wrong = kills([Point(recorded, 1, nth) for nth in range(1, end - begin, 4)])

    assert wrong


@pytest.mark.holds("D20")
def test_a_start_after_a_kill_may_be_killed_as_well() -> None:
    count, wrong = pairs(12, 2)

    assert wrong == []
    assert count >= 20


@pytest.mark.holds("D20")
def test_a_start_that_throws_away_what_a_kill_left_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The known-bad twin: a start that takes the journal for rubbish."""
    rehearsing = os.getpid()

    def careless(step: Step) -> Play:
        async def play(place: Path, acknowledged: Callable[[], None], begin: Callable[[], None]) -> None:
            for left in place.glob(f"{FILE}-wal") if os.getpid() != rehearsing else ():
                left.unlink()
            await recovers(step)(place, acknowledged, begin)

        return play

    monkeypatch.setattr(disk, "recovers", careless)
    _, wrong = pairs(5, 1)

    assert any("again at" in one for one in wrong)


@pytest.mark.holds("D04")
def test_a_power_cut_loses_nothing_that_was_acknowledged() -> None:
    found = power_cuts(SHARE)

    assert found.sound(), found
    assert found.images >= 5000


@pytest.mark.holds("D04")
@pytest.mark.parametrize(
    ("synchronous", "fails"),
    [("NORMAL", lambda found: found.lost), ("OFF", lambda found: found.corrupt)],
    ids=["normal loses", "off corrupts"],
)
async def test_a_store_that_syncs_less_is_caught(synchronous: str, fails: Callable[[Verdict], int]) -> None:
    """The known-bad twins: without a sync at each commit, and without any."""
    careless: Recording = await record(SETTINGS, synchronous)

    with folder() as place:
        found = judge(careless, place, Verdict(), 4)

    assert fails(found) >= 1
