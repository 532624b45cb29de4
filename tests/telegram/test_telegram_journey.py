"""The whole coach over HTTP: real telegram.Bot, real store, long polling, a loopback Bot API."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.bell import Bell
from bot.clock import Clock, WallClock
from bot.coach import Coach
from bot.local.faults import blocked, broken, slow, too_many
from bot.local.people import Person, keys_of
from bot.local.server import StandIn
from bot.service import Service
from bot.store import Store
from bot.words import Words
from conversations import Script

PATIENCE = 20.0
SITUATION = "I just finished college or training"
FIRST_ASK = (
    ("/start", SITUATION), (f"[{SITUATION}]", "Not yet"), ("nursing", "Enough for now"),
    ("Maria Lopez, nurse at Mercy", "(2 of"), ("[Enough for now]", "Very well"),
    ("[Very well]", "Ask Maria"), ("[Ask Maria]", "E-mail"), ("[Text or chat message]", "Dana"),
    ("[Dana]", "Hi Maria"),
)  # fmt: skip


def monday() -> WallClock:
    """A clock that goes on from a Monday morning, whatever day it is really."""
    clock = WallClock()
    clock.set(datetime(2026, 11, 23, 16, 0, tzinfo=UTC))
    return clock


@asynccontextmanager
async def running(
    standin: StandIn, script: Script, words: Words, path: Path, clock: Clock | None = None
) -> AsyncIterator[Service]:
    """The coach, speaking to the stand-in until the block ends, by its clock unless told another."""
    store = await Store.open(path)
    api = standin.base_url.removesuffix("/bot")
    service = Service(standin.token, api, script, words, store, clock or standin.clock)
    stop = asyncio.Event()
    task = asyncio.create_task(service.run(Bell(), stop))
    try:
        yield service
    finally:
        stop.set()
        assert await asyncio.wait_for(task, PATIENCE) == 0
        await store.close()


async def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something to be so; the name of it is the failure."""
    for _ in range(int(PATIENCE / 0.02)):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never came: {what}")


def shown(alice: Person) -> str:
    """All the words and buttons that stand in the chat."""
    return "\n".join((*alice.received(), *alice.buttons()))


async def does(alice: Person, line: str, then: str) -> None:
    """Types or presses, and waits until the coach has shown something new with these words."""
    before = shown(alice)
    await until(lambda: line[1:-1] in alice.buttons() if line.startswith("[") else True, line)
    alice.presses(line[1:-1]) if line.startswith("[") else alice.types(line)
    await until(lambda: then in shown(alice) and shown(alice) != before, f"{then!r} after {line!r}")


def refusals(standin: StandIn) -> int:
    """How many messages Telegram would not take."""
    return sum(one.status == 403 for one in standin.calls)


async def first_ask(standin: StandIn) -> Person:
    """Dana asks Maria, as far as the finished message."""
    dana = standin.person("Dana")
    for line, then in FIRST_ASK:
        await does(dana, line, then)
    return dana


async def test_the_first_ask_from_start_to_sent(script: Script, words: Words, tmp_path: Path) -> None:
    """/start to a finished message, and a nudge some days later."""
    clock = monday()
    async with (
        StandIn(clock=clock) as standin,
        running(standin, script, words, tmp_path / "c.db") as coach,
    ):
        dana = await first_ask(standin)

        await does(dana, "[Sent]", "Chicago")
        await does(dana, "[Chicago]", "That is all for today")
        clock.set(clock.now() + timedelta(days=4, minutes=30))
        await coach.jobs.ring()

        await until(lambda: "Why now?" in dana.buttons(), "a nudge")
        answered = standin.called("answerCallbackQuery")
        assert len(answered) == len({one.params["callback_query_id"] for one in answered})


async def test_a_button_of_an_older_message_shows_where_the_seeker_stands(
    script: Script, words: Words, tmp_path: Path
) -> None:
    """It is answered, does nothing, and the present step is shown again."""
    async with (
        StandIn(clock=monday()) as standin,
        running(standin, script, words, tmp_path / "c.db"),
    ):
        dana = standin.person("Dana")
        await does(dana, "/start", SITUATION)
        old = next(m for m in reversed(list(dana.chat.messages.values())) if keys_of(m))
        data = keys_of(old)[0]["callback_data"]
        await does(dana, f"[{SITUATION}]", "Not yet")

        dana.sends_press(old, data)

        await until(lambda: len(standin.called("answerCallbackQuery")) == 2, "an answer")
        assert standin.called("answerCallbackQuery")[-1].params["text"].startswith("That button")
        assert "Not yet" in dana.buttons()


async def test_the_same_update_twice_is_one_turn(script: Script, words: Words, tmp_path: Path) -> None:
    """A doubled update, and a doubled tap under a new number, change nothing more."""
    async with (
        StandIn(clock=monday()) as standin,
        running(standin, script, words, tmp_path / "c.db") as coach,
    ):
        dana = standin.person("Dana")
        update = dana.types("/start")
        await until(lambda: SITUATION in dana.buttons(), "the welcome")
        sent = len(standin.called("sendMessage"))

        await coach.keep([update, update])
        await does(dana, "nonsense", "did not catch")

        assert len(standin.called("sendMessage")) == sent + 1


async def test_too_many_requests_are_waited_for(script: Script, words: Words, tmp_path: Path) -> None:
    """429 with a time to wait: the message comes after it, once."""
    async with (
        StandIn(clock=monday()) as standin,
        running(standin, script, words, tmp_path / "c.db"),
    ):
        dana = standin.person("Dana")
        standin.faults.next("sendMessage", too_many(1))

        await does(dana, "/start", SITUATION)

        assert sum("Hello." in one for one in dana.received()) == 1


async def test_whoever_blocks_the_coach_hears_no_nudge(script: Script, words: Words, tmp_path: Path) -> None:
    """403 stops the nudges and keeps everything; /start takes up where things were."""
    clock = monday()
    async with (
        StandIn(clock=clock) as standin,
        running(standin, script, words, tmp_path / "c.db") as coach,
    ):
        dana = await first_ask(standin)
        standin.faults.next("sendMessage", blocked())
        standin.faults.next("editMessageText", blocked())
        dana.presses("Sent")
        await until(lambda: refusals(standin) == 1, "a refusal")
        await asyncio.sleep(0.2)
        before = len(dana.received())

        clock.set(clock.now() + timedelta(days=20))
        await coach.jobs.ring()
        await asyncio.sleep(0.3)

        assert len(dana.received()) == before
        await does(dana, "/start", "Do this next")


@pytest.mark.parametrize("fault", [broken(502, acts=True), slow(0.5)], ids=["502 after acting", "slow"])
async def test_a_message_that_may_have_arrived_is_never_sent_twice(
    fault: object, script: Script, words: Words, tmp_path: Path
) -> None:
    """A time-out or 5xx after Telegram took the message: one copy, and the talk goes on."""
    async with (
        StandIn(clock=monday()) as standin,
        running(standin, script, words, tmp_path / "c.db"),
    ):
        dana = standin.person("Dana")
        standin.faults.next("sendMessage", fault)  # type: ignore[arg-type]

        await does(dana, "/start", SITUATION)
        await does(dana, f"[{SITUATION}]", "Not yet")

        assert sum("Hello." in one for one in dana.received()) == 1


async def test_a_group_gets_one_polite_line(script: Script, words: Words, tmp_path: Path) -> None:
    """Private chats only; the line has a link."""
    async with (
        StandIn(clock=monday()) as standin,
        running(standin, script, words, tmp_path / "c.db"),
    ):
        dana = standin.person("Dana")
        message = {"message_id": 5, "date": 0, "from": dana.user, "text": "/start",
                   "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
                   "chat": {"id": -100, "type": "group", "title": "Job club"}}  # fmt: skip

        standin.updates.put("message", message)

        await until(lambda: bool(standin.called("sendMessage")), "the line")
        assert "https://t.me/" in standin.called("sendMessage")[0].params["text"]


async def test_a_token_that_telegram_refuses_ends_the_run_with_78(
    script: Script, words: Words, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """No hammering, a remedy in the log, and the token nowhere."""
    async with StandIn(clock=monday()) as standin:
        wrong = "987654321:" + "B" * 35
        store = await Store.open(tmp_path / "c.db")
        service = Service(wrong, standin.base_url.removesuffix("/bot"), script, words, store, standin.clock)

        code = await service.run(Bell(), asyncio.Event())

        await store.close()
        assert code == 78
        assert "BotFather" in caplog.text
        assert wrong not in caplog.text
        assert len(standin.calls) == 1


async def test_a_store_that_fails_once_loses_nothing_and_stops_nobody(
    script: Script, words: Words, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came in waits, and is worked on when the store can be written again."""
    monkeypatch.setattr("bot.service.PATIENCE", 0.05)
    work, failures = Coach.work, iter((OSError("maria lopez"), OSError("full")))

    async def failing(coach: Coach) -> int:
        if error := next(failures, None):
            raise error
        return await work(coach)

    monkeypatch.setattr(Coach, "work", failing)
    async with (
        StandIn(clock=monday()) as standin,
        running(standin, script, words, tmp_path / "c.db"),
    ):
        dana = standin.person("Dana")

        await does(dana, "/start", SITUATION)


async def test_the_menu_is_set_in_every_language(script: Script, words: Words, tmp_path: Path) -> None:
    """Commands and descriptions are set at the start, and only where they differ."""
    async with StandIn(clock=monday()) as standin:
        async with running(standin, script, words, tmp_path / "c.db"):
            dana = standin.person("Dana")
            await does(dana, "/start", SITUATION)
        first = len(standin.called("setMyCommands"))
        async with running(standin, script, words, tmp_path / "d.db"):
            dana = standin.person("Dana")
            await does(dana, "/start", SITUATION)

        assert first >= len(words.languages)
        assert len(standin.called("setMyCommands")) == first
