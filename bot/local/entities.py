"""Entities of a text: what a tag turns into, which may hold which, and their order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.local.links import checked_link, user_of
from bot.local.refusal import broken

_TYPES: Final = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "tg-spoiler": "spoiler", "span": "spoiler", "pre": "pre", "code": "code", "blockquote": "blockquote",
    "a": "text_link", "tg-emoji": "custom_emoji", "tg-time": "date_time",
}  # fmt: skip
#: Which comes first where two begin together and are equally long: the outer one.
_RANK: Final = {
    "blockquote": 0, "expandable_blockquote": 0, "pre": 11, "code": 20, "text_link": 49, "text_mention": 49,
    "date_time": 50, "bold": 90, "italic": 91, "underline": 92, "strikethrough": 93, "spoiler": 94,
    "custom_emoji": 99,
}  # fmt: skip
_TIME_FORMAT: Final = re.compile(r"r|w?[dD]?[tT]?")
_ALONE: Final = ("pre", "code")
_STYLES: Final = ("bold", "italic", "underline", "strikethrough", "spoiler")


@dataclass(frozen=True)
class Tag:
    """A tag that is open: where its text begins, in UTF-16 units and in signs."""

    name: str
    attributes: dict[str, str]
    offset: int
    begin: int


@dataclass(frozen=True)
class Entity:
    """A stretch of text with a meaning. `more` holds what its type needs besides."""

    type: str
    offset: int
    length: int
    more: tuple[tuple[str, Any], ...] = ()
    language: str = ""

    @property
    def end(self) -> int:
        """Where it ends, in UTF-16 units."""
        return self.offset + self.length

    def as_json(self) -> dict[str, Any]:
        """As messages carry it."""
        return {"type": self.type, "offset": self.offset, "length": self.length, **dict(self.more)}


def utf16(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text) if text.isascii() else len(text) + sum(sign > "\uffff" for sign in text)


def entity_of(tag: Tag, length: int, words: str, found: list[Entity]) -> None:
    """Adds to `found` what a tag with these words in it turns into, if anything."""
    plain = Entity(_TYPES[tag.name], tag.offset, length)
    match tag.name:
        case "a":
            found.extend(_link(plain, tag.attributes.get("href") or words))
        case "tg-emoji":
            found.append(_emoji(plain, tag.attributes.get("emoji-id", "")))
        case "tg-time":
            found.append(_moment(plain, tag.attributes))
        case "blockquote" if "expandable" in tag.attributes:
            found.append(replace(plain, type="expandable_blockquote"))
        case "pre" | "code":
            language = tag.attributes.get("class", "").removeprefix("language-") if tag.name == "code" else ""
            _code(replace(plain, language=language), found)
        case _:
            found.append(plain)


def _link(plain: Entity, url: str) -> list[Entity]:
    user = user_of(url)
    if user is not None:
        who = {"id": user, "is_bot": False, "first_name": str(user)}
        return [replace(plain, type="text_mention", more=(("user", who),))]
    checked = checked_link(url)
    return [replace(plain, more=(("url", checked),))] if checked else []


def _emoji(plain: Entity, number: str) -> Entity:
    if not number.isdigit() or int(number) == 0:
        raise broken("can't parse entities: Invalid custom emoji identifier specified")
    return replace(plain, more=(("custom_emoji_id", number),))


def _moment(plain: Entity, attributes: dict[str, str]) -> Entity:
    unix, shape = attributes.get("unix", ""), attributes.get("format", "")
    if not unix.isdigit() or not _TIME_FORMAT.fullmatch(shape):
        raise broken("can't parse entities: Invalid date or format of tg-time specified")
    more: tuple[tuple[str, Any], ...] = (("unix_time", int(unix)),)
    return replace(plain, more=(*more, ("date_time_format", shape)) if shape else more)


def _code(plain: Entity, found: list[Entity]) -> None:
    # <pre> and <code class="language-x"> around the same words are one block in that language.
    last = found[-1] if found else None
    same = last is not None and (last.offset, last.length) == (plain.offset, plain.length)
    language = plain.language or (last.language if last else "")
    if same and last is not None and {last.type, plain.type} == set(_ALONE) and language:
        found[-1] = Entity("pre", plain.offset, plain.length, (("language", language),))
    else:
        found.append(plain)


def in_order(found: Sequence[Entity]) -> list[dict[str, Any]]:
    """The entities as messages carry them: outer before inner, none inside code, quotes not nested."""
    kept = [piece for one in _by_place(found) for piece in _outside_code(one, found)]
    quotes = [one for one in kept if "blockquote" in one.type]
    return [
        one.as_json()
        for one in _by_place(kept)
        if one not in quotes or not any(_inside(one, other) for other in quotes if other is not one)
    ]


def _by_place(found: Sequence[Entity]) -> list[Entity]:
    return sorted(found, key=lambda one: (one.offset, -one.length, _RANK[one.type]))


def _inside(one: Entity, other: Entity) -> bool:
    return other.offset <= one.offset and one.end <= other.end


def _outside_code(one: Entity, found: Sequence[Entity]) -> list[Entity]:
    blocks = [other for other in found if other.type in _ALONE and other is not one]
    if one.type in _ALONE:
        inner = any(_inside(one, other) and (one.type, other.type) == ("code", "pre") for other in blocks)
        return [] if inner else [one]
    if one.type not in _STYLES:
        within = one.type not in ("blockquote", "expandable_blockquote")
        return [] if within and any(_inside(one, other) for other in blocks) else [one]
    pieces = [one]
    for block in blocks:
        pieces = [part for piece in pieces for part in _without(piece, block)]
    return pieces


def _without(one: Entity, block: Entity) -> list[Entity]:
    if block.end <= one.offset or one.end <= block.offset:
        return [one]
    before = replace(one, length=max(0, block.offset - one.offset))
    after = replace(one, offset=block.end, length=max(0, one.end - block.end))
    return [part for part in (before, after) if part.length]


def moved(entities: Sequence[dict[str, Any]], by: int, most: int) -> list[dict[str, Any]]:
    """The entities after `by` units were cut at the front and everything beyond `most` at the end."""
    kept = []
    for one in entities:
        begin = max(0, one["offset"] - by)
        end = min(most, one["offset"] + one["length"] - by)
        if end > begin:
            kept.append({**one, "offset": begin, "length": end - begin})
    return kept
