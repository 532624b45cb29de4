"""A nudge that never went out: all is as before the bell, and nothing is lost or said twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from conversations.calendar import is_quiet
from conversations.effects import Say
from conversations.events import ClocksChanged, Left, NudgesDue, Withdrawn
from conversations.nudges import left_behind, zone_of
from conversations.state import Place, without_person
from tests.conversations.core_kit import (
    Driven,
    agreed,
    asked,
    debriefed,
    met,
    said,
    thanked,
    the_script,
    with_talk,
)

LIVES = (asked, agreed, with_talk, met, debriefed, thanked)
NUDGES = 3


def rung(begin: Callable[[], Driven], number: int = 0) -> Driven:
    """At the moment when the next nudge is due, after so many others that were said."""
    one = begin()
    for turn in range(number + 1):
        planned = one.plan()
        one.now = max(one.now, planned[0].due)
        if turn < number:
            one.ring()
    return one


def copy_of(one: Driven) -> Driven:
    """The same seeker at the same moment, to go another way."""
    return Driven(one.seeker, one.now, one.effects, one.buttons)


def is_as_before(one: Driven, before: Driven) -> None:
    """All but the count of turns, and what is remembered of nudges that did not go out."""
    then = before.seeker.nudging
    nudging = replace(one.seeker.nudging, lapsed=then.lapsed, rings=then.rings)
    assert replace(one.seeker, turn=before.seeker.turn, nudging=nudging) == before.seeker
    assert one.plan() == before.plan()


@pytest.mark.parametrize("begin", LIVES, ids=lambda one: one.__name__)
def test_a_nudge_that_never_went_out_leaves_no_trace(begin: Callable[[], Driven]) -> None:
    for number in range(NUDGES):
        before = rung(begin, number)
        one = copy_of(before).ring()
        assert one.seeker.nudging.said != before.seeker.nudging.said

        one.do(Withdrawn(one.seeker.turn))

        is_as_before(one, before)


def test_two_nudges_that_never_went_out_leave_no_trace_either() -> None:
    before = rung(thanked, 1)
    one = copy_of(before).ring()
    first = one.seeker.turn
    one.now = one.plan()[0].due
    one.ring()
    assert one.seeker.turn == first + 1

    one.do(Withdrawn(first + 1)).do(Withdrawn(first))

    one.now = before.now
    is_as_before(one, before)


def test_what_was_put_off_is_still_put_off_when_it_did_not_go_out() -> None:
    one = rung(agreed).ring().choose("later")
    (pause,) = one.seeker.nudging.pauses
    one.now = one.plan()[0].due

    one.ring().do(Withdrawn(one.seeker.turn))

    assert one.seeker.nudging.pauses == (pause,)
    assert one.next("no_time")


def test_a_seeker_who_acted_in_between_stays_where_they_are_and_is_owed_it_again() -> None:
    one = rung(agreed).ring()
    turn = one.seeker.turn
    one.command("people")

    one.do(Withdrawn(turn))

    assert one.seeker.at == Place("people.list")
    assert one.seeker.nudging.unanswered == 0
    assert one.next("no_time")


def test_what_was_done_meanwhile_is_not_owed_again() -> None:
    one = rung(agreed).ring()
    turn = one.seeker.turn
    one.choose("they_chose").choose("phone").type("2026-12-04 15:00").choose("right")

    one.do(Withdrawn(turn))

    assert not one.next("no_time")


def test_several_things_behind_a_nudge_that_never_went_out_are_owed_and_do_not_wait_behind_it() -> None:
    one = thanked().wait(days=4).ring()
    turn, waiting = one.seeker.turn, one.seeker.nudging.waiting
    assert waiting
    one.command("people")

    one.do(Withdrawn(turn))

    assert not one.seeker.nudging.waiting, "they would be shown, and be said once more"
    assert {(each.rule, each.person) for each in one.plan()} >= set(waiting)


def test_what_already_waited_is_kept_over_a_second_ring() -> None:
    one = thanked().wait(days=4).ring()
    waiting = one.seeker.nudging.waiting
    one.now = next(each.due for each in one.plan() if (each.rule, each.person) not in waiting)

    one.ring()

    assert set(waiting) <= set(one.seeker.nudging.waiting)
    assert len(set(one.seeker.nudging.waiting)) == len(one.seeker.nudging.waiting)


def test_only_the_nudge_that_never_went_out_is_no_longer_counted() -> None:
    one = rung(agreed).ring()
    first = one.seeker.turn
    one.now = one.plan()[0].due
    one.ring()
    counted, last = one.seeker.nudging.unanswered, one.seeker.nudging.last

    one.do(Withdrawn(first))

    assert one.seeker.nudging.unanswered == counted - 1
    assert one.seeker.nudging.last == last, "the rest after the other one stays"


def test_withdrawing_what_was_never_said_changes_nothing() -> None:
    one = rung(agreed)
    before = one.seeker

    one.do(Withdrawn(0)).do(Withdrawn(before.turn)).do(Withdrawn(999))

    assert one.seeker == before


def test_whoever_is_taken_off_the_list_leaves_no_trace_in_what_could_be_put_back() -> None:
    one = rung(agreed).ring().choose("later")
    one.now = one.plan()[0].due
    one.ring()

    gone = without_person(one.seeker, 1)

    assert [ring for ring in gone.nudging.rings if ring.at.person == 1 or ring.pauses] == []


@pytest.mark.parametrize("begin", LIVES, ids=lambda one: one.__name__)
def test_no_nudge_goes_out_at_night_or_half_a_day_late(begin: Callable[[], Driven]) -> None:
    for number in range(NUDGES):
        one = rung(begin, number).ring()
        for say in (each for each in one.effects if isinstance(each, Say)):
            assert say.until is not None
            zone = zone_of(the_script(), one.seeker)
            last = (say.until - timedelta(seconds=1)).astimezone(zone)
            assert not is_quiet(last), f"until {last}"
            assert one.now < say.until <= one.now + timedelta(hours=12)


def test_a_nudge_before_a_talk_does_not_go_out_once_the_talk_begins() -> None:
    one = with_talk()
    one.now = datetime(2026, 12, 1, 16, tzinfo=UTC)

    one.ring()

    untils = [each.until for each in one.effects if isinstance(each, Say)]
    assert untils == [datetime(2026, 12, 1, 18, tzinfo=UTC)]


def test_answers_go_out_however_late_it_is() -> None:
    one = agreed().command("people")

    assert [each.until for each in one.effects if isinstance(each, Say)] == [None]


# --- a nudge that was on its way while the seeker changed what it was about --------------------------


def no_time_rung() -> Driven:
    return rung(agreed).ring()


def before_talk() -> Driven:
    one = with_talk()
    one.now = datetime(2026, 12, 1, 16, tzinfo=UTC)
    return one.ring()


LEFT_BEHIND: list[tuple[str, Callable[[], Driven], Callable[[Driven], Driven], bool]] = [
    ("nothing was changed", no_time_rung, lambda one: one, False),
    ("they looked at their people", no_time_rung, lambda one: one.command("people"), False),
    ("they stopped these", no_time_rung, lambda one: one.choose("stop"), True),
    ("they put it off", no_time_rung, lambda one: one.choose("later"), True),
    ("they turned all off", no_time_rung,
     lambda one: one.command("settings").choose("reminders").choose("all_off"), True),
    ("all off, but talks are kept up", before_talk,
     lambda one: one.command("settings").choose("reminders").choose("all_off"), False),
    ("it was done", no_time_rung,
     lambda one: one.choose("they_chose").choose("phone").type("2026-12-04 15:00").choose("right"), True),
    ("the talk was cancelled", before_talk, lambda one: one.choose("cancelled"), True),
    ("a talk of another time", before_talk,
     lambda one: one.choose("move").choose("new_time").type("2026-12-02 15:00").choose("right"), True),
    ("the person is gone", no_time_rung,
     lambda one: Driven(without_person(one.seeker, 1), one.now), True),
    ("a small wave, and they came", lambda: rung_quiet(), lambda one: one.command("people"), False),
]  # fmt: skip


def rung_quiet() -> Driven:
    """After weeks without a word, a wave."""
    one = asked().wait(weeks=2, days=1)
    one.seeker = replace(one.seeker, nudging=replace(one.seeker.nudging, stopped=frozenset(
        {"next_person", "reminder"})))  # fmt: skip
    one.ring()
    assert one.seeker.nudging.said[-1].rule == "quiet"
    return one


def changed(begin: Callable[[], Driven], change: Callable[[Driven], Driven]) -> tuple[Driven, int]:
    """A seeker who changed something after a nudge, and the turn in which that was said."""
    one = begin()
    turn = one.seeker.nudging.said[-1].turn
    return change(one), turn


@pytest.mark.holds("S13")
@pytest.mark.parametrize(
    ("what", "begin", "change", "left"), LEFT_BEHIND, ids=[one[0] for one in LEFT_BEHIND]
)
def test_a_nudge_that_had_just_gone_out_is_known_to_make_no_sense_any_more(
    what: str, begin: Callable[[], Driven], change: Callable[[Driven], Driven], left: bool
) -> None:
    one, turn = changed(begin, change)

    assert left_behind(the_script(), one.seeker, turn, one.now) is left, what


@pytest.mark.holds("S13")
def test_whoever_counts_turns_would_say_that_nudges_left_which_nobody_ended() -> None:
    """The known-bad twin: whatever the seeker does after a nudge is taken for the end of it."""
    in_vain = []
    for what, begin, change, left in LEFT_BEHIND:
        one, turn = changed(begin, change)
        if one.seeker.turn > turn and not left:
            in_vain.append(what)

    assert in_vain == [
        "they looked at their people", "all off, but talks are kept up", "a small wave, and they came",
    ]  # fmt: skip


# --- clocks, languages ---------------------------------------------------------------------------


def test_a_law_that_moves_the_clocks_is_told_once_with_whatever_comes_next() -> None:
    one = with_talk().do(ClocksChanged((("two_hours", 1),)))
    assert not one.effects

    first = one.command("people").words()
    second = one.command("people").words()

    assert "Chicago" in first
    assert "Chicago" not in second


def test_a_law_is_told_again_where_the_message_never_went_out() -> None:
    one = with_talk().do(ClocksChanged((("two_hours", 1),)))
    one.now = datetime(2026, 12, 1, 16, tzinfo=UTC)
    assert "Chicago" in one.ring().words()

    one.do(Withdrawn(one.seeker.turn))

    assert "Chicago" in one.ring().words()


def test_a_law_in_the_place_of_a_talk_is_told_by_that_place() -> None:
    one = with_talk().command("settings").choose("zone").type("London").choose("moment")
    talk = one.them().talk
    assert talk is not None
    person = replace(one.them(), talk=replace(talk, zone="Africa/Cairo"))
    one.seeker = replace(one.seeker, people=(person, *one.seeker.people[1:]))

    one.do(ClocksChanged((("two_hours", 1), ("day_before", 1))))

    assert "Cairo" in one.command("people").words()


@pytest.mark.holds("S18")
def test_a_nudge_planned_in_one_language_is_said_in_the_language_of_the_hour() -> None:
    one = rung(agreed)
    before, planned = one.seeker, one.plan()
    one.seeker = replace(before, language="es")

    one.do(NudgesDue(tuple((each.rule, each.person) for each in planned if each.due <= one.now)))
    say = next(each for each in one.effects if isinstance(each, Say))
    labels = [said(each.label, "es") for each in say.buttons]

    assert "Parar estos avisos" in labels
    assert "Maria Lopez" in said(say.parts[0], "es")
    assert said(say.parts[0], "es") != said(say.parts[0], "en")


@pytest.mark.holds("S18")
def test_a_nudge_that_waits_to_go_out_is_said_in_the_new_language() -> None:
    """The language changes while it waits: it is withdrawn, and owed again."""
    one = rung(agreed).ring()
    turn = one.seeker.turn

    one.do(Withdrawn(turn)).command("language").press("Español")
    one.now = one.plan()[0].due
    one.ring()

    say = next(each for each in one.effects if isinstance(each, Say))
    assert one.seeker.language == "es"
    assert [each.rule for each in one.seeker.nudging.said] == ["no_time"]
    assert "Maria Lopez" in said(say.parts[0], "es")


def test_whoever_left_is_owed_what_did_not_reach_them() -> None:
    one = rung(agreed).ring()

    one.do(Withdrawn(one.seeker.turn)).do(Left())
    silent = one.plan()
    one.command("people")

    assert not silent
    assert one.next("no_time")
