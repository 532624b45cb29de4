"""Finds the words: from a key and its values to a sentence in a language. The only user of Babel.

English stands in the content files; every other language is a catalogue whose contexts are the
keys. A text that a language lacks is said in English; a translation of older English is kept.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache, cached_property
from gettext import c2py
from pathlib import Path
from typing import Protocol

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_timezone_gmt, get_timezone_name
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.numbers import format_decimal

from bot.content import Entry
from bot.languages import SOURCE, found, locale_of, own_name, read_catalog
from conversations.effects import Day, Fitting, Listing, Stack, Text, Value, When

LOCALES = Path(__file__).resolve().parent.parent / "locales"
GAP = re.compile(r"\{(\w+)\}")


class Markup(Protocol):
    """How a channel writes plain words and moments."""

    def escape(self, words: str) -> str:
        """Words that are not markup, safe in the channel's markup."""

    def moment(self, at: datetime, words: str) -> str:
        """A moment, with its words in the seeker's language, as markup."""


class Plain:
    """No markup at all: for terminals, files and copies."""

    def escape(self, words: str) -> str:
        """The words as they are."""
        return words

    def moment(self, at: datetime, words: str) -> str:
        """Only the words."""
        return words


PLAIN = Plain()


class Words:
    """All languages at once. `say` is pure; nothing is read after the start.

    `made`: catalogues that stand in no file, under the project's name; a language that is shipped
    goes before one that is made.
    """

    def __init__(
        self, entries: Mapping[str, Entry], locales: Path = LOCALES, made: Mapping[str, Catalog] | None = None
    ) -> None:
        self.entries = entries
        self._made = made or {}
        self._catalogs = {**self._made, **{code: read_catalog(path) for code, path in found(locales)}}

    @cached_property
    def languages(self) -> tuple[tuple[str, str], ...]:
        """Every language with its own name, the source language first."""
        codes = [SOURCE, *sorted(self._catalogs)]
        return tuple((code, self._name(code)) for code in codes)

    def _name(self, code: str) -> str:
        made = self._made.get(code)
        return made.project if made is not None and self._catalogs[code] is made else own_name(code)

    def catalog(self, code: str) -> Catalog | None:
        """The catalogue of a language, None for the source language."""
        return self._catalogs.get(code)

    def say(self, value: Value, language: str, markup: Markup = PLAIN) -> str:
        """The words of a value in a language, with the channel's markup."""
        return self._say(value, language, markup).replace("\u202f", "\u00a0")

    def _say(self, value: Value, language: str, markup: Markup) -> str:
        match value:
            case str():
                return markup.escape(value)
            case int():
                return markup.escape(str(format_decimal(value, locale=locale_of(language))))
            case Text():
                return self._text(value, value.language or language, markup)
            case Stack():
                said = (self._say(one, language, markup) for one in value.items)
                return ("\n" * value.gap).join(one for one in said if one)
            case Listing():
                items = [self._say(one, language, markup) for one in value.items]
                return format_list(items, locale=locale_of(language))
            case Fitting():
                return self._fitting(value, language, markup)
            case When():
                return self._when(value, language, markup)
            case Day():
                return markup.escape(_day(value, locale_of(language)))

    def _text(self, text: Text, language: str, markup: Markup) -> str:
        form = self.form(text.key, language, text.pick, text.count)
        values = {**text.values, **({"count": text.count} if text.count is not None else {})}

        def filled(piece: tuple[str, bool]) -> str:
            words, is_gap = piece
            return self._say(values[words], language, markup) if is_gap else markup.escape(words)

        return "".join(filled(one) for one in _pieces(form, values))

    def form(self, key: str, language: str, pick: int = 0, count: int | None = None) -> str:
        """The wording of a text in a language, its gaps not filled yet. KeyError: no such text."""
        entry = self.entries[key]
        parts = list(entry.parts())
        context, source = parts[pick % len(parts)]
        catalog = self._catalogs.get(language)
        message = catalog.get(_id(source), context) if catalog else None
        translated = message.string if message else ""
        if isinstance(source, tuple):
            return _plural(source, translated, catalog, count or 0)
        return str(translated) if translated else source

    def _fitting(self, value: Fitting, language: str, markup: Markup) -> str:
        for one in value.choices:
            if units(self._say(one, language, PLAIN)) <= value.limit:
                return self._say(one, language, markup)
        return self._say(value.choices[-1], language, markup)

    def _when(self, value: When, language: str, markup: Markup) -> str:
        locale = locale_of(language)
        clock = format_time(value.at, "short", tzinfo=value.at.tzinfo, locale=locale)
        if value.style == "time":
            return markup.escape(clock)
        day = format_date(value.at, "full", locale=locale)
        if value.style == "day":
            return markup.escape(day)
        zone = _zone_name(value.at, locale)
        said = self._text(Text("moments.full", {"day": day, "time": clock, "zone": zone}), language, PLAIN)
        return markup.moment(value.at, said)


def _zone_name(at: datetime, locale: Locale) -> str:
    """The zone as people call it; where it belongs to no place, how far it is from Greenwich."""
    if getattr(at.tzinfo, "key", "UTC") == "UTC":
        return str(get_timezone_gmt(at, width="short", locale=locale))
    return str(get_timezone_name(at.tzinfo, width="long", zone_variant="generic", locale=locale))


def units(words: str) -> int:
    """The length of words as Telegram counts it: in UTF-16 units."""
    return len(words.encode("utf-16-le")) // 2


def _id(source: str | tuple[str, str]) -> str:
    return source if isinstance(source, str) else source[0]


def _plural(source: tuple[str, str], translated: object, catalog: Catalog | None, count: int) -> str:
    if isinstance(translated, (tuple, list)) and all(translated) and catalog is not None:
        chosen = int(_plural_form(catalog.plural_expr)(count))
        return str(translated[min(chosen, len(translated) - 1)])
    return source[0] if count == 1 else source[1]


@cache
def _plural_form(expression: str) -> Callable[[int], int]:
    """The plural rule of a catalogue's head, as gettext reads it."""
    return c2py(expression)


def _pieces(form: str, values: Mapping[str, Value]) -> Iterator[tuple[str, bool]]:
    at = 0
    for gap in GAP.finditer(form):
        if gap[1] in values:
            yield form[at : gap.start()], False
            yield gap[1], True
            at = gap.end()
    yield form[at:], False


def _day(value: Day, locale: Locale) -> str:
    on: date = value.on
    if value.style == "short":
        return format_skeleton("MMMEd", datetime(on.year, on.month, on.day), locale=locale)
    return format_date(on, "long" if value.style == "dated" else "full", locale=locale)
