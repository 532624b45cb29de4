"""How easy the coach is to read: by situation and by part of the journey, in each language."""

from collections.abc import Iterator
from statistics import median

import pytest
import textstat

from bot.content import load
from bot.words import GAP, Words

HARDEST_GRADE = 6.0  # Flesch-Kincaid, school years
LEAST_EASE = 65.0  # Szigriszt-Pazos, from 65 "fairly easy", from 75 "easy"
FEWEST_WORDS = 6
SITUATIONS = [f"situations.{name}" for name in load().content.situations]
PARTS = sorted(
    {key.partition(".")[0] for key in load().entries} - {"situations", "menu", "moments", "buttons"}
)


def said(words: Words, prefix: str, language: str) -> Iterator[str]:
    """Every wording under a prefix that is long enough to be measured, its gaps filled."""
    for entry in words.entries.values():
        if entry.key.startswith(f"{prefix}."):
            for turn in range(1 if entry.plural else len(entry.forms)):
                text = GAP.sub("Maria", words.form(entry.key, language, turn))
                if len(text.split()) >= FEWEST_WORDS:
                    yield text


@pytest.mark.parametrize("prefix", SITUATIONS + PARTS)
def test_english_is_read_with_six_years_of_school(prefix: str, words: Words) -> None:
    """The median of all that is said there."""
    textstat.set_lang("en_US")

    grades = [textstat.flesch_kincaid_grade(text) for text in said(words, prefix, "en")]

    assert median(grades) <= HARDEST_GRADE


@pytest.mark.parametrize("prefix", SITUATIONS + PARTS)
def test_spanish_is_fairly_easy_or_easier(prefix: str, words: Words) -> None:
    """The index that was made for Spanish."""
    textstat.set_lang("es")

    ease = [textstat.szigriszt_pazos(text) for text in said(words, prefix, "es")]

    assert median(ease) >= LEAST_EASE
