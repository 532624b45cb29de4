"""Times of day as people write them: `15:00`, `3:30 pm`, `at 3`, `3 in the afternoon`, `noon`."""

import re
from collections.abc import Iterable
from datetime import time

from conversations.calendar import QUIET_FROM, QUIET_UNTIL
from conversations.readers import Unclear, folded
from conversations.steps import Here

ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
NUMBER = r"(?<![\w:/.])(\d{1,2})"
HALF = r"\s*([ap])\.?\s?m(?!\w)"  # of the day
_CLOCK = re.compile(rf"(?<!\d)(\d{{1,2}})[:.h](\d{{2}})(?!\d)(?:{HALF})?", re.I)
_HALVED = re.compile(rf"(?<!\d)(\d{{1,2}})(){HALF}", re.I)
_FOUR_DIGITS = re.compile(r"(?<![\d-])(?!20[2-9]\d)([01]\d|2[0-3])([0-5]\d)()(?![\d-])")  # 1500


def a_time(here: Here, words: str) -> time:
    """A time such as 15:00, 3:30 pm, 1500, `at 3` or `noon`."""
    words = ISO_DAY.sub(" ", words)
    if says(here, words, "noon") and not re.search(r"\d", words):
        return time(12)
    found = _CLOCK.search(words) or _HALVED.search(words) or _FOUR_DIGITS.search(words)
    hour = int(found[1]) if found else _bare_hour(here, words)
    minute, half = (int(found[2] or 0), (found[3] or "").lower()) if found else (0, "")
    if half and not 1 <= hour <= 12:
        raise Unclear("unclear.time")
    if not half and _is_later(here, words, hour):
        half = "p"
    try:
        return time(hour % 12 + (12 if half == "p" else 0) if half else hour, minute)
    except ValueError:
        raise Unclear("unclear.time") from None


def a_waking_time(here: Here, words: str) -> time:
    """A time at which the coach may write: not at night."""
    wall = a_time(here, words)
    if wall >= QUIET_FROM or wall < QUIET_UNTIL:
        raise Unclear("unclear.quiet")
    return wall


def _bare_hour(here: Here, words: str) -> int:
    """The hour of `at 3`, `3 in the afternoon` or a 3 alone; in `room 3` there is none."""
    before, after = either(here, "at"), either(here, "oclock")
    pattern = rf"(?<!\w)(?:{before}) {NUMBER}(?![\w/])|{NUMBER} ?(?:{after})(?!\w)|^(\d{{1,2}})$"
    found = re.search(pattern, plain(words))
    if not found:
        raise Unclear("unclear.time")
    return int(found[1] or found[2] or found[3])


def _is_later(here: Here, words: str, hour: int) -> bool:
    """Whether a bare hour is one after noon: it is said so, or nobody talks at three in the night.

    It is read back before it counts.
    """
    said, early = says(here, words, "afternoon"), says(here, words, "morning")
    return (1 <= hour <= 11 and said) or (1 <= hour <= 6 and not early and not re.search(r"\b0\d", words))


def plain(words: str) -> str:
    """Words for looking into: folded, and without marks that are no part of a number."""
    return " ".join(re.sub(r"[^\w:/.-]|(?<!\d)[:/.-]|[:/.-](?!\d)", " ", folded(words)).split())


def says(here: Here, words: str, kind: str) -> bool:
    """Whether words of a kind stand in these."""
    return bool(re.search(rf"(?<!\w)(?:{either(here, kind)})(?!\w)", plain(words)))


def either(here: Here, kind: str) -> str:
    """A pattern of every phrase of a kind."""
    return one_of(here.script.phrases(kind, here.seeker.language))


def one_of(phrases: Iterable[str]) -> str:
    """A pattern of these phrases, the longest first; nothing fits where there are none."""
    return "|".join(map(re.escape, sorted(phrases, key=len, reverse=True))) or "(?!)"
