"""What is known of languages and countries: locales, catalogues in folders, zones of a country."""

from collections.abc import Iterator
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from conversations.content import ContentError

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
