"""The tables, the keys and the words as a whole: nothing leads nowhere, nothing is left unsaid."""

from dataclasses import replace

from bot.check import read_sources, script_problems, word_problems
from bot.check_keys import missing, unused
from bot.check_tables import homeward, offered, reachable, targets
from bot.content import load
from bot.problems import Problem
from conversations import STAGES, Script
from conversations.steps import Choose, Stage
from tests.conversations.core_kit import the_script, the_words


def listed(problems: list[Problem]) -> str:
    """Problems as the author reads them."""
    return "\n".join(str(one) for one in problems)


def with_step(step: Choose) -> Script:
    """The script with one more step."""
    extra = Stage(step.id.partition(".")[0], (step,))
    return Script((*STAGES, extra), the_script().content, the_script().calendar)


def test_every_way_leads_on_and_home_and_every_key_is_said() -> None:
    found = script_problems(the_script(), load(), read_sources())
    assert not found, listed(found)


def test_every_word_is_noted_translated_and_short_enough() -> None:
    found = word_problems(the_script(), the_words())
    assert not found, listed(found)


def test_a_way_to_nowhere_is_named_with_its_file() -> None:
    script = with_step(Choose(id="odd.start", options=("on",), then={"on": "odd.missing"}))

    found = list(targets(script))

    assert "odd.missing" in listed(found)
    assert found[0].file == "conversations/stages/odd.py"


def test_a_step_that_nothing_leads_to_is_named() -> None:
    script = with_step(Choose(id="odd.start", options=("on",), then={"on": "home.home"}))
    assert "odd.start" in listed(list(reachable(script)))


def test_a_step_without_a_way_home_is_named() -> None:
    script = with_step(Choose(id="odd.start", options=("on",), then={"on": "odd.start"}))
    assert "odd.start" in listed(list(homeward(script)))


def test_an_option_without_a_target_is_named() -> None:
    script = with_step(Choose(id="odd.start", options=("on",)))
    assert "`on`" in listed(list(offered(script)))


def test_a_step_without_words_is_named() -> None:
    script = with_step(Choose(id="odd.start", options=("on",), then={"on": "home.home"}))
    assert "[start]" in listed(list(missing(script, load().entries, {})))


def test_words_that_nothing_says_are_named() -> None:
    files, entry = load(), load().entries["home.home"]
    more = replace(files, entries={**files.entries, "home.lost": replace(entry, key="home.lost")})
    assert "home.lost" in listed(list(unused(the_script(), more, read_sources())))
