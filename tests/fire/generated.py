"""Updates of every kind that the Bot API knows, made at random from a library's models of it."""

import random
import types
import typing
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from aiogram.types import Update
from aiogram.types.base import TelegramObject
from pydantic import BaseModel

Json = dict[str, Any]
KINDS = tuple(name for name in Update.model_fields if name != "update_id")
TEXTS = ("", "hello", "/start", "/next@twenty_test_bot", "/erase", "\U0001f600" * 40, "a\x00b", "\ud83d",
         "‮abc", " ", "[Yes]", "s|o|0|1", "x" * 5000)  # fmt: skip
NUMBERS = (0, 1, -1, 5, 1001, 2**31, 2**53, -(10**13), 2**63)
DEEPEST = 4


class Maker:
    """Makes values of a model's fields; the deeper, the fewer of those that may be left out."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def update(self, number: int) -> Json:
        """One update of a random kind, or of none."""
        kind = KINDS[number % len(KINDS)]
        field = Update.model_fields[kind].annotation
        made: Json = {"update_id": number + 1, kind: self.value(field, 0)}
        if self.chance.random() < 0.1:
            made["from_the_future"] = {"kind": "new", "of": [1, 2, 3]}
        if self.chance.random() < 0.05:
            made[kind] = self.chance.choice([None, 5, "text", [], {}])
        return made

    def model(self, model: type[BaseModel], depth: int) -> Json:
        """An object: what is required, and some of the rest."""
        made: Json = {}
        for name, field in model.model_fields.items():
            if field.is_required() or self.chance.random() < 0.5 / (depth + 1):
                made[field.alias or name] = self.value(field.annotation, depth + 1)
        if self.chance.random() < 0.1:
            made.pop(self.chance.choice(list(made)), None) if made else None
        if "chat" in made and isinstance(made["chat"], dict) and self.chance.random() < 0.6:
            made["chat"] = {"id": 1001, "type": "private", "first_name": "Dana"}
            made["from"] = {"id": 1001, "is_bot": False, "first_name": "Dana", "language_code": "en"}
        if "data" in made and "chat_instance" in made:
            made["from"] = {"id": 1001, "is_bot": False, "first_name": "Dana"}
            made["id"] = f"tap {self.chance.random()}"
        return made

    def value(self, kind: Any, depth: int) -> Any:
        """A value of a type."""
        origin, inner = typing.get_origin(kind), typing.get_args(kind)
        if origin in (typing.Union, types.UnionType):
            return self.value(self.chance.choice([one for one in inner if one is not type(None)]), depth)
        if origin is typing.Literal:
            return self.chance.choice(inner)
        if origin is typing.Annotated:
            return self.value(inner[0], depth)
        if origin in (list, tuple):
            return [] if depth > DEEPEST else [self.value(inner[0], depth) for _ in range(2)]
        if isinstance(kind, type):
            return self._plain(kind, depth)
        return None

    def _plain(self, kind: type, depth: int) -> Any:
        if issubclass(kind, TelegramObject):
            return {} if depth > DEEPEST else self.model(kind, depth)
        if issubclass(kind, Enum):
            return self.chance.choice([one.value for one in kind])
        if kind is bool:
            return self.chance.random() < 0.5
        if issubclass(kind, datetime | timedelta) or kind is int:
            return self.chance.choice(NUMBERS)
        if kind is float:
            return self.chance.random() * 1e6
        return self.chance.choice(TEXTS) if kind is str else None


def updates(count: int, seed: int) -> Iterator[Json]:
    """So many, of all kinds in turn."""
    maker = Maker(seed)
    return (maker.update(number) for number in range(count))
