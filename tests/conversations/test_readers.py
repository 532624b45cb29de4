"""What people type, and what is read in it: names, places, answers, words of despair."""

from contextlib import suppress
from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content import load
from conversations.hearing import bare, means, sounds_like_despair
from conversations.names import LONGEST_NAME, MOST_NAMES, a_greeting, a_name, names, own_name
from conversations.naming import called
from conversations.readers import (
    LONGEST_LINE,
    Unclear,
    a_zone,
    clean,
    folded,
)
from conversations.sayings import a_field, an_offer, what_was_said
from conversations.steps import Here
from tests.conversations.core_kit import MONDAY, the_script, welcomed

#: Kinds that are compared with single words, or looked for inside.
WORD_BY_WORD = ("mine", "titles", "places", "sentence", "and", "from", "not", "afternoon", "particles",
                "nobody", "but")  # fmt: skip


def here() -> Here:
    """Monday, nine in the morning, in Chicago."""
    zone = the_script().calendar.zone("America/Chicago")
    return Here(the_script(), welcomed().seeker, MONDAY.astimezone(zone))


@pytest.mark.parametrize(
    ("typed", "read"),
    [("Maria Lopez", [("Maria Lopez", "")]),
     ("Maria Lopez, nurse at Mercy, old neighbor", [("Maria Lopez", "nurse at Mercy, old neighbor")]),
     ("Maria Lopez, Sam Chen", [("Maria Lopez", ""), ("Sam Chen", "")]),
     ("- Maria\n2. Sam; Joe", [("Maria", ""), ("Sam", ""), ("Joe", "")]),
     ("محمد، طبيب", [("محمد", "طبيب")]),
     ("李伟，护士", [("李伟", "护士")]),
     ("my sister Lucy", [("Lucy", "my sister")]), ("my old boss", [("my old boss", "")]),
     ("Ben Wu, TA", [("Ben Wu", "TA")]), ("Ana Ruiz, Mercy Hospital", [("Ana Ruiz", "Mercy Hospital")]),
     ("Mary Ann - works at Target", [("Mary Ann", "works at Target")]),
     ("Mrs. Ahmed (teacher)", [("Mrs. Ahmed", "teacher")]),
     ("  José   Núñez ", [("José Núñez", "")]),
     ("Yes, two: Ana Ruiz from Mercy, and her boss Tom", [("Ana Ruiz", "from Mercy"), ("Tom", "her boss")]),
     ("not sure, maybe my cousin Rick", [("Rick", "my cousin")]), ("Tom. That’s all!", [("Tom", "")]),
     ("she gave me Ana Ruiz and Tom Berg", [("Ana Ruiz", ""), ("Tom Berg", "")]),
     ("Tom, Ana, and Joe", [("Tom", ""), ("Ana", ""), ("Joe", "")]),
     ("Tom and ana, my neighbors", [("Tom", "my neighbors"), ("Ana", "my neighbors")]),
     ("Maria from church and school", [("Maria", "from church and school")]),
     ("Maria, nurse and old neighbor", [("Maria", "nurse and old neighbor")]),
     ("Priya Nair, two years ahead of me", [("Priya Nair", "two years ahead of me")]),
     ("Mr and Mrs Smith", [("Mr and Mrs Smith", "")]), ("Sam B.", [("Sam B.", "")]),
     ("Juan E Perez", [("Juan E Perez", "")]), ("1. Tom 2. Ana", [("Tom", ""), ("Ana", "")]),
     ("a guy named Rick at the mill", [("Rick", "at the mill")]), ("Tom: mill", [("Tom", "mill")]),
     ("the lady at the library", [("the lady", "at the library")]),
     ("Joe, on the crew 2012-2016", [("Joe", "on the crew 2012-2016")]),
     ("Joe\nAna\nthat’s all", [("Joe", ""), ("Ana", "")]),
     ("Joe\nAna\nI don’t remember the others", [("Joe", ""), ("Ana", "")]),
     ("Bob and that’s all", [("Bob", "")]), ("Bob or Sue", [("Bob", ""), ("Sue", "")]),
     ("2 people: Bob Smith (HR) and Sue Jones", [("Bob Smith", "HR"), ("Sue Jones", "")]),
     ("Maria, Sam, and my old boss", [("Maria", ""), ("Sam", ""), ("my old boss", "")]),
     ("Bob from church, Sue from work, and Tom", [("Bob", "from church"), ("Sue", "from work"), ("Tom", "")]),
     ("my sister Lucy, my brother Tom", [("Lucy", "my sister"), ("Tom", "my brother")]),
     ("Maria, nurse at Mercy, and her boss Tom", [("Maria", "nurse at Mercy"), ("Tom", "her boss")]),
     ("Tom - mill, Ana - school", [("Tom", "mill"), ("Ana", "school")]),
     ("Maria (Mercy)", [("Maria", "Mercy")]),
     ("Robert (Bob) Jones", [("Robert Jones", "Bob")]), ("Joe joe@here.org", [("Joe", "joe@here.org")]),
     ("Bob from Barnes and Noble", [("Bob", "from Barnes and Noble")]),
     ("Bob from Texas A & M", [("Bob", "from Texas A & M")]),
     ("my friend from Mercy", [("my friend", "from Mercy")]), ("my cousin, Rick", [("Rick", "my cousin")]),
     ("My Linh Tran", [("My Linh Tran", "")]), ("my Aunt Linda", [("Aunt Linda", "")]),
     ("A. Lopez", [("A. Lopez", "")]), ("😊 Mike", [("Mike", "")]),
     ("Tom and Ana.", [("Tom", ""), ("Ana", "")]),
     ("Bob. He works at the mill", [("Bob", "He works at the mill")]),
     ("Dan Ortiz, 1-504 82nd Airborne", [("Dan Ortiz", "1-504 82nd Airborne")]),
     ("Joe, 12/25/2020", [("Joe", "12/25/2020")]),
     ("maria lopez", [("Maria Lopez", "")]), ("maria de la cruz", [("Maria de la Cruz", "")]),
     ("theres this lady at the library named Ana", [("Ana", "at the library")]),
     ("some guy called Steve from the gym", [("Steve", "from the gym")]),
     ("my cousin, his name is Rick", [("Rick", "my cousin")]),
     ("theres this lady at the library named ana", [("Ana", "at the library")]),
     ("mike ramirez from my unit and tasha my cousin",
      [("Mike Ramirez", "from my unit"), ("Tasha", "my cousin")]),
     ("two: his buddy Sgt. Lopez at the depot and a lady named Ana",
      [("Sgt. Lopez", "his buddy, at the depot"), ("Ana", "")]),
     ("tasha my cousin", [("Tasha", "my cousin")]), ("john o'brien", [("John O'Brien", "")]),
     ("this lady from church", [("this lady", "from church")]), ("So Young Kim", [("So Young Kim", "")]),
     ("Maria Lopez thanks", [("Maria Lopez", "")]), ("actually Tom", [("Tom", "")])],
)  # fmt: skip
def test_names_are_read_with_what_is_known_of_them(typed: str, read: list[tuple[str, str]]) -> None:
    assert [(one.name, one.how) for one in names(here(), clean(typed))] == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [("Sí, dos: Ana Ruiz y su jefe Tomás", [("Ana Ruiz", ""), ("Tomás", "su jefe")]),
     ("me dio a Rosa Gil, enfermera", [("Rosa Gil", "enfermera")]),
     ("A Rosa y a mi tía Luz", [("Rosa", ""), ("Luz", "mi tía")]),
     ("Rosa que trabaja en la escuela y la iglesia", [("Rosa", "que trabaja en la escuela y la iglesia")]),
     ("me paso el numero de Carla, de la fábrica", [("Carla", "de la fábrica")]),
     ("María de la Cruz", [("María de la Cruz", "")]), ("Juan Y. Paz", [("Juan Y. Paz", "")]),
     ("Rosa, que trabaja en el taller", [("Rosa", "que trabaja en el taller")]),
     ("el Chuy", [("Chuy", "")]), ("la Lupe del taller", [("Lupe", "del taller")]),
     ("Rosa de la iglesia", [("Rosa", "de la iglesia")]),
     ("el Chuy del taller y mi prima la Yesenia", [("Chuy", "del taller"), ("Yesenia", "mi prima")]),
     ("mi prima la Yesenia", [("Yesenia", "mi prima")]), ("la mamá de Kevin", [("la mamá de Kevin", "")]),
     ("es mi tía Rosa", [("Rosa", "mi tía")])],
)  # fmt: skip
def test_names_are_read_in_the_language_of_the_seeker(typed: str, read: list[tuple[str, str]]) -> None:
    spanish = replace(here(), seeker=replace(here().seeker, language="es"))
    assert [(one.name, one.how) for one in names(spanish, clean(typed))] == read


@pytest.mark.parametrize(
    "typed", ["Joe (555) 123-4567", "+1 555 123 4567 Joe", "Joe, 555.123.4567, my cousin"]
)
def test_a_number_beside_a_name_is_kept_as_the_phone(typed: str) -> None:
    [joe] = names(here(), typed)
    assert joe.name == "Joe"
    assert "555" in joe.phone
    assert not any(one.isdigit() for one in joe.how)


@pytest.mark.parametrize(
    ("typed", "key"),
    [("", "unclear.name"), ("12 34", "unclear.name"), ("yes", "unclear.name"), ("thank you!", "unclear.name"),
     ("that’s all", "unclear.name"), ("ok, maybe", "unclear.name"), ("I think I am done", "unclear.name"),
     ("\U0001f600", "unclear.name"),
     ("I don’t remember, it was ten years ago", "unclear.name"), ("sorry I have to think", "unclear.name"),
     ("do u tell my PO", "unclear.name"), ("who sees this?", "unclear.name"),
     ("x" * 65, "unclear.name_long"), ("\n".join(["Joe"] * 21), "unclear.names_many")],
)  # fmt: skip
def test_what_is_no_name_is_answered_kindly(typed: str, key: str) -> None:
    with pytest.raises(Unclear) as unclear:
        names(here(), clean(typed))
    assert unclear.value.key == key


@pytest.mark.parametrize("typed", ["\u3164", "\u115f", "\u2800", "\u200b", "\u034f", "\ufeff", "\U000e0041"])
def test_a_name_that_nobody_can_see_is_no_name(typed: str) -> None:
    with pytest.raises(Unclear):
        a_name(here(), clean(typed))


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("Nobody.", "none"), ("I don’t know anyone", "none"), ("no names", "none"), ("Not sure", "unsure"),
     ("That’s all.", "enough"), ("nobody else", "none"), ("He said yes!", "yes"), ("I sent it", "sent"),
     ("I don't really know", "unsure")],
)  # fmt: skip
def test_common_answers_are_understood_whole(typed: str, kind: str) -> None:
    assert means(here(), clean(typed), kind)
    assert not means(here(), clean(f"{typed} Lopez"), kind)


@pytest.mark.parametrize(
    ("name", "greeted"),
    [("Maria Lopez", "Maria"), ("Sgt. O'Brien", "Sgt. O'Brien"), ("my old boss", "my old boss"),
     ("Dr. Ana Maria de la Cruz", "Dr. Cruz"), ("Cher", "Cher")],
)  # fmt: skip
def test_a_message_greets_with_a_first_name_or_with_a_title(name: str, greeted: str) -> None:
    assert (called(here(), name) or name.split()[0]) == greeted


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("My name is Dana", "Dana"),
        ("I'm Dana.", "Dana"),
        ("Dana", "Dana"),
        ("dana thanks", "Dana"),
        ("My name's Dana", "Dana"),
        ("Hi, I'm Dana", "Dana"),
        ("call me Dana", "Dana"),
    ],
)
def test_ones_own_name_is_read_without_the_words_before_it(typed: str, name: str) -> None:
    assert own_name(here(), typed) == name


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("Chicago", "America/Chicago"), ("Houston, Texas", "America/Chicago"), ("Florida", "America/New_York"),
     ("new york", "America/New_York"), ("America/Denver", "America/Denver"),
     ("I live in Milwaukee.", "America/Chicago"), ("Boston MA", "America/New_York"),
     ("Dallas I think", "America/Chicago"), ("Killeen tx", "America/Chicago"),
     ("Portland, ME", "America/New_York"), ("Bend, OR", "America/Los_Angeles"),
     ("I live in Gary, IN.", "America/New_York"), ("we are near San Antonio, Texas", "America/Chicago"),
     ("St. Louis", "America/Chicago"),
     ("Kathmandu", "Asia/Kathmandu"), ("são paulo", "America/Sao_Paulo")],
)  # fmt: skip
def test_zones_are_found_by_their_places(typed: str, zone: str) -> None:
    assert a_zone(here(), typed) == zone


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "x",
        "Atlantis",
        "../../etc/passwd",
        "I’d rather not tell",
        "on the bus",
        "in the south",
        "tx",
        "in",
    ],
)
def test_a_place_that_is_not_known_is_asked_for_again(typed: str) -> None:
    with pytest.raises(Unclear):
        a_zone(here(), typed)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("nursing.", "nursing"), ("I want to work in nursing, I think", "nursing"), ("Maybe IT", "IT"),
     ("something with computers please", "computers"), ("911 dispatcher", "911 dispatcher")],
)  # fmt: skip
def test_the_work_is_read_without_the_words_around_it(typed: str, read: str) -> None:
    assert a_field(here(), typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [("She said get the CNA first", "get the CNA first"), ("he told me they hire", "they hire"),
     ("“Start small.”", "Start small."), ("nobody starts at the top", "nobody starts at the top")],
)  # fmt: skip
def test_what_was_said_is_quoted_without_who_said_it(typed: str, read: str) -> None:
    assert what_was_said(here(), typed) == read


def test_in_spanish_what_was_said_keeps_its_que() -> None:
    """`estudiara` alone is half a sentence."""
    spanish = replace(here(), seeker=replace(here().seeker, language="es"))
    assert what_was_said(spanish, "Me dijo que estudiara en las noches") == "que estudiara en las noches"


@pytest.mark.parametrize(
    ("typed", "read"),
    [("Yes, he offered me his old books", "his old books"), ("I'll send her the link", "send her the link"),
     ("No, but she will call me", "call me"), ("2 hours of practice", "2 hours of practice"),
     ("she offered to introduce me", "to introduce me")],
)  # fmt: skip
def test_an_offer_is_read_without_who_made_it(typed: str, read: str) -> None:
    assert an_offer(here(), typed) == read


def test_a_field_fits_every_message() -> None:
    with pytest.raises(Unclear):
        a_field(here(), "x" * 41)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("a\0b", "ab"), ("\x1b[31m", "[31m"), ("\u202etxt", "txt"), ("\ud83d", ""),
     ("\ufffe", ""), ("e\u0301", "é"),
     ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"), (" \r\n ", "")],
)  # fmt: skip
def test_words_are_kept_without_what_cannot_be_seen_or_saved(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_folding_forgets_case_accents_and_apostrophes() -> None:
    assert folded("  José’s  STRASSE ") == folded("joses straße")


@pytest.mark.parametrize(
    ("typed", "language", "alarming"),
    [("I want to die", "en", True), ("i don’t want to live anymore!", "en", True),
     ("quiero morir", "es", True),
     ("quiero morir", "en", False), ("I am dying to know", "en", False), ("nursing", "en", False)],
)  # fmt: skip
def test_words_of_despair_are_heard_and_sayings_are_not(typed: str, language: str, alarming: bool) -> None:
    assert sounds_like_despair(typed, load().alarms, language) is alarming


def test_two_numbers_stay_with_their_names() -> None:
    joe, ana = names(here(), "Joe 555-123-4567, Ana 555-222-3333\n")
    [sue] = names(here(), "Sue\n555-444-4444")

    assert (joe.phone, ana.phone, sue.phone) == ("555-123-4567", "555-222-3333", "555-444-4444")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Hi Tom.", "Tom"),
        ("I call him Tom", ""),
        ("idk", ""),
        ("what?", ""),
        ("Mom", "Mom"),
        ("no, Tom", "Tom"),
        ("Tony is fine", "Tony"),
        ("Call him Tony", "Tony"),
        ("Mary instead", "Mary"),
        ("So Young", "So Young"),
    ],
)
def test_what_somebody_is_called_is_a_name_alone(typed: str, name: str) -> None:
    if name:
        assert a_greeting(here(), typed) == name
    else:
        with pytest.raises(Unclear):
            a_greeting(here(), typed)


def test_phrases_are_written_as_they_are_compared() -> None:
    """Lower case, without accents and marks; any other one would never match."""
    told = (
        (language, kind, phrase)
        for language, kinds in the_script().answers.items()
        for kind, phrases in kinds.items()
        for phrase in phrases
    )
    assert [one for one in told if one[2] != (folded if one[1] in WORD_BY_WORD else bare)(one[2])] == []


@pytest.mark.parametrize(
    "piece",
    [
        "a,",
        "A,",
        "x",
        "x@",
        "1 ",
        "1",
        "A and ",
        "yes ",
        "abc. ",
        "(",
        "a: ",
        "a - ",
        "Joe\n",
        "1-",
        "+(",
        "the ",
    ],
)
def test_no_words_keep_the_coach_busy(piece: str) -> None:
    """Others wait meanwhile."""
    typed, begun = (piece * 4096)[:4096], process_time()
    for reader in (names, a_greeting, own_name, a_zone):
        with suppress(Unclear):
            reader(here(), typed)

    assert process_time() - begun < 1


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_words_at_all_are_read_as_names_or_answered_kindly(typed: str) -> None:
    try:
        found = names(here(), clean(typed))
    except Unclear:
        return
    assert 0 < len(found) <= MOST_NAMES
    for one in found:
        assert any(sign.isalpha() for sign in one.name)
        assert len(one.name) <= LONGEST_NAME
        assert len(one.how) <= LONGEST_LINE
