"""Days and times as people write them, in each language, and the kind answer where none can be read."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendars import WorldCalendar
from bot.words import Words
from conversations.days import a_day, a_moment
from conversations.effects import Text
from conversations.hours import a_time
from conversations.readers import Unclear
from conversations.steps import Here
from tests.conversations.core_kit import MONDAY, the_script, welcomed

PIECES = ("next", "tuesday", "dec", "4th", "the", "at", "3", "pm", "in", "a", "week", "12/4", "mañana", "la",
          "de", "0", "99", "1500", "noon", ":", "2026")  # fmt: skip


def here(language: str = "en", country: str = "US", now: datetime = MONDAY) -> Here:
    """Monday, November 23, nine in the morning, in Chicago."""
    zone = the_script().calendar.zone("America/Chicago")
    seeker = replace(welcomed().seeker, language=language, country=country)
    return Here(the_script(), seeker, now.astimezone(zone))


@pytest.mark.parametrize(
    ("typed", "day", "wall"),
    [("Thursday", "11-26", None), ("on thursday please", "11-26", None), ("Thu", "11-26", None),
     ("monday", "11-30", None), ("next Tuesday at 3", "12-01", time(15)),
     ("tuesday next week", "12-01", None),
     ("tue 3:30", "11-24", time(15, 30)), ("tomorrow at 5pm", "11-24", time(17)),
     ("Tomorrow, 10 a.m.", "11-24", time(10)), ("day after tomorrow", "11-25", None),
     ("today at noon", "11-23", time(12)), ("tonight at 8", "11-23", time(20)), ("Dec 4", "12-04", None),
     ("December 4th at 3", "12-04", time(15)), ("4 december 15:00", "12-04", time(15)),
     ("Dec 4 1500", "12-04", time(15)), ("on the 4th at 9:15", "12-04", time(9, 15)), ("12/4", "12-04", None),
     ("12/4/26 3pm", "12-04", time(15)), ("25/12", "12-25", None), ("4.12.2026", "12-04", None),
     ("Tuesday the 8th", "12-08", None), ("Tuesday 8", "12-08", None), ("Wednesday 11", "11-25", time(11)),
     ("friday night at 7", "11-27", time(19)), ("how about friday around 2", "11-27", time(14)),
     ("in 10 days", "12-03", None), ("in two weeks", "12-07", None), ("a week from tuesday", "12-01", None),
     ("thursday at 3 in the morning", "11-26", time(3)), ("Friday 3 o’clock", "11-27", time(15)),
     ("friday at half past three", "11-27", time(15, 30)), ("quarter to 4 on friday", "11-27", time(15, 45)),
     ("friday at ten in the morning", "11-27", time(10)), ("in three days", "11-26", None),
     ("thursday at 25", "11-26", None), ("friday at noon", "11-27", time(12)),
     ("Friday at 3:00", "11-27", time(15)), ("friday at 05:00", "11-27", time(5)),
     ("Friday at 10 at the library on 5th Street", "11-27", time(10)),
     ("friday at 2, 3rd floor", "11-27", time(14)), ("friday at 10, 42nd street", "11-27", time(10)),
     ("friday at 2 at 1200 Main St", "11-27", time(14)), ("friday at 3 may work", "11-27", time(15)),
     ("friday in two weeks at 3", "12-11", time(15)), ("two weeks from friday", "12-11", None),
     ("friday at 2 next to Mercy", "11-27", time(14)), ("tomorrow 3-4pm", "11-24", time(15)),
     ("friday 2–3pm", "11-27", time(14)), ("friday between 2 and 4", "11-27", time(14)),
     ("friday 11-1pm", "11-27", time(11)), ("Friday 4-5", "11-27", time(16)),
     ("Thurs 330pm", "11-26", time(15, 30)),
     ("tomorrow 10", "11-24", time(10)), ("friday 3ish", "11-27", time(15)),
     ("today at 8", "11-23", time(20)),
     ("friday 12 noon", "11-27", time(12)), ("sept 5", "2027-09-05", None), ("in a few days", "11-26", None),
     ("2026-12-04 at 3", "12-04", time(15)), ("2026-12-04 3:30 at the cafe", "12-04", time(15, 30)),
     ("Jan 5", "2027-01-05", None), ("the 23rd", "11-23", None), ("the 22nd", "12-22", None)],
)  # fmt: skip
def test_a_day_is_read_as_people_say_it(typed: str, day: str, wall: time | None) -> None:
    expected = date.fromisoformat(day if len(day) > 5 else f"2026-{day}")
    assert a_moment(here(), typed) == (expected, wall)


@pytest.mark.parametrize(
    ("typed", "day", "wall"),
    [("mañana a las 5", "11-24", time(17)), ("el martes por la mañana", "11-24", None),
     ("el próximo martes a las 3 de la tarde", "11-24", time(15)), ("pasado mañana", "11-25", None),
     ("el martes de la próxima semana", "12-01", None), ("el 4 a las 9 de la mañana", "12-04", time(9)),
     ("4 de diciembre", "12-04", None), ("el jueves 3 a mediodía", "12-03", time(12)), ("jue", "11-26", None),
     ("miércoles a las 15:00", "11-25", time(15)), ("dentro de dos semanas", "12-07", None),
     ("martes 1", "12-01", None), ("martes 1 de la tarde", "11-24", time(13)), ("en 10 días", "12-03", None),
     ("mañana alas 3", "11-24", time(15)), ("el martes a las tres y media", "11-24", time(15, 30)),
     ("viernes a la una", "11-27", time(13)), ("jueves a las 4 menos cuarto", "11-26", time(15, 45)),
     ("a las 9 de la mañana o más tarde, el lunes", "11-30", time(9)), ("de hoy en ocho", "11-30", None),
     ("martes de la semana que entra a las 10", "12-01", time(10)), ("mar 24 15 hrs", "11-24", time(15)),
     ("hoy x la tarde a las 5", "11-23", time(17)), ("en tres días", "11-26", None),
     ("viernes tipo 4", "11-27", time(16)), ("martes quién sabe a qué hora, 25:70", "11-24", None),
     ("viernes a las 3:00", "11-27", time(15)), ("viernes de 3 a 4 de la tarde", "11-27", time(15)),
     ("biernes alas 4", "11-27", time(16)), ("mañana 10", "11-24", time(10)),
     ("jueves a las 3 y media", "11-26", time(15, 30)), ("mar 24 nov a las 3", "11-24", time(15)),
     ("hoy en la noche, a las 7", "11-23", time(19)), ("4/12", "12-04", None), ("tuesday", "11-24", None)],
)  # fmt: skip
def test_a_day_is_read_in_the_language_of_the_seeker(typed: str, day: str, wall: time | None) -> None:
    assert a_moment(here("es"), typed) == (date.fromisoformat(f"2026-{day}"), wall)


@pytest.mark.parametrize(
    ("language", "country", "day"),
    [("en", "US", date(2026, 12, 1)), ("en", "GB", date(2027, 1, 12)), ("es", "MX", date(2027, 1, 12))],
)
def test_the_month_stands_where_the_country_puts_it(language: str, country: str, day: date) -> None:
    assert a_day(here(language, country), "12/1") == day


def test_a_day_of_figures_is_read_the_other_way_where_only_that_is_near() -> None:
    """Nobody means a talk in April who writes in November."""
    assert a_day(here("es", "US"), "12/4") == a_day(here("en", "GB"), "4/12") == date(2026, 12, 4)
    assert a_day(here("en", "US"), "5/12/2026") == date(2026, 12, 5)


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr", "de", "ar", "ru", "vi", "tl", "sw", "hi"])
def test_every_language_names_its_days_and_months_apart(language: str) -> None:
    """CLDR knows them; a translator of the coach has nothing to add."""
    words = WorldCalendar().day_words(language, "")

    assert set(words.weekdays.values()) == set(range(7))
    assert set(words.months.values()) == set(range(1, 13))
    assert all(name == name.strip() and name for name in (*words.weekdays, *words.months))


@pytest.mark.parametrize(
    ("typed", "read"),
    [("2026-12-04", date(2026, 12, 4)), ("on 2026-12-4, I think", date(2026, 12, 4)),
     ("2026-11-23", date(2026, 11, 23)), ("٢٠٢٦-١٢-٠٤", date(2026, 12, 4))],
)  # fmt: skip
def test_days(typed: str, read: date) -> None:
    assert a_day(here(), typed) == read


@pytest.mark.parametrize(
    ("typed", "key"),
    [("soon", "unclear.day"), ("monday or tuesday", "unclear.day"), ("Nov 20", "unclear.past"),
     ("not thursday, friday at 3", "unclear.day"), ("11/20", "unclear.past"),
      ("I may call on her", "unclear.day"), ("5551234", "unclear.day"),
     ("feb 30", "unclear.no_day"), ("the 32nd", "unclear.no_day"), ("13/13", "unclear.no_day"),
     ("room 3", "unclear.day"), ("we met on monday and then I waited for a long while " * 3, "unclear.day"),
     ("12/4/25", "unclear.past"),
      ("2026-02-30", "unclear.no_day"), ("0000-1-1", "unclear.no_day"),
     ("2026-11-22", "unclear.past"), ("2028-01-01", "unclear.far")],
)  # fmt: skip
def test_what_is_no_day_to_come_is_answered_kindly(typed: str, key: str) -> None:
    with pytest.raises(Unclear) as unclear:
        a_day(here(), typed)
    assert unclear.value.key == key


@pytest.mark.parametrize(
    ("typed", "read"),
    [("15:00", time(15)), ("3:30 pm", time(15, 30)), ("3pm", time(15)),
     ("12 am", time(0)), ("12 pm", time(12)),
     ("9.15", time(9, 15)), ("14h30", time(14, 30)), ("at 8:05 a.m.", time(8, 5)),
     ("3:30", time(15, 30)), ("2026-12-04 3:30", time(15, 30)), ("03:30", time(3, 30)),
     ("7:30 in the evening", time(19, 30)), ("9:30", time(9, 30))],
)  # fmt: skip
def test_times(typed: str, read: time) -> None:
    assert a_time(here(), typed) == read


@pytest.mark.parametrize(
    "typed", ["", "noonish", "room 3", "in 3 days", "25:00", "13 pm", "0 am", "12:60", "²:³"]
)
def test_what_is_no_time_is_answered_kindly(typed: str) -> None:
    with pytest.raises(Unclear) as unclear:
        a_time(here(), typed)
    assert unclear.value.key == "unclear.time"


def test_a_moment_may_be_a_day_alone_but_never_past() -> None:
    assert a_moment(here(), "2026-12-04") == (date(2026, 12, 4), None)
    assert a_moment(here(), "2026-12-04 15:00") == (date(2026, 12, 4), time(15))
    with pytest.raises(Unclear):
        a_moment(here(), "2026-11-23 08:59")


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=9))
def test_whatever_is_said_is_a_day_to_come_or_is_asked_again(parts: list[str]) -> None:
    """Never a day that is over, never an error."""
    now = here("es")
    try:
        day, wall = a_moment(now, " ".join(parts))
    except Unclear:
        return
    assert day >= now.now.date()
    assert wall is None or datetime.combine(day, wall, now.now.tzinfo) > now.now


def test_every_day_of_the_year_is_read_as_it_is_written_in_words() -> None:
    """By its weekday, where that is within a week; by its month, everywhere."""
    words = WorldCalendar().day_words("en", "US")
    name = {number: word for word, number in words.months.items()}
    for ahead in range(366):
        day = date(2026, 11, 23) + timedelta(days=ahead)
        assert a_day(here(), f"{name[day.month]} {day.day}, {day.year}") == day


#: Each text that shows how a day or a time may be written, and what reads such words.
EXAMPLES = {
    "time.day": a_moment, "unclear.day": a_day, "unclear.no_day": a_day, "debrief.theirs_when": a_day,
    "debrief.mine_when": a_day, "time.hour": a_time, "plan.hour": a_time, "settings.moment": a_time,
    "unclear.time": a_time,
}  # fmt: skip


@pytest.mark.parametrize("key", EXAMPLES)
def test_what_the_coach_gives_as_an_example_it_can_read(key: str, words: Words) -> None:
    """In every language; where this fails, choose another example, or add its words to answers.toml."""
    for language, _ in words.languages:
        said = words.say(Text(key, {"person": "Ana", "day": "Friday"}), language)
        examples = re.findall(r"[“«„「](.+?)[”»“」]", said)

        assert examples
        for one in examples:
            assert EXAMPLES[key](here(language), one)
