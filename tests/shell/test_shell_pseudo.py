"""The made-up language from right to left: it keeps what is said, and nobody is shipped it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot import catalogs
from bot.building import build
from bot.check_lengths import long_drafts, long_messages
from bot.clock import WallClock
from bot.content import load
from bot.local.api import Api
from bot.menus import NAME, menus
from bot.telegram.menu import set_menu
from bot.words import GAP, Words
from conversations import Script
from conversations.effects import Text

OVERRIDE, POP, MARK = "\u202e", "\u202c", "\u200f"
MARKS = re.compile(f"[{OVERRIDE}{POP}{MARK}]")
PSEUDO = "ar"


@pytest.fixture(scope="module")
def pseudo() -> tuple[Script, Words]:
    """The conversation with the made-up language, and no other to look at."""
    script, words = build(pseudo=True)
    only = tuple(one for one in words.languages if one[0] == PSEUDO)
    words.__dict__["languages"] = only
    return script, words


def forms() -> Iterator[tuple[str, str]]:
    """Every text, each of its forms in English and turned."""
    for message in catalogs.right_to_left(load().entries.values()):
        if message.id:
            plain, turned = message.id, message.string
            both = zip(plain, turned, strict=True) if isinstance(plain, tuple) else [(plain, turned)]
            yield from both


def faults_of(plain: str, turned: str) -> list[str]:
    """What is wrong with a turned text."""
    wrong = []
    if GAP.findall(plain) != GAP.findall(turned):
        wrong.append("its gaps are others, or in another order")
    if MARKS.sub("", turned) != plain:
        wrong.append("its words are others")
    for line in turned.split("\n"):
        marks = "".join(MARKS.findall(line))
        if marks != f"{MARK}{OVERRIDE}{POP}{MARK}" * (len(marks) // 4):
            wrong.append("its marks are not in pairs")
        inside = re.findall(f"{OVERRIDE}(.*?){POP}", line)
        if any(set("{}") & set(one) for one in inside):
            wrong.append("a gap is turned with the words")
        if re.search(r"[^\W\d_]", re.sub(f"{OVERRIDE}.*?{POP}", "", GAP.sub("", line))):
            wrong.append("some words are not turned")
    return wrong


def test_every_text_keeps_its_gaps_and_its_words_between_marks_in_pairs() -> None:
    wrong = {plain: faults_of(plain, turned) for plain, turned in forms()}

    assert len(wrong) > 100
    assert not {plain: told for plain, told in wrong.items() if told}


@pytest.mark.parametrize(
    "turned",
    [
        f"{MARK}{OVERRIDE}Hello, {{person}}.{POP}{MARK}",  # the name would be turned
        f"{MARK}{OVERRIDE}Hello, {POP}{MARK}{{someone}}.",  # another gap
        f"{MARK}{OVERRIDE}Hello, {{person}}.",  # never ends
        "Hello, {person}.",  # not turned
        f"{MARK}{OVERRIDE},olleH{POP}{MARK} {{person}}.",  # the letters themselves
        f"{MARK}{OVERRIDE}{OVERRIDE}Hello,{POP}{POP}{MARK} {{person}}.",  # one inside another
    ],
)
def test_a_text_that_is_turned_badly_would_be_seen(turned: str) -> None:
    """The known-bad twins."""
    assert faults_of("Hello, {person}.", turned)


def test_what_a_seeker_typed_reads_as_it_was_typed(pseudo: tuple[Script, Words]) -> None:
    """A name stands between the turned words, and is not one of them."""
    words = pseudo[1]
    key = next(one for one, entry in words.entries.items() if "{person}" in str(list(entry.parts())))

    said = words.say(Text(key, {"person": "Maria Lopez"}, count=1), PSEUDO)

    assert "Maria Lopez" in re.sub(f"{OVERRIDE}.*?{POP}", "", said)


def test_every_draft_and_every_message_is_within_its_limits(pseudo: tuple[Script, Words]) -> None:
    """The marks count, and there is room for them."""
    script, words = pseudo

    assert [one[0] for one in words.languages] == [PSEUDO]
    assert [str(one) for one in (*long_drafts(script, words), *long_messages(script, words))] == []


async def test_telegram_takes_its_menu(pseudo: tuple[Script, Words]) -> None:
    """Commands and descriptions have limits as well."""
    api = Api(WallClock())

    class Caller:
        """The coach's client, without a network."""

        async def call(self, method: str, payload: dict[str, Any]) -> Any:
            """The result; fails where there is none."""
            answer = await api.answered(api.token, method, payload)
            assert answer.status == 200, answer.body
            return api.menu.settings if method.startswith("set") else [] if "Commands" in method else {}

    changed = await set_menu(Caller(), menus(pseudo[1]), NAME)

    assert changed == 4
    assert not api.broken_rules
    assert OVERRIDE in api.menu.line("Description", PSEUDO)


def test_a_coach_with_a_token_does_not_speak_it(words: Words) -> None:
    """It is made for the page only; whoever runs a bot has the languages that are shipped."""
    shipped = [code for code, _ in words.languages]

    tried = dict(build(pseudo=True)[1].languages)

    assert shipped[0] == "en"
    assert "Pseudo" not in str(words.languages)
    assert set(shipped) | {PSEUDO} == set(tried)
    assert tried[PSEUDO].startswith("Pseudo") or PSEUDO in shipped


def test_a_language_that_is_shipped_goes_before_one_that_is_made(words: Words) -> None:
    made = catalogs.right_to_left(load().entries.values())

    both = Words(words.entries, made={"es": made})

    assert dict(both.languages)["es"] == dict(words.languages)["es"]
    assert OVERRIDE not in both.say(Text("menu.about"), "es")
