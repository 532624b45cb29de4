"""What the sender needs of the outbox: rows already claimed, and four ways to settle one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.channel import Kind


class Row(Protocol):
    """One request that waits. `tries` counts the attempts before this one."""

    @property
    def id(self) -> int:
        """The row's own name."""

    @property
    def chat(self) -> int:
        """The chat it goes to."""

    @property
    def kind(self) -> Kind:
        """Whether it answers the seeker or comes unasked."""

    @property
    def method(self) -> str:
        """The Bot API method."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """Its fields, as JSON values."""

    @property
    def file(self) -> bytes:
        """A document to send with it; empty without a `file_name`."""

    @property
    def file_name(self) -> str:
        """The document's name; empty where there is none."""

    @property
    def seeker(self) -> int | None:
        """Whose it is; None for what belongs to nobody, such as a line in a group."""

    @property
    def turn(self) -> int:
        """The turn that made it."""

    @property
    def tries(self) -> int:
        """Attempts made before this one."""

    @property
    def screen(self) -> bool:
        """Whether navigation edits this message from now on."""

    @property
    def lasting(self) -> bool:
        """Whether this message stays as it is."""


@dataclass(frozen=True)
class Room:
    """How much may leave now.

    `resting`: chats that nothing may be sent to but answers to presses. `flying`: chats with a
    request on its way.
    """

    replies: int
    nudges: int
    resting: Collection[int] = ()
    flying: Collection[int] = ()


class Outbox(Protocol):
    """The outbox of the store. Times are aware."""

    async def ready(self, now: datetime, room: Room) -> Sequence[Row]:
        """Claims what may leave: at most one row per chat, none behind one still unsettled.

        What is claimed leaves at once.
        """

    async def sent(self, row: Row, message_id: int | None, now: datetime) -> None:
        """It arrived, under this number where there is one."""

    async def not_sent(self, row: Row, retry_at: datetime) -> None:
        """It did not leave; it may at `retry_at`, before the later rows of its chat."""

    async def refused(self, row: Row, reason: str, gone: bool) -> None:
        """Telegram will not take it; `gone`: it takes nothing for this chat."""

    async def unsure(self, row: Row, reason: str) -> None:
        """It may have arrived, and is not sent again."""
