"""Nudges, fact by fact: when each is said, when it falls silent, and how the rhythm fades."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.calendars import WorldCalendar
from conversations.calendar import after_business_days, at_wall, next_at, out_of_quiet
from conversations.effects import Say
from conversations.events import Left
from conversations.state import Person, Promise
from tests.conversations.core_kit import (
    Driven,
    agreed,
    asked,
    debriefed,
    met,
    said,
    thanked,
    welcomed,
    with_talk,
)

CHICAGO = ZoneInfo("America/Chicago")


def at(driven: Driven, rule: str) -> str:
    """When a nudge is said, on the seeker's wall; empty where it is not owed."""
    found = driven.next(rule)
    return f"{found.due.astimezone(CHICAGO):%Y-%m-%d %H:%M}" if found else ""


def welcomed_in_chicago() -> Driven:
    """A seeker whose zone is known before anybody is asked."""
    return welcomed().command("settings").choose("zone").type("Chicago").press("Home")


def asked_on(day: int, hour: int = 15) -> Driven:
    """Maria Lopez was asked on a day of November 2026."""
    one = welcomed()
    one.now = datetime(2026, 11, day, hour, tzinfo=UTC)
    return one.choose("person").press("Text or chat message").choose("as_is").choose("sent").type("Chicago")


def with_plan() -> Driven:
    """A weekly moment: Wednesday at nine in the morning."""
    one = asked().command("plan").choose("make").press("Wednesday").type("9:00").choose("anywhere")
    return one.press("Home")


FACTS: list[tuple[str, Callable[[], Driven], str, str]] = [
    ("three business days without an answer", asked, "next_person", "2026-11-27 10:00"),
    ("Thanksgiving is no business day", lambda: asked_on(25), "next_person", "2026-12-01 10:00"),
    ("seven business days without an answer", asked, "reminder", "2026-12-03 10:00"),
    ("seven business days over Thanksgiving", lambda: asked_on(25), "reminder", "2026-12-07 10:00"),
    ("agreed but no time", agreed, "no_time", "2026-11-25 10:00"),
    ("the day before a talk at noon", with_talk, "day_before", "2026-11-30 12:00"),
    ("two hours before a talk at noon", with_talk, "two_hours", "2026-12-01 10:00"),
    ("fifteen minutes after a talk at noon", with_talk, "after_talk", "2026-12-01 12:35"),
    ("two hours before a talk at nine", lambda: with_talk("2026-12-01 09:00"),
     "two_hours", "2026-12-01 08:00"),
    ("before a talk at half past seven", lambda: with_talk("2026-12-01 07:30"),
     "two_hours", "2026-11-30 20:30"),
    ("after a talk at ten at night", lambda: with_talk("2026-12-01 22:00"),
     "after_talk", "2026-12-02 08:00"),
    ("no confirming of a talk later today", lambda: with_talk("2026-11-23 14:00"),
     "day_before", ""),
    ("confirming a talk tomorrow morning", lambda: with_talk("2026-11-24 09:00"),
     "day_before", "2026-11-23 13:00"),
    ("the thank-you of a talk at noon", met, "thanks", "2026-12-02 09:00"),
    ("their promise on its day", thanked, "promise_theirs", "2026-12-04 10:00"),
    ("the introducer after two days", thanked, "report_asked", "2026-12-04 10:00"),
    ("one month later", thanked, "month", "2027-01-01 10:00"),
    ("quiet for two weeks", asked, "quiet", "2026-12-07 10:00"),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "begin", "rule", "due"), FACTS, ids=[one[0] for one in FACTS])
def test_each_fact_has_its_moment(fact: str, begin: Callable[[], Driven], rule: str, due: str) -> None:
    assert at(begin(), rule) == due, fact


@pytest.mark.parametrize(
    ("start", "over", "due"),
    [("08:00", "08:35", "2026-12-01 19:30"), ("12:00", "12:40", "2026-12-02 09:00"),
     ("22:00", "22:40", "2026-12-02 09:00")],
)  # fmt: skip
def test_the_thank_you_comes_by_the_next_morning_and_inside_a_day(start: str, over: str, due: str) -> None:
    one = with_talk(f"2026-12-01 {start}")
    one.now = datetime.fromisoformat(f"2026-12-01 {over}").replace(tzinfo=CHICAGO)

    one.command("talks").choose("person").choose("happened").choose("yes")

    assert at(one, "thanks") == due
    ended = one.them().talk
    assert ended is not None
    assert ended.met is not None
    found = one.next("thanks")
    assert found is not None
    assert found.due - ended.met < timedelta(hours=24)


def test_a_logged_step_silences_the_weekly_moment() -> None:
    one = with_plan()

    assert at(one, "weekly") == "2026-11-25 09:00", "what was done before the plan does not count"
    one.now = datetime(2026, 12, 2, 12, tzinfo=UTC)
    one.command("people").choose("person").choose("answer").choose("agreed")

    assert at(one, "weekly") == "2026-12-09 09:00"


def test_the_weekly_moment_is_never_past_and_another_always_follows() -> None:
    one = with_plan()
    one.now = datetime(2026, 12, 3, 2, 40, tzinfo=UTC)  # Wednesday, twenty to nine in the evening

    one.command("people")

    moments = [each.due for each in one.plan() if each.rule == "weekly"]
    assert moments
    assert min(moments) >= one.now


def test_a_weekly_nudge_put_off_comes_back_the_next_day() -> None:
    one = with_plan()
    one.now = datetime(2026, 12, 2, 15, tzinfo=UTC)
    one.ring()

    one.choose("later")

    assert at(one, "weekly") == "2026-12-03 08:00"


def test_quiet_seekers_are_waved_to_twice_and_then_let_be() -> None:
    one = welcomed_in_chicago()
    waves = []
    for _ in range(90):
        one.wait(days=1)
        before = len(one.seeker.nudging.said)
        one.ring()
        waves += [each.rule for each in one.seeker.nudging.said[before:]]

    assert waves.count("quiet") == 2
    assert not one.plan()


def test_after_an_outage_one_message_catches_up() -> None:
    one = thanked().wait(days=4)

    one.ring()
    first = [each for each in one.effects if isinstance(each, Say)]
    one.ring()

    assert len(first) == 1
    assert len(one.seeker.nudging.waiting) >= 1
    assert not one.effects, "the rest waits behind the first"


def test_what_waits_behind_a_nudge_follows_once_it_is_done_but_not_whoever_goes_home() -> None:
    one = thanked().wait(days=4).ring()
    other = Driven(one.seeker, one.now, one.effects, one.buttons)

    one.choose("skip")
    other.press("Home")

    assert one.seeker.at.step.startswith("nudges.")
    assert other.seeker.at.step == "home.home"


def test_whoever_has_not_said_where_they_live_hears_at_the_hour_they_were_awake() -> None:
    one = welcomed().choose("person").press("Text or chat message").choose("as_is")

    due = one.next("unsent")

    assert due is not None
    assert due.due == one.now + timedelta(days=2)


def test_later_brings_it_back_the_next_day_and_skip_never() -> None:
    later, skip = agreed(), agreed()
    for one in (later, skip):
        one.now = datetime(2026, 11, 25, 16, tzinfo=UTC)
        one.ring()

    later.choose("later")
    skip.choose("skip")

    assert at(later, "no_time") == "2026-11-26 10:00"
    assert at(skip, "no_time") == ""


def test_stop_ends_a_rule_and_settings_bring_it_back() -> None:
    one = agreed()
    one.now = datetime(2026, 11, 25, 16, tzinfo=UTC)
    one.ring().choose("stop")

    assert at(one, "no_time") == ""
    assert "no_time" in one.seeker.nudging.stopped
    one.command("settings").choose("reminders").choose("all_on")
    assert not one.seeker.nudging.stopped


def test_every_nudge_says_why_it_came_and_goes_on() -> None:
    one = agreed()
    one.now = datetime(2026, 11, 25, 16, tzinfo=UTC)

    one.ring().choose("why")
    why = one.words()
    one.choose("go_on")

    assert why
    assert one.seeker.at.step == "nudges.no_time"


def test_two_ignored_halve_the_rhythm_and_the_coach_says_so() -> None:
    one = asked()
    people = tuple(
        Person(
            number,
            f"Person {number}",
            one.now,
            promises=(Promise(number, "call", True, date(2026, 11, day)),),
        )
        for number, day in enumerate(range(24, 30), start=1)
    )
    one.seeker = replace(one.seeker, people=people)
    rung, slower = list[datetime](), list[bool]()
    for _ in range(24 * 12):
        one.wait(hours=1).ring()
        if one.effects:
            rung.append(one.now)
            slower.append("half as often" in one.words())

    gaps = [after - before for before, after in pairwise(rung)]

    assert gaps[0] == timedelta(days=1)
    assert all(gap >= timedelta(days=2) for gap in gaps[1:])
    assert slower == [False, False, True, False]


def test_four_unanswered_end_all_but_appointments() -> None:
    one = with_talk("2027-03-01 12:00")
    one.type("Ana Ruiz")
    for _ in range(60):
        one.wait(days=1).ring()

    rules = {each.rule for each in one.plan()}
    assert rules <= {"day_before", "two_hours", "after_talk", "thanks"}
    assert "two_hours" in rules


def test_nothing_is_said_to_whoever_left_and_all_is_there_when_they_return() -> None:
    one = agreed()
    before = one.seeker.people

    one.do(Left())
    silent = one.plan()
    one.command("people")

    assert not silent
    assert one.plan()
    assert one.seeker.people == before


def test_a_talk_they_cancelled_is_not_reminded_of_even_if_nothing_else_is_said() -> None:
    one = with_talk()
    one.now = datetime(2026, 11, 30, 18, 30, tzinfo=UTC)

    one.ring().choose("cancelled").press("Home")

    assert {each.rule for each in one.plan()} & {"two_hours", "after_talk", "day_before"} == set()
    assert at(one, "no_time") == "2026-12-03 10:00"


def test_an_old_promise_button_does_not_settle_the_next_promise() -> None:
    one = debriefed().choose("sent")
    one.now = datetime(2026, 12, 9, 18, tzinfo=UTC)
    one.ring()
    while one.seeker.at.step != "nudges.promise_theirs":
        one.choose("skip")
    button = next(each for each in one.buttons if each.option.startswith("done"))
    one.press(said(button.label))
    one.buttons = (button,)

    one.press(said(button.label))

    assert [bool(each.kept) for each in one.them().promises] == [True, False]


@pytest.mark.parametrize(
    ("zone", "day", "wall", "moment"),
    [("Europe/London", date(2027, 3, 28), time(1, 30), "2027-03-28T01:30+00:00"),
     ("America/New_York", date(2027, 3, 14), time(2, 30), "2027-03-14T07:30+00:00"),
     ("America/New_York", date(2027, 11, 7), time(1, 30), "2027-11-07T05:30+00:00"),
     ("Australia/Lord_Howe", date(2027, 10, 3), time(2, 15), "2027-10-02T15:45+00:00"),
     ("Africa/Cairo", date(2027, 4, 30), time(0, 30), "2027-04-29T22:30+00:00"),
     ("America/Havana", date(2027, 11, 7), time(0, 30), "2027-11-07T04:30+00:00")],
)  # fmt: skip
def test_a_wall_time_in_a_gap_is_later_and_in_an_overlap_the_first(
    zone: str, day: date, wall: time, moment: str
) -> None:
    assert at_wall(day, wall, ZoneInfo(zone)).astimezone(UTC) == datetime.fromisoformat(moment)


def test_business_days_follow_the_holidays_of_a_country() -> None:
    calendar = WorldCalendar()

    assert after_business_days(date(2026, 11, 25), 1, "US", calendar) == date(2026, 11, 27)
    assert after_business_days(date(2026, 11, 25), 1, "GB", calendar) == date(2026, 11, 26)


def test_the_night_ends_at_eight_and_the_chosen_moment_comes_round() -> None:
    night = datetime(2026, 11, 23, 21, 0, tzinfo=CHICAGO)

    assert out_of_quiet(night) == datetime(2026, 11, 24, 8, 0, tzinfo=CHICAGO)
    assert next_at(night, time(10)) == datetime(2026, 11, 24, 10, 0, tzinfo=CHICAGO)
