"""What is known of languages and countries: locales, catalogues, names of days, zones of a country."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import get_date_format, get_day_names, get_month_names
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from conversations.calendar import DayWords
from conversations.content import ContentError
from conversations.readers import folded

SOURCE = "en"


def found(locales: Path) -> Iterator[tuple[str, Path]]:
    """Each language that has a folder with a catalogue."""
    for path in sorted(locales.glob("*/LC_MESSAGES/messages.po")):
        code = path.parent.parent.name
        if not is_known(code):
            raise ContentError(f"{path.parent.parent} is named after no language: rename or remove it.")
        yield code, path


def read_catalog(path: Path) -> Catalog:
    """A catalogue from its file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name.partition("@")[0])


def is_known(language: str) -> bool:
    """Whether this is a language that dates and plurals are known of."""
    try:
        return bool(Locale.parse(language.partition("@")[0].replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return False


def locale_of(language: str) -> Locale:
    """Babel's locale for a language code such as es, pt_BR or fr@tu; English where unknown."""
    try:
        return Locale.parse(language.partition("@")[0].replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(SOURCE)


def own_name(code: str) -> str:
    """The name of a language in itself."""
    name = locale_of(code).get_display_name(code.partition("@")[0].replace("-", "_"))
    return (name or code).capitalize()


def zones_of_country(country: str) -> tuple[str, ...]:
    """The IANA zones of an ISO 3166 country, as CLDR lists them."""
    return tuple(get_global("territory_zones").get(country, ()))


def country_of_zone(zone: str) -> str:
    """The ISO 3166 country of an IANA zone, or an empty string."""
    aliases = get_global("zone_aliases")
    return str(get_global("zone_territories").get(aliases.get(zone, zone), "")).replace("001", "")


@lru_cache(maxsize=256)
def day_words(language: str, country: str) -> DayWords:
    """The names of days and months by CLDR, whole and short, in a language and in English."""
    locales = [Locale.parse(SOURCE), locale_of(language)]  # its own names come last, and count
    weekdays = {name: day for one in locales for day, name in _names(one, get_day_names)}
    months = {name: month for one in locales for month, name in _names(one, get_month_names)
              if name not in weekdays}  # fmt: skip
    pattern = get_date_format("short", _in_country(locales[1], country)).pattern
    return DayWords(weekdays, months, pattern.index("M") < pattern.index("d"))


def _names(locale: Locale, names: Callable[..., Mapping[int, str]]) -> Iterator[tuple[int, str]]:
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            for number, name in names(width, context, locale).items():
                yield number, folded(name).replace(".", "")


def _in_country(locale: Locale, country: str) -> Locale:
    try:
        return Locale(locale.language, country or locale.territory)
    except UnknownLocaleError:
        return locale
