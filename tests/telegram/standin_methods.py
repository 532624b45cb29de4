"""The Bot API methods of the stand-in, on a world of chats in memory."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.telegram.standin_limits import Refusal, bad, check_keyboard, read_text, utf16

Json = dict[str, Any]
BOT: Json = {"id": 7, "is_bot": True, "first_name": "Coach", "username": "twenty_test_bot"}


@dataclass
class Chat:
    """One private chat: its messages by number, and whether the seeker blocked the bot."""

    id: int
    first_name: str
    messages: dict[int, Json] = field(default_factory=dict)
    last: int = 0
    blocked: bool = False

    def as_json(self) -> Json:
        """The chat as updates carry it."""
        return {"id": self.id, "type": "private", "first_name": self.first_name}

    def add(self, message: Json) -> Json:
        """Gives a message its number."""
        self.last += 1
        whole = {"message_id": self.last, "date": int(time.time()), "chat": self.as_json()}
        self.messages[self.last] = {**whole, **message}
        return self.messages[self.last]


class Methods:
    """The world, and what each method does to it."""

    def __init__(self) -> None:
        self.chats: dict[int, Chat] = {}
        self.open_queries: dict[str, int] = {}
        self.answers: list[Json] = []
        self.settings: dict[tuple[str, str], Any] = {}

    def find(self, name: str) -> Callable[[Json], Any] | None:
        """The method of this name, in any case; None for one that is not known."""
        own: Callable[[Json], Any] | None = getattr(self, f"on_{name.lower()}", None)
        if own is not None:
            return own
        for what in ("Commands", "Description", "ShortDescription", "Name"):
            if name.lower() == f"getmy{what.lower()}":
                return lambda params: self._get(what, params)
            if name.lower() == f"setmy{what.lower()}":
                return lambda params: self._set(what, params)
        return None

    def on_getme(self, params: Json) -> Json:
        """Who the bot is."""
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False}

    def on_sendmessage(self, params: Json) -> Json:
        """A new message."""
        chat = self._reachable(params)
        return chat.add({"from": BOT, **_content(params)})

    def on_senddocument(self, params: Json) -> Json:
        """A new message with a file."""
        chat = self._reachable(params)
        document = params.get("document")
        if not isinstance(document, dict):
            raise bad("there is no document in the request")
        return chat.add({"from": BOT, "document": document})

    def on_editmessagetext(self, params: Json) -> Json:
        """Another text and keyboard for a message of the bot."""
        message = self._editable(params)
        if "text" not in message:
            raise bad("there is no text in the message to edit")
        return self._change(message, _content(params))

    def on_editmessagereplymarkup(self, params: Json) -> Json:
        """Another keyboard for a message of the bot."""
        message = self._editable(params)
        kept: Json = {key: message[key] for key in ("text", "html") if key in message}
        return self._change(message, {**kept, **_markup(params)})

    def on_answercallbackquery(self, params: Json) -> bool:
        """Ends the waiting of a pressed button."""
        query = str(params.get("callback_query_id"))
        if query not in self.open_queries:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if utf16(params.get("text", "")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self.open_queries[query] += 1
        self.answers.append(params)
        return True

    def _reachable(self, params: Json) -> Chat:
        chat = self.chats.get(int(params.get("chat_id", 0)))
        if chat is None:
            raise bad("chat not found")
        if chat.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        return chat

    def _editable(self, params: Json) -> Json:
        message = self._reachable(params).messages.get(int(params.get("message_id", 0)))
        if message is None:
            raise bad("message to edit not found")
        if message["from"]["id"] != BOT["id"]:
            raise bad("message can't be edited")
        return message

    def _change(self, message: Json, content: Json) -> Json:
        now = {key: message[key] for key in ("text", "html", "reply_markup") if key in message}
        if now == content:
            raise bad(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        for key in now:
            del message[key]
        message.update(content, edit_date=int(time.time()))
        return message

    def _get(self, what: str, params: Json) -> Any:
        found = self.settings.get((what, params.get("language_code", "")))
        if what == "Commands":
            return found or []
        name = "short_description" if what == "ShortDescription" else what.lower()
        return {name: found or ""}

    def _set(self, what: str, params: Json) -> bool:
        name = "short_description" if what == "ShortDescription" else what.lower()
        self.settings[what, params.get("language_code", "")] = params.get(name)
        return True


def _content(params: Json) -> Json:
    text = params.get("text", "")
    plain = read_text(text, params.get("parse_mode"))
    return {"text": plain.strip(), "html": text, **_markup(params)}


def _markup(params: Json) -> Json:
    markup = params.get("reply_markup")
    check_keyboard(markup)
    return {"reply_markup": markup} if markup and markup.get("inline_keyboard") else {}
