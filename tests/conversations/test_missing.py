"""Nudges whose time passed while the coach was away: each is told of once, and honestly."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from conversations.effects import Say
from conversations.events import NudgesDue, Withdrawn
from conversations.rules import RULES
from conversations.state import Place
from tests.conversations.core_kit import (
    MONDAY,
    Driven,
    agreed,
    asked,
    debriefed,
    met,
    thanked,
    the_words,
    welcomed,
    with_talk,
)


def drafted() -> Driven:
    """A message to Maria Lopez is written, and was not sent."""
    return welcomed().choose("person").press("Text or chat message").choose("as_is")


def with_plan() -> Driven:
    """A weekly moment: Wednesday at nine in the morning."""
    one = asked().command("plan").choose("make").press("Wednesday").type("9:00").choose("anywhere")
    return one.press("Home")


BEGUN: dict[str, tuple[Callable[[], Driven], str]] = {
    "two_hours": (with_talk, "Maria Lopez"),
    "day_before": (with_talk, "Maria Lopez"),
    "after_talk": (with_talk, "Maria Lopez"),
    "thanks": (met, "Maria Lopez"),
    "no_time": (agreed, "Maria Lopez"),
    "promise_mine": (lambda: debriefed().choose("sent"), "Maria Lopez"),
    "promise_theirs": (lambda: debriefed().choose("sent"), "Maria Lopez"),
    "report_asked": (thanked, "Maria Lopez"),
    "reminder": (asked, "Maria Lopez"),
    "next_person": (asked, "Maria Lopez"),
    "unsent": (drafted, "Maria Lopez"),
    "month": (thanked, "Maria Lopez"),
    "weekly": (with_plan, ""),
    "quiet": (asked, ""),
}
USE = {
    "two_hours": timedelta(hours=3),
    "day_before": timedelta(hours=21),
    "quiet": timedelta(days=28),
    "weekly": timedelta(days=1),
}


def lines(one: Driven) -> list[str]:
    """The lines of the list of what was missed."""
    return [line for line in one.words().split("\n") if line.startswith("• ")]


def late(rule: str) -> tuple[Driven, tuple[tuple[str, int], ...]]:
    """A seeker to whom one nudge was due, and its use is over."""
    one = BEGUN[rule][0]()
    found = one.next(rule)
    assert found is not None, rule
    one.now = found.due + USE.get(rule, timedelta(days=20))
    if rule != "weekly":  # the quiet of the coach's own is not what is looked at
        others = frozenset(each.name for each in RULES) - {rule}
        one.seeker = replace(one.seeker, nudging=replace(one.seeker.nudging, stopped=others))
    return one, ((rule, found.person),)


@pytest.mark.holds("S10")
@pytest.mark.parametrize("rule", BEGUN)
def test_each_nudge_that_was_missed_is_told_of_once_and_with_the_person(rule: str) -> None:
    one, due = late(rule)

    one.do(NudgesDue(due))
    told = lines(one)
    one.do(NudgesDue(due))

    form = the_words().form(f"nudges.missed.{rule}", "en").partition("{")[0]
    assert len([line for line in told if line.startswith(form)]) == 1, told
    assert BEGUN[rule][1] in told[0]
    assert not one.effects, "it is told of once"


def test_every_rule_has_its_line() -> None:
    assert {rule.name for rule in RULES} == {*BEGUN, "report_met"}
    assert all(f"nudges.missed.{rule.name}" in the_words().entries for rule in RULES)


def test_a_fixed_hour_that_passed_is_not_said_as_if_it_were_to_come() -> None:
    one, due = late("two_hours")

    one.do(NudgesDue(due))

    assert one.seeker.at == Place("nudges.missed")
    assert one.seeker.nudging.unanswered == 0, "nobody can ignore what did not come"
    assert [each.late for each in one.seeker.nudging.said] == [True]


def test_where_only_missed_ones_are_there_the_way_on_is_a_button_and_the_way_back_leads_back() -> None:
    one, due = late("two_hours")
    stood = one.seeker.at
    one.do(NudgesDue(due))

    back = Driven(one.seeker, one.now, one.effects, one.buttons).press("Back")
    one.choose("next")

    assert back.seeker.at == stood
    assert not one.seeker.at.step.startswith("nudges.")


def test_what_is_of_use_still_is_said_whole_and_the_missed_ones_come_beneath_it() -> None:
    one = with_talk()
    one.now = datetime(2026, 12, 1, 20, tzinfo=UTC)

    one.do(NudgesDue((("two_hours", 1), ("day_before", 1), ("after_talk", 1))))

    assert one.seeker.at == Place("nudges.after_talk", 1)
    assert len([each for each in one.effects if isinstance(each, Say)]) == 1
    assert len(lines(one)) == 1, "to confirm a talk that has begun is no news"


def test_nothing_missed_makes_no_list() -> None:
    one = agreed()
    one.now = one.plan()[0].due

    one.ring()

    assert the_words().form("nudges.missed_too", "en") not in one.words()
    assert not one.seeker.nudging.said[-1].late


def test_what_was_missed_a_month_ago_is_let_be() -> None:
    one, due = late("two_hours")
    one.wait(days=31)

    one.do(NudgesDue(due))

    assert not one.effects


def test_what_was_not_planned_is_not_missed() -> None:
    one, _ = late("two_hours")

    one.do(NudgesDue((("no_time", 1),)))

    assert not one.effects


@pytest.mark.parametrize("how", ["stopped", "off", "faded"])
def test_what_the_seeker_does_not_want_is_not_missed(how: str) -> None:
    one, due = late("no_time")
    nudging = one.seeker.nudging
    wish = {
        "stopped": replace(nudging, stopped=frozenset({"no_time"})),
        "off": replace(nudging, off=True),
        "faded": replace(nudging, unanswered=4),
    }
    one.seeker = replace(one.seeker, nudging=wish[how])

    one.do(NudgesDue(due))

    assert not one.effects


def test_what_was_put_off_and_never_came_back_is_missed() -> None:
    one = met()
    one.now = one.plan()[0].due
    one.ring().choose("later")
    due = (("thanks", 1),)
    assert one.next("thanks")
    one.wait(days=6)

    one.do(NudgesDue(due))

    assert "Maria Lopez" in "".join(lines(one))
    assert not one.seeker.nudging.pauses


@pytest.mark.holds("S10")
def test_what_was_missed_is_told_of_in_the_morning_where_the_coach_comes_back_at_night() -> None:
    one, due = late("two_hours")
    one.now = datetime(2026, 12, 2, 5, tzinfo=UTC)  # eleven at night

    one.do(NudgesDue(due))
    night, planned = one.effects, one.plan()
    one.now = planned[0].due
    one.ring()

    assert not night
    assert planned[0].due == datetime(2026, 12, 2, 14, tzinfo=UTC)
    assert len(lines(one)) == 1
    assert not one.plan()


@pytest.mark.holds("S10")
def test_a_weekly_moment_missed_at_night_is_told_of_in_the_morning_and_not_a_week_later() -> None:
    one, due = late("weekly")
    one.now = datetime(2026, 11, 26, 5, tzinfo=UTC)  # Wednesday, eleven at night

    one.do(NudgesDue(due))
    morning = one.next("weekly")

    assert morning is not None
    assert morning.due == datetime(2026, 11, 26, 14, tzinfo=UTC)
    one.now = morning.due
    assert lines(one.ring())


def test_a_nudge_that_grew_too_old_on_its_way_is_told_of_as_missed() -> None:
    one = with_talk()
    one.now = datetime(2026, 12, 1, 16, tzinfo=UTC)
    one.ring()
    turn = one.seeker.turn
    one.now = datetime(2026, 12, 1, 18, tzinfo=UTC)

    one.do(Withdrawn(turn))
    following = one.next("two_hours")
    one.now = following.due if following else one.now
    one.ring()

    assert len(lines(one)) == 1
    assert "begin" in lines(one)[0]


def test_a_list_that_never_went_out_comes_again() -> None:
    one, due = late("two_hours")
    one.do(NudgesDue(due))
    one.do(Withdrawn(one.seeker.turn))

    found = one.next("two_hours")
    assert found is not None
    one.now = found.due
    one.ring()

    assert len(lines(one)) == 1


def test_a_missed_weekly_moment_does_not_cost_the_next_one() -> None:
    one, due = late("weekly")
    one.wait(days=4)  # Monday
    one.do(NudgesDue(due))
    assert lines(one)

    found = one.next("weekly")

    assert found is not None
    assert found.due == MONDAY + timedelta(days=9), "Wednesday at nine"


def test_two_waves_that_were_missed_are_one_line() -> None:
    one, due = late("quiet")
    one.now = MONDAY + timedelta(days=40)

    one.do(NudgesDue(due))

    assert len(lines(one)) == 1
