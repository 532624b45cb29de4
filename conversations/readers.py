"""Readers of what people type: plain words, notes, places; kind where they cannot read."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from conversations.effects import Value
from conversations.steps import Here

LONGEST_LINE, LONGEST_NOTE = 160, 1000
MOST_AROUND = 8  # words in which a place is looked for
UNSEEN = "\u115f\u1160\u2800\u3164\uffa0"
APOSTROPHES = "'’‘ʼ`´"


@dataclass
class Unclear(Exception):
    """The seeker's words could not be read; `key` names the kind answer."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


def clean(words: str) -> str:
    """What was typed, in NFC, without control characters and lone surrogates; at most 4,096."""
    kept = "".join(one if _keeps(one) else "" for one in words.replace("\r\n", "\n"))
    return unicodedata.normalize("NFC", kept).strip()[:4096]


def _keeps(one: str) -> bool:
    if one in UNSEEN or ord(one) & 0xFFFE == 0xFFFE:  # letters that show nothing, and no characters
        return False
    return one in "\n\t\u200c\u200d" or unicodedata.category(one) not in ("Cc", "Cs", "Co", "Cf")


def line(words: str, longest: int = LONGEST_LINE) -> str:
    """The words in one line, without space at either end, cut to a length."""
    return " ".join(words.split())[:longest].strip()


def folded(words: str) -> str:
    """Words for comparing: without case, accents, apostrophes and doubled space."""
    plain = "".join(one for one in words.casefold() if one not in APOSTROPHES)
    bare = unicodedata.normalize("NFKD", plain)
    kept = (one for one in bare if not unicodedata.combining(one))
    return " ".join("".join(kept).split())


def some_words(here: Here, words: str) -> str:
    """A line of the seeker's own words."""
    if not any(one.isalnum() for one in words):
        raise Unclear("unclear.words")
    return line(words)


def a_note(here: Here, words: str) -> str:
    """Words of any shape, for a note or a message of the seeker's own."""
    if not any(one.isalnum() for one in words):
        raise Unclear("unclear.words")
    return words[:LONGEST_NOTE]


def a_zone(here: Here, words: str) -> str:
    """A time zone by the name of a place in it, or by its IANA name; `I live in Houston`, too."""
    typed, country = line(words).rstrip(".!").split()[:MOST_AROUND], here.seeker.country
    found = here.script.calendar.zones_like(" ".join(typed), country)
    for size in range(len(typed) - 1, 0, -1):
        for start in range(len(typed) - size, -1, -1):
            found = found or here.script.calendar.zones_of_place(
                " ".join(typed[start : start + size]), country
            )
    if found:
        return found[0]
    raise Unclear("unclear.zone")
