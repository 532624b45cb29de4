"""Keyboards: those that hang on a message, and those that take the place of the letters."""

from collections.abc import Mapping
from typing import Any

from bot.local.world import Chat

Json = dict[str, Any]


def inline(params: Mapping[str, Any]) -> Json:
    """`reply_markup` of a message, where its keyboard is one that hangs on it and has buttons."""
    rows = [row for row in (params.get("reply_markup") or {}).get("inline_keyboard", []) if row]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def replace_letters(chat: Chat, params: Mapping[str, Any], number: int) -> None:
    """Shows, changes or takes away what stands in place of the letters, as message `number` says."""
    markup = params.get("reply_markup") or {}
    if markup.get("keyboard"):
        chat.keyboard, chat.keyboard_from = dict(markup), number
    elif markup.get("remove_keyboard"):
        chat.keyboard, chat.keyboard_from = None, number


def keys_of(message: Mapping[str, Any]) -> list[Json]:
    """The buttons that hang on a message, row after row."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [key for row in rows for key in row]


def letters_of(chat: Chat) -> list[Json]:
    """The buttons in place of the letters; a plain word is a button too."""
    rows = (chat.keyboard or {}).get("keyboard", [])
    return [{"text": key} if isinstance(key, str) else key for row in rows for key in row]
