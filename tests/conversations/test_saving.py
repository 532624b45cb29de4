"""A seeker as saved: every released format loads, and the conversation goes on."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from conversations import Seeker
from conversations.events import Commanded
from conversations.saving import FORMAT, dump, load
from conversations.state import Place
from tests.conversations.core_kit import Driven, thanked

SAVED = sorted((Path(__file__).parent.parent / "saved").glob("format_*.json"))


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
def test_every_format_loads_and_goes_on(path: Path) -> None:
    seeker = load(path.read_text(encoding="utf-8"))

    one = Driven(seeker).command("next").command("people")

    assert [person.name for person in seeker.people] == ["Maria Lopez", "Sam Chen", "Ana Ruiz"]
    assert one.seeker.at.step == "people.list"
    assert one.plan()


def test_there_is_a_file_for_every_format() -> None:
    assert [path.stem for path in SAVED] == [f"format_{number}" for number in range(1, FORMAT + 1)]


def test_a_seeker_is_the_same_after_saving_even_in_an_hour_that_comes_twice() -> None:
    twice = datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=ZoneInfo("America/Chicago"))
    one = thanked()
    one.now = twice

    one.do(Commanded("people"))

    assert load(dump(one.seeker)) == one.seeker


def test_a_place_that_is_no_more_leads_home() -> None:
    one = thanked()
    one.seeker = replace(one.seeker, at=Place("old.step", 1), trail=(Place("older.step"),))

    one.type("hello")

    assert one.seeker.at.step == "home.home"


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"format": 99, "seeker": {}}', '{"format": "1"}'])
def test_what_is_no_seeker_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="seeker"):
        load(text)


def test_what_is_new_in_a_file_is_let_be() -> None:
    saved = json.loads(dump(Seeker()))
    saved["seeker"]["unheard_of"] = 1
    assert load(json.dumps(saved)) == Seeker()
