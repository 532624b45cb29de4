"""kill -9 at every named place and at random moments: nothing is lost, nothing is done twice."""

import asyncio
import signal
from collections.abc import Callable

import pytest

from bot.bell import Bell
from bot.failpoints import PLACES
from bot.store.driver import Driver
from tests.torture import stopping
from tests.torture.kills import IN_THE_BELL, at_each_place
from tests.torture.moments import at_random_moments
from tests.torture.races import ON_ITS_WAY, STILL_WAITING, Races, When, races
from tests.torture.settlings import CASES, Settled, crash
from tests.torture.short import BOTH, STORIES
from tests.torture.stopping import cycles, stopped


@pytest.mark.holds("D02")
@pytest.mark.parametrize("place", sorted(PLACES))
async def test_a_coach_killed_at_a_named_place_goes_on_as_if_nothing_had_been(place: str) -> None:
    """Once at each place; what was said is compared with the same story without a crash."""
    toll = await at_each_place(1, [place], STORIES)

    assert toll.runs == 1
    assert toll.sound, toll


@pytest.mark.holds("D02", "S11")
async def test_a_coach_that_sends_again_what_was_under_way_is_found_out() -> None:
    """The known-bad twin: at-least-once."""
    toll = await at_each_place(2, ["sender.sent"], [BOTH], bad="sends again")

    assert toll.doubled > 0
    assert not toll.sound


@pytest.mark.holds("S11")
@pytest.mark.parametrize("place", IN_THE_BELL)
async def test_a_coach_killed_in_the_bell_says_each_nudge_once_and_plans_one_successor(place: str) -> None:
    toll = await at_each_place(2, [place], [BOTH], seed=11)

    assert toll.runs >= 1
    assert toll.sound, toll


@pytest.mark.holds("D03")
async def test_no_acknowledged_update_is_lost_or_applied_twice_by_kills_under_load() -> None:
    count = await at_random_moments(4, 3)

    assert count.acknowledged > 50
    assert (count.missing, count.twice, count.undone) == (0, 0, 0)


@pytest.mark.holds("D03")
async def test_an_intake_that_confirms_before_it_keeps_loses_updates() -> None:
    """The known-bad twin: what a stock poller does."""
    count = await at_random_moments(4, 3, bad="confirms first")

    assert count.missing > 0


@pytest.mark.holds("C12")
async def test_a_coach_that_starts_and_stops_leaves_no_thread_task_or_handle() -> None:
    before, after = await cycles(10)

    assert after.beyond(before) == (0, 0, 0)


@pytest.mark.holds("C12")
async def test_a_store_that_is_left_open_at_each_stop_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The known-bad twin: the thread of its connection stays, and so does the file."""
    close, left = Driver.close, list[Driver]()

    async def forgotten(driver: Driver) -> None:
        left.append(driver)

    monkeypatch.setattr(Driver, "close", forgotten)
    before, after = await cycles(10)
    for one in left:
        await close(one)

    threads, tasks, handles = after.beyond(before)
    assert threads >= 10
    assert handles >= 10
    assert tasks == 0


@pytest.mark.holds("C12")
async def test_a_bell_whose_watch_goes_on_after_a_stop_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The known-bad twin: a task of its own for each start, which nobody ends."""
    watches = list[asyncio.Task[None]]()

    class Watchful(Bell):
        def start(self) -> None:
            super().start()
            watches.append(asyncio.create_task(self._looks()))

        async def _looks(self) -> None:
            while True:
                await asyncio.sleep(1)

    monkeypatch.setattr(stopping, "Bell", Watchful)
    before, after = await cycles(10)
    for one in watches:
        one.cancel()

    assert after.beyond(before) == (0, 10, 0)


@pytest.mark.holds("D17")
async def test_a_coach_told_to_stop_with_much_in_hand_ends_in_order() -> None:
    """Five times SIGTERM with 100 updates in hand and requests under way."""
    found = [await stopped() for _ in range(5)]

    assert all(one.sound and one.in_flight >= 4 for one in found), found
    assert sum(one.in_doubt == 0 for one in found) >= 4, found


@pytest.mark.holds("D17")
async def test_a_coach_that_is_cut_off_instead_leaves_requests_in_doubt() -> None:
    """The known-bad twin: no time to finish what is under way."""
    found = await stopped(signal.SIGKILL)

    assert found.in_doubt >= 4
    assert not found.sound


@pytest.mark.holds("T18")
@pytest.mark.parametrize("case", CASES)
async def test_what_a_crash_left_in_doubt_is_settled(case: str) -> None:
    """One case each: no wrong edit, nothing missing, and again only what the seeker had deleted."""
    found = Settled()
    await crash(case, found)

    assert not found.wrong, found
    assert (found.missing, found.doubled, found.wrong_edits) == (0, 0, 0)
    assert 2 <= found.in_doubt <= 4
    assert found.sent_again_after_deletion == (case == "deleted")


@pytest.mark.holds("T18")
async def test_a_coach_that_does_not_ask_telegram_says_things_twice() -> None:
    """The known-bad twin."""
    found = Settled()
    await crash("as it is", found, bad="sends again")

    assert found.doubled > 0


@pytest.mark.holds("S13")
async def test_what_was_stopped_while_it_was_sent_is_not_sent_after_that_or_said_to_have_left() -> None:
    """Twenty races within 50 ms: stopped, put off, and spoken over."""
    found = await races(22, seed=13)

    assert found.run >= 20
    assert (found.ghosts, found.untold, found.in_vain) == (0, 0, 0)
    assert (found.doubled, found.lost) == (0, 0)


@pytest.mark.holds("S13")
@pytest.mark.parametrize(
    ("count", "when", "races_end"),
    [(4, ON_ITS_WAY, lambda found: found.in_flight), (8, STILL_WAITING, lambda found: found.withdrawn)],
    ids=["on its way", "still waiting"],
)
async def test_what_is_stopped_on_its_way_is_said_to_have_left_and_what_waits_is_taken_back(
    count: int, when: When, races_end: Callable[[Races], int]
) -> None:
    """Whichever way the races above end, both ends are seen here."""
    found = await races(count, 13, when)

    assert races_end(found) > 0
    assert (found.ghosts, found.untold, found.in_vain) == (0, 0, 0)
    assert (found.doubled, found.lost) == (0, 0)


@pytest.mark.holds("S13")
async def test_a_coach_that_says_nothing_of_what_just_left_is_caught() -> None:
    """The known-bad twin: whoever stopped a nudge on its way reads it, and is told nothing."""
    found = await races(4, 13, ON_ITS_WAY, bad="says nothing of what just left", goes_on=0.0)

    assert found.untold > 0


@pytest.mark.holds("S13")
async def test_a_coach_that_takes_nothing_back_is_caught() -> None:
    """The known-bad twin: what was in the outbox goes out, long after it was stopped."""
    found = await races(8, 13, STILL_WAITING, bad="takes nothing back", goes_on=0.0)

    assert found.ghosts > 0
