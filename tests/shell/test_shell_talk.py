"""Talking in a terminal: buttons by label and number, time that passes, a file that is kept."""

from pathlib import Path

import pytest

from bot.terminal.loop import wrapped
from bot.words import Words
from conversations import Script
from tests.shell.shell_kit import TO_THE_DRAFT, heard, talking


async def test_an_unknown_button_is_refused_with_those_there_are(script: Script, words: Words) -> None:
    """Nothing happens, and the list helps."""
    async with talking(script, words) as talk:
        await heard(talk, *TO_THE_DRAFT)

        shown = await heard(talk, "[Send it]")

    assert shown == [
        "-- no button [Send it] here; there are: [Sent] [Change it] [Not today] [Back] [Home] --"
    ]


@pytest.mark.parametrize("press", ["[Sent]", "[sent]", "[1]", "Sent", "sent.", "1"])
async def test_a_button_is_pressed_by_label_or_number_bracketed_or_typed(
    press: str, script: Script, words: Words
) -> None:
    """Six ways to say the same."""
    async with talking(script, words) as talk:
        await heard(talk, *TO_THE_DRAFT)

        shown = await heard(talk, press)

    assert "where are you" in shown[0]


async def test_quitting_and_coming_back_goes_on_where_it_was(
    script: Script, words: Words, tmp_path: Path
) -> None:
    """With a file, the talk and its time go on."""
    async with talking(script, words, tmp_path / "talk.db") as talk:
        await heard(talk, *TO_THE_DRAFT, "/pass 1 days")

    async with talking(script, words, tmp_path / "talk.db") as talk:
        shown = await heard(talk, "[Sent]")

    assert "where are you" in shown[0]


@pytest.mark.parametrize("line", ["/pass", "/pass soon", "/pass 0 days", "/pass until 2020-01-01 09:00",
                                  "/pass 99999 weeks", "/pass until 2026-02-30 09:00"])  # fmt: skip
async def test_time_that_cannot_pass_is_refused_kindly(line: str, script: Script, words: Words) -> None:
    """The answer says how to write it."""
    async with talking(script, words) as talk:
        shown = await heard(talk, "/start", line)

    assert shown[-1].startswith("-- ")


def test_lines_break_between_words_and_never_inside_a_button() -> None:
    """A narrow terminal; the second line stands under the first."""
    assert wrapped("coach: one two three", 14) == ["coach: one two", "       three"]
    assert wrapped("       [Ask Maria] [Show all names] [Home]", 32) == [
        "       [Ask Maria]",
        "       [Show all names] [Home]",
    ]
    assert wrapped("", 40) == [""]


async def test_nudges_come_each_at_its_own_time(script: Script, words: Words) -> None:
    """The unsent draft is brought up after two days, at the chosen moment."""
    async with talking(script, words) as talk:
        await heard(talk, *TO_THE_DRAFT)

        shown = await heard(talk, "/pass 3 days")

    assert shown[0] == "-- Wednesday 2026-11-25 10:00 --"
    assert shown[1].startswith("nudge: ")


async def test_what_cannot_be_read_is_answered_and_nothing_is_lost(script: Script, words: Words) -> None:
    """A sticker in the middle of the ask; the draft is still there."""
    async with talking(script, words) as talk:
        await heard(talk, *TO_THE_DRAFT)

        shown = await heard(talk, "/show sticker")

    assert shown[0].startswith("coach: I can only read typed words")
    assert "       | Hi Maria," in shown
