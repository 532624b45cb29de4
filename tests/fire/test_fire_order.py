"""Two messages of one seeker a millisecond apart, wherever they stand: as if one had waited for the other."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import pytest

from bot.clock import StoppedClock
from bot.coach import Coach
from bot.store import SeekerRow, Store
from bot.telegram.callback import encode
from bot.telegram.channel import TelegramChannel
from bot.typed import buttons_now, understood
from conversations import Seeker, advance
from conversations.saving import FORMAT, dump, load
from tests.fire.stories import STORIES, Teller, built
from tests.playing import opening_of

Json = dict[str, Any]
STATES = {
    "welcome.situation": "welcome, zone and first ask", "people.walk": "welcome, zone and first ask",
    "people.circle": "welcome, zone and first ask", "ask.draft": "welcome, zone and first ask",
    "settings.zone": "welcome, zone and first ask", "home.home": "welcome, zone and first ask",
    "people.same": "names_and_a_contact", "time.day": "questions_changed",
    "questions.sheet": "questions_changed", "nudges.next_person": "a_nudge_put_off_asked_why_and_stopped",
    "debrief.feel": "thank_you_forgotten", "debrief.helped": "thank_you_forgotten",
}  # fmt: skip
TYPED = ("Maria Lopez, nurse at Mercy", "2", "tomorrow at noon", "no", "/start", "/next", "/help", "/people")
SECONDS = (*TYPED, "the first button", "the last button", "a button of nobody's", "a contact")


@dataclass(frozen=True)
class Stand:
    """Where a seeker stands, and when."""

    seeker: Seeker
    now: datetime
    buttons: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two updates of one seeker, one right after the other."""

    number: int
    stand: Stand
    updates: tuple[Json, Json]


async def stands() -> Mapping[str, Stand]:
    """One seeker for each of the states, as the stories lead there."""
    script, words = built()
    found = dict[str, Stand]()
    for story in (one for one in STORIES if one.name in STATES.values()):
        store = await Store.open(":memory:")
        teller = Teller(script, words, store)
        for line in (*opening_of(story.after), *story.lines):
            await teller.hear(line)
            seeker, now = await teller._coach.load(1001), teller._clock.now()
            if seeker and STATES.get(seeker.at.step) == story.name and seeker.at.step not in found:
                data = tuple(encode(one) for one, _ in buttons_now(script, words, seeker, now))
                found[seeker.at.step] = Stand(seeker, now, data)
        await store.close()
    assert found.keys() == STATES.keys()
    return found


@cache
def all_pairs() -> tuple[Pair, ...]:
    """Every state with every second input; the first is what belongs there."""
    found = asyncio.run(stands())
    return tuple(_pairs(found.values()))


def _pairs(found: Sequence[Stand] | Any) -> Iterator[Pair]:
    number = 0
    for stand in found:
        for second in SECONDS:
            number += 1
            first = "the first button" if stand.buttons else "nursing"
            updates = (_update(number, 0, first, stand), _update(number, 1, second, stand))
            yield Pair(number, stand, updates)


def _update(chat: int, place: int, what: str, stand: Stand) -> Json:
    user = {"id": chat, "is_bot": False, "first_name": "Dana", "language_code": "en"}
    home = {"id": chat, "type": "private", "first_name": "Dana"}
    update: Json = {"update_id": 10_000 + 2 * chat + place}
    message: Json = {"message_id": 50 + place, "date": 0, "from": user, "chat": home}
    if "button" in what:
        shown = {"message_id": 49, "date": 0, "chat": home, "from": {"id": 1, "is_bot": True}}
        press = {"id": f"tap {chat} {place}", "from": user, "message": shown, "chat_instance": "1"}
        return {**update, "callback_query": {**press, "data": _data(what, stand)}}
    if what == "a contact":
        return {
            **update,
            "message": {**message, "contact": {"first_name": "Ana", "phone_number": "+15550100"}},
        }
    return {**update, "message": {**message, "text": what}}


def _data(what: str, stand: Stand) -> str:
    if what == "a button of nobody's" or not stand.buttons:
        return "home.home|nothing|0|1"
    return stand.buttons[0 if what == "the first button" else -1]


def in_core(pair: Pair) -> Seeker:
    """The seeker after both, as the core alone has it."""
    script, words = built()
    channel, seeker = TelegramChannel(words, "coach_bot"), pair.stand.seeker
    for update in pair.updates:
        heard = channel.read(update)
        assert heard is not None and heard.event is not None
        event = understood(script, words, seeker, heard.event, pair.stand.now)
        seeker, _ = advance(script, seeker, event, pair.stand.now)
    return seeker


class Played:
    """A coach with one seeker for each pair of one moment."""

    def __init__(self, store: Store, pairs: Sequence[Pair]) -> None:
        script, words = built()
        self.store, self.pairs = store, pairs
        clock = StoppedClock(pairs[0].stand.now)
        self.coach = Coach(script, words, store, TelegramChannel(words, "coach_bot"), clock)

    async def begin(self) -> None:
        """Save the seekers."""
        rows = [SeekerRow(one.number, one.number, one.stand.seeker.turn, FORMAT, dump(one.stand.seeker))
                for one in self.pairs]  # fmt: skip
        async with self.store.transaction() as t:
            await t.save_seekers(rows)

    async def seekers(self) -> dict[int, Seeker]:
        """All as they are in the end."""
        async with self.store.transaction() as t:
            rows = await t.seekers([one.number for one in self.pairs])
        return {number: load(row.body) for number, row in rows.items()}

    async def said(self) -> dict[int, list[tuple[str, str]]]:
        """What was said to each, in order."""
        said: dict[int, list[tuple[str, str]]] = {one.number: [] for one in self.pairs}
        rows = await self.store._driver.rows("SELECT chat, method, payload FROM outbox ORDER BY id")
        for chat, method, payload in rows:
            said[chat].append((method, bytes(payload).decode()))
        return said

    async def done(self) -> int:
        """How many updates were handled."""
        [[count]] = await self.store._driver.rows("SELECT count(*) FROM inbox WHERE state = 'done'")
        return int(count)


async def one_by_one(played: Played) -> None:
    """Each update is kept and handled before the next one comes."""
    for pair in played.pairs:
        for update in pair.updates:
            await played.coach.keep([update])
            await played.coach.work()


async def together(played: Played) -> None:
    """All come in one batch."""
    await played.coach.keep([one for pair in played.pairs for one in pair.updates])
    await played.coach.work()


async def racing(played: Played) -> None:
    """The second comes while the first is kept and handled."""

    async def comes(update: Json, behind: int) -> None:
        for _ in range(behind):
            await asyncio.sleep(0)
        await played.coach.keep([update])
        await played.coach.work()

    for pair in played.pairs:
        first, second = pair.updates
        await asyncio.gather(comes(first, 0), comes(second, 1 + pair.number % 30))


async def played(how: Any, pairs: Sequence[Pair]) -> tuple[dict[int, Seeker], Any, int]:
    """The seekers in the end, what was said, and how many updates were handled."""
    seekers, said, done = dict[int, Seeker](), dict[int, Any](), 0
    for now in sorted({one.stand.now for one in pairs}):
        store = await Store.open(":memory:")
        one = Played(store, [pair for pair in pairs if pair.stand.now == now])
        await one.begin()
        await how(one)
        seekers |= await one.seekers()
        said |= await one.said()
        done += await one.done()
        await store.close()
    return seekers, said, done


@pytest.fixture(scope="module")
def pairs() -> tuple[Pair, ...]:
    """Twelve states with twelve second inputs."""
    return all_pairs()


@pytest.fixture(scope="module")
def ordered(pairs: tuple[Pair, ...]) -> dict[int, Any]:
    """What is said where each message is answered before the next one comes."""
    return asyncio.run(played(one_by_one, pairs))[1]  # type: ignore[no-any-return]


@pytest.mark.holds("C04")
@pytest.mark.parametrize("how", [together, racing], ids=lambda one: str(one.__name__))
async def test_two_messages_at_once_are_taken_in_order_wherever_a_seeker_stands(
    how: Any, pairs: tuple[Pair, ...], ordered: dict[int, Any]
) -> None:
    seekers, said, done = await played(how, pairs)

    assert len(pairs) == 12 * 12
    assert done == 2 * len(pairs)
    wrong = [one.number for one in pairs if seekers[one.number] != in_core(one)]
    assert wrong == []
    assert [one.number for one in pairs if said[one.number] != ordered[one.number]] == []


@pytest.mark.holds("C04")
async def test_in_the_wrong_order_most_of_them_would_end_elsewhere(pairs: tuple[Pair, ...]) -> None:
    """The known-bad twin: the second before the first."""

    async def turned(play: Played) -> None:
        for pair in play.pairs:
            for update in reversed(pair.updates):
                await play.coach.keep([update])
                await play.coach.work()

    seekers, _, _ = await played(turned, pairs)

    different = sum(seekers[one.number] != in_core(one) for one in pairs)
    assert different > len(pairs) // 2
