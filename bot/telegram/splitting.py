"""Long messages into several, each whole in its markup and short enough for Telegram."""

from html import unescape
from re import compile as pattern
from typing import Final, NamedTuple
from unicodedata import category

from telegram.constants import MessageLimit

from bot.telegram.html import units, unmarked

LIMIT: Final = int(MessageLimit.MAX_TEXT_LENGTH)
_PIECE: Final = pattern(r"<[^<>]*>|&#?\w+;|[\s\S]")
_NAME: Final = pattern(r"</?([\w-]+)")
_JOINERS: Final = "\u200d\ufe0f"


class _Atom(NamedTuple):
    """What is never cut: a tag, an entity, or one character; `plain` is what is read of it."""

    source: str
    plain: str


def split(html: str, limit: int = LIMIT) -> list[str]:
    """The message in parts of at most `limit` UTF-16 units after parsing, none of them blank.

    A cut is made at a paragraph where one is near, then at a line, then at a space; tags open
    at the cut are closed in one part and opened again in the next.
    """
    if units(html) <= limit:
        return [html] if unmarked(html).strip() else []
    atoms = [_atom(source) for source in _PIECE.findall(html)]
    parts: list[str] = []
    opened: list[str] = []
    while atoms:
        end = _fit(atoms, limit)
        parts.append(_written(atoms[:end], opened))
        atoms = atoms[end:]
    return [part for part in parts if unmarked(part).strip()]


def _atom(source: str) -> _Atom:
    if len(source) == 1:
        return _Atom(source, source)
    return _Atom(source, "" if source[0] == "<" else unescape(source))


def _fit(atoms: list[_Atom], limit: int) -> int:
    size = 0
    for end, atom in enumerate(atoms):
        size += units(atom.plain)
        if size > limit:
            return max(1, _cut(atoms, end))
    return len(atoms)


def _cut(atoms: list[_Atom], end: int) -> int:
    plain = [atom.plain for atom in atoms]
    for fits in (_after_paragraph, _after_line, _after_space):
        for at in range(end, end // 2, -1):
            if fits(plain, at):
                return at
    return next((at for at in range(end, 0, -1) if _between(plain, at)), end)


def _after_paragraph(plain: list[str], at: int) -> bool:
    return _after_line(plain, at) and at > 1 and plain[at - 2] == "\n"


def _after_line(plain: list[str], at: int) -> bool:
    return plain[at - 1] == "\n"


def _after_space(plain: list[str], at: int) -> bool:
    return plain[at - 1] == " "


def _between(plain: list[str], at: int) -> bool:
    # Between two signs that are read apart: not before a mark, not beside a joiner.
    before, after = plain[at - 1], plain[at]
    if not before or not after:
        return bool(after)
    skin = "\U0001f3fb" <= after <= "\U0001f3ff"
    return not (before in _JOINERS[:1] or after in _JOINERS or skin or category(after[0])[0] == "M")


def _written(atoms: list[_Atom], opened: list[str]) -> str:
    head = "".join(opened)
    for atom in atoms:
        if not atom.plain and atom.source.startswith("</"):
            opened[-1:] = []
        elif not atom.plain and atom.source.startswith("<"):
            opened.append(atom.source)
    tail = "".join(f"</{_name(tag)}>" for tag in reversed(opened))
    return _trimmed(head, "".join(atom.source for atom in atoms), tail)


def _trimmed(head: str, body: str, tail: str) -> str:
    return (head + body.strip("\n ") + tail).strip()


def _name(tag: str) -> str:
    found = _NAME.match(tag)
    return found[1] if found else ""
