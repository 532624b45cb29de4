"""Judges what the local Telegram answers by aiogram's models: unknown fields, missing ones, other types."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import aiogram.methods
from aiogram.types import Update
from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.local.contract import named

ALWAYS = {
    "Message": {"message_id", "date", "chat", "from_user"},
    "CallbackQuery": {"id", "from_user", "message", "chat_instance", "data"},
    "User": {"id", "is_bot", "first_name"},
    "Chat": {"id", "type", "first_name"},
    "Document": {"file_id", "file_unique_id", "file_name", "mime_type", "file_size"},
    "File": {"file_id", "file_unique_id", "file_size", "file_path"},
    "ChatMemberUpdated": {"chat", "from_user", "date", "old_chat_member", "new_chat_member"},
}
"""What Telegram gives in a private chat each time, also where the documents call it optional."""


def faults_of_answer(method: str, result: Any) -> list[str]:
    """What is wrong with the `result` of a method."""
    name = named(method)
    returning = getattr(aiogram.methods, name[0].upper() + name[1:]).__returning__
    return faults(returning, result)


def faults_of_update(update: Mapping[str, Any]) -> list[str]:
    """What is wrong with an update."""
    return faults(Update, update)


def faults(kind: Any, value: Any) -> list[str]:
    """What is wrong with a value that should be of a kind of aiogram's."""
    try:
        found = _adapter(kind).validate_python(value)
    except ValidationError as error:
        return [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
    again = _adapter(kind).dump_python(found, mode="json", by_alias=True, exclude_unset=True)
    changed = json.dumps(again, sort_keys=True) != json.dumps(value, sort_keys=True)
    return [*_of_parts(found), *(["a value is of another type"] if changed else [])]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _of_parts(part: Any) -> Iterator[str]:
    if isinstance(part, list | tuple):
        for one in part:
            yield from _of_parts(one)
    if isinstance(part, BaseModel):
        name = type(part).__name__
        given = {field: getattr(part, field) for field in part.model_fields_set}
        yield from (f"{name} has no {field} in the Bot API" for field in part.model_extra or {})
        yield from (f"{name} is without {field}" for field in sorted(ALWAYS.get(name, set()) - set(given)))
        if name == "Message":
            yield from _of_entities(given.get("text") or "", given.get("entities") or ())
        for one in given.values():
            yield from _of_parts(one)


def _of_entities(text: str, entities: Any) -> Iterator[str]:
    size = len(text.encode("utf-16-le")) // 2
    for one in entities:
        if one.length < 1 or one.offset < 0 or one.offset + one.length > size:
            yield f"the {one.type} at {one.offset} is not within the text"
