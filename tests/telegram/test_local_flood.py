"""The flood limits of the local Telegram: one chat, everybody together, and who is not counted."""

from typing import Any

import pytest

from bot.local.flood import NONE, Limits
from tests.telegram.local_kit import Bot, local

WAIT = "Too Many Requests: retry after 1"


async def sends(bot: Bot, chat: int, **more: Any) -> bool:
    """Whether a message was taken."""
    return bool((await bot.answer("sendMessage", chat_id=chat, text="x", **more))["ok"])


async def test_a_chat_takes_five_at_once_then_one_a_second() -> None:
    async with local() as (standin, bot, time):
        chat = standin.person().chat.id

        taken = [await sends(bot, chat) for _ in range(7)]
        time.passes(seconds=1)
        later = [await sends(bot, chat) for _ in range(2)]

        assert taken == [True] * 5 + [False] * 2
        assert later == [True, False]
        assert standin.flood.refusals == 3
        assert len(standin.called("sendMessage")) == 9


async def test_a_refusal_says_how_long_to_wait_in_words_a_number_and_a_header() -> None:
    async with local(limits=Limits(burst=1, per_second=0.1)) as (standin, bot, _):
        chat = standin.person().chat.id
        await sends(bot, chat)

        answer = await bot.http.post(bot.url("sendMessage"), json={"chat_id": chat, "text": "x"})

        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "10"
        assert answer.json() == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 10",
            "parameters": {"retry_after": 10},
        }


async def test_whoever_waits_as_long_as_asked_is_heard() -> None:
    async with local(limits=Limits(burst=1, per_second=0.3)) as (standin, bot, time):
        chat = standin.person().chat.id
        await sends(bot, chat)
        refusal = await bot.answer("sendMessage", chat_id=chat, text="x")

        time.passes(seconds=refusal["parameters"]["retry_after"])

        assert await sends(bot, chat)


async def test_thirty_a_second_go_to_people_who_did_not_ask() -> None:
    async with local() as (standin, bot, time):
        chats = [standin.person().chat.id for _ in range(62)]

        first = [await sends(bot, chat) for chat in chats[:31]]
        time.passes(seconds=1)
        second = [await sends(bot, chat) for chat in chats[31:]]

        assert first == [True] * 30 + [False]
        assert second == [True] * 30 + [False]
        assert standin.flood.bulk_refusals == 2


async def test_answers_are_not_bulk_for_a_minute() -> None:
    async with local() as (standin, bot, time):
        people = [standin.person() for _ in range(40)]
        for one in people:
            one.types("hello")
        time.passes(seconds=60)
        assert all([await sends(bot, one.chat.id) for one in people])

        time.passes(seconds=1)

        assert not all([await sends(bot, one.chat.id) for one in people])


async def test_answers_to_presses_and_questions_are_not_counted() -> None:
    async with local() as (standin, bot, _):
        chat = standin.person().chat.id

        for _ in range(50):
            await bot.call("getMe")
            await bot.call("sendChatAction", chat_id=chat, action="typing")

        assert standin.flood.refusals == 0


@pytest.mark.parametrize("method", ["editMessageText", "deleteMessage"])
async def test_edits_and_deletions_count_as_messages(method: str) -> None:
    async with local() as (standin, bot, _):
        chat = standin.person().chat.id
        for _ in range(5):
            await sends(bot, chat)
        text = {"text": "y"} if method == "editMessageText" else {}

        assert await bot.fault(method, chat_id=chat, message_id=1, **text) == WAIT


async def test_the_limits_can_be_lifted() -> None:
    async with local(limits=NONE) as (standin, bot, _):
        chat = standin.person().chat.id

        assert all([await sends(bot, chat) for _ in range(50)])
