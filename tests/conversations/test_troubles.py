"""What went wrong, told honestly: every trouble in every language, as it will be read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.words import units
from conversations.effects import Say, Text
from conversations.troubles import Away, JustLeft, MaybeSent, Restored, Trouble, told
from tests.conversations.core_kit import Driven, said, the_script, the_words, with_talk

FOLDER = Path(__file__).parent.parent / "transcripts" / "troubles"
THEN = datetime(2026, 11, 30, 16, tzinfo=UTC)
NOTICE = 200
EVERY: tuple[tuple[str, tuple[Trouble, ...]], ...] = (
    ("out of reach for an hour", (Away(THEN, THEN + timedelta(hours=1)),)),
    ("out of reach for two days", (Away(THEN, THEN + timedelta(days=2), messages=True),)),
    ("an answer in doubt", (MaybeSent((("", 0),)),)),
    ("a nudge about nobody in doubt", (MaybeSent((("weekly", 0),)),)),
    ("nudges about two people in doubt", (MaybeSent((("no_time", 1), ("thanks", 1), ("unsent", 2))),)),
    ("a nudge and an answer in doubt", (MaybeSent((("no_time", 1), ("", 0))),)),
    ("a nudge had just left", (JustLeft(),)),
    ("back to a backup", (Restored(THEN),)),
    ("several at once", (Away(THEN, THEN + timedelta(hours=4)), JustLeft())),
)
PLAIN = {
    "troubles.not_saved_yet": {}, "troubles.not_saved": {}, "troubles.clocks_moved": {"city": "Cairo"},
    "nudges.missed_only": {}, "nudges.missed_too": {},
}  # fmt: skip
LANGUAGES = [code for code, _ in the_words().languages]


def words_of(one: Driven, troubles: tuple[Trouble, ...], language: str) -> str:
    """What is said of these troubles."""
    seeker = replace(one.seeker, language=language)
    says = [each for each in told(the_script(), seeker, troubles, one.now) if isinstance(each, Say)]
    return "\n\n".join(said(part, language) for say in says for part in say.parts)


def paper(language: str) -> Iterator[str]:
    """Every trouble in a language."""
    one = with_talk()
    for name, troubles in EVERY:
        yield f"# {name}\n{words_of(one, troubles, language)}\n"
    for key, values in PLAIN.items():
        yield f"# {key}\n{said(Text(key, values), language)}\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_trouble_is_told_as_it_is_written_down(language: str, request: pytest.FixtureRequest) -> None:
    """A difference is to be read aloud: then `pytest --update`."""
    file = FOLDER / f"{language}.txt"
    said_now = "\n".join(paper(language))

    if request.config.getoption("--update"):
        FOLDER.mkdir(exist_ok=True)
        file.write_text(said_now, encoding="utf-8")

    assert file.read_text(encoding="utf-8") == said_now


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shown_over_the_chat_fits_there(language: str) -> None:
    assert units(said(Text("troubles.not_saved_yet"), language)) <= NOTICE


def test_a_trouble_is_one_message_that_stays() -> None:
    one = with_talk()

    says = told(the_script(), one.seeker, EVERY[-1][1], one.now)

    assert [each.manner for each in says if isinstance(each, Say)] == ["kept"]
    assert len(says) == 1


def test_the_times_are_told_by_the_clock_of_the_seeker() -> None:
    one = with_talk()

    assert "10:00" in words_of(one, (Away(THEN, THEN + timedelta(hours=1)),), "en")


def test_where_nothing_went_wrong_nothing_is_said() -> None:
    one = with_talk()

    assert not told(the_script(), one.seeker, (), one.now)
    assert not told(the_script(), one.seeker, (Away(THEN, THEN, taps=False),), one.now)
    assert not told(the_script(), one.seeker, (MaybeSent(()),), one.now)


def test_a_nudge_about_somebody_who_is_gone_names_nobody() -> None:
    one = with_talk()

    text = words_of(one, (MaybeSent((("no_time", 99),)),), "en")

    assert text == said(Text("troubles.maybe_sent"))
