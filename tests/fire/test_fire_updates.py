"""However updates come, twice, late, out of order, broken or not at all: each counts once, or it is told."""

import asyncio
import json
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bot import turn
from bot.coach import Coach
from bot.local.updates import Waiting
from bot.store import Store
from bot.telegram.channel import TelegramChannel
from bot.telegram.client import make_bot, make_request
from bot.telegram.intake import Intake
from conversations import Seeker, advance
from conversations.effects import Text, When
from conversations.saving import load
from tests.conversations.core_kit import the_coach
from tests.fire.fire_kit import MONDAY, FastClock, Person, StandIn, comes, faults, running
from tests.fire.generated import updates
from tests.fire.rig import Step, send_all
from tests.fire.stories import STORIES, told

Json = dict[str, Any]
FIRST = "I just finished college or training"


class Office:
    """A coach over a store in memory, to which updates are handed."""

    def __init__(self, store: Store, clock: FastClock) -> None:
        script, words = the_coach()
        self.store, self.clock = store, clock
        self.coach = Coach(script, words, store, TelegramChannel(words, "coach_bot"), clock)

    async def take(self, *given: Json) -> None:
        """Updates come in and are worked on."""
        await self.coach.keep(given)
        await self.coach.work()

    async def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """What the store says."""
        return await self.store._driver.rows(sql)

    async def seeker(self, number: int) -> Seeker:
        """A seeker as saved."""
        async with self.store.transaction() as t:
            row = await t.seeker(number)
        assert row is not None
        return load(row.body)


@pytest.fixture
async def office() -> Any:
    store = await Store.open(":memory:")
    yield Office(store, FastClock(speed=1.0))
    await store.close()


def message(update: int, person: int, text: str) -> Json:
    """Somebody wrote."""
    who = {"id": person, "is_bot": False, "first_name": "Kim", "language_code": "en"}
    chat = {"id": person, "type": "private", "first_name": "Kim"}
    content = {"message_id": update, "date": 0, "from": who, "chat": chat, "text": text}
    if text.startswith("/"):
        content["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
    return {"update_id": update, "message": content}


async def many_times(office: Office, count: int, people: int = 50, seed: int = 1) -> int:
    """T06: so many updates, each one to five times, in batches; how many effects they had."""
    chosen = random.Random(seed)
    given = [message(1 + one, 2000 + one % people, "/start" if one < people else f"word {one}")
             for one in range(count)]  # fmt: skip
    many = [one for one in given for _ in range(chosen.randint(1, 5))]
    for at in range(0, len(many), 100):
        batch = many[at : at + 100]
        await office.take(*batch, *chosen.sample(many[: at + 100], 5))
    found = await office.ask("SELECT sum(turn) FROM seekers")
    return int(found[0][0])


@pytest.mark.holds("T06")
async def test_an_update_that_comes_up_to_five_times_has_one_effect(office: Office) -> None:
    assert await many_times(office, 600) == 600


async def played(steps: Sequence[Step], *, again: bool) -> tuple[Seeker | None, list[str]]:
    """A story in which each tap may come again at once; taps whose repetition would have changed anything."""
    store, clock, wrong = await Store.open(":memory:"), FastClock(speed=0.0), list[str]()
    office = Office(store, clock)
    for number, step in enumerate(steps):
        clock.jump(step.at - clock.now())
        if step.kind == "ring":
            await office.coach.ring()
        elif step.kind == "send":
            await send_all(office.coach)
        else:
            await office.take(dict(step.update))
            if again and "callback_query" in step.update:
                await office.take({**step.update, "update_id": 90_000 + number})
            wrong += await changes_again(office, step.update)
    seeker = await office.coach.load(1001)
    await store.close()
    return seeker, wrong


async def changes_again(office: Office, update: Mapping[str, Any]) -> list[str]:
    """The button of a tap whose repetition under another query would change anything."""
    heard = office.coach.channel.read(update)
    seeker = await office.coach.load(1001)
    if seeker is None or heard is None or heard.press is None or heard.event is None:
        return []
    changed, _ = advance(office.coach.script, seeker, heard.event, office.clock.now())
    return [heard.data] if lasting(changed) != lasting(seeker) else []


def lasting(seeker: Seeker | None) -> object:
    """What a seeker said and asked for, without where they stand at the moment."""
    if seeker is None:
        return None
    people = [replace(one, added=None) for one in seeker.people]  # type: ignore[arg-type]
    return people, seeker.language, seeker.zone, seeker.plan, seeker.nudging.stopped


@pytest.mark.holds("T07")
async def test_a_tap_that_comes_again_under_another_number_has_no_second_effect() -> None:
    taps = 0
    for story in STORIES[:8]:
        steps = await told(story)
        whole = (*steps.opening, *steps.steps)
        taps += sum("callback_query" in one.update for one in whole)

        once, wrong = await played(whole, again=False)
        again, _ = await played(whole, again=True)

        assert again == once, story.name
        assert not wrong, story.name
    assert taps > 50


@pytest.mark.holds("T13")
async def test_five_thousand_updates_of_every_kind_disturb_nothing(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    given = list(updates(5000, seed=7))
    for at in range(0, len(given), 100):
        await office.take(*given[at : at + 100])

    states = dict(await office.ask("SELECT state, count(*) FROM inbox GROUP BY state"))
    assert states == {"done": 5000}
    assert not caplog.records
    assert await office.ask("SELECT count(*) FROM outbox") > [(100,)]


@pytest.mark.holds("T12")
async def test_an_update_that_nobody_can_handle_is_set_aside_said_so_and_holds_up_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = turn.advance

    def failing(script: Any, seeker: Seeker, event: Any, now: Any) -> Any:
        if getattr(event, "words", "") == "poison":
            raise RuntimeError("every time")
        return real(script, seeker, event, now)

    monkeypatch.setattr(turn, "advance", failing)
    await office.take(message(1, 2000, "/start"), message(2, 3000, "/start"))
    begun = monotonic()
    await office.take(*(message(10 + one, 2000 + 1000 * (one % 2), text) for one, text in
                        enumerate(["poison", "a", "b", "c", "d", "e"])))  # fmt: skip
    took = monotonic() - begun

    states = await office.ask("SELECT update_id, state, tries FROM inbox WHERE update_id >= 10 ORDER BY 1")
    told = [json.loads(body)["text"] for (body,) in await office.ask(
        "SELECT payload FROM outbox WHERE seeker IS NULL")]  # fmt: skip
    assert states == [(10, "aside", 3), *((one, "done", 0) for one in range(11, 16))]
    assert took <= 1.0
    assert len(told) == 1
    assert (await office.seeker(2000)).turn == 3


class Lines:
    """The intake over a local Telegram, and what it kept, in the order it did."""

    def __init__(self, standin: StandIn, clock: FastClock) -> None:
        self.standin, self.clock = standin, clock
        self.kept: list[Json] = []
        self.alarms = Names()

    async def keep(self, given: list[Json]) -> None:
        """As the coach does."""
        self.kept += given

    async def run(self, done: Any, within: float = 20.0, long_poll: int = 1) -> None:
        """Take in, until `done`."""
        layers = make_request(4), make_request(2)
        bot = make_bot(self.standin.token, self.standin.base_url, *layers)
        intake = Intake(bot, self.keep, self.clock.sleep, lambda: 0.1, long_poll, alarms=self.alarms)
        task = asyncio.create_task(intake.run())
        try:
            await comes(lambda: done() or task.done(), "what was to come in", within)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await bot.close_connections()

    def numbers(self) -> list[int]:
        """The numbers of what was kept."""
        return [int(one["update_id"]) for one in self.kept]


class Names:
    """The alarms that were raised and cleared, in order."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def raised(self, name: str, remedy: str) -> None:
        """This is wrong."""
        self.told.append(f"raised {name}")

    def cleared(self, name: str) -> None:
        """This is well."""
        if self.told and self.told[-1].startswith("raised"):
            self.told.append(f"cleared {name}")


@pytest.mark.holds("T08")
async def test_updates_that_come_out_of_order_are_kept_in_order() -> None:
    clock, chosen = FastClock(speed=5.0), random.Random(5)
    async with StandIn(clock=clock) as standin:
        standin.updates.hold = 0.0
        lines = Lines(standin, clock)
        numbers = list(range(1000, 1300))
        # Of what came before the first answer nobody can know that it is missing.
        late = [1000, *sorted(numbers[1:], key=lambda one: one + chosen.randint(0, 10))]

        async def arrive() -> None:
            for number in late:
                update = message(number, 2000 + number % 7, "word")
                standin.updates.queue.append(Waiting(update, clock.now() + timedelta(days=1)))
                standin.updates.queue.sort(key=lambda one: one.number)
                standin.updates._news.set()
                await clock.sleep(chosen.random() * 0.1)

        taking = asyncio.create_task(lines.run(lambda: len(set(lines.numbers())) == 300, within=15))
        coming = asyncio.create_task(arrive())
        await taking
        await coming

        # A turn sees nothing but what is kept, in this order: the seekers end as in an ordered run.
        assert lines.numbers() == numbers


@pytest.mark.holds("T09")
async def test_numbers_that_begin_again_lower_are_not_taken_for_old_ones() -> None:
    clock = FastClock(speed=20.0)
    async with StandIn(clock=clock) as standin:
        standin.updates.hold = 0.0
        lines, dana = Lines(standin, clock), standin.person("Dana")
        standin.updates.next_id = 900_000_000
        high = [dana.types(f"word {one}")["update_id"] for one in range(3)]
        taking = asyncio.create_task(lines.run(lambda: len(lines.kept) == 6))
        await comes(lambda: len(lines.kept) == 3 and standin.updates.confirmed == high, "the first ones")
        polls = len(standin.called("getUpdates"))
        await comes(lambda: len(standin.called("getUpdates")) >= polls + 2, "an empty answer")
        standin.updates.next_id = 5
        low = [dana.types(f"later {one}")["update_id"] for one in range(3)]

        await taking

        assert lines.numbers() == [*high, *low]


@pytest.mark.holds("T11")
@pytest.mark.parametrize(("seconds", "alarm"), [(5, False), (600, True)], ids=["5 s", "10 min"])
async def test_another_poller_is_waited_out_and_an_operator_is_told(
    seconds: int, alarm: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FastClock(speed=200.0)
    monkeypatch.setattr("bot.telegram.intake.monotonic", clock.seconds)
    async with StandIn(clock=clock) as standin:
        standin.updates.hold = 0.0
        lines, dana = Lines(standin, clock), standin.person("Dana")
        words = "Conflict: terminated by other getUpdates request; make sure that only one is running"
        standin.faults.always("getUpdates", faults.refused(409, words))
        dana.types("hello")
        taking = asyncio.create_task(lines.run(lambda: bool(lines.kept)))
        await comes(lambda: bool(standin.called("getUpdates")), "a first refusal")
        begun = clock.seconds()
        await clock.sleep(seconds)
        asked, took = [one.status for one in standin.called("getUpdates")], clock.seconds() - begun
        standin.faults.clear()
        await taking

        name = "another poller"
        assert lines.alarms.told == ([f"raised {name}"] * lines.alarms.told.count(f"raised {name}")
                                     + [f"cleared {name}"] if alarm else [])  # fmt: skip
        assert set(asked) == {409}
        assert len(asked) <= took / 3 + 1
        assert len(asked) <= 16


async def down(standin: StandIn, clock: FastClock, path: Path, seconds: int) -> Person:
    """Dana presses and writes right after the coach went down; it comes back after a while."""
    async with running(standin, path) as service:
        dana = standin.person("Dana")
        dana.types("/start")
        await comes(lambda: FIRST in dana.buttons(), "the first question")
        await service.contact.note()
    dana.presses(FIRST)
    dana.types("/people")
    clock.jump(timedelta(seconds=seconds))
    return dana


def notices(dana: Person) -> list[str]:
    """Which notices about an absence were sent, by the beginning of their words."""
    said = {"away": "troubles.away", "away_long": "troubles.away_long"}
    words = the_coach()[1]
    return [name for one in dana.received() for name, key in said.items() if begins(words, key) in one]


def begins(words: Any, key: str) -> str:
    """The words of a text before the first moment in it."""
    moment = When(MONDAY)
    whole = words.say(Text(key, {"since": moment, "until": moment, "moment": moment}), "en")
    return str(whole).split(words.say(moment, "en"))[0][:25]


@pytest.mark.holds("T10")
@pytest.mark.parametrize(
    ("seconds", "lost", "told"),
    [
        (149, 0, []), (151, 1, ["away"]), (24 * 3600 - 60, 1, ["away"]), (24 * 3600 + 60, 2, ["away_long"]),
    ],
    ids=["149 s", "151 s", "23 h 59", "24 h 01"],
)  # fmt: skip
async def test_what_an_absence_may_have_cost_is_told_once_and_only_then(
    seconds: int, lost: int, told: list[str], tmp_path: Path
) -> None:
    clock = FastClock(speed=0.0)
    async with StandIn(clock=clock) as standin:
        dana = await down(standin, clock, tmp_path / "c.db", seconds)
        async with running(standin, tmp_path / "c.db"):
            await comes(lambda: not standin.updates.waiting, "what waited is taken in")
            clock.go(5.0)
            for line in ("/settings", "/people", "/next"):
                before = len(dana.received())
                dana.types(line)
                await comes(lambda before=before: len(dana.received()) > before, line)  # type: ignore[misc]
                await comes(lambda: not standin.updates.waiting, "all taken in")

            assert len(standin.updates.expired) == lost
            assert notices(dana) == told
