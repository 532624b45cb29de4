"""What the local Telegram answers is what the Bot API answers, as aiogram reads it: results and updates."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from bot.local.flood import NONE
from bot.local.server import StandIn
from bot.local.table import METHODS
from tests.telegram.answers_kit import faults_of_answer, faults_of_update

Json = dict[str, Any]
CHAT = {"id": 5, "type": "private", "first_name": "Alice"}
ALICE = {"id": 5, "is_bot": False, "first_name": "Alice", "language_code": "en"}
MESSAGE = {"message_id": 1, "date": 1_795_000_000, "chat": CHAT, "from": ALICE, "text": "Hello"}
KEYS = {"inline_keyboard": [[{"text": "Sent", "callback_data": "a|b|1|2", "style": "success"},
                             {"text": "Copy", "copy_text": {"text": "x"}},
                             {"text": "Open", "url": "https://t.me/+1?text=x"}]]}  # fmt: skip
ASKS = {"keyboard": [[{"text": "Somebody", "request_users": {"request_id": 7, "max_quantity": 2}},
                      {"text": "Me", "request_contact": True}]]}  # fmt: skip
RICH = (
    'A <b>b <i>c</i></b> 😀 <a href="https://example.org/">d</a> <pre>e</pre> <code>f</code> &lt;'
    '<pre><code class="language-python">g</code></pre><tg-time unix="1795000000">h</tg-time>'
    "<blockquote expandable>i\nj</blockquote><tg-spoiler>k</tg-spoiler><s>l</s><u>m</u>"
)


class Talk:
    """Calls methods by hand; `faults` gathers what is wrong with their answers."""

    def __init__(self, standin: StandIn, http: httpx.AsyncClient) -> None:
        self._standin, self._http = standin, http
        self.called: set[str] = set()
        self.faults: list[str] = []

    async def call(self, method: str, **params: Any) -> Any:
        """The result of a method, judged."""
        file = params.pop("file", None)
        url = f"{self._standin.base_url}{self._standin.token}/{method}"
        body = {"data": params, "files": {"document": file}} if file else {"json": params}
        answer = (await self._http.post(url, **body)).json()
        assert answer["ok"], answer
        self.called.add(method)
        self.faults += [f"{method}: {one}" for one in faults_of_answer(method, answer["result"])]
        return answer["result"]

    async def updates(self) -> list[Json]:
        """Everything that waits, confirmed."""
        kinds = ["message", "edited_message", "callback_query", "my_chat_member"]
        found = await self.call("getUpdates", timeout=0, allowed_updates=kinds)
        await self.call("getUpdates", offset=found[-1]["update_id"] + 1)
        return list(found)


@asynccontextmanager
async def talking() -> AsyncIterator[tuple[StandIn, Talk]]:
    """A local Telegram, and somebody who calls it."""
    async with StandIn(limits=NONE) as standin, httpx.AsyncClient() as http:
        yield standin, Talk(standin, http)


async def test_every_method_answers_as_the_bot_api_does() -> None:
    async with talking() as (standin, bot):
        alice = standin.person("Alice")
        chat = alice.chat.id

        await bot.call("getMe")
        sent = await bot.call("sendMessage", chat_id=chat, text=RICH, parse_mode="HTML", reply_markup=KEYS,
                              link_preview_options={"is_disabled": True})  # fmt: skip
        number = sent["message_id"]
        alice.presses("Sent")
        [press] = await bot.updates()
        await bot.call("answerCallbackQuery", callback_query_id=press["callback_query"]["id"], text="Saved")
        await bot.call("editMessageText", chat_id=chat, message_id=number, text="<i>x</i>", parse_mode="HTML")
        await bot.call("editMessageReplyMarkup", chat_id=chat, message_id=number, reply_markup=KEYS)
        await bot.call("sendMessage", chat_id=chat, text="x", reply_parameters={"message_id": number})
        await bot.call("sendMessage", chat_id=chat, text="x", protect_content=True, reply_markup=ASKS)
        await bot.call("deleteMessage", chat_id=chat, message_id=number)
        await bot.call("sendChatAction", chat_id=chat, action="typing")
        document = await bot.call("sendDocument", chat_id=chat, caption="x", file=("a.ics", b"BEGIN"))
        await bot.call("getFile", file_id=document["document"]["file_id"])
        commands = [{"command": "next", "description": "The next step"}]
        await bot.call("setMyCommands", commands=commands, language_code="es")
        assert await bot.call("getMyCommands", language_code="es") == commands
        await bot.call("deleteMyCommands", language_code="es")
        for what, field in (("Name", "name"), ("Description", "description"),
                            ("ShortDescription", "short_description")):  # fmt: skip
            await bot.call(f"setMy{what}", **{field: "x"})
            assert await bot.call(f"getMy{what}") == {field: "x"}
        await bot.call("setWebhook", url="http://127.0.0.1:9/hook", secret_token="a", max_connections=3)
        await bot.call("getWebhookInfo")
        await bot.call("deleteWebhook", drop_pending_updates=True)
        await bot.call("getWebhookInfo")

        assert bot.faults == []
        assert bot.called == set(METHODS)


async def test_every_update_is_as_the_bot_api_sends_it() -> None:
    async with talking() as (standin, bot):
        alice = standin.person("Alice")
        await bot.call("sendMessage", chat_id=alice.chat.id, text="x", reply_markup=KEYS)
        await bot.call("sendMessage", chat_id=alice.chat.id, text="x", reply_markup=ASKS)

        alice.types("/start")
        alice.types("Maria 😀 & co")
        alice.edits("Maria")
        alice.presses("Sent")
        alice.shares("Maria", "+1312555", last_name="Lopez", user_id=99)
        alice.picks({"user_id": 99, "first_name": "Maria"})
        alice.sends_file("me.vcf", b"BEGIN:VCARD")
        alice.blocks()
        alice.unblocks()
        found = await bot.updates()

        assert [faults_of_update(one) for one in found] == [[]] * len(found)
        assert [kind_of(one) for one in found] == [
            "text", "text", "edited_message", "callback_query", "contact", "users_shared", "document",
            "my_chat_member", "my_chat_member",
        ]  # fmt: skip


def kind_of(update: Json) -> str:
    """What an update brings; of a message, what it carries."""
    [kind] = set(update) - {"update_id"}
    carried = ("text", "contact", "users_shared", "document")
    return next((one for one in carried if one in update[kind]), kind) if kind == "message" else kind


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"quack": 1}, "Message has no quack"),
        ({"chat": {**CHAT, "quack": 1}}, "Chat has no quack"),
        ({"chat": None}, "chat"),
        ({"message_id": "1"}, "a value is of another type"),
        ({"date": 1_795_000_000.5}, ""),
        ({"from": None}, "Message is without from_user"),
        ({"entities": [{"type": "bold", "offset": 4, "length": 2}]}, "the bold at 4 is not within the text"),
    ],
)
def test_an_answer_that_is_wrong_would_be_noticed(wrong: Json, told: str) -> None:
    message = {name: one for name, one in {**MESSAGE, **wrong}.items() if one is not None}

    assert faults_of_answer("sendMessage", MESSAGE) == []
    assert any(one.startswith(told) for one in faults_of_answer("sendMessage", message))
    assert any(told in one for one in faults_of_update({"update_id": 1, "message": message}))
