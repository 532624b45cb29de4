"""The text of a message as it will stand in the chat: parsed, trimmed, neither empty nor too long."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.local.entities import moved, utf16
from bot.local.markup import parse
from bot.local.refusal import broken

LONGEST: Final = 4096
LONGEST_CAPTION: Final = 1024
_SHOWN: Final = 100
_BLANK: Final = " \t\r\n\v\f"

Json = dict[str, Any]


def read_text(params: Mapping[str, Any]) -> Json:
    """`text` and `entities` of a message; refuses one that is empty, too long, or cannot be parsed."""
    text, entities = read(str(params.get("text", "")), params.get("parse_mode"), params.get("entities"))
    if not text:
        raise broken("message text is empty")
    if utf16(text) > LONGEST:
        raise broken("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def read_caption(params: Mapping[str, Any]) -> Json:
    """`caption` and `caption_entities`; nothing where there is none."""
    given = params.get("caption_entities")
    text, entities = read(str(params.get("caption", "")), params.get("parse_mode"), given)
    if utf16(text) > LONGEST_CAPTION:
        raise broken("message caption is too long")
    caption: Json = {"caption": text} if text else {}
    return {**caption, "caption_entities": entities} if entities else caption


def read(text: str, parse_mode: object, given: Sequence[Json] | None) -> tuple[str, list[Json]]:
    """The text and its entities. A parse mode, where there is one, overrules entities given apart."""
    mode = str(parse_mode or "").lower()
    if mode not in ("", "html"):
        raise broken("unsupported parse_mode")
    plain, entities = parse(text) if mode else (text, list(given or ()))
    kept = plain.strip(_BLANK)
    cut = utf16(plain[: len(plain) - len(plain.lstrip(_BLANK))])
    return kept, moved(entities, cut, utf16(kept))[:_SHOWN]
