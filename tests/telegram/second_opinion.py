"""A Bot API that this project did not write, where it may be followed; each of its quirks has a name here."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp.test_utils import TestServer
from lo_bot_api_emulator import CONTRACT, LoBotApiEmulator

Json = dict[str, Any]
TOKEN = "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
PATIENCE = 20.0

UNKNOWN = {
    ("sendMessage", "link_preview_options"): "the platform it models has no link previews",
    ("editMessageText", "link_preview_options"): "the platform it models has no link previews",
}
"""Fields that the coach sends and that it refuses, with the reason; they are kept from it."""
SILENT = {
    "getMyName", "setMyName", "getMyDescription", "setMyDescription", "getMyShortDescription",
    "setMyShortDescription",
}  # fmt: skip
"""Methods that are in its contract and that it does not act out: of these it knows the fields only."""
REFUSED_THERE = {
    "there is no file of that number in it": {"getFile.file_id"},
    "the platform it models has no such buttons and keyboards": {
        "InlineKeyboardButton.style", "KeyboardButton.style", "KeyboardButtonRequestUsers.request_id",
        "KeyboardButtonRequestUsers.max_quantity", "ForceReply.input_field_placeholder",
    },
    "of a reply keyboard it takes 12 rows, without requests for users": {"ReplyKeyboardMarkup.keyboard"},
    "of a reply keyboard's key it takes 64 characters; the Bot API gives no number": {"KeyboardButton.text"},
    "the platform it models has replies without quotations": {
        "ReplyParameters.quote", "ReplyParameters.quote_parse_mode", "ReplyParameters.quote_entities",
        "ReplyParameters.quote_position",
    },
}  # fmt: skip
"""What the table takes and it does not, by reason."""
TAKEN_THERE = {
    "it does not look into how words are marked up": {
        "sendMessage.parse_mode", "sendDocument.parse_mode", "editMessageText.parse_mode",
        "sendMessage.entities", "sendDocument.caption_entities", "editMessageText.entities",
        "MessageEntity.type", "MessageEntity.offset", "MessageEntity.length", "MessageEntity.unix_time",
        "MessageEntity.date_time_format",
    },
    "its numbers have 64 bits": {
        "getUpdates.offset", "editMessageText.message_id", "editMessageReplyMarkup.message_id",
        "deleteMessage.message_id",
    },
    "it does not look into languages, scopes and commands": {
        "BotCommand.command", "BotCommand.description", "BotCommandScopeDefault.type",
        "BotCommandScopeAllPrivateChats.type", "BotCommandScopeAllGroupChats.type",
        "BotCommandScopeAllChatAdministrators.type", "BotCommandScopeChat.type",
        "BotCommandScopeChatAdministrators.type", "BotCommandScopeChatMember.type",
        "BotCommandScopeChatMember.user_id",
        "setMyCommands.language_code", "getMyCommands.language_code", "deleteMyCommands.language_code",
    },
    "of these methods it knows the fields only": {
        "setMyName.name", "setMyName.language_code", "getMyName.language_code",
        "setMyDescription.description", "setMyDescription.language_code", "getMyDescription.language_code",
        "setMyShortDescription.short_description", "setMyShortDescription.language_code",
        "getMyShortDescription.language_code",
    },
    "it counts code points where Telegram counts UTF-16 units, and blanks as words": {
        "answerCallbackQuery.text", "CopyTextButton.text", "ReplyKeyboardMarkup.input_field_placeholder",
    },
    "its webhooks may have any port": {"setWebhook.url"},
    "the Bot API gives no number, and ours is generous": {
        "answerCallbackQuery.callback_query_id", "InlineKeyboardButton.text",
    },
}  # fmt: skip
"""What the table refuses and it does not, by reason: there it is the table that is strict."""


class SecondOpinion(LoBotApiEmulator):  # type: ignore[misc]  # it has no types
    """Its own checks on every request but for what it does not know.

    `asked` keeps what came, in order; `keys` each button's message and data, by its label.
    """

    def __init__(self) -> None:
        super().__init__(allow_insecure_loopback_webhooks=True)
        self.asked: list[tuple[str, Json]] = []
        self.keys: dict[str, tuple[int, str]] = {}

    def validate(self, method: str, fields: Json, uploads: Json) -> Any:
        """Its verdict; what it does not know is taken out of its sight first."""
        self.asked.append((method, dict(fields)))
        kept = {name: value for name, value in fields.items() if (method, name) not in UNKNOWN}
        if method in SILENT and set(kept) <= set(CONTRACT["methods"][method]["parameters"]):
            return {} if method.startswith("get") else True
        result = super().validate(method, kept, uploads)
        if isinstance(result, dict) and "reply_markup" in result:
            self._keep(result)
        # Without a user name there is no bot on Telegram; this one has none.
        return {**result, "username": "twenty_test_bot"} if method == "getMe" else result

    def _keep(self, message: Json) -> None:
        for key in (key for row in message["reply_markup"]["inline_keyboard"] for key in row):
            if "callback_data" in key:
                self.keys[key["text"]] = message["message_id"], key["callback_data"]

    @property
    def refused(self) -> list[Json]:
        """The requests that it did not take."""
        return [one for one in self.requests if one["status"] != 200]


@dataclass
class Server:
    """It, listening; what `running` needs of a stand-in."""

    opinion: SecondOpinion
    base_url: str
    token: str = TOKEN


@asynccontextmanager
async def listening() -> AsyncIterator[Server]:
    """It, on a free port of the loopback."""
    opinion = SecondOpinion()
    async with TestServer(opinion.app()) as server:
        yield Server(opinion, f"{str(server.make_url('/')).rstrip('/')}/bot")


@dataclass
class Visitor:
    """Somebody who writes to the coach there, and reads what it answers."""

    server: Server
    user: Json = field(
        default_factory=lambda: {"id": 1001, "is_bot": False, "first_name": "Dana", "language_code": "en"}
    )
    number: int = 5000
    seen: int = 0

    async def does(self, line: str, then: str) -> None:
        """Types or presses, and waits until something with these words has come after it."""
        self.seen = len(self.server.opinion.asked)
        if line.startswith("["):
            await self._presses(line[1:-1])
        else:
            await self._types(line)
        await _until(lambda: then in self._said(self.seen), f"{then!r} after {line!r}")

    async def _types(self, words: str) -> None:
        message = {**self._message(), "from": self.user, "text": words}
        if words.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(words)}]
        await self._put(message=message)

    async def _presses(self, label: str) -> None:
        keys = self.server.opinion.keys
        await _until(lambda: label in keys, f"a button {label!r}")
        number, data = keys[label]
        bot = {"id": 7, "is_bot": True, "first_name": "Coach"}
        pressed = {**self._message(), "message_id": number, "from": bot, "text": "x"}
        query = {"id": str(self.number), "from": self.user, "chat_instance": "1"}
        await self._put(callback_query={**query, "message": pressed, "data": data})

    async def _put(self, **update: Json) -> None:
        await self.server.opinion.enqueue_update(update, token=TOKEN)

    def _message(self) -> Json:
        self.number += 1
        chat = {"id": self.user["id"], "type": "private", "first_name": self.user["first_name"]}
        return {"message_id": self.number, "date": 1_795_420_800, "chat": chat}

    def _said(self, since: int) -> str:
        return "\n".join(
            f"{one.get('text', '')}\n{one.get('reply_markup', '')}"
            for _, one in self.server.opinion.asked[since:]
        )


async def _until(holds: Callable[[], bool], what: str) -> None:
    for _ in range(int(PATIENCE / 0.02)):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never came: {what}")
