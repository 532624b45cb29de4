"""Every update is read as what happened; garbage and strangers as nothing."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channel import Heard, Press
from bot.telegram.reading import read
from conversations.events import (
    CameBack,
    Chose,
    Commanded,
    Event,
    Left,
    SharedContact,
    Showed,
    Started,
    Wrote,
)

ALICE = {"id": 5, "is_bot": False, "first_name": "Alice", "language_code": "pt-BR"}
CHAT = {"id": 5, "type": "private"}
GROUP = {"id": -100, "type": "supergroup", "title": "Friends"}


def message(**content: Any) -> dict[str, Any]:
    return {"message": {"message_id": 9, "date": 1, "chat": CHAT, "from": ALICE, **content}}


def edit(**content: Any) -> dict[str, Any]:
    return {"edited_message": message(**content)["message"]}


def press(data: object, **more: Any) -> dict[str, Any]:
    shown = {"message_id": 9, "date": 1, "chat": CHAT}
    return {"callback_query": {"id": "77", "from": ALICE, "message": shown, "data": data, **more}}


def member(before: str, after: str, chat: dict[str, Any] = CHAT) -> dict[str, Any]:
    old, new = {"status": before}, {"status": after}
    change = {"chat": chat, "from": ALICE, "old_chat_member": old, "new_chat_member": new}
    return {"my_chat_member": change}


@pytest.mark.parametrize(
    ("update", "event"),
    [
        (message(text="/start"), Started("pt", "Alice")),
        (message(text="/start ref_123"), Started("pt", "Alice")),
        (message(text="/start@twenty_bot"), Started("pt", "Alice")),
        (message(text="/People"), Commanded("people")),
        (message(text="/people@twenty_bot now"), Commanded("people")),
        (message(text="/nonsense"), Commanded("nonsense")),
        (message(text="/"), Wrote("/")),
        (message(text="/not-a-command"), Wrote("/not-a-command")),
        (message(text="Maria\nnurse"), Wrote("Maria\nnurse")),
        (message(text="a\ud83d\x00b"), Wrote("a\ufffdb")),
        (edit(text="Mario"), Wrote("Mario", edited=True)),
        (
            message(contact={"first_name": "Maria", "last_name": "Lopez", "phone_number": "+1 23"}),
            SharedContact("Maria Lopez", "+123"),
        ),
        (message(contact={"first_name": "Maria"}), SharedContact("Maria", "")),
        (message(contact={"phone_number": "123"}), Showed("contact")),
        (
            message(users_shared={"request_id": 1, "users": [{"user_id": 3, "first_name": "Bo"}]}),
            SharedContact("Bo"),
        ),
        (
            message(users_shared={"request_id": 1, "users": [{"user_id": 3}]}),
            Showed("users_shared"),
        ),
        (message(voice={"file_id": "x"}), Showed("voice")),
        (message(photo=[{"file_id": "x"}], caption="me"), Showed("photo")),
        (message(animation={"f": 1}, document={"f": 1}), Showed("animation")),
        (message(hologram={"file_id": "x"}), Showed("hologram")),
        (press("ask.channel|email|3|12"), Chose("ask.channel", "email", 3, 12)),
        (press("something of another version"), Chose("", "")),
        (press(None), Chose("", "")),
        (member("member", "kicked"), Left()),
        (member("kicked", "member"), CameBack()),
    ],
)
def test_each_kind_of_update_is_read(update: dict[str, Any], event: Event) -> None:
    heard = read(update)

    assert heard is not None
    assert (heard.seeker, heard.chat, heard.event, heard.elsewhere) == (5, 5, event, False)


def test_a_press_names_its_query_and_its_message() -> None:
    heard = read(press("s|o|0|1"))

    assert heard is not None
    assert heard.press == Press(query="77", message=9)


def test_a_press_on_a_message_telegram_no_longer_shows_is_read_all_the_same() -> None:
    heard = read(press("s|o|0|1", message={"message_id": 4, "date": 0, "chat": CHAT}))

    assert heard == Heard(5, 5, Chose("s", "o", 0, 1), Press("77", 4), number=4, data="s|o|0|1")


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"update_id": 1, "poll": {}},
        message(text=""),
        message(pinned_message={"message_id": 3}),
        message(text="hi", **{"from": {**ALICE, "id": 6}}),
        message(text="hi", **{"from": {**ALICE, "is_bot": True}}),
        message(text="hi", chat={"id": True, "type": "private"}, **{"from": {"id": True}}),
        edit(location={"latitude": 1}),
        edit(caption="other"),
        press("s|o|0|1", **{"from": {**ALICE, "id": 6}}),
        press("s|o|0|1", message=None, inline_message_id="z"),
        press("s|o|0|1", message={"message_id": 3, "chat": GROUP}),
        press("s|o|0|1", id=None),
        member("member", "member"),
        member("member", "left", GROUP),
        message(text="just talk", chat=GROUP),
        message(text="/start@other_bot", chat=GROUP),
        {"edited_message": message(text="/start", chat=GROUP)["message"]},
        member("member", "administrator", GROUP),
    ],
)
def test_what_concerns_nobody_is_passed_over(update: dict[str, Any]) -> None:
    assert read(update, "twenty_bot") is None


@pytest.mark.parametrize(
    "update",
    [
        message(text="/start", chat=GROUP),
        message(text="/start@Twenty_Bot", chat=GROUP),
        message(text="hello @twenty_bot", chat=GROUP),
        member("left", "member", GROUP),
    ],
)
def test_a_group_that_calls_the_coach_is_answered_elsewhere(update: dict[str, Any]) -> None:
    assert read(update, "twenty_bot") == Heard(5, -100, None, elsewhere=True)


NAMES = """
    update_id message edited_message callback_query my_chat_member chat from id type text data
    contact users_shared users first_name phone_number language_code message_id date status
    old_chat_member new_chat_member is_bot voice photo entities private
"""
KEYS = st.sampled_from(NAMES.split())
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
    st.sampled_from(["private", "group", "member", "kicked", "/start", 5]),
)  # fmt: skip
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6)
)


@settings(max_examples=200, deadline=None)
@given(TREES)
def test_garbage_never_raises(update: Any) -> None:
    heard = read(update)

    assert heard is None or heard.event is not None or heard.elsewhere


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(KEYS, TREES, max_size=6))
def test_garbage_in_a_private_chat_never_raises(content: Any) -> None:
    read(message(**content))
    read(edit(**content))
    read(press(**{"data": "s|o|0|1", **content}))
