"""Screens and answers may be repeated, replaced or given up; the seeker sees one of each."""

import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.channel import Outgoing
from bot.local import faults
from bot.local.server import StandIn
from tests.telegram.telegram_kit import FastTime, MemoryOutbox, deliver, said, states


@pytest_asyncio.fixture
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn(clock=FastTime()) as opened:
        yield opened


@pytest.fixture
def outbox() -> MemoryOutbox:
    return MemoryOutbox()


def edit(chat: int, message: int, text: str = "new", **more: Any) -> Outgoing:
    payload = {"chat_id": chat, "message_id": message, "text": text, "parse_mode": "HTML"}
    return Outgoing("editMessageText", payload, screen=True, **more)


@pytest.mark.parametrize("fault", [faults.dropped(acts=True), faults.broken(502, acts=True)])
async def test_an_edit_that_ended_unsure_is_repeated(
    standin: StandIn, outbox: MemoryOutbox, fault: faults.Fault
) -> None:
    alice = standin.person()
    outbox.add(alice.chat.id, said("old", alice.chat.id), edit(alice.chat.id, 1))
    standin.faults.next("editMessageText", fault)

    await deliver(standin, outbox)

    assert states(outbox.rows) == ["sent", "sent"]
    assert (outbox.rows[1].message, alice.received()) == (1, ["new"])
    assert len(standin.called("editMessageText")) == 2


async def test_a_screen_that_is_as_it_should_be_counts_as_sent(
    standin: StandIn, outbox: MemoryOutbox
) -> None:
    alice = standin.person()
    outbox.add(alice.chat.id, said("same", alice.chat.id), edit(alice.chat.id, 1, "same"))

    await deliver(standin, outbox)

    assert [(row.state, row.message) for row in outbox.rows] == [("sent", 1), ("sent", 1)]


async def test_a_screen_that_is_gone_is_sent_anew(standin: StandIn, outbox: MemoryOutbox) -> None:
    alice = standin.person()
    [row] = outbox.add(alice.chat.id, edit(alice.chat.id, 99))

    await deliver(standin, outbox)

    assert (row.state, row.message, alice.received()) == ("sent", 1, ["new"])


async def test_a_keyboard_to_strip_that_is_gone_is_settled_quietly(
    standin: StandIn, outbox: MemoryOutbox
) -> None:
    alice = standin.person()
    payload = {"chat_id": alice.chat.id, "message_id": 99}
    [row] = outbox.add(alice.chat.id, Outgoing("editMessageReplyMarkup", payload))

    await deliver(standin, outbox)

    assert (row.state, alice.received()) == ("sent", [])


async def test_an_answer_that_comes_too_late_holds_nothing_up(standin: StandIn, outbox: MemoryOutbox) -> None:
    alice = standin.person()
    answer = Outgoing("answerCallbackQuery", {"callback_query_id": "long ago"})
    rows = outbox.add(alice.chat.id, answer, said("a", alice.chat.id))

    await deliver(standin, outbox)

    assert states(rows) == ["sent", "sent"]
    assert (rows[0].message, alice.received()) == (None, ["a"])


async def test_faulty_markup_is_sent_as_plain_text_and_reported(
    standin: StandIn, outbox: MemoryOutbox, caplog: pytest.LogCaptureFixture
) -> None:
    alice = standin.person()
    standin.expects_refusals()
    [row] = outbox.add(alice.chat.id, said("<b>secret &amp; bold", alice.chat.id))

    with caplog.at_level(logging.INFO):
        await deliver(standin, outbox)

    assert (row.state, alice.received()) == ("sent", ["secret & bold"])
    assert "markup refused" in caplog.text
    assert "secret" not in caplog.text
