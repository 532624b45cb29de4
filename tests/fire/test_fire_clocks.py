"""Clock changes and clocks that jump: one moment for each day, said once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger

from conversations.calendar import at_wall, next_at, out_of_quiet
from tests.fire.time_kit import Change, Clockwork, changes, clockwork, table_script, weekly, zone_in_table
from tests.torture.clocks import Turn, differences, every_turn, meant, turns, zone_names

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EACH = pytest.mark.parametrize("change", changes(), ids=str)


@EACH
@pytest.mark.holds("S01")
def test_a_wall_time_in_a_clock_change_is_the_moment_of_the_table(change: Change) -> None:
    zone = zone_in_table(change.zone)

    found = at_wall(change.day, change.wall, zone).astimezone(UTC)
    asked = [next_at((change.due - early).astimezone(zone), change.wall).astimezone(UTC)
             for early in (3 * HOUR, HOUR, MINUTE, 0 * MINUTE)]  # fmt: skip

    assert found == change.due
    assert asked == [change.due] * 4


@EACH
@pytest.mark.holds("S01")
def test_what_was_said_in_a_doubled_hour_is_not_owed_again_in_its_second_run(change: Change) -> None:
    zone, wall = zone_in_table(change.zone), change.wall
    tomorrow = at_wall(change.day + DAY, wall, zone).astimezone(UTC)

    later = [next_at((change.due + by).astimezone(zone), wall).astimezone(UTC)
             for by in (MINUTE, 20 * MINUTE, 45 * MINUTE, 2 * HOUR)]  # fmt: skip

    assert later == [tomorrow] * 4


@EACH
@pytest.mark.holds("S01")
def test_the_zones_of_this_machine_agree_where_the_law_is_still_the_same(change: Change) -> None:
    zone = ZoneInfo(change.zone)
    known = Turn(change.at, change.before, change.after) in turns(change.zone, 2027, 2027)

    found = at_wall(change.day, change.wall, zone).astimezone(UTC)

    assert not known or found == change.due


@pytest.mark.holds("S01")
def test_most_of_the_table_is_the_law_on_this_machine() -> None:
    """Otherwise the test above would look at nothing."""
    known = [Turn(one.at, one.before, one.after) in turns(one.zone, 2027, 2027) for one in changes()]

    assert len(known) == 26
    assert sum(known) >= 18


async def fired(work: Clockwork, change: Change) -> list[datetime]:
    """The moments at which a coach rung every five minutes speaks, and every hour for two days more."""
    steps = [5 * MINUTE * number for number in range(-30, 49)]
    steps += [4 * HOUR + HOUR * number for number in range(1, 48)]
    return [change.due + step for step in steps for _ in await work.ring(change.due + step)]


@EACH
@pytest.mark.holds("S01")
async def test_a_weekly_moment_in_a_clock_change_is_said_once_and_at_its_moment(
    change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no night to be quiet in: the hours that are skipped or doubled lie in it."""
    monkeypatch.setattr("conversations.calendar.QUIET_FROM", time.max)
    monkeypatch.setattr("conversations.calendar.QUIET_UNTIL", time.min)
    made = change.due - 3 * HOUR
    async with clockwork(made, table_script()) as work:
        await work.keep(1, weekly(change.zone, change.day, change.wall, made))

        moments = await fired(work, change)
        (said,) = (await work.seeker(1)).nudging.said

    assert moments == [change.due]
    assert (said.rule, said.anchor) == ("weekly", change.day.isoformat())


@EACH
@pytest.mark.holds("S01")
async def test_a_weekly_moment_in_a_clock_change_at_night_is_said_once_in_the_morning(
    change: Change,
) -> None:
    made = change.due - 3 * HOUR
    morning = out_of_quiet(change.due.astimezone(zone_in_table(change.zone))).astimezone(UTC)
    async with clockwork(made, table_script()) as work:
        await work.keep(1, weekly(change.zone, change.day, change.wall, made))

        early = [one for step in range(1, 30) for one in await work.ring(morning - step * MINUTE)]
        first = await work.ring(morning)
        later = [one for step in range(1, 48) for one in await work.ring(morning + step * HOUR)]

    assert (len(early), len(first), len(later)) == (0, 1, 0)


def by_cron(change: Change) -> Iterator[datetime]:
    """When a daily cron trigger fires around a clock change, its clock stepped minute by minute."""
    zone, wall = zone_in_table(change.zone), change.wall
    trigger = CronTrigger(hour=wall.hour, minute=wall.minute, timezone=zone)
    now = change.due - 4 * HOUR
    upcoming = trigger.get_next_fire_time(None, now)
    for _ in range(8 * 60):
        now += MINUTE
        if upcoming and upcoming <= now:
            yield upcoming.astimezone(UTC)
            upcoming = trigger.get_next_fire_time(upcoming, now)


@EACH
@pytest.mark.holds("S01")
def test_a_cron_trigger_says_it_twice_or_skips_the_day(change: Change) -> None:
    """The known-bad twin, and why nothing here is left to one."""
    assert len(list(by_cron(change))) == change.cron


@pytest.mark.holds("S01")
def test_a_cron_trigger_doubles_every_doubled_hour_and_skips_four_days() -> None:
    found = {one: len(list(by_cron(one))) for one in changes()}

    assert [count for one, count in found.items() if one.kind == "overlap"] == [2] * 13
    assert sorted(count for one, count in found.items() if one.kind == "gap") == [0] * 4 + [1] * 9


@pytest.mark.holds("S02")
def test_a_daily_moment_fires_once_a_day_around_every_clock_change() -> None:
    """A sample of the zones; `python -m tests.torture.clocks` looks at all of them."""
    names = (*zone_names()[::20], *dict.fromkeys(one.zone for one in changes()))

    tally, count, zones = every_turn(names, 2026, 2029)

    assert zones > 40
    assert count > 80
    assert (tally.lost, tally.doubled) == (0, 0)


@pytest.mark.holds("S02")
def test_the_reckoning_of_the_long_test_is_the_one_of_the_table() -> None:
    found = {one: meant(one.day, one.wall, Turn(one.at, one.before, one.after)) for one in changes()}

    assert found == {one: one.due for one in changes()}


@pytest.mark.holds("S02")
def test_a_next_moment_found_by_comparing_clocks_on_the_wall_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The known-bad twin: it takes the first of two equal hours for one that is still to come."""

    def on_the_wall(moment: datetime, wall: time) -> datetime:
        assert moment.tzinfo is not None
        found = at_wall(moment.date(), wall, moment.tzinfo)
        return found if found >= moment else at_wall(moment.date() + DAY, wall, moment.tzinfo)

    monkeypatch.setattr("tests.torture.clocks.next_at", on_the_wall)
    tally, _, _ = every_turn(("Europe/London", "America/Nuuk"), 2026, 2027)

    assert tally.lost
    assert tally.doubled


@pytest.mark.holds("S03")
def test_another_library_finds_the_same_moments() -> None:
    different, near = differences(zone_names()[::12], 20_000, seed=3)

    assert near > 2_000
    assert different == 0


@pytest.mark.holds("S03")
def test_another_library_would_tell_the_second_of_two_equal_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The known-bad twin."""

    def second(on: date, wall: time, zone: ZoneInfo) -> datetime:
        return datetime.combine(on, wall, tzinfo=zone).replace(fold=1)

    monkeypatch.setattr("tests.torture.clocks.at_wall", second)

    assert differences(zone_names()[::60], 4_000, seed=3)[0] > 0
