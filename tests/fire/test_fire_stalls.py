"""The event loop is never held for long: whatever a seeker sends, the others are answered meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.calendars import WorldCalendar
from bot.terminal.channel import SEEKER
from bot.terminal.talk import Talk
from bot.words import Words
from conversations import Script
from tests.fire.stalls import watching
from tests.fire.time_kit import clockwork, owing
from tests.playing import opening_of
from tests.shell.shell_kit import heard, talking

MOST = 4096
SEEN = datetime(2027, 3, 1, 18, tzinfo=UTC)  # Monday noon in Chicago; two days later, at ten, all are due
PEOPLE = [f"{first}{last.lower()} Byron" for first in ("Ada", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Hal",
          "Ida", "Jo", "Kay", "Lee", "Mo", "Ned", "Ola") for last in ("Ann", "Bel", "Car", "Dee", "Eve",
          "Fay", "Gil", "Han", "Ivy", "Jan", "Kit", "Lou", "May", "Nan", "Oda", "Pam", "Quin", "Ray",
          "Sue", "Tom")]  # fmt: skip
LONG = ("x" * MOST, "?" * (MOST - 1) + "x", "9" * MOST, "a, " * 1365, "<b>&" * 1024, "\U0001f600" * 2048)
ODD = ("tomorrow " * 455, "12:00 " * 682, "1/2/3 " * 682, "am pm " * 682, "\n" * 4000 + "noon")


@pytest.fixture(autouse=True)
def _holidays_are_read() -> None:
    """The library of holidays is read once, at the first business day."""
    WorldCalendar().is_business_day(date(2026, 11, 23), "US")


@asynccontextmanager
async def after(script: Script, words: Words, opening: str) -> AsyncIterator[tuple[Talk, list[str]]]:
    """A talk that has come to the end of an opening of the transcripts, and what was shown."""
    async with talking(script, words, name="Dana") as talk:
        shown = await heard(talk, *opening_of(opening))
        assert not [one for one in shown if "no button" in one]
        yield talk, shown


async def burn(seconds: float) -> None:
    """Keep the loop busy for so long."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


@pytest.mark.holds("C11")
async def test_a_callback_that_holds_the_loop_is_found_and_one_that_waits_is_not() -> None:
    """The known-bad twin: a fifth of a second and more of reckoning in one piece."""
    with watching() as seen:
        await asyncio.create_task(asyncio.sleep(0.4))
        await asyncio.create_task(burn(0.25))

    assert [one.what for one in seen.found] == ["burn"]
    assert seen.callbacks > 2


@pytest.mark.holds("C11")
async def test_nothing_a_seeker_does_up_to_a_talk_holds_the_loop(script: Script, words: Words) -> None:
    """With the calendar file, the export, and every list on the way."""
    with watching() as seen:
        async with after(script, words, "agreed") as (talk, shown):
            shown += await heard(talk, "/people", "/talks", "/help", "/export", "/language")

    assert any("twenty-minutes.json" in one for one in shown)
    assert any("talk.ics" in one for one in shown)
    assert seen.callbacks > 500
    assert seen.found == []


@pytest.mark.holds("C11")
async def test_three_hundred_people_on_the_list_do_not_hold_the_loop(script: Script, words: Words) -> None:
    with watching() as seen:
        async with talking(script, words) as talk:
            await heard(talk, "/start", "[I just finished college or training]", "nursing")
            for first in range(0, 300, 20):
                await heard(talk, "/people", "[Add a name]", "\n".join(PEOPLE[first : first + 20]))
            shown = await heard(talk, "/people", "[More]", "/plan", "/home", "/export")
            seeker = await talk.coach.load(SEEKER)

    assert seeker is not None
    assert len(seeker.people) == 300
    assert any("twenty-minutes.json" in one for one in shown)
    assert seen.found == []


@pytest.mark.holds("C11")
@pytest.mark.parametrize("opening", ["listed", "asked", "agreed", "met"])
async def test_a_message_of_the_greatest_length_does_not_hold_the_loop(
    script: Script, words: Words, opening: str
) -> None:
    """Wherever words are read: as names, as a field, as a day and an hour, as a zone."""
    with watching() as seen:
        async with after(script, words, opening) as (talk, _):
            await heard(talk, *LONG, *ODD, "/zone", *LONG[:3], "/plan", "[Choose my moment]", *ODD)

    assert seen.callbacks > 200
    assert seen.found == []


@pytest.mark.holds("C11")
async def test_a_bell_that_finds_three_hundred_due_does_not_hold_the_loop() -> None:
    async with clockwork(SEEN) as work:
        for number in range(1, 301):
            await work.keep(number, owing("America/Chicago", SEEN, [2, 2, 2]))

        with watching() as seen:
            said = await asyncio.create_task(work.ring(SEEN + timedelta(hours=46)))

    assert len(said) == 300
    assert seen.found == []


@pytest.mark.holds("C11")
async def test_three_hundred_updates_that_wait_do_not_hold_the_loop(script: Script, words: Words) -> None:
    """As after an outage: they are many, and each is as long as a message can be."""
    async with after(script, words, "listed") as (talk, _):
        waiting = [{"update_id": 1000 + n, "kind": "text", "words": LONG[n % 6]} for n in range(300)]
        with watching() as seen:
            await asyncio.create_task(talk.coach.keep(waiting))
            done = await asyncio.create_task(talk.coach.work())

    assert done == 300
    assert seen.found == []
