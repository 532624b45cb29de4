"""Time as the world keeps it: zones by name and place, holidays by country."""

import tomllib
from datetime import UTC, date, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.languages import country_of_zone, day_words, zones_of_country
from conversations.calendar import DayWords
from conversations.readers import folded

if TYPE_CHECKING:
    from holidays import HolidayBase

MOST = 6
PLACES = Path(__file__).with_name("places.toml")


class WorldCalendar:
    """The Calendar of the core, from the tz database and the holidays library."""

    def zone(self, name: str) -> tzinfo:
        """The zone of an IANA name; UTC where the name is not known."""
        return _zone(name)

    def zones_like(self, words: str, country: str) -> tuple[str, ...]:
        """IANA names that a seeker may have meant by these words, best first."""
        found = _zones(words, country, 9)
        in_state = _of_state(words)
        return found if not in_state or set(found[:1]) & set(in_state) else in_state

    def zones_of_place(self, words: str, country: str) -> tuple[str, ...]:
        """IANA names of the place that is called just so; `the south` is none."""
        return () if folded(words) in _places()["directions"] else _zones(words, country, 2)

    def country_of(self, zone: str) -> str:
        """The ISO 3166 country of a zone, or an empty string."""
        return country_of_zone(zone)

    def zones_of(self, country: str) -> tuple[str, ...]:
        """The most used IANA names of a country."""
        return tuple(_places()["used"].get(country, zones_of_country(country)[:MOST]))

    def is_business_day(self, on: date, country: str) -> bool:
        """Whether people in this country go to work on this day."""
        return _works(on, country or "US")

    def day_words(self, language: str, country: str) -> DayWords:
        """What days and months are called in a language, and in English."""
        return day_words(language, country)


def forget() -> None:
    """Ask for every zone anew: its rules may have changed."""
    _zone.cache_clear()


def _zones(words: str, country: str, below: int) -> tuple[str, ...]:
    wanted = folded(words.partition(",")[0]).replace("_", " ").replace(".", "")
    if len(wanted) < 3:
        return ()
    near = _places()["near"].get(wanted)
    ranked = sorted((rank, name) for whole, name in _names() if (rank := _rank(wanted, whole)) < below)
    found = ([near] if near else []) + [name for _, name in ranked]
    mine = set(zones_of_country(country))
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one not in mine)[:MOST])


def _of_state(words: str) -> tuple[str, ...]:
    """The zones of the state whose letters stand last, as in `Killeen tx`; `me` and `or` are words."""
    *town, state = words.replace(",", " ").replace(".", "").split() or [""]
    plain = state.isupper() or not set(folded(state)) & set("aeiou")
    return tuple(_places()["states"].get(folded(state), ())) if town and plain else ()


@lru_cache(maxsize=512)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


@lru_cache(maxsize=1)
def _names() -> tuple[tuple[str, str], ...]:
    """Each IANA name as it is compared, and as it is."""
    known = (one for one in available_timezones() if "/" in one and "Etc" not in one)
    return tuple(sorted((folded(one).replace("_", " "), one) for one in known))


def _rank(wanted: str, whole: str) -> int:
    city = whole.rpartition("/")[2]
    if whole == wanted.replace(" / ", "/"):
        return 0
    if city == wanted:
        return 1
    if wanted.startswith(f"{city},") or (wanted.startswith(f"{city} ") and len(city) > 3):
        return 2
    return 3 if city.startswith(wanted) else 9


@lru_cache(maxsize=1)
def _places() -> dict[str, Any]:
    return tomllib.loads(PLACES.read_text(encoding="utf-8"))


@lru_cache(maxsize=4096)
def _works(on: date, country: str) -> bool:
    try:
        return bool(_year(country, on.year).is_working_day(on))
    except NotImplementedError:  # a country that the library does not know
        return on.weekday() < 5


@lru_cache(maxsize=64)
def _year(country: str, year: int) -> "HolidayBase":
    import holidays  # heavy: only once a business day is asked for

    return holidays.country_holidays(country, years=year)
