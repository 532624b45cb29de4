"""The sender keeps to its pace, survives its outbox, and stops in good order."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.local import faults
from bot.local.server import StandIn
from bot.telegram.sender import Sender
from tests.telegram.telegram_kit import FastTime, MemoryOutbox, a_bot, deliver, said, states


@pytest_asyncio.fixture
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn(clock=FastTime()) as opened:
        yield opened


@pytest.fixture
def outbox() -> MemoryOutbox:
    return MemoryOutbox()


async def test_a_chat_gets_three_at_once_and_then_one_a_second(
    standin: StandIn, outbox: MemoryOutbox
) -> None:
    alice = standin.person()
    outbox.add(alice.chat.id, *(said(str(n), alice.chat.id) for n in range(6)))
    time = FastTime()

    await deliver(standin, outbox)

    took = (time.now() - FastTime().now()).total_seconds()
    assert took >= 3


class Watched:
    """A bot that takes its time, and sees how many requests are under way."""

    def __init__(self, time: FastTime) -> None:
        self.time = time
        self.began: list[tuple[str, str]] = []
        self.flying = self.most = 0

    async def call(self, method: str, payload: Any, **file: Any) -> Any:
        nudge = payload["text"] == "nudge"
        self.began.append((method, payload["text"]))
        self.flying += nudge
        self.most = max(self.most, self.flying)
        await self.time.sleep(1.0)
        self.flying -= nudge
        return {"message_id": 1}


async def test_at_most_four_nudges_fly_and_replies_go_first(outbox: MemoryOutbox) -> None:
    time = FastTime()
    bot = Watched(time)
    for chat in range(10):
        outbox.add(chat, said("nudge", chat, kind="nudge"))
    for chat in range(10, 20):
        outbox.add(chat, said("reply", chat))
    sender = Sender(bot, outbox, time.now, time.sleep)  # type: ignore[arg-type]

    run = asyncio.create_task(sender.run())
    while outbox.open:
        await asyncio.sleep(0.01)
    sender.stop()
    await run

    assert bot.most == 4
    assert [text for _, text in bot.began[:10]] == ["reply"] * 10
    assert set(states(outbox.rows)) == {"sent"}


async def test_an_outbox_that_fails_for_a_moment_does_not_end_the_run(
    standin: StandIn, outbox: MemoryOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = standin.person()
    [row] = outbox.add(alice.chat.id, said("a", alice.chat.id))
    real, failures = outbox.ready, [OSError("disk full")]

    async def ready(now: Any, room: Any) -> Any:
        if failures:
            raise failures.pop()
        return await real(now, room)

    monkeypatch.setattr(outbox, "ready", ready)
    await deliver(standin, outbox)

    assert row.state == "sent"


async def test_stopping_lets_what_is_in_flight_land(standin: StandIn, outbox: MemoryOutbox) -> None:
    alice = standin.person()
    [row] = outbox.add(alice.chat.id, said("a", alice.chat.id))
    standin.faults.next("sendMessage", faults.slow(0.3))
    time = FastTime()
    async with a_bot(standin) as bot:
        sender = Sender(bot, outbox, time.now, time.sleep)  # type: ignore[arg-type]
        run = asyncio.create_task(sender.run())
        await asyncio.sleep(0.1)
        sender.stop()
        await run

    assert row.state == "sent"


async def test_429_in_two_chats_at_once_rests_the_others_too(standin: StandIn, outbox: MemoryOutbox) -> None:
    alice, bob, carol = standin.person(), standin.person("Bob"), standin.person("Carol")
    standin.faults.next("sendMessage", faults.too_many(6), times=2)
    for person in (alice, bob):
        outbox.add(person.chat.id, said("a", person.chat.id))

    run = asyncio.create_task(deliver(standin, outbox))
    while len(outbox.back) < 2:
        await asyncio.sleep(0.005)
    outbox.add(carol.chat.id, said("c", carol.chat.id))
    await run

    assert set(states(outbox.rows)) == {"sent"}
    assert [call.params["text"] for call in standin.called("sendMessage")][:3] == ["a", "a", "a"]
