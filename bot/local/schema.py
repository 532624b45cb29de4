"""What the strict table is written in: fields with types and limits, and objects made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from bot.local.limits import Limit


class Plain(Enum):
    """A value without parts, under the name that Telegram gives its type."""

    INTEGER = "Number"
    TEXT = "String"
    BOOLEAN = "Boolean"
    TRUE = "True"
    CHAT = "Integer or String"
    FILE = "InputFile or String"


@dataclass(frozen=True)
class Many:
    """A list of values of one kind."""

    of: "Field"


@dataclass(frozen=True)
class Thing:
    """An object of one of these shapes, by their names in the Bot API."""

    names: tuple[str, ...]


Type = Plain | Many | Thing


@dataclass(frozen=True)
class Field:
    """One field. `missing`: what Telegram says where it must be there and is not."""

    type: Type
    limits: tuple[Limit, ...] = ()
    required: bool = False
    missing: str = ""

    def needed(self, missing: str = "") -> "Field":
        """The same field, where it must be there."""
        return replace(self, required=True, missing=missing)


@dataclass(frozen=True)
class Choice:
    """Of these fields at most one is there, and at least `least` of them."""

    names: tuple[str, ...]
    least: int
    words: str = ""


@dataclass(frozen=True)
class Shape:
    """The fields of a request or an object.

    `needs`: the field that an object of a certain `type` cannot go without; `said`: what
    Telegram calls the object when it cannot be parsed.
    """

    fields: Mapping[str, Field]
    choice: Choice | None = None
    needs: Mapping[str, str] = field(default_factory=dict)
    said: str = ""


def number(*limits: Limit) -> Field:
    """A whole number."""
    return Field(Plain.INTEGER, limits)


def text(*limits: Limit) -> Field:
    """Words."""
    return Field(Plain.TEXT, limits)


def many(of: Field, *limits: Limit) -> Field:
    """A list."""
    return Field(Many(of), limits)


def thing(*names: str) -> Field:
    """An object."""
    return Field(Thing(names))


FLAG: Final = Field(Plain.BOOLEAN)
CHAT: Final = Field(Plain.CHAT)
FILE: Final = Field(Plain.FILE)
YES: Final = Field(Plain.TRUE)
