"""Methods of the local Telegram: ways to ask, words of refusal, numbers, keyboards, menus."""

import json
from typing import Any

import pytest

from bot.local.flood import NONE
from tests.telegram.local_kit import local

KEYS = {"inline_keyboard": [[{"text": "Go", "callback_data": "a"}]]}
SAME = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.mark.parametrize("name", ["sendMessage", "SENDMESSAGE", "sendmessage"])
@pytest.mark.parametrize("way", ["address", "form", "json", "parts"])
async def test_a_method_can_be_asked_for_in_every_way(name: str, way: str) -> None:
    async with local() as (standin, bot, _):
        alice = standin.person()
        fields = {"chat_id": str(alice.chat.id), "text": "<b>é</b>", "parse_mode": "HTML"}
        fields["reply_markup"] = json.dumps(KEYS)
        url = bot.url(name)
        match way:
            case "address":
                answer = await bot.http.get(url, params=fields)
            case "form":
                answer = await bot.http.post(url, data=fields)
            case "parts":
                answer = await bot.http.post(url, files={key: (None, one) for key, one in fields.items()})
            case _:
                answer = await bot.http.post(url, json={**fields, "reply_markup": KEYS})

        assert answer.status_code == 200
        assert answer.json()["result"] == alice.screen()
        assert (alice.received(), alice.buttons()) == (["é"], ["Go"])
        assert standin.called("sendMessage")[0].params["reply_markup"] == KEYS


async def test_a_wrong_token_a_wrong_method_and_a_wrong_body() -> None:
    async with local() as (standin, bot, _):
        standin.expects_refusals()
        wrong = await bot.http.get(f"{standin.base_url}1:x/getMe")
        broken = await bot.http.post(
            bot.url("getMe"), content=b"{", headers={"content-type": "application/json"}
        )

        assert wrong.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
        assert await bot.fault("quack") == "Not Found: method not found"
        assert broken.status_code == 400


async def test_each_chat_counts_its_own_messages() -> None:
    async with local() as (standin, bot, _):
        alice, bob = standin.person(), standin.person()
        alice.types("one")

        numbers = [
            (await bot.call("sendMessage", chat_id=who.chat.id, text="x"))["message_id"]
            for who in (alice, bob, alice)
        ]

        assert numbers == [2, 1, 3]


async def test_what_telegram_says_of_chats_it_cannot_reach() -> None:
    async with local() as (standin, bot, _):
        alice, bob = standin.person(), standin.person()
        alice.blocks()
        bob.closes()
        said = [await bot.fault("sendMessage", chat_id=n, text="x") for n in (alice.chat.id, bob.chat.id, 9)]

        assert said == [
            "Forbidden: bot was blocked by the user",
            "Forbidden: user is deactivated",
            "Bad Request: chat not found",
        ]
        alice.unblocks()
        await bot.call("sendMessage", chat_id=alice.chat.id, text="x")


async def test_what_telegram_says_of_messages_it_cannot_change() -> None:
    async with local(limits=NONE) as (standin, bot, _):
        alice = standin.person()
        theirs = alice.types("x")["message"]["message_id"]
        sent = await bot.call("sendMessage", chat_id=alice.chat.id, text="x", reply_markup=KEYS)
        place = {"chat_id": alice.chat.id, "message_id": sent["message_id"]}

        same = await bot.fault("editMessageText", **place, text=" x", reply_markup=KEYS)
        keys = await bot.fault("editMessageReplyMarkup", **place, reply_markup=KEYS)
        gone = await bot.fault("editMessageText", chat_id=alice.chat.id, message_id=99, text="x")
        other = await bot.fault("editMessageText", chat_id=alice.chat.id, message_id=theirs, text="y")

        assert (same, keys) == (SAME, SAME)
        assert gone == "Bad Request: message to edit not found"
        assert other == "Bad Request: message can't be edited"
        assert "reply_markup" not in await bot.call("editMessageText", **place, text="x")


async def test_messages_can_be_deleted_for_48_hours() -> None:
    async with local() as (standin, bot, time):
        chat = standin.person().chat.id
        for _ in range(2):
            await bot.call("sendMessage", chat_id=chat, text="x")

        time.passes(hours=47, minutes=59)
        assert await bot.call("deleteMessage", chat_id=chat, message_id=1)
        assert await bot.fault("deleteMessage", chat_id=chat, message_id=1) == (
            "Bad Request: message to delete not found"
        )
        time.passes(minutes=1)

        assert await bot.fault("deleteMessage", chat_id=chat, message_id=2) == (
            "Bad Request: message can't be deleted"
        )


async def test_a_press_can_be_answered_for_a_while() -> None:
    async with local() as (standin, bot, time):
        alice = standin.person()
        await bot.call("sendMessage", chat_id=alice.chat.id, text="x", reply_markup=KEYS)
        first, second = (alice.presses("Go")["callback_query"]["id"] for _ in range(2))

        await bot.call("answerCallbackQuery", callback_query_id=first, text="Saved")
        time.passes(seconds=16)

        assert alice.notices() == ["Saved"]
        assert await bot.fault("answerCallbackQuery", callback_query_id=second) == OLD
        assert await bot.fault("answerCallbackQuery", callback_query_id="0") == OLD


def rows(*counts: int, **key: Any) -> dict[str, Any]:
    """A keyboard with so many keys in each row."""
    return {"inline_keyboard": [[{"text": "a", **(key or {"callback_data": "x"})}] * one for one in counts]}


@pytest.mark.parametrize(
    ("keyboard", "taken"),
    [
        (rows(8), True),
        (rows(9), False),
        (rows(*[4] * 25), True),
        (rows(*[4] * 25, 1), False),
        (rows(1, callback_data="x" * 64), True),
        (rows(1, callback_data="x" * 65), False),
        (rows(1, callback_data="я" * 33), False),
        (rows(1, copy_text={"text": "😀" * 128}), True),
        (rows(1, copy_text={"text": "😀" * 128 + "x"}), False),
        (rows(1, callback_data="x", style="success"), True),
        (rows(1, callback_data="x", style="quack"), False),
        (rows(1, quack="x"), False),
    ],
)
async def test_keyboards_are_held_to_their_limits(keyboard: dict[str, Any], taken: bool) -> None:
    async with local() as (standin, bot, _):
        standin.expects_refusals()
        chat = standin.person().chat.id

        answer = await bot.answer("sendMessage", chat_id=chat, text="x", reply_markup=keyboard)

        assert answer["ok"] is taken


async def test_commands_are_kept_by_scope_and_language() -> None:
    async with local() as (_, bot, _time):
        scope = {"type": "all_private_chats"}
        first, second = ([{"command": one, "description": "x"}] for one in ("a", "b"))
        await bot.call("setMyCommands", commands=first)
        await bot.call("setMyCommands", commands=second, scope=scope, language_code="es")

        assert await bot.call("getMyCommands") == first
        assert await bot.call("getMyCommands", scope={"type": "default"}) == first
        assert await bot.call("getMyCommands", language_code="es") == []
        assert await bot.call("getMyCommands", scope=scope, language_code="es") == second
        await bot.call("setMyDescription", description="hola", language_code="es")
        assert await bot.call("getMyDescription") == {"description": ""}
        assert await bot.call("getMyDescription", language_code="es") == {"description": "hola"}
