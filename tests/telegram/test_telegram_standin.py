"""The stand-in is as strict as Telegram, and a conversation runs through the whole room."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
import pytest_asyncio
from telegram.error import BadRequest, Conflict

from bot.channel import Stage
from bot.local.server import StandIn
from bot.telegram.channel import TelegramChannel
from conversations.effects import Button, Notice, Say, Text
from conversations.events import Chose, Left, Started
from tests.telegram.telegram_kit import FastTime, KeyWords, MemoryOutbox, a_bot, deliver


@pytest_asyncio.fixture
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn(clock=FastTime()) as opened:
        yield opened


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"reply_markup": {"inline_keyboard": list(rows)}}


KEY = {"text": "a", "callback_data": "x"}


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"text": " "}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "<u>x", "parse_mode": "HTML"}, "can't find end tag"),
        ({"text": "<x>x</x>", "parse_mode": "HTML"}, "unsupported start tag"),
        ({"text": "a < b", "parse_mode": "HTML"}, 'unsupported start tag ""'),
        ({"text": "<b><i>x</b></i>", "parse_mode": "HTML"}, "unmatched end tag"),
        ({"text": "x", **keyboard([KEY] * 9)}, "reply markup is too long"),
        ({"text": "x", **keyboard(*[[KEY]] * 101)}, "reply markup is too long"),
        ({"text": "x", **keyboard([{"text": "a", "callback_data": "я" * 33}])}, "data_invalid"),
        (
            {"text": "x", **keyboard([{"text": "a", "copy_text": {"text": "x" * 257}}])},
            "copy_text_invalid",
        ),
        ({"text": "x", "chat_id": 4}, "chat not found"),
    ],
)
async def test_what_telegram_refuses_is_refused(
    standin: StandIn, payload: dict[str, Any], words: str
) -> None:
    alice = standin.person()
    standin.expects_refusals()
    async with a_bot(standin) as bot:
        with pytest.raises(BadRequest, match=f"(?i){words}"):
            await bot.call("sendMessage", {"chat_id": alice.chat.id, **payload})

    assert alice.received() == []


async def test_a_second_poll_ends_the_first(standin: StandIn) -> None:
    async with a_bot(standin) as bot:
        first = asyncio.create_task(bot.call("getUpdates", {"timeout": 5}))
        await asyncio.sleep(0.1)
        second = asyncio.create_task(bot.call("getUpdates", {"timeout": 5}))
        with pytest.raises(Conflict, match="only one bot instance"):
            await first
        second.cancel()
        with suppress(asyncio.CancelledError):
            await second


async def test_a_conversation_runs_through_the_whole_room(standin: StandIn) -> None:
    alice, outbox = standin.person(), MemoryOutbox()
    channel = TelegramChannel(KeyWords(), "twenty_test_bot")
    hello = Say((Text("hello"),), (Button("welcome.hello", "go", Text("go"), 0, 1),))

    heard = channel.read(alice.types("/start"))
    assert heard is not None
    assert heard.event == Started("en", "Alice")
    screen, *_ = outbox.add(heard.chat, *channel.show([hello], Stage(heard.chat, "en")))
    await deliver(standin, outbox)

    heard = channel.read(alice.presses("go"))
    assert heard is not None
    assert heard.event == Chose("welcome.hello", "go", 0, 1)
    stage = Stage(heard.chat, "en", screen.message, heard.press)
    outbox.add(heard.chat, *channel.show([Notice(Text("saved")), Say((Text("next"),))], stage))
    await deliver(standin, outbox)

    assert alice.received() == ["next"]
    assert [answer["text"] for answer in standin.methods.answers] == ["saved"]
    left = channel.read(alice.blocks())
    assert left is not None
    assert left.event == Left()
