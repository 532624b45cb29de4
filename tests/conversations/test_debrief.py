"""The debrief keeps what is said in it, and takes back nothing of an earlier talk."""

from dataclasses import replace
from datetime import date

import pytest

from conversations.events import Wrote
from conversations.state import Debrief, Place, Promise, Talk, person_of
from tests.conversations.core_kit import MONDAY, Driven, welcomed

BOOKS = Promise(1, "her books", theirs=True, due=date(2026, 12, 1))


@pytest.mark.parametrize(
    ("typed", "promises"),
    [(("no",), ["her books"]), (("a call",), ["her books", "a call"]),
     (("a call", "back", "her list"), ["her books", "her list"]), (("a call", "back", "no"), ["her books"])],
)  # fmt: skip
def test_a_promise_of_an_earlier_talk_stays(typed: tuple[str, ...], promises: list[str]) -> None:
    """Only what this debrief has noted is replaced or dropped."""
    seeker = welcomed().seeker
    maria = replace(seeker.people[0], promises=(BOOKS,), talk=Talk(met=MONDAY), debrief=Debrief(feel="good"))
    at = Place("debrief.they_promised", maria.id)
    driven = Driven(replace(seeker, people=(maria, *seeker.people[1:]), next_promise=2, at=at))

    for words in typed:
        driven.do(Wrote(words))

    left = person_of(driven.seeker, maria.id)
    assert left is not None
    assert [one.what for one in left.promises] == promises
