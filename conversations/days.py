"""Days as people write them: `next Tuesday`, `tomorrow`, `Dec 4`, `12/4`, `the 4th`, `2026-12-04`.

Each is read back in words before it counts. The names of days and months are those of CLDR; the
words around them are in answers.toml.
"""

import re
from collections.abc import Iterator, Mapping, Set
from datetime import date, datetime, time, timedelta

from conversations.calendar import day_of, next_of_number
from conversations.hearing import says_of
from conversations.hours import (
    HALF,
    ISO_DAY,
    NUMBER,
    QUARTERS,
    a_time,
    either,
    in_digits,
    one_of,
    plain,
    tells_half,
    without,
)
from conversations.readers import Unclear
from conversations.steps import Here

MOST_WORDS = 24  # more of them are a story, in which a day that is named may be another one
FARTHEST, NEAR, LATELY = 366, 120, 60  # days
FROM_NOW = (0, 1, 2, 3, 7, 14, 30)  # days
_NUMBERS = re.compile(
    r"(?<![\d:/.-])(\d{1,2})(?:/(\d{1,2})(?:/(\d{4}|\d\d))?|[.-](\d{1,2})[.-](\d{4}))(?![\d:/])"
)

Found = tuple[date | None, str]  # without a day where there is no such one


def a_day(here: Here, words: str) -> date:
    """A day such as `next Tuesday` or 2026-12-04, not before today."""
    return _found(here, words)[0]


def a_moment(here: Here, words: str) -> tuple[date, time | None]:
    """A day, with its time where one was typed too."""
    day, rest = _found(here, words)
    wall = _hour_said(here, rest)
    if wall and wall.hour < 12 and _is_over(here, day, wall) and not tells_half(here, rest):
        wall = wall.replace(hour=wall.hour + 12)  # `today at 8`, said at nine
    if wall and _is_over(here, day, wall):
        raise Unclear("unclear.past")
    return day, wall


def _is_over(here: Here, day: date, wall: time) -> bool:
    return datetime.combine(day, wall, here.now.tzinfo) <= here.now


def _hour_said(here: Here, words: str) -> time | None:
    """The time in the words, if any can be read; it is asked for where there is none."""
    try:
        return a_time(here, words)
    except Unclear:
        return None


def _found(here: Here, words: str) -> tuple[date, str]:
    """The day that words name, and the words without it."""
    missed = False
    for day, rest in _ways(here, words):
        if day and day < here.now.date():
            raise Unclear("unclear.past")
        if day and (day - here.now.date()).days > FARTHEST:
            raise Unclear("unclear.far")
        if day:
            return day, rest
        missed = True
    raise Unclear("unclear.no_day" if missed else "unclear.day")


def _ways(here: Here, words: str) -> Iterator[Found]:
    """A day by each of the ways to write one, the surest first."""
    if found := ISO_DAY.search(words):
        yield day_of(*(int(part) for part in found.groups())), without(words, found)
    text = plain(in_digits(here, words))
    if len(text.split()) > MOST_WORDS:
        return
    known = here.script.calendar.day_words(here.seeker.language, here.seeker.country)
    weekdays, months = _with_slips(here, "weekday", known.weekdays), _with_slips(here, "month", known.months)
    named = {weekdays[one] for one in re.findall(rf"(?<!\w)({one_of(weekdays)})(?!\w)", text)}
    yield from _numbered(here, text, known.month_first)
    yield from _in_a_month(here, text, months)
    yield from _nth(here, text, named)
    if len(named) > 1:
        raise Unclear("unclear.day")  # monday or tuesday
    yield from _weekday(here, text, weekdays)
    yield from _from_now(here, text)


def _with_slips(here: Here, kind: str, names: Mapping[str, int]) -> Mapping[str, int]:
    """The names with those that people write and CLDR does not: `tues`, `biernes`."""
    slips = {one: number for number in set(names.values())
             for one in here.script.phrases(f"{kind}_{number}", here.seeker.language)}  # fmt: skip
    return {**names, **slips}


def _numbered(here: Here, text: str, month_first: bool) -> Iterator[Found]:
    """`12/4` as the country writes it, but the other way where only that is near; `25/12` and `4.12.2026`
    can be read one way.
    """
    if found := _NUMBERS.search(text):
        first, second, year = int(found[1]), int(found[2] or found[4]), found[3] or found[5]
        by_country = (first, second) if month_first and found[2] else (second, first)
        readings = [by_country, by_country[::-1]] if found[2] else [by_country]
        days = [day for one in readings if (day := _dated(here, *one, year))]
        near = [day for day in days if 0 <= (day - here.now.date()).days <= NEAR]
        yield next(iter(near or days), None), without(text, found)


def _in_a_month(here: Here, text: str, months: Mapping[str, int]) -> Iterator[Found]:
    """`Dec 4`, `4 de diciembre`, `December 4th, 2026`; not `at 3 may work`."""
    month, the, nth, of = one_of(months), either(here, "the"), either(here, "nth"), either(here, "of")
    year = rf"(?: (?:(?:{of}) )?(20\d\d)(?!\w))?"
    ends = rf"(?= (?:\d|{either(here, 'at')})|$)"
    day, name = rf"(?<![\w:/.])(?P<day>\d{{1,2}})(?:{nth})?", rf"(?<!\w)(?P<month>{month})"
    ways = (rf"{name} (?:(?:{the}) )?(?P<day>\d{{1,2}})(?:{nth})?(?![\w:]){year}",
            rf"{day} (?:{of}) {name}(?!\w){year}", rf"{day} {name}{ends}{year}")  # fmt: skip
    if found := next((found for way in ways if (found := re.search(way, text))), None):
        yield _dated(here, months[found["month"]], int(found["day"]), found[3]), without(text, found)


def _nth(here: Here, text: str, weekdays: Set[int]) -> Iterator[Found]:
    """`the 4th`, `el 4`: the next day of this number; in `friday on 5th street` it is none."""
    the, nth = either(here, "the"), either(here, "nth")
    alone = rf"(?<!\w)(?:{the}) (\d{{1,2}})(?![\w:/]){_no_hour(here)}"
    if found := re.search(rf"{NUMBER}(?:{nth})(?!\w)|{alone}", text):
        day = next_of_number(here.now.date(), int(found[1] or found[2]))
        if not weekdays or (day and day.weekday() in weekdays):
            yield day, without(text, found)


def _weekday(here: Here, text: str, weekdays: Mapping[str, int]) -> Iterator[Found]:
    """`Tuesday` is the first one to come, `next Tuesday` and `Tuesday next week` that of the week after.

    `Tuesday 8` is the 8th where that is a Tuesday; elsewhere the 8 is an hour.
    """
    number = rf"(?: (\d{{1,2}})(?![\w:/-]){_no_hour(here)})?"
    if not (found := re.search(rf"(?<!\w)({one_of(weekdays)})(?!\w){number}", text)):
        return
    today, wanted = here.now.date(), weekdays[found[1]]
    dated = next_of_number(here.now.date(), int(found[2])) if found[2] else None
    if dated and dated.weekday() == wanted:
        yield dated, without(text, found)
    day = today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
    ahead = re.search(rf"{NUMBER} (?:{either(here, 'weeks')})(?!\w)", text)
    directly = re.search(rf"(?<!\w)(?:{either(here, 'next')}) {found[1]}(?!\w)", text)
    if ahead or says_of(here, text, "in_14"):
        day += timedelta(weeks=int(ahead[1]) if ahead else 2)
    elif directly or says_of(here, text, "week_after"):
        day = today + timedelta(days=7 - today.weekday() + wanted)
    rest = f"{text[: found.start()]} {text[found.end(1) :]}"
    yield day, rest.replace(ahead[0], " ") if ahead else rest


def _from_now(here: Here, text: str) -> Iterator[Found]:
    """`tomorrow`, `in two weeks`, `in 10 days`; `in the morning` is no tomorrow in any language."""
    today, language = here.now.date(), here.seeker.language
    said = {one: days for days in FROM_NOW for one in here.script.phrases(f"in_{days}", language)}
    mornings = [one.span() for one in re.finditer(either(here, "morning"), text)]
    for found in re.finditer(rf"(?<!\w)(?:{one_of(said)})(?!\w)", text):
        if not any(start <= found.start() < end for start, end in mornings):
            rest = text if tells_half(here, found[0]) else without(text, found)  # tonight
            yield today + timedelta(days=said[found[0]]), rest
    for kind, days in (("days", 1), ("weeks", 7)):
        if counted := re.search(rf"{NUMBER} (?:{either(here, kind)})(?!\w)", text):
            yield today + timedelta(days=days * int(counted[1])), without(text, counted)


def _no_hour(here: Here) -> str:
    """What does not follow a number that is a day."""
    return rf"(?!{HALF}| ?(?:{either(here, 'oclock', *QUARTERS)})(?!\w))"


def _dated(here: Here, month: int, day: int, year: str | None) -> date | None:
    """The day of a month: of the year that was said, or else of this one, or the next if it is long over."""
    if year:
        return day_of(int(year) + (2000 if len(year) == 2 else 0), month, day)
    today = here.now.date()
    this = day_of(today.year, month, day)
    return this if this and (today - this).days < LATELY else day_of(today.year + 1, month, day)
