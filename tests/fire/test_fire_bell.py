"""The bell when things go wrong: clocks that jump, a loop that is blocked, hours of being away."""

import asyncio
import random
import time as stopwatch
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.desk import Desk
from bot.turn import Past
from conversations import Seeker, advance, nudges, plan
from conversations.calendar import QUIET_FROM, QUIET_UNTIL
from conversations.effects import Button
from conversations.events import NudgesDue
from conversations.missing import missed
from conversations.nudges import owed, zone_of
from conversations.shaping import shaped
from conversations.state import Plan, Said
from conversations.steps import Choose, Here
from conversations.walking import Walk, buttons_of
from tests.conversations.core_kit import Driven, the_script
from tests.fire.blocking import MORNING, SEEN, kept, said_after_a_block
from tests.fire.time_kit import Clockwork, clockwork, meeting, owing

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZONES = (
    "America/Chicago", "Europe/London", "Asia/Kolkata", "Asia/Tokyo", "Pacific/Auckland",
    "America/Los_Angeles", "America/Sao_Paulo", "Africa/Lagos",
)  # fmt: skip


def crowd(count: int, seed: int = 6) -> dict[int, Seeker]:
    """Seekers all over the world with promises, talks and weekly moments in the days to come."""
    chance, made = random.Random(seed), dict[int, Seeker]()
    for number in range(1, count + 1):
        days = [2] + [chance.randint(1, 12) for _ in range(chance.randint(1, 5))]
        one = owing(ZONES[number % len(ZONES)], SEEN, days)
        start = datetime(2027, 3, 3 + chance.randint(0, 8), chance.randint(9, 17))
        moment = Plan(chance.randint(0, 6), time(chance.randint(8, 20)), made=SEEN)
        made[number] = replace(meeting(one, start), plan=moment)
    return made


def is_night(seeker: Seeker, moment: datetime) -> bool:
    """Whether it is between nine at night and eight in the morning where the seeker lives."""
    wall = moment.astimezone(zone_of(the_script(), seeker)).time()
    return wall >= QUIET_FROM or wall < QUIET_UNTIL


async def waiting(work: Clockwork, numbers: Iterable[int]) -> set[int]:
    """Those to whom something is owed by now, in their row and by the rules, and who are awake."""
    now, found = work.clock.now(), set[int]()
    for number in numbers:
        seeker = await work.seeker(number)
        by_rule = {(one.rule, one.person) for one in plan(the_script(), seeker, now) if one.due <= now}
        by_row = {(one.rule, one.person) for one in await work.owed(number) if one.due <= now}
        if (by_rule | too_late(seeker, by_row, now)) & by_row and not is_night(seeker, now):
            found.add(number)
    return found


def too_late(seeker: Seeker, planned: set[tuple[str, int]], now: datetime) -> set[tuple[str, int]]:
    """What lived out its use before it could be said, and is listed as missed."""
    here = Here(the_script(), seeker, now.astimezone(zone_of(the_script(), seeker)))
    due = [(rule, one) for rule, one in owed(here) if shaped(here, rule, one) <= here.now]
    return {(rule.name, one.person) for rule, one in missed(here, planned, due)}


def twice(said: Iterable[Said]) -> int:
    """How many were said more than once for the same reason."""
    return sum(count - 1 for count in Counter((one.rule, one.person, one.anchor) for one in said).values())


@pytest.mark.holds("S06")
@pytest.mark.parametrize("jump", [2 * HOUR, 24 * HOUR, -1 * HOUR, -24 * HOUR], ids=str)
async def test_after_a_clock_jumped_each_one_due_is_said_at_the_next_ring_and_none_again(
    jump: timedelta,
) -> None:
    async with clockwork(SEEN) as work:
        await kept(work, crowd(24))
        for step in range(1, 46):  # until an hour before ten in Chicago
            await work.ring(SEEN + step * HOUR)

        work.clock.set(work.clock.now() + jump)
        due = await waiting(work, range(1, 25))
        told = {one.chat for one in await work.ring()}
        for _ in range(60):
            await work.ring(work.clock.now() + HOUR)
        said = [(await work.seeker(number)).nudging.said for number in range(1, 25)]

    assert told == due
    assert bool(due) == (jump > timedelta())
    assert sum(map(len, said)) > 50
    assert sum(map(twice, said)) == 0


async def jumping(work: Clockwork, steps: int, *, forgetting: bool = False) -> tuple[int, int, int]:
    """Rings at random moments: how many were due then, were not said, and were said twice."""
    chance, seekers = random.Random(606), crowd(12)
    await kept(work, seekers)
    due, missed, told = 0, 0, {number: list[Said]() for number in seekers}
    for _ in range(steps):
        work.clock.set(work.clock.now() + MINUTE * chance.randint(-24 * 60, 30 * 60))
        wanted = await waiting(work, seekers)
        got = {one.chat for one in await work.ring()}
        due, missed = due + len(wanted), missed + len(wanted ^ got)
        for number in seekers:
            seeker = await work.seeker(number)
            told[number] += [one for one in seeker.nudging.said if one not in told[number]]
            if forgetting:
                await work.keep(number, replace(seeker, nudging=replace(seeker.nudging, said=(), last=None)))
    return due, missed, sum(map(twice, told.values()))


@pytest.mark.holds("S06")
async def test_at_a_clock_that_steps_at_random_nothing_is_missed_or_said_twice() -> None:
    """A hundred steps of up to a day back and thirty hours forward."""
    async with clockwork(SEEN) as work:
        due, missed, doubled = await jumping(work, 100)

    assert due > 40
    assert (missed, doubled) == (0, 0)


@pytest.mark.holds("S06")
async def test_a_coach_that_forgets_what_it_said_repeats_it_when_the_clock_goes_back() -> None:
    """The known-bad twin: the clock alone cannot tell what was said."""
    async with clockwork(SEEN) as work:
        _, _, doubled = await jumping(work, 100, forgetting=True)

    assert doubled > 0


@pytest.mark.holds("S09")
@pytest.mark.parametrize("count", [10, 1000])
async def test_all_that_was_due_while_the_loop_was_blocked_is_said(count: int) -> None:
    """Two seconds, of a bell that rings each second; thirty of the bell in service are in the torture."""
    assert await said_after_a_block(count, every=1, block=2) == list(range(1, count + 1))


@pytest.mark.holds("S09")
async def test_a_scheduler_left_to_its_defaults_drops_what_was_due_meanwhile() -> None:
    """The known-bad twin: ten jobs, half a second from now, and a loop that is blocked for two."""
    said: list[int] = []
    scheduler = AsyncIOScheduler(timezone="UTC")
    for number in range(10):
        scheduler.add_job(said.append, "date", [number], run_date=datetime.now(UTC) + MINUTE / 120)
    scheduler.start()

    stopwatch.sleep(2)
    await asyncio.sleep(1)
    scheduler.shutdown(wait=False)

    assert said == []


async def away(work: Clockwork, count: int, time_away: timedelta) -> tuple[int, int, int, int]:
    """The coach is away: who was owed something, the messages at once, the most to one, those at night.

    Afterwards it rings each quarter of an hour for a day.
    """
    seekers = crowd(count)
    await kept(work, seekers)
    for step in range(46 * 4 - 1):  # until shortly before ten in Chicago
        await work.ring(SEEN + step * 15 * MINUTE)
    back = MORNING - 5 * MINUTE + time_away
    overdue = {number: due_by(await work.seeker(number), work.clock.now(), back) for number in seekers}
    at_once = [one.chat for step in range(20) for one in await work.ring(back + step * MINUTE / 4)]
    later = [work.clock.now() + step * 15 * MINUTE for step in range(1, 97)]
    nights = [await at_night(work, at_once, back)]
    for moment in later:
        chats = [one.chat for one in await work.ring(moment)]
        nights.append(await at_night(work, chats, moment))
    most = [await catch_ups(work, number, back, keys) for number, keys in overdue.items()]
    return sum(map(bool, overdue.values())), len(at_once), max(most), sum(nights)


async def at_night(work: Clockwork, chats: Iterable[int], moment: datetime) -> int:
    """How many of these were spoken to at night."""
    return sum([is_night(await work.seeker(number), moment) for number in chats])


def due_by(seeker: Seeker, now: datetime, back: datetime) -> set[tuple[str, int, str]]:
    """What comes due between now and when the coach is back: rule, person and fact."""
    here = Here(the_script(), seeker, now.astimezone(zone_of(the_script(), seeker)))
    return {
        (rule.name, one.person, one.anchor) for rule, one in owed(here) if shaped(here, rule, one) <= back
    }


async def catch_ups(work: Clockwork, number: int, back: datetime, keys: set[tuple[str, int, str]]) -> int:
    """In how many messages a seeker was told what had come due meanwhile."""
    said = (await work.seeker(number)).nudging.said
    return len({one.at for one in said if one.at >= back and (one.rule, one.person, one.anchor) in keys})


AWAY = pytest.mark.parametrize("time_away", [10 * MINUTE, 3 * HOUR, 30 * HOUR, 10 * DAY], ids=str)


@AWAY
@pytest.mark.holds("S10")
async def test_after_an_outage_each_seeker_gets_one_message_and_none_at_night(time_away: timedelta) -> None:
    async with clockwork(SEEN) as work:
        overdue, at_once, most, nights = await away(work, 40, time_away)

    assert overdue >= 3
    assert at_once <= overdue
    assert most == 1
    assert nights == 0


@pytest.mark.holds("S10")
async def test_without_quiet_hours_an_outage_would_end_with_messages_at_night(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The known-bad twin."""
    monkeypatch.setattr("conversations.calendar.QUIET_FROM", time.max)
    monkeypatch.setattr("conversations.calendar.QUIET_UNTIL", time.min)
    async with clockwork(SEEN) as work:
        _, _, _, nights = await away(work, 40, 30 * HOUR)

    assert nights > 0


def buttons_now(one: Driven) -> tuple[Button, ...]:
    """The buttons under what a seeker was told last."""
    walk = Walk(the_script(), one.seeker, one.now)
    step = the_script().step(one.seeker.at.step)
    assert isinstance(step, Choose)
    return buttons_of(walk, one.seeker.at, step)


@dataclass(frozen=True)
class Followed:
    """What became of several that were due in the same second.

    How many were said then, how many more in the next forty minutes, and whom the seeker was shown,
    in order, where they say of each that it is done.
    """

    at_once: int
    later: int
    shown: list[int]


async def due_together(count: int) -> Followed:
    """So many for one seeker, who answers an hour later."""
    async with clockwork(SEEN) as work:
        await work.keep(1, owing("America/Chicago", SEEN, [2] * count))

        rows = await work.ring(MORNING)
        again = [one for step in range(1, 40) for one in await work.ring(MORNING + step * MINUTE)]
        one = Driven(await work.seeker(1), MORNING + HOUR)
    one.buttons = buttons_now(one)
    shown = [one.seeker.at.person]
    while len(shown) < count and any(button.option.startswith("done") for button in one.buttons):
        one.choose("done").choose("on")
        shown.append(one.seeker.at.person)
    return Followed(len(rows), len(again), shown)


@pytest.mark.holds("S12")
@pytest.mark.parametrize("count", [2, 50])
async def test_of_many_due_in_the_same_second_one_is_said_and_the_others_follow(count: int) -> None:
    found = await due_together(count)

    assert found == Followed(1, 0, list(range(1, count + 1)))


def one_by_one(desk: Desk, number: int, past: Past) -> None:
    """The bell as a job for each nudge would be: each knows the seeker as they were before all of them."""
    at, seeker = desk.rows[number], desk.seeker(number)
    assert seeker is not None
    for one in desk.plans[number]:
        event = NudgesDue(((one.rule, one.person),))
        desk.changed(at, *advance(desk.tools.script, seeker, event, desk.now))


@pytest.mark.holds("S12")
async def test_a_job_for_each_nudge_says_all_of_them_in_the_same_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The known-bad twin: five messages at once."""
    monkeypatch.setattr("bot.turn.nudge", one_by_one)

    found = await due_together(5)

    assert found.at_once == 5


@pytest.mark.holds("S12")
async def test_a_bell_that_forgets_what_stands_behind_the_first_never_shows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The known-bad twin: four of five count as said, and nobody was told of them."""
    monkeypatch.setattr("conversations.nudges._others", lambda *_: ())

    found = await due_together(5)

    assert found == Followed(1, 0, [1, 0])  # one is done, and they are home


@pytest.mark.holds("S12")
async def test_what_waits_without_an_order_of_its_own_is_shown_out_of_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The known-bad twin: the newest on top, as of a stack."""
    in_order = nudges._others
    monkeypatch.setattr(nudges, "_others", lambda *given: in_order(*given)[::-1])

    found = await due_together(5)

    assert found.shown == [1, 5, 4, 3, 2]
