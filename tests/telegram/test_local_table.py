"""The strict table agrees with aiogram's reading of the Bot API, and takes all that the coach sends."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.local.contract import checked
from bot.local.limits import Units
from bot.local.refusal import Broken, Refusal
from bot.local.schema import FLAG, Field, Plain, number, text
from bot.local.table import METHODS, OBJECTS, UPDATE_KINDS
from bot.telegram.intake import ALLOWED, LONG_POLL
from bot.words import Words
from conversations import Script
from tests.telegram import bot_api
from tests.telegram.recording import as_form, menu, played
from tests.telegram.table_kit import Case, cases, everything, minimal, within

STRICTER = {
    "editMessageText": {"chat_id", "message_id", "text"},
    "editMessageReplyMarkup": {"chat_id", "message_id"},
    "ReplyParameters": {"message_id"},
}
"""Fields that the Bot API can do without and the coach cannot: it has no inline messages."""
OWNERS = pytest.mark.parametrize("owner", [name for name, _ in everything()])
FIELDS = pytest.mark.parametrize(
    ("owner", "name"), [(owner, name) for owner, shape in everything() for name in shape.fields]
)
SENDING = METHODS["sendMessage"].fields


def field_of(owner: str, name: str) -> Field:
    """A field of the table."""
    return (METHODS.get(owner) or OBJECTS[owner]).fields[name]


@OWNERS
def test_everything_in_the_table_is_as_the_bot_api_has_it(owner: str) -> None:
    """Names, types, what is needed, no field going out of use, and every limit that is documented."""
    shape = METHODS.get(owner) or OBJECTS[owner]

    assert bot_api.differences(owner, shape) == []


@OWNERS
def test_what_the_table_needs_besides_is_on_a_short_list(owner: str) -> None:
    shape = METHODS.get(owner) or OBJECTS[owner]
    ours = {name for name, field in shape.fields.items() if field.required}

    assert ours - bot_api.needed(owner) == STRICTER.get(owner, set())


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"quack": FLAG}, "sendMessage has no quack"),
        ({"chat_id": replace(SENDING["chat_id"], required=False)}, "sendMessage needs chat_id"),
        ({"disable_notification": text()}, "sendMessage.disable_notification is bool"),
        ({"reply_to_message_id": number()}, "sendMessage.reply_to_message_id goes out of use"),
        ({"text": text(Units(1, 4097)).needed()}, "sendMessage.text: (1, 4096, 'characters')"),
        ({"text": text(Units(0, 4096)).needed()}, "sendMessage.text: (1, 4096, 'characters')"),
    ],
)
def test_a_table_that_were_wrong_in_our_favour_would_be_noticed(wrong: dict[str, Field], told: str) -> None:
    shape = replace(METHODS["sendMessage"], fields={**SENDING, **wrong})

    assert any(one.startswith(told) for one in bot_api.differences("sendMessage", shape))


def test_the_kinds_of_update_are_those_of_the_bot_api() -> None:
    assert set(ALLOWED) <= set(UPDATE_KINDS) <= bot_api.UPDATE_KINDS


@OWNERS
def test_the_least_that_something_takes_is_taken(owner: str) -> None:
    """As JSON, and as a form."""
    method, params = within(owner, minimal(owner))

    assert checked(method, params) == params
    assert checked(method.upper(), as_form(params)) == params


@OWNERS
def test_a_field_is_missed_where_it_is_needed(owner: str) -> None:
    """Each one alone."""
    whole = minimal(owner)

    for name in whole:
        short = {key: value for key, value in whole.items() if key != name}
        with pytest.raises(Broken):
            checked(*within(owner, short))


@OWNERS
def test_an_unknown_field_is_refused(owner: str) -> None:
    """Where real Telegram would pass it over in silence."""
    method, params = within(owner, minimal(owner, quack=1))

    with pytest.raises(Broken, match=r'^Bad Request: unknown field "quack" of '):
        checked(method, params)


@FIELDS
def test_a_value_of_another_type_is_refused(owner: str, name: str) -> None:
    field = field_of(owner, name)
    wrong: list[Any] = [["x"], 1.5]
    if field.type is not Plain.FILE:
        wrong.append({"x": 1})
    if field.type not in (Plain.BOOLEAN, Plain.TRUE):
        wrong.append(True)

    for value in wrong:
        with pytest.raises(Broken):
            checked(*within(owner, minimal(owner, **{name: value})))


@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_limit_takes_what_is_within_and_refuses_what_is_beyond(case: Case) -> None:
    """Both sides are made from the table: a new limit without sides fails."""
    for value in case.taken:
        method, params = case.request(value)
        assert checked(method, params) == params
    for value in case.refused:
        with pytest.raises(Broken, match=r"^Bad Request: ."):
            checked(*case.request(value))


@pytest.mark.parametrize("case", cases(), ids=str)
def test_what_is_beyond_a_limit_is_refused_by_that_limit(case: Case) -> None:
    """By no other: without it the value would be taken."""
    assert [case.limit.fault(one) for one in case.taken] == [None] * len(case.taken)
    assert None not in [case.limit.fault(one) for one in case.refused]


def test_markup_does_not_count_towards_the_length_of_a_text() -> None:
    """4096 is what is left after parsing; without a parse mode every sign counts."""
    bold = f"<b>{'&lt;' * 4096}</b>"
    base = {"chat_id": 7, "parse_mode": "HTML"}

    assert checked("sendMessage", {**base, "text": bold})["text"] == bold
    with pytest.raises(Broken, match="message is too long"):
        checked("sendMessage", {**base, "text": f"{bold}x"})
    with pytest.raises(Broken, match="message is too long"):
        checked("sendMessage", {"chat_id": 7, "text": bold})
    with pytest.raises(Broken, match="message text is empty"):
        checked("sendMessage", {**base, "text": "<b> </b>"})


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": "x", "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": 7}, "message text is empty"),
        ("sendMessage", {"chat_id": 7, "text": "x", "parse_mode": "Markup"}, "unsupported parse_mode"),
        ("sendDocument", {"chat_id": 7}, "there is no document in the request"),
        ("editMessageText", {"chat_id": 7, "text": "x"}, "message identifier is not specified"),
        ("setMyName", {"name": "x", "language_code": "ES"}, "invalid language code specified"),
        ("sendChatAction", {"chat_id": 7, "action": "dancing"}, "wrong parameter action in request"),
        (
            "setWebhook",
            {"url": "https://example.org/", "secret_token": "a b"},
            "secret token contains unallowed characters",
        ),
        (
            "sendMessage",
            {"chat_id": 7, "text": "x", "reply_markup": "{"},
            "can't parse reply keyboard markup JSON object",
        ),
        (
            "sendMessage",
            {"chat_id": 7, "text": "x", "reply_markup": '{"inline_keyboard": [[{"text": "x"}]]}'},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            "sendMessage",
            {"chat_id": 7, "text": "x", "reply_markup": {"inline_keyboard": [[{"url": "https://a.b"}]]}},
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
    ],
)
def test_a_refusal_has_the_words_of_telegram(method: str, params: dict[str, Any], words: str) -> None:
    with pytest.raises(Broken) as refusal:
        checked(method, params)

    assert (refusal.value.code, refusal.value.description) == (400, f"Bad Request: {words}")


def test_a_button_does_one_thing() -> None:
    """Two actions in one button are refused, as is a key that asks for two things."""
    both = {"text": "x", "url": "https://a.b", "callback_data": "x"}
    asks = {"text": "x", "request_contact": True, "request_users": {"request_id": 1}}

    for owner, wrong in (("InlineKeyboardButton", both), ("KeyboardButton", asks)):
        with pytest.raises(Broken):
            checked(*within(owner, wrong))


def test_an_unknown_method_is_not_found() -> None:
    with pytest.raises(Refusal, match=r"^Not Found") as refusal:
        checked("sendRichMessage", {})

    assert refusal.value.code == 404


def test_an_upload_may_have_a_name_of_its_own() -> None:
    """`attach://` points to it; a name without an upload is refused."""
    given = {"chat_id": "7", "document": "attach://one", "one": {"file_name": "a.txt"}}

    assert checked("sendDocument", given) == {"chat_id": 7, "document": {"file_name": "a.txt"}}
    with pytest.raises(Broken, match="wrong file identifier"):
        checked("sendDocument", {"chat_id": 7, "document": "attach://one"})


async def test_everything_the_coach_sends_is_taken(script: Script, words: Words, tmp_path: Path) -> None:
    """Every second transcript, in every language, as typed and as pressed; as JSON and as a form."""
    made = await played(script, words, tmp_path, [f"{sign}*" for sign in "acegikmoqsuwy"])

    for method, params in made:
        assert checked(method, params) == params
        assert checked(method, as_form(params)) == params
    assert {method for method, _ in made} == {
        "answerCallbackQuery", "editMessageReplyMarkup", "editMessageText", "sendDocument", "sendMessage",
    }  # fmt: skip
    assert len(made) > 300


async def test_the_menu_and_the_long_poll_are_taken(words: Words) -> None:
    made = await menu(words)

    for method, params in made:
        assert checked(method, params) == params
    assert checked("getUpdates", {"timeout": LONG_POLL, "allowed_updates": list(ALLOWED), "offset": 7})
    assert len([1 for method, _ in made if method.startswith("set")]) == 1 + 3 * (len(words.languages) + 1)
