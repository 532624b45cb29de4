"""The world behind the local Telegram: chats, their messages, and the taps that wait for an answer."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.local.refusal import Refusal, bad

Json = dict[str, Any]


@dataclass
class Chat:
    """One private chat: its messages by number, and what the person's client shows of it."""

    id: int
    first_name: str
    messages: dict[int, Json] = field(default_factory=dict)
    last: int = 0
    blocked: bool = False
    #: The person deleted their account.
    closed: bool = False
    #: The keyboard in place of letters, and the number of the message that brought it.
    keyboard: Json | None = None
    keyboard_from: int = 0
    #: "typing", "upload_document" ..., as it was last asked for.
    action: str = ""
    #: When the person last wrote or pressed.
    heard_at: datetime | None = None

    def as_json(self) -> Json:
        """The chat as messages and updates carry it."""
        return {"id": self.id, "type": "private", "first_name": self.first_name}

    def newest(self) -> Iterator[Json]:
        """The messages, the newest first."""
        return reversed(list(self.messages.values()))


@dataclass
class Query:
    """A tap on a button: whose it was, and when."""

    user: int
    at: datetime
    answers: int = 0


class World:
    """Everything there is. Its time is that of `clock`."""

    def __init__(self, clock: Clock, token: str, username: str = "twenty_test_bot") -> None:
        self.clock = clock
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.answers: list[Json] = []
        number = token.partition(":")[0]
        self.bot: Json = {
            "id": int(number) if number.isdigit() else 1,
            "is_bot": True,
            "first_name": "Coach",
            "username": username,
        }
        self._numbers = itertools.count(1)

    def unix(self) -> int:
        """The moment in whole seconds."""
        return int(self.clock.now().timestamp())

    def new_chat(self, first_name: str) -> Chat:
        """A chat of a new person, whom the bot may write to."""
        chat = Chat(1001 + len(self.chats), first_name)
        self.chats[chat.id] = chat
        return chat

    def chat(self, number: object) -> Chat:
        """The chat that the bot writes to; refuses one that is unknown or closed to it."""
        chat = self.chats.get(int(str(number))) if str(number).lstrip("-").isdigit() else None
        if chat is None:
            raise bad("chat not found")
        if chat.closed:
            raise Refusal(403, "Forbidden: user is deactivated")
        if chat.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        return chat

    def add(self, chat: Chat, content: Mapping[str, Any]) -> Json:
        """A new message in a chat, with the next number of that chat."""
        chat.last += 1
        head = {"message_id": chat.last, "date": self.unix(), "chat": chat.as_json()}
        chat.messages[chat.last] = {**head, **content}
        return chat.messages[chat.last]

    def new_query(self, user: int) -> str:
        """The number of a new tap."""
        number = str(next(self._numbers))
        self.queries[number] = Query(user, self.clock.now())
        return number

    def age(self, message: Mapping[str, Any]) -> timedelta:
        """How old a message is."""
        return timedelta(seconds=self.unix() - int(message["date"]))
