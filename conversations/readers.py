"""Readers of what people type: names, days, times, plain words; kind where they cannot read."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from conversations.calendar import QUIET_FROM, QUIET_UNTIL
from conversations.effects import Value
from conversations.steps import Here

LONGEST_NAME, LONGEST_LINE, LONGEST_NOTE = 64, 160, 1000
MOST_NAMES = 20
UNSEEN = "\u115f\u1160\u2800\u3164\uffa0"
APOSTROPHES = "'’‘ʼ`´"
_COMMA = re.compile(r"[,，、،]")
_TOLD = re.compile(r"\s+[-–—]\s+|\s*[()]\s*")
_BREAK = re.compile(r"[\n;；؛]+")
_BULLET = re.compile(r"^\s*(?:[-*•·–]+|\d{1,2}[.)])\s*")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_TIME = re.compile(r"(\d{1,2})[:.h](\d{2})\s*([ap])?\.?m?\.?|(\d{1,2})\s*([ap])\.?m\.?", re.I)


@dataclass
class Unclear(Exception):
    """The seeker's words could not be read; `key` names the kind answer."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Named:
    """A name as it was typed or shared, with what was said about the person."""

    name: str
    how: str = ""
    phone: str = ""


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


def a_field(here: Here, words: str) -> str:
    """The work the seeker wants, in their words; short enough to fit every message."""
    kept = some_words(here, words).rstrip(".")
    if len(kept) > 40:
        raise Unclear("unclear.field_long")
    return kept


def a_name(here: Here, words: str) -> str:
    """One name."""
    kept = line(words, LONGEST_LINE)
    if not any(one.isalpha() for one in kept):
        raise Unclear("unclear.name")
    if len(kept) > LONGEST_NAME:
        raise Unclear("unclear.name_long")
    return kept


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
    if not any(one.isalpha() for one in name) or len(name) > LONGEST_NAME:
        raise Unclear("unclear.name" if len(name) <= LONGEST_NAME else "unclear.name_long")
    return [Named(name, rest[:LONGEST_LINE])]


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


def a_day(here: Here, words: str) -> date:
    """A day such as 2026-12-04, not before today."""
    found = _DAY.search(words)
    if not found:
        raise Unclear("unclear.day")
    try:
        day = date(*(int(part) for part in found.groups()))
    except ValueError:
        raise Unclear("unclear.no_day") from None
    if day < here.now.date():
        raise Unclear("unclear.past")
    if (day - here.now.date()).days > 366:
        raise Unclear("unclear.far")
    return day


def a_time(here: Here, words: str) -> time:
    """A time such as 15:00, 3:30 pm or 3pm."""
    found = _TIME.search(_DAY.sub(" ", words))
    if not found:
        raise Unclear("unclear.time")
    hour = int(found[1] or found[4])
    half = (found[3] or found[5] or "").lower()
    if half and not 1 <= hour <= 12:
        raise Unclear("unclear.time")
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    try:
        return time(hour, int(found[2] or 0))
    except ValueError:
        raise Unclear("unclear.time") from None


def a_waking_time(here: Here, words: str) -> time:
    """A time at which the coach may write: not at night."""
    wall = a_time(here, words)
    if wall >= QUIET_FROM or wall < QUIET_UNTIL:
        raise Unclear("unclear.quiet")
    return wall


def a_moment(here: Here, words: str) -> tuple[date, time | None]:
    """A day, with its time where one was typed too."""
    day = a_day(here, words)
    rest = _DAY.sub(" ", words)
    wall = a_time(here, words) if any(one.isdigit() for one in rest) else None
    if wall and datetime.combine(day, wall, here.now.tzinfo) <= here.now:
        raise Unclear("unclear.past")
    return day, wall


def a_zone(here: Here, words: str) -> str:
    """A time zone by the name of a place in it, or by its IANA name."""
    found = here.script.calendar.zones_like(line(words), here.seeker.country)
    if not found:
        raise Unclear("unclear.zone")
    return found[0]
