"""What the store gives and takes: frozen rows, with moments as aware datetimes in UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

OutboxKind = Literal["reply", "nudge"]
OutboxState = Literal["pending", "sending", "sent", "refused", "unsure", "cancelled"]
Settled = Literal["sent", "refused", "unsure", "cancelled"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class InboxRow:
    """One raw update that waits for its turn. `tap` is the id of the button press, if it is one."""

    update_id: int
    tap: str | None
    chat: int
    body: str
    received: datetime
    id: int = 0
    tries: int = 0


@dataclass(frozen=True)
class SeekerRow:
    """One seeker. `body` is the JSON of the whole seeker in the format with number `format`.

    `screen` is the number of the message that navigation edits; only `set_screen` changes it.
    `newest` is the highest message number known in the chat; it only grows.
    """

    id: int
    chat: int
    turn: int
    format: int
    body: str
    last_seen: datetime | None = None
    screen: int | None = None
    newest: int | None = None


@dataclass(frozen=True)
class NudgeRow:
    """One nudge still owed: its rule, the person it is about (0: nobody), the turn that planned it.

    `seeker` is filled by the store: plans are replaced seeker by seeker.
    """

    rule: str
    person: int
    due: datetime
    turn: int
    seeker: int = 0


@dataclass(frozen=True)
class OutboxRow:
    """One request to send, and what became of it. `payload` is JSON text.

    A new row needs only the chat, the method and the payload; `not_before` None means at once,
    `not_after` None that it never grows too old. What follows `not_before` but for `not_after` is
    the store's to fill, unless a row is in doubt from the beginning. `after_chat` and `after_all`
    are the highest message numbers known when it left, `probes` counts how often Telegram did not
    know it, `told` says that the seeker knows of that. What `follows` an answer of the same turn gives
    way to whoever has had none yet.
    """

    chat: int
    method: str
    payload: str
    kind: OutboxKind = "reply"
    seeker: int | None = None
    file: bytes | None = None
    file_name: str = ""
    screen: bool = False
    lasting: bool = False
    turn: int = 0
    not_before: datetime | None = None
    id: int = 0
    state: OutboxState = "pending"
    tries: int = 0
    message: int | None = None
    reason: str = ""
    made: datetime | None = None
    settled: datetime | None = None
    not_after: datetime | None = None
    claimed: datetime | None = None
    after_chat: int | None = None
    after_all: int | None = None
    probes: int = 0
    told: bool = False
    follows: bool = False


@dataclass(frozen=True)
class Counts:
    """Numbers of one seeker, without words."""

    asked: int = 0
    answered: int = 0
    met: int = 0
    named: int = 0


@dataclass(frozen=True)
class Totals:
    """Numbers an operator may see: over all seekers, without words."""

    seekers: int = 0
    asked: int = 0
    answered: int = 0
    met: int = 0
    named: int = 0


@dataclass(frozen=True)
class Recovered:
    """What a start found half sent: rows that go out again, and rows nobody can be sure of."""

    again: int = 0
    unsure: int = 0


@dataclass(frozen=True)
class Withdrawn:
    """A request that was taken back before it went out: its kind, and the turn that made it."""

    kind: OutboxKind
    turn: int


def millis(moment: datetime) -> int:
    """An aware moment as unix milliseconds; a naive one is an error of ours."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be kept")
    return (moment - EPOCH) // MILLISECOND


def moment(number: int) -> datetime:
    """Unix milliseconds as an aware moment in UTC."""
    return EPOCH + number * MILLISECOND


def maybe_millis(value: datetime | None) -> int | None:
    """As `millis`, and None stays None."""
    return None if value is None else millis(value)


def maybe_moment(number: int | None) -> datetime | None:
    """As `moment`, and None stays None."""
    return None if number is None else moment(number)
