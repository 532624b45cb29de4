"""A turn is whole or not at all; a fault of ours is said, and stops nobody else."""

import json
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channel import Heard
from bot.terminal.channel import SEEKER
from bot.terminal.talk import Talk
from bot.words import Words
from conversations import Script, advance
from conversations.events import Left
from tests.shell.shell_kit import CHICAGO, TO_THE_DRAFT, heard, talking, words_in


async def test_a_turn_that_fails_changes_nothing_and_says_so(
    script: Script, words: Words, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """After three tries the update is set aside; the words are in no log."""

    def broken(*given: object) -> None:
        raise RuntimeError("maria lopez")

    async with talking(script, words) as talk:
        await heard(talk, *TO_THE_DRAFT)
        before = await talk.coach.load(SEEKER)
        with monkeypatch.context() as patch, caplog.at_level(logging.DEBUG):
            patch.setattr("bot.turn.advance", broken)
            shown = await heard(talk, "[Sent]")
        after = await talk.coach.load(SEEKER)
        later = await heard(talk, "[Sent]")

    assert before == after
    assert any("was not saved" in line for line in shown)
    assert "maria" not in caplog.text.lower()
    assert "RuntimeError" in caplog.text
    assert "where are you" in later[0]


async def test_the_same_update_twice_is_one_turn(script: Script, words: Words) -> None:
    """A doubled update is kept once."""
    async with talking(script, words) as talk:
        await heard(talk, *TO_THE_DRAFT[:3])
        update = {"update_id": 900, "kind": "text", "words": "Maria Lopez"}

        await talk.coach.keep([update, update])
        await talk.coach.keep([update])
        await talk.coach.work()
        seeker = await talk.coach.load(SEEKER)

    assert seeker is not None
    assert [one.name for one in seeker.people] == ["Maria Lopez"]


async def test_words_of_a_stranger_are_answered_with_the_welcome(script: Script, words: Words) -> None:
    """Whoever writes before /start is welcomed all the same."""
    async with talking(script, words) as talk:
        shown = await heard(talk, "hi there")

    assert shown[0].startswith("coach: Hello.")


async def test_nothing_is_left_of_whoever_erases_everything(script: Script, words: Words) -> None:
    """No row of theirs stays; the farewell does not know whose it was."""
    async with talking(script, words) as talk:
        await heard(talk, *TO_THE_DRAFT, "[Sent]", "[Chicago]")

        shown = await heard(talk, "/erase", "[Yes, delete it all]")
        async with talk.coach.store.transaction() as t:
            row, nudges = await t.seeker(SEEKER), (await t.nudges_of([SEEKER]))[SEEKER]

    assert "Everything is deleted" in "\n".join(shown)
    assert row is None
    assert nudges == []


async def test_not_a_byte_of_whoever_erased_everything_stays_in_the_files(
    script: Script, words: Words, tmp_path: Path
) -> None:
    """Name, field and person are searched for in every file of the store."""
    canaries = (b"Quillfeather", b"lighthouse keeping", b"Dana")
    lines = ["/start", "[I just finished college or training]", "lighthouse keeping", "Maria Quillfeather"]
    async with talking(script, words, tmp_path / "coach.db") as talk:
        await heard(talk, *lines, "[Enough for now]", "[Very well]", "[Ask Maria]", "[1]", "Dana")
        before = b"".join(path.read_bytes() for path in tmp_path.iterdir())

        await heard(talk, "/erase", "[Yes, delete it all]")
        await talk.coach.store.scrub_if_owed()
        after = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert all(one in before for one in canaries)
    assert not [one for one in canaries if one in after]


async def test_the_export_holds_everything_and_can_be_read(script: Script, words: Words) -> None:
    """One JSON file with the names and the counts."""
    async with talking(script, words) as talk:
        await heard(talk, *TO_THE_DRAFT)
        rows = [one async for one in talk.hear("/export")]

    file = next(one.file for one in rows if not isinstance(one, str) and one.method == "file")
    told = json.loads(file or b"")
    assert told["seeker"]["people"][0]["name"] == "Maria Lopez"
    assert told["counts"]["listed"] == 1


async def test_after_an_outage_that_ends_at_night_one_message_comes_at_eight(
    script: Script, words: Words
) -> None:
    """What was due meanwhile waits for the morning, and is one message."""
    async with talking(script, words) as talk:
        await heard(talk, *TO_THE_DRAFT, "[Sent]", "[Chicago]", "[That is all for today]")
        talk.clock.set(datetime(2026, 11, 28, 23, 0, tzinfo=CHICAGO))
        await talk.coach.ring()
        at_night = await talk.said()

        shown = await heard(talk, "/pass 12 hours")

    assert at_night == []
    assert shown[0] == "-- Sunday 2026-11-29 08:00 --"
    assert sum(line.startswith("nudge: ") for line in shown) == 1


async def test_a_seeker_that_cannot_be_read_stops_nobody_else(script: Script, words: Words) -> None:
    """Their update is set aside and said so, their nudges wait; everybody else goes on."""
    async with talking(script, words) as talk:
        await heard(talk, *TO_THE_DRAFT, "[Not today]")
        async with talk.coach.store.transaction() as t:
            row = await t.seeker(SEEKER)
            assert row is not None
            await t.save_seekers([replace(row, body="torn")])
        talk.clock.set(talk.clock.now() + timedelta(days=3))

        await talk.coach.ring()
        shown = await heard_of_a_torn_seeker(talk)
        async with talk.coach.store.transaction() as t:
            waiting, due = await t.waiting_updates(9), await t.due_nudges(talk.clock.now(), 9)

    assert "was not saved" in shown
    assert waiting == []
    assert due == []


async def heard_of_a_torn_seeker(talk: Talk) -> str:
    """What is said to a seeker whose saved body cannot be read."""
    await talk.coach.keep([{"update_id": 900, "kind": "text", "words": "hello"}])
    await talk.coach.work()
    return words_in([*await talk.said()])


async def test_nothing_is_saved_of_a_stranger_who_blocks_the_coach(
    script: Script, words: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaving is no beginning, least of all after everything was erased."""

    async with talking(script, words) as talk:
        monkeypatch.setattr(talk.coach.channel, "read", lambda update: Heard(SEEKER, SEEKER, Left()))

        await talk.coach.keep([{"update_id": 1, "kind": "left"}])
        await talk.coach.work()

        assert await talk.coach.load(SEEKER) is None
        assert await talk.said() == []


async def test_of_what_concerns_nobody_only_the_number_is_kept(
    script: Script, words: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No words without an owner: nothing would ever erase them."""

    async with talking(script, words) as talk:
        monkeypatch.setattr(talk.coach.channel, "read", lambda update: None)

        await talk.coach.keep([{"update_id": 1, "caption": "Maria Quillfeather"}])
        async with talk.coach.store.transaction() as t:
            (row,) = await t.waiting_updates(9)

    assert "Quillfeather" not in row.body


async def test_what_came_after_a_turn_that_failed_waits_for_it(
    script: Script, words: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A passing fault does not turn two messages of one seeker round."""
    faults = iter([RuntimeError("once")])

    def failing(*given: Any) -> Any:
        if error := next(faults, None):
            raise error
        return advance(*given)

    async with talking(script, words) as talk:
        await heard(talk, *TO_THE_DRAFT[:3])
        monkeypatch.setattr("bot.turn.advance", failing)

        await talk.coach.keep([{"update_id": 900 + n, "kind": "text", "words": name}
                               for n, name in enumerate(("Maria Lopez", "Sam Chen"))])  # fmt: skip
        await talk.coach.work()
        seeker = await talk.coach.load(SEEKER)

    assert seeker is not None
    assert [one.name for one in seeker.people] == ["Maria Lopez", "Sam Chen"]


async def test_what_was_missed_in_an_outage_is_told_even_to_whoever_writes_first(
    script: Script, words: Words
) -> None:
    """Their turn plans anew; what nobody reminded them of meanwhile is not dropped in silence."""
    async with talking(script, words) as talk:
        await heard(talk, *TO_THE_DRAFT, "[Sent]", "[Chicago]", "[That is all for today]")
        talk.clock.set(talk.clock.now() + timedelta(days=12))

        await heard(talk, "/next")
        shown = "\n".join(await heard(talk, "/pass 2 days"))

    assert "ask somebody new while Maria Lopez thinks about it" in shown
