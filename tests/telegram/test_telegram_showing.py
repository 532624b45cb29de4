"""Effects become requests: edited or new, escaped, and every press answered first."""

from datetime import UTC, datetime

import pytest

from bot.building import build
from bot.channel import Heard, Press, Stage
from bot.telegram.channel import TelegramChannel
from bot.telegram.showing import show
from conversations.effects import (
    Button,
    Draft,
    Erase,
    Notice,
    Say,
    SendCalendarFile,
    SendExport,
    Text,
    When,
)
from tests.telegram.showing_kit import FRESH, HELLO, PRESSED, TYPED, methods, shown
from tests.telegram.telegram_kit import KeyWords


def test_a_press_on_the_screen_is_answered_first_and_edits_it() -> None:
    made = shown(HELLO, stage=PRESSED)

    assert methods(made) == ["answerCallbackQuery", "editMessageText"]
    assert made[0].payload == {"callback_query_id": "q1"}
    assert made[1].screen
    assert made[1].payload["message_id"] == 40
    assert made[1].payload["link_preview_options"] == {"is_disabled": True}
    assert made[1].payload["parse_mode"] == "HTML"


def test_a_press_with_nothing_to_show_is_answered_all_the_same() -> None:
    assert methods(shown(stage=PRESSED)) == ["answerCallbackQuery"]
    assert methods(shown(Erase(), stage=PRESSED)) == ["answerCallbackQuery"]


def test_after_typed_words_the_screen_is_new_and_the_old_keyboard_goes() -> None:
    made = shown(HELLO)

    assert methods(made) == ["sendMessage", "editMessageReplyMarkup"]
    assert made[0].screen
    assert not made[0].lasting
    assert made[1].payload == {"chat_id": 5, "message_id": 40}


def test_a_first_screen_is_simply_sent() -> None:
    assert methods(shown(HELLO, stage=Stage(5, "en"))) == ["sendMessage"]


def test_a_press_on_an_older_message_brings_a_new_screen() -> None:
    made = shown(HELLO, stage=Stage(5, "en", screen=40, press=Press("q1", 30)))

    assert methods(made) == ["answerCallbackQuery", "sendMessage", "editMessageReplyMarkup"]


def test_only_the_first_screen_of_a_turn_edits() -> None:
    made = shown(HELLO, HELLO, stage=PRESSED)

    assert methods(made) == ["answerCallbackQuery", "editMessageText", "sendMessage"]
    assert [request.screen for request in made] == [False, True, True]


def test_something_kept_with_buttons_of_its_own_ends_those_of_the_screen_above_it() -> None:
    """Two rows of buttons that both seem to wait are one too many; a nudge leaves the screen its own."""
    draft = Say(("your message",), (Button("s", "sent", "Sent"),), manner="kept")

    assert methods(shown(draft, stage=PRESSED))[1:] == ["sendMessage", "editMessageReplyMarkup"]
    assert methods(shown(draft, stage=FRESH)) == ["sendMessage"]
    assert methods(shown(Say(("keep",), manner="kept"), stage=PRESSED))[1:] == ["sendMessage"]
    assert methods(shown(Say(("do",), HELLO.buttons, manner="nudge"), stage=TYPED)) == ["sendMessage"]


def test_a_screen_below_something_kept_is_new() -> None:
    made = shown(Say(("keep",), manner="kept"), HELLO, stage=PRESSED)

    assert methods(made)[1:] == ["sendMessage", "sendMessage", "editMessageReplyMarkup"]
    assert [(request.screen, request.lasting) for request in made[1:3]] == [
        (False, True),
        (True, False),
    ]


def test_what_is_kept_leaves_the_screen_alone() -> None:
    made = shown(Say(("keep",), manner="kept"))

    assert methods(made) == ["sendMessage"]
    assert made[0].lasting
    assert made[0].kind == "reply"


def test_a_nudge_is_a_new_message_of_its_own_kind() -> None:
    made = shown(Say(("do",), (Button("s", "o", "go"),), manner="nudge"))

    assert (made[0].kind, made[0].lasting, made[0].screen) == ("nudge", True, False)


def test_typed_words_are_escaped_and_moments_marked() -> None:
    at = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    made = shown(Say((Text("with", {"name": "<b>&Bo", "at": When(at)}), "two")))

    stamp = int(at.timestamp())
    told = f'with &lt;b&gt;&amp;Bo <tg-time unix="{stamp}">09:30</tg-time>\n\ntwo'
    assert made[0].payload["text"] == told


def test_halves_of_surrogate_pairs_do_not_reach_the_wire() -> None:
    made = shown(Say(("a\ud83db",)))

    assert made[0].payload["text"] == "a\ufffdb"


def test_of_a_long_screen_the_first_part_edits_and_the_last_is_the_screen() -> None:
    made = shown(Say(("x" * 5000,), HELLO.buttons), stage=PRESSED)

    assert methods(made) == ["answerCallbackQuery", "editMessageText", "sendMessage"]
    assert [request.screen for request in made] == [False, False, True]


def test_a_notice_answers_the_press() -> None:
    made = shown(Notice(Text("saved")), HELLO, stage=PRESSED)

    assert made[0].payload == {"callback_query_id": "q1", "text": "saved"}


@pytest.mark.parametrize("stage", [TYPED, PRESSED])
def test_a_notice_without_a_press_or_too_long_for_it_is_a_message(stage: Stage) -> None:
    made = shown(Notice(Text("n" * 201)), stage=stage)

    assert methods(made)[-1] == "sendMessage"
    assert "text" not in made[0].payload or made[0].method == "sendMessage"


def test_files_are_sent_as_documents() -> None:
    talk = SendCalendarFile("u", Text("t"), "about", "", datetime(2026, 11, 24, tzinfo=UTC), 20)
    stage = Stage(5, "en", files={"calendar": b"BEGIN", "export": b"{}"})
    made = shown(talk, SendExport(), stage=stage)

    assert [(one.method, one.file, one.file_name, one.lasting) for one in made] == [
        ("sendDocument", b"BEGIN", "talk.ics", True),
        ("sendDocument", b"{}", "twenty-minutes.json", True),
    ]


def test_a_group_gets_one_line() -> None:
    made = TelegramChannel(KeyWords(), "twenty_bot").elsewhere(Heard(5, -100, None, elsewhere=True), "en")

    assert methods(made) == ["sendMessage"]
    assert made[0].payload["chat_id"] == -100
    assert made[0].payload["text"] == "unclear.elsewhere https://t.me/twenty_bot"


def test_a_draft_in_another_language_stands_below_it_in_the_seekers_own_too() -> None:
    """Written to them in theirs, understood in mine; only theirs is copied."""
    words = build()[1]
    body = Text("drafts.reply.no")
    draft = Draft(body, "chat", "es")

    theirs = show([Say((draft,))], Stage(7, "en"), words)[0].payload["text"]
    mine = show([Say((Draft(body, "chat", "en"),))], Stage(7, "en"), words)[0].payload["text"]

    assert f"<pre>{words.say(body, 'es')}</pre>" in theirs
    assert f"<blockquote expandable>{words.say(body, 'en')}</blockquote>" in theirs
    assert "blockquote" not in mine
