"""What the core must ask about time, and business days and quiet hours reckoned from it.

Zones and holidays are data that somebody else keeps; the shell hands them in as a Calendar.
Wall times that a clock change skips are moved later, times that happen twice are the first of the
two (RFC 5545), which is what `zoneinfo` does with `fold=0`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Protocol

QUIET_FROM = time(21, 0)
QUIET_UNTIL = time(8, 0)


@dataclass(frozen=True)
class DayWords:
    """Names of weekdays (Monday is 0) and months (January is 1), folded; and which stands first in 12/4."""

    weekdays: Mapping[str, int]
    months: Mapping[str, int]
    month_first: bool


class Calendar(Protocol):
    """Zones, countries, holidays and the names of days, as the shell knows them."""

    def zone(self, name: str) -> tzinfo:
        """The zone of an IANA name; UTC where the name is not known."""

    def zones_like(self, words: str, country: str) -> tuple[str, ...]:
        """IANA names that a seeker may have meant by these words, best first; at most 6."""

    def zones_of_place(self, words: str, country: str) -> tuple[str, ...]:
        """IANA names of the place that is called just so; for words out of a sentence."""

    def country_of(self, zone: str) -> str:
        """The ISO 3166 country of a zone, or an empty string."""

    def zones_of(self, country: str) -> tuple[str, ...]:
        """The most used IANA names of a country; at most 6."""

    def is_business_day(self, on: date, country: str) -> bool:
        """Whether people in this country go to work on this day."""

    def day_words(self, language: str, country: str) -> DayWords:
        """What days and months are called in a language, and in English."""


def at_wall(on: date, wall: time, zone: tzinfo) -> datetime:
    """The moment of a wall time on a day: in a gap later, in an overlap the first."""
    moment = datetime.combine(on, wall, tzinfo=zone)
    return moment.astimezone(UTC).astimezone(zone)


def after_business_days(start: date, days: int, country: str, calendar: Calendar) -> date:
    """The day that lies `days` business days after `start`."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if calendar.is_business_day(day, country):
            days -= 1
    return day


def is_quiet(moment: datetime) -> bool:
    """Whether a local moment lies in the quiet hours of the night."""
    return moment.time() >= QUIET_FROM or moment.time() < QUIET_UNTIL


def out_of_quiet(moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours it lies in. Local and aware."""
    if not is_quiet(moment):
        return moment
    day = moment.date() + timedelta(days=1 if moment.time() >= QUIET_FROM else 0)
    assert moment.tzinfo is not None
    return at_wall(day, QUIET_UNTIL, moment.tzinfo)


def next_day_at(moment: datetime, wall: time) -> date:
    """The day whose wall time `wall` is the first at or after `moment`.

    The day keeps its name where a clock change carries the moment past midnight.
    """
    assert moment.tzinfo is not None
    since, day = moment.astimezone(UTC), moment.date() - timedelta(days=1)
    # In UTC: of an hour that comes twice, the clock on the wall does not tell which one it is.
    while at_wall(day, wall, moment.tzinfo).astimezone(UTC) < since:
        day += timedelta(days=1)
    return day


def next_at(moment: datetime, wall: time) -> datetime:
    """The first time at or after `moment` that a day's clock shows `wall`."""
    assert moment.tzinfo is not None
    return at_wall(next_day_at(moment, wall), wall, moment.tzinfo)


def a_month_after(day: date) -> date:
    """The same day of the next month, or the last one it has."""
    first = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    last = date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def next_of_number(since: date, number: int) -> date | None:
    """The first day from this one on that has this number in its month; none for a 32nd."""
    days = (since + timedelta(days=ahead) for ahead in range(62))
    return next((day for day in days if day.day == number), None)


def day_of(year: int, month: int, day: int) -> date | None:
    """The day, where there is such a one."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
