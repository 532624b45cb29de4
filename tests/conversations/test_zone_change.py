"""The seeker moves to another zone while talks are set: asked once, and either answer is exact."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from conversations.effects import Say
from conversations.state import Person, Talk
from tests.conversations.core_kit import MONDAY, Driven, with_talk

CHICAGO, LONDON = "America/Chicago", "Europe/London"
FIRST = datetime(2026, 12, 7, 8, 5)


def with_fifty_talks() -> Driven:
    """Fifty people, a talk each, every one at another hour, in both halves of the year."""
    one = with_talk()
    people = tuple(
        Person(number, f"Person {number}", MONDAY,
               talk=Talk(FIRST + timedelta(days=7 * number, minutes=11 * number), CHICAGO, agreed=MONDAY))
        for number in range(1, 51)
    )  # fmt: skip
    one.seeker = replace(one.seeker, people=people, next_person=51)
    return one


def moments(one: Driven) -> list[datetime]:
    """When each talk begins."""
    talks = [person.talk for person in one.seeker.people]
    return [each.start.replace(tzinfo=ZoneInfo(each.zone)) for each in talks if each and each.start]


def walls(one: Driven) -> list[datetime]:
    """What the clock on the wall shows when each talk begins, wherever it is."""
    return [each.replace(tzinfo=None) for each in moments(one)]


def zones(one: Driven) -> set[str]:
    """The zones by which talks are set."""
    return {person.talk.zone for person in one.seeker.people if person.talk}


def moved(one: Driven, where: str = "London") -> Driven:
    """The seeker says where they live now."""
    return one.command("settings").choose("zone").type(where)


@pytest.mark.holds("S05")
def test_fifty_talks_keep_their_moment() -> None:
    one = with_fifty_talks()
    before = [each.timestamp() for each in moments(one)]

    moved(one).choose("moment")

    assert [each.timestamp() for each in moments(one)] == before
    assert zones(one) == {LONDON}


@pytest.mark.holds("S05")
def test_fifty_talks_keep_their_hour() -> None:
    one = with_fifty_talks()
    before = walls(one)

    moved(one).choose("hour")

    assert walls(one) == before
    assert zones(one) == {LONDON}


@pytest.mark.holds("S05")
@pytest.mark.parametrize("answer", ["moment", "hour"])
def test_it_is_asked_once_in_one_message(answer: str) -> None:
    one = moved(with_fifty_talks())
    asked = [each for each in one.effects if isinstance(each, Say)]

    one.choose(answer)
    after = one.seeker.at.step
    moved(one)

    assert len(asked) == 1
    assert after == "settings.menu"
    assert one.seeker.at.step == "settings.menu", "nothing is left to be asked"


@pytest.mark.holds("S05")
def test_every_nudge_follows_the_answer_to_the_minute() -> None:
    keep, move = moved(with_fifty_talks()), moved(with_fifty_talks())

    keep.choose("moment")
    move.choose("hour")

    for one in (keep, move):
        starts = {person.id: when for person, when in zip(one.seeker.people, moments(one), strict=True)}
        for nudge in (each for each in one.plan() if each.rule == "two_hours"):
            start = starts[nudge.person].astimezone(ZoneInfo(LONDON))
            if 10 <= start.hour < 21:
                assert nudge.due == start - timedelta(hours=2)


def test_a_confirmed_day_before_is_not_said_again_in_the_new_zone() -> None:
    one = with_talk()
    one.now = datetime(2026, 11, 30, 12, tzinfo=ZoneInfo(CHICAGO))
    one.ring()
    assert [each.rule for each in one.seeker.nudging.said] == ["day_before"]

    moved(one, "New York").choose("moment")

    assert not one.next("day_before")


def test_a_talk_in_the_zone_of_the_other_person_is_not_asked_about() -> None:
    one = with_talk()
    one.seeker = replace(one.seeker, people=(replace(one.them(), zone=CHICAGO), *one.seeker.people[1:]))

    moved(one)

    assert one.seeker.at.step == "settings.menu"


def test_talks_that_are_over_or_in_the_same_zone_are_not_asked_about() -> None:
    over, same = with_talk().wait(days=20), with_talk()

    moved(over)
    moved(same, "Chicago")

    assert over.seeker.at.step == "settings.menu"
    assert same.seeker.at.step == "settings.menu"


def test_the_second_of_an_hour_that_comes_twice_stays_by_its_own_clock() -> None:
    one = with_talk()
    talk = Talk(datetime(2027, 10, 31, 8, 30), "Asia/Tokyo", agreed=MONDAY)  # half past one in London
    later = Talk(datetime(2027, 10, 31, 10, 30), "Asia/Tokyo", agreed=MONDAY)  # and once more
    first, second = replace(one.them(), talk=talk), replace(one.them(2), talk=later)
    one.seeker = replace(one.seeker, zone="Asia/Tokyo", people=(first, second))
    before = [each.timestamp() for each in moments(one)]

    moved(one).choose("moment")

    assert [each.timestamp() for each in moments(one)] == before
