"""What every shipped situation brings, and what the bank, the nudges and the catalogues hold."""

from datetime import date, timedelta

import pytest

from bot.content import load
from bot.languages import read_catalog
from bot.words import LOCALES, Words
from conversations import Script
from conversations.content import Situation, shown_help
from conversations.rules import RULES

CONTENT = load().content
LEAST = {"walk": 12, "questions": 14, "unsaid": 4, "plain": 12, "week": 5}
OTHER_NAMES = {"promise_mine": "promise", "promise_theirs": "promise", "report_met": "report",
               "report_asked": "report"}  # fmt: skip
TOPICS = {"path", "day", "getting_in", "differently", "future", "my_plan", "place", "people"}


@pytest.fixture(params=CONTENT.situations.values(), ids=lambda one: one.id)
def situation(request: pytest.FixtureRequest) -> Situation:
    """Each of the eight."""
    found: Situation = request.param
    return found


def test_all_eight_are_here() -> None:
    assert set(CONTENT.situations) == {
        "first_job", "graduate", "veteran", "reentry", "parent", "caregiver", "career_change", "long_search",
    }  # fmt: skip


def test_it_is_full(situation: Situation) -> None:
    """Its own memory walk, questions, things left unsaid, work words, first week."""
    for part, least in LEAST.items():
        assert len(getattr(situation, part)) >= least, f"{situation.id} needs {least} in [{part}.*]"


def test_its_questions_fit_every_warmth_and_aim(situation: Situation) -> None:
    """Some for anyone, some for close people only; some with a field in mind, some without."""
    circles = [one.circle for one in situation.questions]
    aims = [one.aim for one in situation.questions]

    assert circles.count(3) >= 4
    assert circles.count(1) >= 2
    assert aims.count("field") >= 3
    assert aims.count("advice") >= 3


def test_its_local_help_in_the_united_states_has_a_source_and_a_day(situation: Situation) -> None:
    """At least five entries; none is shown two years after it was checked."""
    today = date(2026, 11, 23)
    shown = shown_help(situation.help, "US", today)

    assert len(shown) >= 5
    assert all(one.source and one.contact for one in shown)
    assert not shown_help(situation.help, "US", today + timedelta(days=732))


def test_what_it_never_says_by_itself_is_in_no_ask(situation: Situation, words: Words) -> None:
    """No prison, illness or gap in a message, in any language, unless the seeker asks for it."""
    telling = ("prison", "jail", "record", "incarcerat", "illness", "sick", "gap", "unemployed", "cárcel",
               "prisión", "antecedentes", "enferm", "desemple")  # fmt: skip
    for key in ("ask.field", "ask.field.short", "ask.advice", "ask.advice.short"):
        for code, _ in words.languages:
            said = words.form(situation.key(key), code).casefold()
            assert not [one for one in telling if one in said]


def test_the_general_bank_is_large_and_each_topic_has_its_questions() -> None:
    """At least sixty, with minutes and warmth."""
    topics = {one.topic for one in CONTENT.bank}

    assert len(CONTENT.bank) >= 60
    assert topics >= TOPICS | {"follow_on", "closing"}
    assert {"names", "use_name", "keep_in_touch", "resume", "reference"} <= {
        one.key.rpartition(".")[2] for one in CONTENT.bank if one.topic == "closing"
    }


@pytest.mark.parametrize("rule", [one.name for one in RULES])
def test_every_nudge_has_three_wordings_and_says_why_it_came(rule: str, words: Words) -> None:
    """They rotate, so that none follows itself."""
    assert len(words.entries[f"nudges.{rule}"].forms) >= 3
    assert words.entries[f"nudges.{OTHER_NAMES.get(rule, rule)}.why"].forms


@pytest.mark.parametrize("moment", ["silence", "declined", "bad_talk", "no_show", "quiet_weeks", "low"])
def test_every_hard_moment_has_three_ways_to_say_it(moment: str, words: Words) -> None:
    assert len(words.entries[f"care.{moment}"].forms) >= 3


def test_in_a_bad_hour_there_is_somebody_everywhere() -> None:
    """In the United States several, and for other countries where to look."""
    today = date(2026, 11, 23)
    crisis = tuple(one for one in CONTENT.humans if one.crisis)

    assert len(shown_help(crisis, "US", today)) >= 3
    assert shown_help(crisis, "BR", today)


def test_a_veteran_sees_the_line_for_veterans_first() -> None:
    """Everybody sees it; who has served, before the others."""
    today = date(2026, 11, 23)

    first = {situation: shown_help(CONTENT.humans, "US", today, situation)[0].key for situation in
             ("veteran", "graduate", "")}  # fmt: skip

    assert first == {"veteran": "humans.veterans_crisis_line", "graduate": "humans.lifeline",
                     "": "humans.lifeline"}  # fmt: skip


def test_what_is_first_for_a_situation_names_one_that_there_is() -> None:
    assert {one.first_for for one in CONTENT.humans} <= {"", *CONTENT.situations}


def test_spanish_is_complete_and_its_glossary_stands_at_the_head() -> None:
    """No text falls back to English, and none waits for its translator."""
    catalog = read_catalog(LOCALES / "es" / "LC_MESSAGES" / "messages.po")

    left = [one.context for one in catalog if one.id and (one.fuzzy or not all(_strings(one.string)))]

    assert left == []
    assert "Glosario" in catalog.header_comment


def _strings(said: object) -> list[str]:
    return list(said) if isinstance(said, (list, tuple)) else [str(said or "")]


def test_the_script_knows_every_language(script: Script) -> None:
    assert dict(script.languages) == {"en": "English", "es": "Español"}
