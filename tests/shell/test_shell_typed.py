"""Buttons pressed by typing: their words, the beginning of them, their number, or what people say instead."""

import pytest

from bot.terminal.channel import SEEKER
from bot.terminal.talk import Talk
from bot.words import Words
from conversations import Script
from tests.shell.shell_kit import TO_THE_DRAFT, heard, talking

TO_THE_ANSWER = (*TO_THE_DRAFT, "[Sent]", "[Chicago]", "[They answered]")
TO_THE_TIME = (*TO_THE_ANSWER, "[Yes]", "[By phone]", "2026-12-04 15:00")
TO_THE_PAGE = (*TO_THE_TIME, "[Yes, that is right]", "[I do not know yet]", "[Later]", "/talks", "1")
TO_THE_NAMES_GIVEN = (
    *TO_THE_PAGE[:-2], "/pass 12 days", *TO_THE_PAGE[-2:],
    "[It is over]", "[Yes, we talked]", "[Good]", "patience", "[Yes]", "Ana Ruiz",
)  # fmt: skip
TO_THE_END_OF_IT = (*TO_THE_DRAFT, "/people", "[Maria Lopez]", "[Take off my list]")


async def led(talk: Talk, *lines: str) -> None:
    """Play lines that are all understood, or the test would begin somewhere else."""
    shown = "\n".join(await heard(talk, *lines))
    assert "no button" not in shown
    assert "did not catch" not in shown


@pytest.mark.parametrize(
    ("before", "typed", "then"),
    [(TO_THE_DRAFT[:-2], "text", "What name should stand under"), (TO_THE_DRAFT[:-2], "Email", "What name"),
     (TO_THE_DRAFT[:-2], "linkedin", "What name"), (TO_THE_DRAFT[:-2], "phone!", "What name"),
     (TO_THE_DRAFT[:-3], "ask maria", "How would you like to ask"),
     (TO_THE_DRAFT, "I sent it", "where are you"), (TO_THE_DRAFT, "done", "where are you"),
     (TO_THE_ANSWER, "yes", "Good news"), (TO_THE_ANSWER, "She said yes!", "Good news"),
     (TO_THE_TIME, "yes", "Who calls, and which number"), (TO_THE_TIME, "that’s right", "Who calls"),
     (TO_THE_END_OF_IT, "yes", "Nothing of them is kept"),
     (TO_THE_ANSWER, "I think yes", "Good news"), (TO_THE_ANSWER, "yea hes in", "Good news"),
     (TO_THE_DRAFT[:-2], "whatsapp", "What name should stand under"),
     ((*TO_THE_DRAFT, "[Sent]", "[Chicago]"), "she wrote back", "What did Maria Lopez say"),
     (TO_THE_DRAFT[:1], "I was in the army", "kind of work"),
     (TO_THE_DRAFT[:1], "my mom, I took care of her", "kind of work"),
     ((*TO_THE_DRAFT, "/home"), "people", "Add a name"),
     ((*TO_THE_DRAFT, "/home"), "Maria", "You know each other"),
     (TO_THE_PAGE, "she cancelled", "Maria Lopez"),
     (TO_THE_DRAFT, "yes I sent it", "where are you"), (TO_THE_TIME[:-1], "not yet", "find a time with")],
)  # fmt: skip
async def test_what_people_write_instead_of_pressing_is_understood(
    before: tuple[str, ...], typed: str, then: str, script: Script, words: Words
) -> None:
    """As a friend would understand it."""
    async with talking(script, words) as talk:
        await led(talk, *before)

        shown = await heard(talk, typed)

    assert then in "\n".join(shown)
    assert "I did not catch that" not in "\n".join(shown)


@pytest.mark.parametrize(
    ("before", "typed"),
    [(TO_THE_ANSWER, "n"), (TO_THE_ANSWER, "she has not sent it"), (TO_THE_TIME, "yes and no"),
     (TO_THE_TIME, "yes but at 4"), (TO_THE_TIME, "right day wrong time"),
     (TO_THE_ANSWER, "right now she is busy"),
     (TO_THE_ANSWER, "yes he cant do it"), (TO_THE_DRAFT[:1], "my husband was in jail"),
     (TO_THE_DRAFT[:1], "I released an album"), (TO_THE_DRAFT[:1], "I am a vet tech"),
     (TO_THE_END_OF_IT[:-1], "my list"),
     (TO_THE_END_OF_IT, "ok"), (TO_THE_END_OF_IT, "yes I wonder"), (TO_THE_DRAFT, "not sent"),
     (TO_THE_DRAFT, "Sent?"), (TO_THE_DRAFT, "done?"), (TO_THE_ANSWER, "no?"), (TO_THE_DRAFT, "I"),
     (TO_THE_END_OF_IT, "she said yes!"), (TO_THE_END_OF_IT, "sure"), (TO_THE_END_OF_IT, "Yes?"),
     (TO_THE_DRAFT[:1], "army, then prison"), ((*TO_THE_DRAFT, "/home"), "Nadia"),
     (TO_THE_END_OF_IT, "right"), (TO_THE_END_OF_IT, "2"), ((*TO_THE_DRAFT, "/erase"), "he agreed")],
)  # fmt: skip
async def test_what_may_mean_two_things_presses_nothing(
    before: tuple[str, ...], typed: str, script: Script, words: Words
) -> None:
    """It is asked again, with the buttons."""
    async with talking(script, words) as talk:
        await led(talk, *before)

        shown = await heard(talk, typed)

    assert "I did not catch that" in shown[0]


@pytest.mark.parametrize("typed", ["I did", "no", "she agreed?"])
async def test_a_button_that_says_no_is_not_pressed_by_its_yes(
    typed: str, script: Script, words: Words
) -> None:
    """`I did not ask` begins as `I did` does."""
    async with talking(script, words) as talk:
        await led(talk, *TO_THE_NAMES_GIVEN)

        shown = await heard(talk, typed)

    assert "I did not catch that" in shown[0]


async def test_wrong_goes_back_and_declines_nothing(script: Script, words: Words) -> None:
    """It is said of the button, not by the person."""
    async with talking(script, words) as talk:
        await led(talk, *TO_THE_ANSWER)

        shown = await heard(talk, "wrong")

    assert "They answered" in "\n".join(shown)


async def test_naming_a_language_says_the_welcome_again_in_it(script: Script, words: Words) -> None:
    """In whichever language it is named."""
    async with talking(script, words) as talk:
        [hello, *_] = await heard(talk, "/start")

        spanish, english = await heard(talk, "español"), await heard(talk, "in English")

    assert "minutos" in "\n".join(spanish)
    assert hello.partition("[")[0] in "\n".join(english)


@pytest.mark.parametrize(
    ("typed", "left"),
    [("no she did not offer a thing", []), ("I don’t think so", []),
     ("a call next week", ["a call next week"]),
     ("No problem, she will send it", ["No problem, she will send it"])],
)  # fmt: skip
async def test_a_promise_is_replaced_by_the_next_answer_and_dropped_by_a_no(
    typed: str, left: list[str], script: Script, words: Words
) -> None:
    """As often as the question is answered again."""
    async with talking(script, words) as talk:
        await led(talk, *TO_THE_NAMES_GIVEN, "[Yes]", "her list", "back")
        await heard(talk, typed)
        seeker = await talk.coach.load(SEEKER)

    assert seeker is not None
    assert [one.what for one in seeker.people[0].promises] == left


@pytest.mark.parametrize(("typed", "kept"), [("not sure", ""), ("she calls me", "she calls me")])
async def test_not_to_know_the_place_yet_is_no_place(
    typed: str, kept: str, script: Script, words: Words
) -> None:
    """It is not written on the card."""
    async with talking(script, words) as talk:
        await led(talk, *TO_THE_TIME, "yes", typed)
        seeker = await talk.coach.load(SEEKER)

    assert seeker is not None
    assert seeker.people[0].talk is not None
    assert seeker.people[0].talk.where == kept


async def test_where_a_place_is_asked_for_home_is_one(script: Script, words: Words) -> None:
    """The likeliest answer."""
    async with talking(script, words) as talk:
        await led(talk, *TO_THE_DRAFT, "/plan", "1", "Chicago", "1", "9:00")

        shown = await heard(talk, "home")

    assert "home" in shown[0].partition("[")[0]


@pytest.mark.parametrize("typed", ["that’s all", "Done.", "enough", "stop"])
async def test_the_memory_walk_ends_with_the_words_people_end_it_with(
    typed: str, script: Script, words: Words
) -> None:
    """They are no names."""
    async with talking(script, words) as talk:
        await led(talk, *TO_THE_DRAFT[:4])

        shown = await heard(talk, typed)

    assert "How well do you know Maria Lopez" in shown[0]


async def test_where_words_are_waited_for_the_beginning_of_a_button_is_an_answer(
    script: Script, words: Words
) -> None:
    """`Not` may be the name of the work; only the whole label presses."""
    async with talking(script, words) as talk:
        await led(talk, *TO_THE_DRAFT[:2])

        shown = await heard(talk, "Not", "/settings")

    assert "Not" in "\n".join(shown)


@pytest.mark.parametrize("typed", ["sí", "me dijo que sí", "yes"])
async def test_a_seeker_is_understood_in_their_language_and_in_english(
    typed: str, script: Script, words: Words
) -> None:
    """People mix them."""
    async with talking(script, words, language="es") as talk:
        await heard(talk, "/start", "[2]", "enfermería", "Rosa Gil", "[Por ahora basta]", "[1]", "[1]", "[1]")
        await heard(talk, "Dana", "[1]", "[Chicago]", "[1]")

        shown = await heard(talk, typed)

    assert "buena noticia" in "\n".join(shown).lower()
