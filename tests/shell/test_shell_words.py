"""Words: plurals, wordings that rotate, languages that lack a text, moments, calendar files."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from icalendar import Calendar

from bot import catalogs
from bot.calendar_file import calendar_file
from bot.content import Entry
from bot.languages import read_catalog
from bot.words import Words
from conversations.effects import Fitting, Listing, SendCalendarFile, Text, When

CHICAGO = ZoneInfo("America/Chicago")
ENTRIES = {
    one.key: one
    for one in (
        Entry("a.plain", ("Hello, {person}.",), "A greeting.", "prompts/a.toml"),
        Entry("a.turns", ("One.", "Two.", "Three."), "Rotates.", "prompts/a.toml"),
        Entry("a.count", ("one name", "{count} names"), "Counted.", "prompts/a.toml", plural=True),
        Entry("moments.full", ("{day}, {time} ({zone})",), "A moment.", "prompts/m.toml"),
    )
}


def in_polish(tmp_path: Path, said: dict[str, str | list[str]]) -> Words:
    """English and a Polish catalogue with these translations."""
    path = catalogs.begin("pl", ENTRIES, tmp_path)
    catalog = catalogs.in_step(read_catalog(path), ENTRIES.values())
    catalogs.write(catalogs.with_translations(catalog, said), path)
    return Words(ENTRIES, tmp_path)


def test_a_language_is_found_by_its_folder_and_named_by_itself(tmp_path: Path) -> None:
    """English first."""
    words = in_polish(tmp_path, {})

    assert words.languages == (("en", "English"), ("pl", "Polski"))


def test_what_a_language_lacks_is_said_in_english(tmp_path: Path) -> None:
    """Never a key, never nothing."""
    words = in_polish(tmp_path, {})

    assert words.say(Text("a.plain", {"person": "Ana"}), "pl") == "Hello, Ana."


def test_plurals_follow_the_language(tmp_path: Path) -> None:
    """Polish has more than two forms."""
    words = in_polish(tmp_path, {"a.count": ["{count} imię", "{count} imiona", "{count} imion"]})

    said = [words.say(Text("a.count", count=number), "pl") for number in (1, 3, 5, 22)]

    assert said == ["1 imię", "3 imiona", "5 imion", "22 imiona"]


def test_wordings_turn_and_come_round_again(tmp_path: Path) -> None:
    """A nudge is never worded as the one before it."""
    words = Words(ENTRIES, tmp_path)

    assert [words.say(Text("a.turns", pick=n), "en") for n in range(4)] == ["One.", "Two.", "Three.", "One."]


def test_an_older_translation_is_kept_while_it_waits_for_its_translator(tmp_path: Path) -> None:
    """Changed English makes it fuzzy, not silent."""
    in_polish(tmp_path, {"a.plain": "Cześć, {person}."})
    newer = {**ENTRIES, "a.plain": Entry("a.plain", ("Good day, {person}.",), "x", "prompts/a.toml")}

    for path, text in catalogs.written(newer, tmp_path).items():
        path.write_text(text, encoding="utf-8")

    assert Words(newer, tmp_path).say(Text("a.plain", {"person": "Ana"}), "pl") == "Cześć, Ana."
    assert "#, fuzzy" in (tmp_path / "pl/LC_MESSAGES/messages.po").read_text(encoding="utf-8")


def test_what_a_seeker_typed_is_never_read_as_a_gap(tmp_path: Path) -> None:
    """Braces in a name stay braces."""
    words = Words(ENTRIES, tmp_path)

    assert words.say(Text("a.plain", {"person": "{person} {0}"}), "en") == "Hello, {person} {0}."


def test_moments_lists_and_limits_are_said_as_the_language_says_them(words: Words) -> None:
    """A date with its zone; a list; the first wording that fits."""
    at = datetime(2026, 12, 4, 15, 0, tzinfo=CHICAGO)

    assert (
        words.say(When(at), "en").replace("\u00a0", " ") == "Friday, December 4, 2026, 3:00 PM (Central Time)"
    )
    assert "viernes, 4 de diciembre de 2026" in words.say(When(at), "es")
    assert words.say(Listing(("Ana", "Bo", "Cy")), "en") == "Ana, Bo, and Cy"
    assert words.say(Fitting(("too long a line", "short"), 8), "en") == "short"


def test_a_calendar_file_has_the_moment_and_two_alarms(words: Words) -> None:
    """In UTC, so that every calendar reads it alike."""
    start = datetime(2026, 12, 4, 15, 0, tzinfo=CHICAGO)
    title = Text("time.file_title", {"person": "Maria, née; Lopez"})
    effect = SendCalendarFile("talk-1-0", title, "about", "Mercy, room 4", start, 20)

    event = Calendar.from_ical(calendar_file(effect, words, "en", start)).walk("VEVENT")[0]

    assert event["dtstart"].dt == datetime(2026, 12, 4, 21, 0, tzinfo=UTC)
    assert event["dtend"].dt == datetime(2026, 12, 4, 21, 20, tzinfo=UTC)
    assert str(event["summary"]) == "Talk with Maria, née; Lopez"
    assert len(event.walk("VALARM")) == 2
