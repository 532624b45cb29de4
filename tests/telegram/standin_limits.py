"""What the Bot API refuses: limits of texts and keyboards, and markup that cannot be parsed."""

import html
import re
from typing import Any, Final

_NAMES: Final = """
a b strong i em s strike del u ins tg-spoiler tg-emoji tg-time span pre code blockquote
"""
TAGS: Final = frozenset(_NAMES.split())
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)?([^<>]*)(>?)")


class Refusal(Exception):
    """An error answer: a code and Telegram's words."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


def bad(description: str) -> Refusal:
    """400 with its usual beginning."""
    return Refusal(400, f"Bad Request: {description}")


def utf16(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def read_text(text: str, parse_mode: str | None, most: int = 4096) -> str:
    """The text after parsing; refuses one that is empty, too long, or cannot be parsed."""
    plain = parse(text) if parse_mode == "HTML" else text
    if not plain.strip():
        raise bad("message text is empty")
    if utf16(plain) > most:
        raise bad("message is too long")
    return plain


def parse(text: str) -> str:
    """The plain text of Telegram's HTML; refuses with the words of TDLib."""
    opened: list[str] = []
    plain: list[str] = []
    at = 0
    for found in _TAG.finditer(text):
        plain.append(html.unescape(text[at : found.start()]))
        at = found.end()
        _tag(found, opened, len(text[: found.start()].encode()))
    if opened:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag {opened[-1]}")
    return "".join(plain) + html.unescape(text[at:])


def _tag(found: re.Match[str], opened: list[str], offset: int) -> None:
    closing, name, _, end = found.groups()
    name = (name or "").lower()
    if not end:
        raise bad(f"can't parse entities: Unclosed start tag at byte offset {offset}")
    if closing and not opened:
        raise bad(f"can't parse entities: Unexpected end tag at byte offset {offset}")
    if closing and opened[-1] != name:
        raise bad(
            f"can't parse entities: Unmatched end tag at byte offset {offset}, "
            f'expected "</{opened[-1]}>", found "</{name}>"'
        )
    if not closing and name not in TAGS:
        raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {offset}')
    opened.pop() if closing else opened.append(name)


def check_keyboard(markup: dict[str, Any] | None) -> None:
    """Refuses a keyboard that is too large, or a button that is not one."""
    rows = (markup or {}).get("inline_keyboard", [])
    if any(not row or len(row) > 8 for row in rows) or sum(map(len, rows)) > 100:
        raise bad("reply markup is too long")
    for key in (key for row in rows for key in row):
        _check_key(key)


def _check_key(key: dict[str, Any]) -> None:
    kinds = {"callback_data", "copy_text", "url"} & key.keys()
    if not key.get("text") or len(kinds) != 1:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in it")
    if "callback_data" in key and not 1 <= len(key["callback_data"].encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")
    if "copy_text" in key and not 1 <= utf16(key["copy_text"]["text"]) <= 256:
        raise bad("BUTTON_COPY_TEXT_INVALID")
    if "url" in key and not key["url"].startswith(("https://", "tg://")):
        raise bad("BUTTON_URL_INVALID")
