"""Names as people type them: one or several, with what is known of each, and one's own."""

import re
from dataclasses import dataclass

from conversations.readers import LONGEST_LINE, Unclear, folded, line
from conversations.steps import Here

LONGEST_NAME = 64
_COMMA = re.compile(r"[,，、،]")
_TOLD = re.compile(r"\s+[-–—]\s+|\s*[()]\s*")
_BREAK = re.compile(r"[\n;；؛]+")
_BULLET = re.compile(r"^\s*(?:[-*•·–]+|\d{1,2}[.)])\s*")
_QUESTION = ("?", "؟", "？")
MOST_NAMES = 20


@dataclass(frozen=True)
class Named:
    """A name as it was typed or shared, with what was said about the person."""

    name: str
    how: str = ""
    phone: str = ""


def a_name(here: Here, words: str) -> str:
    """One name."""
    kept = line(words, LONGEST_LINE)
    if not any(one.isalpha() for one in kept):
        raise Unclear("unclear.name")
    if len(kept) > LONGEST_NAME:
        raise Unclear("unclear.name_long")
    return kept


def own_name(here: Here, words: str) -> str:
    """The seeker's own name, without the words one says before it."""
    for start in sorted(here.script.phrases("iam", here.seeker.language), key=len, reverse=True):
        if folded(words).startswith(f"{start} "):
            words = " ".join(words.split()[len(start.split()) :])
            break
    return a_name(here, words.rstrip("."))


def names(here: Here, words: str) -> list[Named]:
    """One or several people, a line each: a name, then what is known of them.

    What is known follows a comma, a dash or an open bracket; `my sister Lucy` is Lucy, my sister.
    A line of capitalised parts of one shape, such as `Maria Lopez, Sam Chen`, is several people.
    """
    lines = (_BULLET.sub("", one).strip() for one in _BREAK.split(words))
    found = [named for one in lines if one for named in _names_in(here, one)]
    if not found:
        raise Unclear("unclear.name")
    if len(found) > MOST_NAMES:
        raise Unclear("unclear.names_many")
    return found


def _names_in(here: Here, words: str) -> list[Named]:
    parts = [line(part) for part in _COMMA.split(_TOLD.sub(", ", words)) if part.strip()]
    if len(parts) > 1 and _are_names(here, parts):
        return [Named(part) for part in parts]
    parts = _turned(here, parts)
    name, rest = (parts[0], ", ".join(parts[1:])) if parts else ("", "")
    if not any(one.isalpha() for one in name) or len(name) > LONGEST_NAME or _is_a_sentence(here, name):
        raise Unclear("unclear.name" if len(name) <= LONGEST_NAME else "unclear.name_long")
    return [Named(name, rest[:LONGEST_LINE])]


def _is_a_sentence(here: Here, words: str) -> bool:
    """Whether these begin as no name does, such as `I don't remember`, or are a question."""
    starts = here.script.phrases("sentence", here.seeker.language)
    return words.endswith(_QUESTION) or any(folded(words).startswith(f"{one} ") for one in starts)


def _are_names(here: Here, parts: list[str]) -> bool:
    """Whether comma-separated parts are all names: alike in shape, none of them a place of work."""
    pieces = [part.split() for part in parts]
    words = [word for one in pieces for word in one]
    capital = all(word[0].isupper() and not (word.isupper() and len(word) in (2, 3)) for word in words)
    alike = all(len(one) == 1 for one in pieces) or all(len(one) in (2, 3) for one in pieces)
    places = here.script.phrases("places", here.seeker.language)
    return capital and alike and not any(folded(word) in places for word in words)


def _turned(here: Here, parts: list[str]) -> list[str]:
    """`my sister Lucy` turned into the name and what was said before it."""
    first = parts[0].split() if parts else []
    if len(first) < 3 or folded(first[0]) not in here.script.phrases("mine", here.seeker.language):
        return parts
    at = next((place for place, word in enumerate(first) if place and word[0].isupper()), 0)
    return [" ".join(first[at:]), " ".join(first[:at]), *parts[1:]] if at else parts
