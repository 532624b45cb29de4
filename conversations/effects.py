"""What the core wants done, and the values a text may carry: orders without a single sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Manner = Literal["screen", "kept", "nudge"]
Channel = Literal["chat", "email", "linkedin", "phone", "in_person"]


@dataclass(frozen=True)
class Text:
    """Words by their key; the shell finds the sentence in the right language.

    `values` fill the gaps. `pick` turns through the wordings of a text that has several.
    `count` chooses the plural form. `language` is set where the words are for a person and not
    for the seeker.
    """

    key: str
    values: Mapping[str, "Value"] = field(default_factory=dict)
    pick: int = 0
    count: int | None = None
    language: str = ""


@dataclass(frozen=True)
class Stack:
    """Whole texts under one another: paragraphs (`gap=2`), or lines of a list (`gap=1`)."""

    items: tuple["Value", ...]
    gap: int = 2


@dataclass(frozen=True)
class Listing:
    """Several things in one sentence, joined as the language joins them: a, b and c."""

    items: tuple["Value", ...]


@dataclass(frozen=True)
class Fitting:
    """The first of several wordings that fits into `limit` characters (or `words`)."""

    choices: tuple["Value", ...]
    limit: int


@dataclass(frozen=True)
class When:
    """A moment, said in words with its zone. `at` is aware. `style`: `full`, `day` or `time`."""

    at: datetime
    style: Literal["full", "day", "time"] = "full"


@dataclass(frozen=True)
class Day:
    """A calendar day without a time: `full` with its weekday, `short` for buttons, `dated`."""

    on: date
    style: Literal["full", "short", "dated"] = "full"


Value = str | int | Text | Stack | Listing | Fitting | When | Day


@dataclass(frozen=True)
class Draft:
    """Words for a person, shown apart so that they can be copied whole."""

    body: Value
    channel: Channel
    language: str
    subject: Value | None = None
    phone: str = ""


@dataclass(frozen=True)
class Button:
    """A button of a step. `option` is a slug; words never travel in it."""

    step: str
    option: str
    label: Value
    person: int = 0
    entered: int = 0


@dataclass(frozen=True)
class Say:
    """One message: paragraphs and drafts in order, then buttons.

    `screen` may replace the screen before it; `kept` and `nudge` are always new messages.
    `until`: it must not go out from then on.
    """

    parts: tuple[Value | Draft, ...]
    buttons: tuple[Button, ...] = ()
    manner: Manner = "screen"
    asks_contact: bool = False
    until: datetime | None = None


@dataclass(frozen=True)
class Notice:
    """A few words in answer to a button, shown in passing where the channel can."""

    text: Text


@dataclass(frozen=True)
class SendCalendarFile:
    """A calendar file for one talk, with its alarms. Times are aware."""

    uid: str
    title: Text
    about: Value
    where: str
    start: datetime
    minutes: int
    cancelled: bool = False


@dataclass(frozen=True)
class SendExport:
    """Everything the coach holds of this seeker, as one file."""


@dataclass(frozen=True)
class Erase:
    """Everything of this seeker goes, at once."""


Effect = Say | Notice | SendCalendarFile | SendExport | Erase
