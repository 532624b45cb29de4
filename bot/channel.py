"""What every channel gives the coach and takes from it: plain values, nothing of any library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from conversations.effects import Effect
from conversations.events import Event

Kind = Literal["reply", "nudge"]

#: Requests that change nothing when they are done twice, by their names in the Bot API. In doubt
#: they simply go out again; any other one would show the seeker a second message.
HARMLESS_TWICE = (
    "answerCallbackQuery",
    "deleteMessage",
    "deleteMessages",
    "editMessageCaption",
    "editMessageMedia",
    "editMessageReplyMarkup",
    "editMessageText",
    "sendChatAction",
)


@dataclass(frozen=True)
class Press:
    """A button was pressed: its query must be answered, its message may be edited."""

    query: str
    message: int


@dataclass(frozen=True)
class Heard:
    """What one raw update says: who, in which chat, and what happened.

    `event` is None where the update needs no turn; `elsewhere` is set in a group or channel,
    where the coach answers with one polite line only. `number` is that of the message it came
    in, `data` what the pressed button carries.
    """

    seeker: int
    chat: int
    event: Event | None
    press: Press | None = None
    elsewhere: bool = False
    number: int | None = None
    data: str = ""


@dataclass(frozen=True)
class Outgoing:
    """One request to send, as it is kept in the outbox.

    `screen`: once sent, this message is the one that navigation edits.
    `lasting`: once sent, it stays as it is, and the screen before it is no longer the newest.
    `until`: it must not go out from then on.
    """

    method: str
    payload: Mapping[str, Any]
    kind: Kind = "reply"
    screen: bool = False
    lasting: bool = False
    file: bytes = b""
    file_name: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class Stage:
    """What a channel must know to show effects: the chat, the language, the screen, the press."""

    chat: int
    language: str
    screen: int | None = None
    press: Press | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)


class Channel(Protocol):
    """Turns the outside into events, and effects into requests. Pure; no I/O."""

    def read(self, update: Mapping[str, Any]) -> Heard | None:
        """What an update says; None for one that concerns nobody."""

    def show(self, effects: Sequence[Effect], stage: Stage) -> list[Outgoing]:
        """The requests that show these effects, in order."""

    def elsewhere(self, heard: Heard, language: str) -> list[Outgoing]:
        """The polite line for a chat that is not private."""
