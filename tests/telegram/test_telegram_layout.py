"""Buttons stand in rows that stay readable, drafts apart, long messages in whole parts."""

from typing import Any

import pytest

from bot.channel import Outgoing, Stage
from bot.telegram.html import units, unmarked
from conversations.effects import Button, Draft, Say
from tests.telegram.showing_kit import FRESH, HELLO, shown


def rows(*labels: str, options: tuple[str, ...] = (), language: str = "en") -> list[list[str]]:
    buttons = [Button("s", f"o{n}", label) for n, label in enumerate(labels)]
    buttons += [Button("s", option, option) for option in options]
    made = shown(Say(("text",), tuple(buttons)), stage=Stage(5, language))
    keys = made[0].payload["reply_markup"]["inline_keyboard"]
    return [[key["text"] for key in row] for row in keys]


def test_labels_are_plain_text() -> None:
    assert rows("<Bo> & co") == [["<Bo> & co"]]


@pytest.mark.parametrize(
    ("labels", "layout"),
    [
        (["a" * 10] * 4, [3, 1]),
        (["a" * 11] * 4, [2, 2]),
        (["a" * 19, "b", "c" * 11, "d"], [1, 2, 1]),
        (["b", "a" * 19, "c" * 11, "d"], [1, 1, 2]),
        (["a" * 80], [1]),
    ],
)
def test_rows_hold_what_stays_readable(labels: list[str], layout: list[int]) -> None:
    assert [len(row) for row in rows(*labels)] == layout


def test_back_and_home_share_the_last_row() -> None:
    assert rows("one", options=("back", "home")) == [["one"], ["back", "home"]]


@pytest.mark.parametrize("language", ["ar", "fa", "he", "ur", "ar_EG", "fa-IR"])
def test_rows_run_the_other_way_where_people_read_so(language: str) -> None:
    made = rows("one", "two", options=("back", "home"), language=language)

    assert made == [["two", "one"], ["home", "back"]]


def test_more_than_a_hundred_buttons_keep_the_ways_out() -> None:
    made = rows(*[str(n) for n in range(150)], options=("back", "home"))

    assert sum(map(len, made)) == 100
    assert made[-1] == ["back", "home"]


def keys(made: list[Outgoing]) -> list[dict[str, Any]]:
    return [key for row in made[-1].payload["reply_markup"]["inline_keyboard"] for key in row]


def test_a_draft_stands_apart_and_can_be_copied() -> None:
    draft = Draft("Hi <Maria>", "chat", "en")
    made = shown(Say(("intro", draft), (Button("s", "sent", "Sent"),), "kept"), stage=FRESH)

    assert made[0].payload["text"] == "intro\n\n<pre>Hi &lt;Maria&gt;</pre>"
    copy, sent = keys(made)
    assert copy == {"text": "buttons.copy", "copy_text": {"text": "Hi <Maria>"}}
    assert sent["callback_data"] == "s|sent|0|0"


def test_an_emails_subject_has_its_own_line() -> None:
    made = shown(Say((Draft("Dear Maria", "email", "en", subject="Twenty minutes"),), (), "kept"))

    assert made[0].payload["text"] == "<pre>Twenty minutes</pre>\n<pre>Dear Maria</pre>"


@pytest.mark.parametrize(("length", "copied"), [(256, True), (257, False)])
def test_only_a_short_draft_has_a_copy_button(length: int, copied: bool) -> None:
    made = shown(Say((Draft("x" * length, "chat", "en"),), (), "kept"))

    assert ("reply_markup" in made[0].payload) is copied


def test_copies_are_counted_as_telegram_counts() -> None:
    made = shown(Say((Draft("😀" * 129, "chat", "en"),), (), "kept"))

    assert "reply_markup" not in made[0].payload


@pytest.mark.parametrize(
    ("draft", "url"),
    [
        (
            Draft("Hi & bye", "chat", "en", phone="+1 (23) 4"),
            "https://t.me/+1234?text=Hi%20%26%20bye",
        ),
        (
            Draft("@maria hi", "chat", "en", phone="12345"),
            "https://t.me/+12345?text=%20%40maria%20hi",
        ),
        (Draft("Hi", "email", "en", phone="12345"), None),
        (Draft("Hi", "chat", "en"), None),
        (Draft("я" * 400, "chat", "en", phone="12345"), None),
    ],
)
def test_the_chat_with_the_person_opens_with_the_draft(draft: Draft, url: str | None) -> None:
    made = shown(Say((draft,), (Button("s", "o", "go"),), "kept"), stage=FRESH)

    assert [key["url"] for key in keys(made) if "url" in key] == ([url] if url else [])


def test_a_long_message_is_split_at_a_paragraph_with_buttons_on_the_last() -> None:
    paragraphs = [f"{n} " + "word " * 300 for n in range(6)]
    made = shown(Say((Draft("\n\n".join(paragraphs), "email", "en"),), HELLO.buttons, "kept"), stage=FRESH)

    texts = [request.payload["text"] for request in made]
    assert len(texts) > 1
    assert all(text.startswith("<pre>") and text.endswith("</pre>") for text in texts)
    assert all(units(unmarked(text)) <= 4096 for text in texts)
    assert ["reply_markup" in request.payload for request in made] == [False] * (len(made) - 1) + [True]
    assert " ".join(map(unmarked, texts)).split() == " ".join(paragraphs).split()


@pytest.mark.parametrize("sign", ["😀", "👍🏿", "&", "<", "é", "👨‍👩‍👧", "क्ष", "x"])
def test_no_sign_is_cut_in_two(sign: str) -> None:
    made = shown(Say(("-" + sign * 5000,), (), "kept"))

    texts = [unmarked(request.payload["text"]) for request in made]
    assert "".join(texts) == "-" + sign * 5000
    assert all(units(text) <= 4096 for text in texts)
    if sign != "क्ष":
        assert all(len(text.strip("-")) % len(sign) == 0 for text in texts)


@pytest.mark.parametrize(("length", "parts"), [(4095, 1), (4096, 1), (4097, 2)])
def test_the_limit_is_met_exactly(length: int, parts: int) -> None:
    assert len(shown(Say(("&" * length,), (), "kept"))) == parts
