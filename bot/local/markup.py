"""Telegram's HTML read as TDLib reads it: plain text and entities, or its words for what is wrong."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from bot.local.entities import Entity, Tag, entity_of, in_order, utf16
from bot.local.refusal import Broken, broken

_TAGS: Final = "a b strong i em s strike del u ins tg-spoiler tg-emoji tg-time span pre code blockquote"
TAGS: Final = frozenset(_TAGS.split())
# The end of the text counts as a space, as it does in a C string.
_END: Final = "\0"
_SPACES: Final = " \t\r\n\v" + _END
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE: Final = re.compile(r"&(?:#x([0-9a-fA-F]{1,8})|#([0-9]{1,8})|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_WORDS: Final = re.compile(r"[^<&\0]+")
_HALF: Final = re.compile("[\ud800-\udfff]")
_TOKEN: Final = re.compile(r"[A-Za-z0-9.-]*")


def parse(html: str) -> tuple[str, list[dict[str, Any]]]:
    """The plain text and its entities, with offsets and lengths in UTF-16 units."""
    reader = _Reader(html.replace(_END, " ") + _END)
    while reader.at < len(html):
        reader.step()
    return reader.finished()


@dataclass
class _Reader:
    """One walk through a text, from left to right."""

    text: str
    at: int = 0
    units: int = 0
    plain: list[str] = field(default_factory=list)
    opened: list[Tag] = field(default_factory=list)
    found: list[Entity] = field(default_factory=list)

    def step(self) -> None:
        """Takes the next sign, reference or tag."""
        if self.text[self.at] == "<":
            return self._end_tag() if self.text[self.at + 1] == "/" else self._start_tag()
        sign = self._words() or self._reference() or self._sign()
        if _HALF.search(sign):
            raise broken(
                "can't parse entities: Text contains invalid Unicode characters after decoding HTML "
                "entities, check for unmatched surrogate code units"
            )
        self.plain.append(sign)
        self.units += utf16(sign)

    def finished(self) -> tuple[str, list[dict[str, Any]]]:
        """What was read; refuses a tag that is still open."""
        if self.opened:
            raise _wrong(f'Can\'t find end tag corresponding to start tag "{self.opened[-1].name}"')
        return "".join(self.plain), in_order(self.found)

    def _words(self) -> str:
        found = _WORDS.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found[0] if found else ""

    def _sign(self) -> str:
        self.at += 1
        return self.text[self.at - 1]

    def _reference(self) -> str:
        found = _REFERENCE.match(self.text, self.at)
        if found is None:
            return ""
        hexadecimal, decimal, name = found.groups()
        code = int(hexadecimal, 16) if hexadecimal else int(decimal or 0)
        if not name and not 0 < code < 0x10FFFF:
            return ""
        self.at = found.end()
        return _NAMED[name] if name else chr(code)

    def _start_tag(self) -> None:
        begin = self.at
        name = self._until(_SPACES + ">", begin + 1).lower()
        if self.text[self.at] == _END:
            raise self._fault("Unclosed start tag at byte offset {}", begin)
        if name not in TAGS:
            raise self._fault(f'Unsupported start tag "{name}" at byte offset {{}}', begin)
        attributes = self._attributes(name, begin)
        self.at += 1
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise self._fault('Tag "span" must have class "tg-spoiler" at byte offset {}', begin)
        self.opened.append(Tag(name, attributes, self.units, len(self.plain)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while self._next() != ">":
            name = self._until(_SPACES + "=>", self.at)
            if not name:
                raise self._fault(f'Empty attribute name in the tag "{tag}" at byte offset {{}}', begin)
            found[name] = self._value(tag, begin)
        return found

    def _value(self, tag: str, begin: int) -> str:
        if self._next() not in ("=", _END):
            return ""
        self.at += self.text[self.at] == "="
        if self._next() == _END:
            raise self._fault(f'Unclosed start tag "{tag}" at byte offset {{}}', begin)
        value = self._quoted() if self.text[self.at] in "'\"" else self._token()
        if self.text[self.at] == _END:
            raise self._fault("Unclosed start tag at byte offset {}", begin)
        return value

    def _quoted(self) -> str:
        quote, value = self._sign(), []
        while self.text[self.at] not in (quote, _END):
            value.append(self._reference() or self._sign())
        self.at += self.text[self.at] == quote
        return "".join(value)

    def _token(self) -> str:
        begin = self.at
        found = _TOKEN.match(self.text, begin)
        self.at = found.end() if found else begin
        if self.text[self.at] not in _SPACES + ">":
            raise self._fault("Unexpected end of name token at byte offset {}", begin)
        if self.text[self.at] == _END:
            raise self._fault("Unexpected end of name token at byte offset {}", begin)
        return self.text[begin : self.at].lower()

    def _end_tag(self) -> None:
        begin = self.at
        if not self.opened:
            raise self._fault("Unexpected end tag at byte offset {}", begin)
        name = self._until(_SPACES + ">", begin + 2).lower()
        if self._next() != ">":
            raise self._fault("Unclosed end tag at byte offset {}", begin)
        self.at += 1
        tag = self.opened.pop()
        if name and name != tag.name:
            told = f'expected "</{tag.name}>", found "</{name}>"'
            raise self._fault(f"Unmatched end tag at byte offset {{}}, {told}", begin)
        if self.units > tag.offset:
            entity_of(tag, self.units - tag.offset, "".join(self.plain[tag.begin :]), self.found)

    def _until(self, ends: str, begin: int) -> str:
        self.at = begin
        while self.text[self.at] not in ends:
            self.at += 1
        return self.text[begin : self.at]

    def _next(self) -> str:
        while self.text[self.at] != _END and self.text[self.at] in _SPACES:
            self.at += 1
        return self.text[self.at]

    def _fault(self, words: str, at: int) -> Broken:
        return _wrong(words.format(len(self.text[:at].encode("utf-8", "surrogatepass"))))


def _wrong(words: str) -> Broken:
    return broken(f"can't parse entities: {words}")
