"""The sheet: questions that fit the minutes, and a close that nothing pushes out."""

from dataclasses import replace

import pytest

from conversations import sheet
from conversations.state import Person, Talk
from conversations.steps import Here
from tests.conversations.core_kit import MONDAY, said, the_script, welcomed, with_talk

SITUATIONS = list(the_script().content.situations)


def here_for(situation: str, minutes: int = 20, circle: int = 2, number: int = 1) -> Here:
    """Somebody to talk with for so many minutes."""
    person = Person(number, "Maria Lopez", MONDAY, circle=circle, talk=Talk(minutes=minutes))
    seeker = replace(welcomed().seeker, situation=situation, people=(person,))
    return Here(the_script(), seeker, MONDAY, person)


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("minutes", [10, 20, 30])
def test_the_musts_fit_the_minutes(situation: str, minutes: int) -> None:
    for number in range(1, 9):
        here = here_for(situation, minutes, number=number)
        made = sheet.planned(here, here.them)
        taken = sum(the_script().content.questions[one].minutes for one in made.musts)

        assert 1 <= len(made.musts) <= sheet.MUSTS
        assert taken + sheet.OPENING_MINUTES + sheet.CLOSING_MINUTES <= minutes
        assert not set(made.musts) & set(made.spares)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_nobody_is_asked_what_they_are_too_far_away_for(situation: str) -> None:
    here = here_for(situation, circle=3)
    made = sheet.planned(here, here.them)
    questions = the_script().content.questions
    assert all(questions[one].circle >= 3 for one in (*made.musts, *made.spares))


def test_the_closing_asks_stay_and_the_later_ones_come_only_if_chosen() -> None:
    here = here_for("graduate")

    plain = [said(one) for one in sheet.closing(here, here.them)]
    chosen = replace(here.them, sheet=replace(here.them.sheet, resume=True, reference=True))

    assert len(plain) == 3
    assert len(sheet.closing(here, chosen)) == 5
    assert said(sheet.closing(here, chosen)[0]) == plain[0], "names come first"


def test_a_question_of_ones_own_comes_first_and_a_shorter_talk_is_planned_anew() -> None:
    one = with_talk().choose("questions").choose("change").choose("own").type("Which school did you go to?")
    assert one.them().sheet.musts[0] == "own-0"

    one.choose("change").choose("minutes").press("10 minutes")

    assert len(one.them().sheet.musts) < sheet.MUSTS
