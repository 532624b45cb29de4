"""Times of day as people write them: `15:00`, `3:30 pm`, `at 3`, `3 in the afternoon`, `noon`."""

import re
from collections.abc import Iterable
from datetime import time

from conversations.calendar import QUIET_FROM, QUIET_UNTIL
from conversations.hearing import says_of
from conversations.readers import Unclear, folded
from conversations.steps import Here

ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
NUMBER = r"(?<![\w:/.])(\d{1,2})"
HALF = r"\s*[ap]\.?\s?m(?!\w)"  # of the day
QUARTERS = {"past_30": (0, 30), "past_15": (0, 15), "to_15": (-1, 45)}  # hours and minutes
_HALF = rf"(?P<half>{HALF})"
_CLOCK = re.compile(rf"(?<!\d)(?P<hour>\d{{1,2}})[:.h](?P<minute>\d{{2}})(?!\d){_HALF}?", re.I)
_HALVED = re.compile(rf"(?<!\d)(?P<hour>\d{{1,2}})(?P<minute>\d{{2}})?{_HALF}", re.I)  # 3 pm, 330pm
_MILITARY = re.compile(r"(?<![\d-])(?!20[2-9]\d)(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?![\d-])")


def a_time(here: Here, words: str) -> time:
    """A time such as 15:00, 3:30 pm, 1500, `at 3`, `half past three`, `2-4pm` (its start) or `noon`."""
    words = _in_figures(here, _start_of(here, ISO_DAY.sub(" ", words)))
    if says_of(here, words, "noon") and not re.search(r"\d", re.sub(r"\b12\b", "", words)):
        return time(12)
    found = (_CLOCK.search(words) or _HALVED.search(words) or _bare_hour(here, plain(words))
             or _MILITARY.search(words))  # fmt: skip
    if not found:
        raise Unclear("unclear.time")
    said = {"minute": "", "half": "", **{name: one or "" for name, one in found.groupdict().items()}}
    hour, half = int(said["hour"]), said["half"].strip()[:1].lower()
    if half and not 1 <= hour <= 12:
        raise Unclear("unclear.time")
    if not half and not said["hour"].startswith("0") and _is_later(here, words, hour):
        half = "p"
    try:
        return time(hour % 12 + (12 if half == "p" else 0) if half else hour, int(said["minute"] or 0))
    except ValueError:
        raise Unclear("unclear.time") from None


def a_waking_time(here: Here, words: str) -> time:
    """A time at which the coach may write: not at night."""
    wall = a_time(here, words)
    if wall >= QUIET_FROM or wall < QUIET_UNTIL:
        raise Unclear("unclear.quiet")
    return wall


def _in_figures(here: Here, words: str) -> str:
    """`half past three` and `3 y media` as 3:30."""
    words = in_digits(here, words)
    for kind, (hours, minutes) in QUARTERS.items():
        beside = either(here, kind)
        pattern = rf"(?<!\w)(?:{beside}) {NUMBER}(?![\w:])|{NUMBER} (?:{beside})(?!\w)"
        if found := re.search(pattern, plain(words)):
            hour = (int(found[1] or found[2]) + hours) or 12
            return without(plain(words), found, f"{hour}:{minutes}")
    return words


def in_digits(here: Here, words: str) -> str:
    """`at three` as `at 3`: numbers in words, where they are an hour or count days."""
    said = here.script.phrases("numbers", here.seeker.language)
    number = {one: str(at % 12 + 1) for at, one in reversed([*enumerate(said)])}
    before, behind = either(here, "at", *QUARTERS), either(here, "oclock", "days", "weeks", *QUARTERS)
    spelled = rf"({one_of(number)})"
    alone = rf"(?<!\w)(){spelled}(?= (?:{behind}|[ap]\.?\s?m)(?!\w)|$)"
    pattern = rf"(?<!\w)((?:{before}) ){spelled}(?!\w)|{alone}"
    text = plain(words)
    figures = re.sub(pattern, lambda it: f"{it[1] or ''}{number[it[2] or it[4]]}", text)
    return words if figures == text else figures


def _start_of(here: Here, words: str) -> str:
    """`between 2 and 4pm` as `2 pm`: the half of the day is that of the end, but not in `11-1pm`."""
    text, clock = plain(words), r"(\d{1,2})(:\d\d)?"
    found = re.search(
        rf"(?<![\w:/.-]){clock} ?(?:-|(?:{either(here, 'to')}) ){clock}(?![\w:/-]*\d){_HALF}?", text
    )
    if not found:
        return words
    half = found["half"] if found["half"] and int(found[1]) <= int(found[3]) else ""
    return without(text, found, f"{found[1]}{found[2] or ''}{half}")


def _bare_hour(here: Here, text: str) -> re.Match[str] | None:
    """The hour of `at 3`, `3 in the afternoon` or a 3 alone; in `room 3` there is none."""
    parts = either(here, "afternoon", "morning")
    ways = (rf"(?<!\w)(?:{either(here, 'at')}) (?P<hour>\d{{1,2}})(?![\w/])",
            rf"(?<![\w:/.])(?P<hour>\d{{1,2}}) ?(?:{either(here, 'oclock')})(?!\w)",
            rf"^(?:(?:{parts}) )?(?P<hour>\d{{1,2}})(?: (?:{parts}))?$")  # fmt: skip
    return next((found for way in ways if (found := re.search(way, text))), None)


def _is_later(here: Here, words: str, hour: int) -> bool:
    """Whether a bare hour is one after noon: it is said so, or nobody talks at three in the night.

    It is read back before it counts.
    """
    if says_of(here, words, "morning"):
        return False
    return 1 <= hour <= 6 or (hour <= 11 and says_of(here, words, "afternoon"))


def tells_half(here: Here, words: str) -> bool:
    """Whether words tell the half of the day."""
    return bool(re.search(rf"\d{HALF}|\b0\d", words)) or any(
        says_of(here, words, kind) for kind in ("morning", "afternoon")
    )


def plain(words: str) -> str:
    """Words for looking into: folded, and without marks that are no part of a number."""
    dashed = re.sub("[‐-―]", "-", folded(words))
    return " ".join(re.sub(r"[^\w:/.-]|(?<!\d)[:/.-]|[:/.-](?!\d)", " ", dashed).split())


def without(words: str, found: re.Match[str], instead: str = "") -> str:
    """The words with something else in the place of what was found."""
    return f"{words[: found.start()]} {instead} {words[found.end() :]}".strip()


def either(here: Here, *kinds: str) -> str:
    """A pattern of every phrase of some kinds."""
    return one_of(one for kind in kinds for one in here.script.phrases(kind, here.seeker.language))


def one_of(phrases: Iterable[str]) -> str:
    """A pattern of these phrases, the longest first; nothing fits where there are none."""
    return "|".join(map(re.escape, sorted(phrases, key=len, reverse=True))) or "(?!)"
