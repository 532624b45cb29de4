"""Time that is let pass: each nudge at its own moment, once, and nobody thinks the coach was away."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bot.local.people import Person
from bot.page.passing import PATIENCE as LONGEST_WAIT
from bot.page.scene import NotDone
from bot.words import Words
from conversations import Script
from tests.page.page_kit import UNHURRIED, Page, Service, dana_has_asked, page, playing
from tests.telegram.test_telegram_journey import does, until

MONTH = timedelta(days=29)
#: A nudge is planned for a whole minute, and said within a few seconds of it.
SOON = 10


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The coach writes as fast as it can."""
    monkeypatch.setattr(*UNHURRIED)


@asynccontextmanager
async def dana_asked(
    script: Script, words: Words, folder: Path
) -> AsyncIterator[tuple[Page, Person, Service]]:
    """Dana has asked Maria on a Monday; on Friday, and later again, the coach comes back to it."""
    async with playing(script, words, folder) as (it, coach):
        yield it, await dana_has_asked(it), coach


def said(dana: Person, since: int) -> dict[int, str]:
    """What the coach said after a message, by the moment it is dated; fails where two have one moment."""
    new = [one for number, one in dana.chat.messages.items() if number > since and one["from"]["is_bot"]]
    found = {one["date"]: str(one["text"]) for one in new}
    assert len(found) == len(new)
    return found


def at(moment: datetime) -> int:
    """A moment in whole seconds."""
    return int(moment.timestamp())


async def due_of(it: Page) -> datetime:
    """When the next nudge is planned."""
    due = await it.passage.next_due()
    assert due is not None
    return due


async def test_every_nudge_of_a_month_is_said_at_its_own_moment_and_once(
    script: Script, words: Words, tmp_path: Path
) -> None:
    async with dana_asked(script, words, tmp_path) as (it, dana, _):
        begin, first, since = it.standin.clock.now(), await due_of(it), dana.chat.last

        await it.passage.pass_(MONTH)

        nudges = said(dana, since)
        assert len(nudges) >= 3
        assert list(nudges) == sorted(nudges)
        assert 0 <= min(nudges) - at(first) <= SOON
        assert all(moment % 60 <= SOON for moment in nudges)
        assert len(set(nudges.values())) == len(nudges)
        assert abs(it.standin.clock.now() - begin - MONTH) < timedelta(seconds=SOON)


async def test_a_clock_that_jumps_would_leave_nudges_out(
    script: Script, words: Words, tmp_path: Path
) -> None:
    """The known-bad twin: the month at once, and then the bell."""
    async with dana_asked(script, words, tmp_path) as (it, dana, coach):
        since = dana.chat.last
        it.standin.clock.set(it.standin.clock.now() + MONTH)  # type: ignore[attr-defined]

        await coach.jobs.ring()
        await until(lambda: bool(said(dana, since)), "a nudge")
        await it.passage.pass_(timedelta(seconds=1))

        assert len(said(dana, since)) == 1


async def test_until_the_next_nudge_is_exactly_until_then(
    script: Script, words: Words, tmp_path: Path
) -> None:
    async with dana_asked(script, words, tmp_path) as (it, dana, _):
        for _ in range(2):
            due, since = await due_of(it), dana.chat.last

            await it.passage.to_next_nudge()

            [moment] = said(dana, since)
            assert 0 <= moment - at(due) <= SOON
            assert timedelta() <= it.standin.clock.now() - due <= timedelta(seconds=SOON)


async def test_nudges_of_several_seekers_come_one_after_another(
    script: Script, words: Words, tmp_path: Path
) -> None:
    """Of two who have the same plan, the next button brings both; neither hears anything twice."""
    async with playing(script, words, tmp_path) as (it, _):
        seekers = [await dana_has_asked(it) for _ in range(2)]
        since = [one.chat.last for one in seekers]

        await it.passage.pass_(MONTH)

        heard = [list(said(one, last).values()) for one, last in zip(seekers, since, strict=True)]
        assert len(heard[0]) == len(heard[1]) >= 3
        assert heard[0] == heard[1]
        assert set(it.scene.locked) == {one.chat.id for one in seekers}


async def test_time_that_passed_is_no_absence(
    script: Script, words: Words, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with dana_asked(script, words, tmp_path) as (it, dana, coach):
        await it.passage.pass_(timedelta(days=3))
        await it.passage.to_next_nudge()
        await does(dana, "hello", "did not catch")
        await it.passage.pass_(timedelta(minutes=20))
        await does(dana, "and hello again", "did not catch")

        assert coach.contact.past.away is None
        assert not coach.alarms.names
        assert "out of reach" not in "\n".join((*dana.received(), caplog.text))


async def test_a_clock_that_goes_on_alone_would_look_like_an_absence(
    script: Script, words: Words, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The known-bad twin: nobody tells the coach that Telegram's clock went along."""
    async with dana_asked(script, words, tmp_path) as (it, dana, _):
        it.standin.clock.set(it.standin.clock.now() + timedelta(days=3))  # type: ignore[attr-defined]

        await does(dana, "hello", "did not catch")

        assert "out of reach" in caplog.text


async def test_while_telegram_is_away_time_passes_at_once_and_is_missed_afterwards(
    script: Script, words: Words, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with dana_asked(script, words, tmp_path) as (it, dana, coach):
        since, began = dana.chat.last, monotonic()
        await it.done("faults", away=True)
        await it.done("pass", seconds=5 * 86_400)
        assert monotonic() - began < LONGEST_WAIT / 2
        assert not said(dana, since)

        await it.done("faults", away=False)
        dana.types("hello")

        await until(lambda: "out of reach" in "\n".join(dana.received()), "words about the absence")
        assert "out of reach" in caplog.text
        assert coach.contact.past.away is not None


async def test_two_passes_at_once_come_one_after_the_other(
    script: Script, words: Words, tmp_path: Path
) -> None:
    async with dana_asked(script, words, tmp_path) as (it, dana, _):
        begin, since = it.standin.clock.now(), dana.chat.last

        asked = [it.done("pass", seconds=days * 86_400) for days in (5, 7)]
        await asyncio.gather(*asked)

        passed = it.standin.clock.now() - begin
        assert abs(passed - timedelta(days=12)) < timedelta(seconds=SOON)
        assert len(said(dana, since)) == 2
        assert len(it.scene.locked[dana.chat.id]) == 2


class Free:
    """A lock that holds nobody up."""

    async def __aenter__(self) -> None:
        """Come in."""

    async def __aexit__(self, *error: object) -> None:
        """Go out."""


async def test_two_passes_that_do_not_wait_would_be_one(script: Script, words: Words, tmp_path: Path) -> None:
    """The known-bad twin: both begin at the same moment."""
    async with dana_asked(script, words, tmp_path) as (it, _dana, _):
        begin, it.passage._one_at_a_time = it.standin.clock.now(), Free()  # type: ignore[assignment]

        await asyncio.gather(*(it.passage.pass_(timedelta(days=days)) for days in (5, 7)))

        assert it.standin.clock.now() - begin < timedelta(days=8)


async def test_without_a_plan_it_says_so_and_no_time_passes(
    script: Script, words: Words, tmp_path: Path
) -> None:
    async with playing(script, words, tmp_path) as (it, _):
        await it.done("begin", first_name="Dana", language="en", zone="UTC")
        begin = it.standin.clock.now()

        answer = await it.does("next_nudge")

        assert answer.status_code == 409
        assert answer.json()["told"].startswith("No nudge is planned.")
        assert it.standin.clock.now() - begin < timedelta(seconds=SOON)
        assert not it.scene.locked


async def test_before_the_coach_runs_time_passes_without_it() -> None:
    async with page() as it:
        dana = it.newcomer()
        dana.types("/start")
        begin = it.standin.clock.now()

        await it.passage.pass_(timedelta(days=1))

        assert it.standin.clock.now() - begin >= timedelta(days=1)
        assert await it.passage.next_due() is None
        with pytest.raises(NotDone):
            await it.passage.to_next_nudge()
        assert not it.scene.locked


async def test_a_locked_phone_shows_what_came_and_only_that(
    script: Script, words: Words, tmp_path: Path
) -> None:
    async with dana_asked(script, words, tmp_path) as (it, dana, _):
        number, since = dana.chat.id, dana.chat.last
        await it.passage.pass_(timedelta(hours=1))
        assert not it.scene.locked

        await it.passage.to_next_nudge()
        first = list(it.scene.locked[number])
        await does(dana, "hello", "did not catch")
        await it.passage.to_next_nudge()

        came = it.scene.locked[number]
        assert first == [since + 1]
        assert came == [*first, dana.chat.last]
        await it.done("unlock", seeker=number)
        assert number not in it.scene.locked


async def test_an_answer_to_what_was_just_written_is_not_on_the_locked_phone(
    script: Script, words: Words, tmp_path: Path
) -> None:
    async with dana_asked(script, words, tmp_path) as (it, dana, _):
        since = dana.chat.last
        dana.types("hello")

        await it.passage.pass_(timedelta(hours=1))

        assert next(iter(said(dana, since).values())).startswith("I did not catch")
        assert not it.scene.locked


async def test_a_seeker_who_comes_while_time_passes_is_in_nobodys_way(
    script: Script, words: Words, tmp_path: Path
) -> None:
    async with dana_asked(script, words, tmp_path) as (it, dana, _):
        since = dana.chat.last
        here: dict[str, Any] = {"first_name": "Ana", "language": "en", "zone": "UTC"}

        await asyncio.gather(it.done("pass", seconds=at(datetime(1970, 1, 8, tzinfo=UTC))),
                             it.done("add", **here))  # fmt: skip

        assert len(said(dana, since)) == 1
        assert set(it.scene.locked) == {dana.chat.id}


async def test_the_last_update_once_more_changes_nothing(
    script: Script, words: Words, tmp_path: Path
) -> None:
    async with playing(script, words, tmp_path) as (it, _):
        dana = it.newcomer()
        await does(dana, "/start", "I just finished")
        await does(dana, "hello", "did not catch")
        await it.passage.pass_(timedelta(seconds=1))
        before = json.dumps(dana.chat.messages)

        await it.done("once", what="repeat")
        await until(lambda: not it.standin.updates.waiting, "the update once more")
        await it.passage.pass_(timedelta(seconds=1))

        assert json.dumps(dana.chat.messages) == before


async def test_a_nudge_that_has_to_wait_some_seconds_still_comes_in_its_own_minute(
    script: Script, words: Words, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram refuses it once for haste, and the time that passes does not run ahead of it."""
    monkeypatch.setattr("bot.page.scene.HASTE_SECONDS", 1)
    async with dana_asked(script, words, tmp_path) as (it, dana, _):
        due, since = await due_of(it), dana.chat.last
        await it.done("once", what="haste")

        await it.passage.pass_(timedelta(days=5))

        [moment] = said(dana, since)
        assert 0 <= moment - at(due) <= 2 * SOON
        assert it.scene.locked[dana.chat.id] == [dana.chat.last]
