"""Days as people write them: `next Tuesday`, `tomorrow`, `Dec 4`, `12/4`, `the 4th`, `2026-12-04`.

Each is read back in words before it counts. The names of days and months are those of CLDR; the
words around them are in answers.toml.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from conversations.hours import HALF, ISO_DAY, NUMBER, a_time, either, one_of, plain, says
from conversations.readers import Unclear
from conversations.steps import Here

MOST_WORDS = 24  # more of them are a story, in which a day that is named may be another one
FARTHEST = 366
FROM_NOW = (2, 1, 0, 14, 7, 30)  # days: `day after tomorrow` is no tomorrow, `two weeks` no week
_NUMBERS = re.compile(
    r"(?<![\d:/.-])(\d{1,2})(?:/(\d{1,2})(?:/(\d{4}|\d\d))?|[.-](\d{1,2})[.-](\d{4}))(?![\d:/])"
)

Found = tuple[date, str]


def a_day(here: Here, words: str) -> date:
    """A day such as `next Tuesday` or 2026-12-04, not before today."""
    return _found(here, words)[0]


def a_moment(here: Here, words: str) -> tuple[date, time | None]:
    """A day, with its time where one was typed too."""
    day, rest = _found(here, words)
    wall = a_time(here, rest) if re.search(r"\d", rest) or says(here, rest, "noon") else None
    if wall and datetime.combine(day, wall, here.now.tzinfo) <= here.now:
        raise Unclear("unclear.past")
    return day, wall


def _found(here: Here, words: str) -> Found:
    """The day that words name, and the words without it."""
    found = next(_ways(here, words), None)
    if found is None:
        raise Unclear("unclear.day")
    day, rest = found
    if day < here.now.date():
        raise Unclear("unclear.past")
    if (day - here.now.date()).days > FARTHEST:
        raise Unclear("unclear.far")
    return day, rest


def _ways(here: Here, words: str) -> Iterator[Found]:
    """A day by each of the ways to write one, the surest first."""
    if found := ISO_DAY.search(words):
        yield _made(*(int(part) for part in found.groups())), _without(words, found)
    text = plain(words)
    if len(text.split()) > MOST_WORDS:
        return
    known = here.script.calendar.day_words(here.seeker.language, here.seeker.country)
    yield from _numbered(here, text, known.month_first)
    yield from _in_a_month(here, text, known.months)
    yield from _nth(here, text)
    yield from _weekday(here, text, known.weekdays)
    yield from _from_now(here, text)


def _numbered(here: Here, text: str, month_first: bool) -> Iterator[Found]:
    """`12/4` as the country writes it; `25/12` can only be read one way, and `4.12.2026` has its own."""
    if found := _NUMBERS.search(text):
        first, second = int(found[1]), int(found[2] or found[4])
        month, day = (first, second) if month_first and found[2] else (second, first)
        month, day = (day, month) if month > 12 >= day else (month, day)
        yield _dated(here, month, day, found[3] or found[5]), _without(text, found)


def _in_a_month(here: Here, text: str, months: Mapping[str, int]) -> Iterator[Found]:
    """`Dec 4`, `4 de diciembre`, `December 4th, 2026`."""
    month, the, nth, of = one_of(months), either(here, "the"), either(here, "nth"), either(here, "of")
    year = rf"(?: (?:(?:{of}) )?(20\d\d)(?!\w))?"
    forward = rf"(?<!\w)(?P<month>{month}) (?:(?:{the}) )?(?P<day>\d{{1,2}})(?:{nth})?(?![\w:]){year}"
    backward = rf"(?<![\w:/.])(?P<day>\d{{1,2}})(?:{nth})? (?:(?:{of}) )?(?P<month>{month})(?!\w){year}"
    if found := re.search(forward, text) or re.search(backward, text):
        yield _dated(here, months[found["month"]], int(found["day"]), found[3]), _without(text, found)


def _nth(here: Here, text: str) -> Iterator[Found]:
    """`the 4th`, `el 4`: the next day of this number."""
    the, nth = either(here, "the"), either(here, "nth")
    alone = rf"(?<!\w)(?:{the}) (\d{{1,2}})(?![\w:/]){_no_hour(here)}"
    if found := re.search(rf"{NUMBER}(?:{nth})(?!\w)|{alone}", text):
        day = _next_of_number(here, int(found[1] or found[2]))
        if day is None:
            raise Unclear("unclear.no_day")
        yield day, _without(text, found)


def _weekday(here: Here, text: str, weekdays: Mapping[str, int]) -> Iterator[Found]:
    """`Tuesday` is the first one to come, `next Tuesday` and `Tuesday next week` that of the week after.

    `Tuesday 8` is the 8th where that is a Tuesday; elsewhere the 8 is an hour.
    """
    number = rf"(?: (\d{{1,2}})(?![\w:/]){_no_hour(here)})?"
    if not (found := re.search(rf"(?<!\w)({one_of(weekdays)})(?!\w){number}", text)):
        return
    today, wanted = here.now.date(), weekdays[found[1]]
    dated = _next_of_number(here, int(found[2])) if found[2] else None
    if dated and dated.weekday() == wanted:
        yield dated, _without(text, found)
    day = today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
    if says(here, text, "week_after"):
        day = today + timedelta(days=7 - today.weekday() + wanted)
    yield day, f"{text[: found.start()]} {text[found.end(1) :]}"


def _from_now(here: Here, text: str) -> Iterator[Found]:
    """`tomorrow`, `in two weeks`, `in 10 days`; `in the morning` is no tomorrow in any language."""
    today = here.now.date()
    for kind, days in (("days", 1), ("weeks", 7)):
        if found := re.search(rf"{NUMBER} (?:{either(here, kind)})(?!\w)", text):
            yield today + timedelta(days=days * int(found[1])), _without(text, found)
    mornings = [one.span() for one in re.finditer(either(here, "morning"), text)]
    for days in FROM_NOW:
        for found in re.finditer(rf"(?<!\w)(?:{either(here, f'in_{days}')})(?!\w)", text):
            if not any(start <= found.start() < end for start, end in mornings):
                yield today + timedelta(days=days), text  # `tonight` tells of the hour, too


def _no_hour(here: Here) -> str:
    """What does not follow a number that is a day."""
    return rf"(?!{HALF}| ?(?:{either(here, 'oclock')})(?!\w))"


def _dated(here: Here, month: int, day: int, year: str | None) -> date:
    """The day of a month: of the year that was said, or else the next one."""
    if year:
        return _made(int(year) + (2000 if len(year) == 2 else 0), month, day)
    today = here.now.date()
    return _made(today.year + ((month, day) < (today.month, today.day)), month, day)


def _next_of_number(here: Here, number: int) -> date | None:
    """The first day from today on that has this number in its month."""
    days = (here.now.date() + timedelta(days=ahead) for ahead in range(62))
    return next((day for day in days if day.day == number), None)


def _made(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unclear("unclear.no_day") from None


def _without(words: str, found: re.Match[str]) -> str:
    return f"{words[: found.start()]} {words[found.end() :]}"
