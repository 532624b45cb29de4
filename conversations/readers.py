"""Readers of what people type: names, days, times, plain words; kind where they cannot read."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from conversations.calendar import QUIET_FROM, QUIET_UNTIL
from conversations.effects import Value
from conversations.steps import Here

LONGEST_LINE, LONGEST_NOTE = 160, 1000
MOST_AROUND = 8  # words in which a place is looked for
UNSEEN = "\u115f\u1160\u2800\u3164\uffa0"
APOSTROPHES = "'’‘ʼ`´"
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_TIME = re.compile(r"(\d{1,2})[:.h](\d{2})\s*([ap])?\.?m?\.?|(\d{1,2})\s*([ap])\.?m\.?", re.I)


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
    if not half and _is_later(here, words, hour):
        half = "p"
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


def _is_later(here: Here, words: str, hour: int) -> bool:
    """Whether a bare hour is one after noon: it is said so, or nobody talks at three in the night.

    It is read back before it counts.
    """
    said = any(one in folded(words) for one in here.script.phrases("afternoon", here.seeker.language))
    return (1 <= hour <= 11 and said) or (1 <= hour <= 6 and not re.search(r"\b0\d", _DAY.sub(" ", words)))


def a_moment(here: Here, words: str) -> tuple[date, time | None]:
    """A day, with its time where one was typed too."""
    day = a_day(here, words)
    rest = _DAY.sub(" ", words)
    wall = a_time(here, words) if any(one.isdigit() for one in rest) else None
    if wall and datetime.combine(day, wall, here.now.tzinfo) <= here.now:
        raise Unclear("unclear.past")
    return day, wall


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
