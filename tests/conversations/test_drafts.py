"""The words for people: whole, different for two people of one place, and short enough."""

from dataclasses import replace

import pytest

from bot.words import units
from conversations import drafts
from conversations.naming import anew
from conversations.state import Ask, Person
from conversations.steps import Here
from tests.conversations.core_kit import MONDAY, asked, debriefed, said, the_script, welcomed


def here_with(*people: Person, about: int = 0) -> Here:
    """A seeker with these people, and the one a draft is for."""
    seeker = replace(welcomed().seeker, people=people, name="Dana")
    return Here(the_script(), seeker, MONDAY, people[about])


def colleagues(count: int, **ask: str) -> tuple[Person, ...]:
    """People of one company, all asked the same way."""
    return tuple(
        Person(number, f"Person {number}", MONDAY, how="nurse, Mercy", circle=2, ask=Ask(**ask))  # type: ignore[arg-type]  # facts of the test
        for number in range(1, count + 1)
    )


@pytest.mark.parametrize("channel", ["chat", "email", "linkedin", "in_person"])
def test_two_people_of_one_company_get_different_words(channel: str) -> None:
    people = colleagues(2, channel=channel)

    first, second = (said(drafts.ask_draft(here_with(*people, about=n))) for n in (0, 1))

    assert first.replace("Person 1", "").replace("Person", "") != second.replace("Person 2", "").replace(
        "Person", ""
    )


def test_nine_colleagues_get_nine_different_messages() -> None:
    people = colleagues(9, channel="email")
    made = {said(drafts.ask_body(here_with(*people, about=n), people[n])) for n in range(9)}
    assert len(made) == 9


def test_an_email_is_a_hundred_words_with_a_short_subject() -> None:
    draft = drafts.ask_draft(here_with(*colleagues(1, channel="email")))

    subject, _, body = said(draft).partition("\n")

    assert len(body.split()) <= 100
    assert 2 <= len(subject.split()) <= 5


def test_a_linkedin_note_holds_with_the_longest_names() -> None:
    person = Person(1, "X" * 64, MONDAY, circle=3, ask=Ask(channel="linkedin"))
    here = here_with(person)
    here = replace(here, seeker=replace(here.seeker, name="Y" * 64, field="z" * 40))

    assert units(said(drafts.ask_draft(here))) <= drafts.LINKEDIN_LIMIT


@pytest.mark.parametrize("word", ["job for me", "hire", "prison", "illness", "gap"])
def test_no_ask_begs_for_a_job_or_tells_more_than_was_chosen(word: str) -> None:
    for channel in ("chat", "email", "phone", "in_person"):
        assert word not in said(drafts.ask_draft(here_with(*colleagues(1, channel=channel)))).casefold()


def test_own_words_replace_the_draft_and_a_shorter_one_stays_whole() -> None:
    own = here_with(*colleagues(1, own="Hi there"))
    brief = here_with(*(replace(p, ask=replace(p.ask, short=True)) for p in colleagues(1)))
    whole = here_with(*colleagues(1))

    assert said(drafts.ask_draft(own)) == "Hi there"
    assert len(said(drafts.ask_draft(brief))) < len(said(drafts.ask_draft(whole)))


def test_the_thank_you_is_written_from_what_was_said() -> None:
    words = debriefed().words()
    assert all(
        told in words for told in ("Start as an aide", "Ana Ruiz", "send me the form", "call the school")
    )


def test_somebody_who_rested_is_asked_afresh_with_other_words() -> None:
    one = asked().wait(days=14).command("people").choose("person").choose("answer").choose("nothing")
    one.choose("remind").choose("sent").press("Home")
    one.wait(days=91)

    one.command("people").choose("person").choose("go_on")

    assert one.seeker.at.step == "ask.channel"
    assert one.them().ask.sent is None
    assert anew(one.them()).ask.spin > 0
