"""The sender against a real Bot and a loopback Bot API: every fault ends in its own class."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.channel import Outgoing
from bot.local import faults
from bot.local.server import StandIn
from bot.telegram.outcomes import TokenRefused
from tests.telegram.telegram_kit import FastTime, MemoryOutbox, deliver, said


@pytest_asyncio.fixture
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn(clock=FastTime()) as opened:
        yield opened


@pytest.fixture
def outbox() -> MemoryOutbox:
    return MemoryOutbox()


async def test_a_message_is_sent_and_its_number_recorded(standin: StandIn, outbox: MemoryOutbox) -> None:
    alice = standin.person()
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "s|o|0|1"}]]}
    request = said("<b>hi</b> 😀", alice.chat.id, screen=True)
    [row] = outbox.add(alice.chat.id, Outgoing("sendMessage", {**request.payload, "reply_markup": markup}))

    await deliver(standin, outbox)

    assert (row.state, row.message) == ("sent", 1)
    assert alice.received() == ["hi 😀"]
    assert alice.presses("Go")["callback_query"]["data"] == "s|o|0|1"


async def test_messages_of_one_chat_keep_their_order(standin: StandIn, outbox: MemoryOutbox) -> None:
    alice = standin.person()
    outbox.add(alice.chat.id, *(said(str(n), alice.chat.id) for n in range(6)))

    await deliver(standin, outbox)

    assert alice.received() == list("012345")


async def test_a_file_goes_as_a_document(standin: StandIn, outbox: MemoryOutbox) -> None:
    alice = standin.person()
    request = Outgoing(
        "sendDocument", {"chat_id": alice.chat.id}, file=b"BEGIN:VCALENDAR", file_name="talk.ics"
    )
    [row] = outbox.add(alice.chat.id, request)

    await deliver(standin, outbox)

    assert row.state == "sent"
    document = alice.chat.messages[1]["document"]
    assert document["file_name"] == "talk.ics"
    assert standin.files.content(document["file_id"]) == b"BEGIN:VCALENDAR"


async def test_after_429_the_row_waits_as_long_as_telegram_asks(
    standin: StandIn, outbox: MemoryOutbox
) -> None:
    alice = standin.person()
    standin.faults.next("sendMessage", faults.too_many(3))
    outbox.add(alice.chat.id, said("a", alice.chat.id), said("b", alice.chat.id))
    asked = FastTime()

    await deliver(standin, outbox)
    took = (asked.now() - FastTime().now()).total_seconds()

    assert took > 3
    assert alice.received() == ["a", "b"]
    assert len(standin.called("sendMessage")) == 3


async def test_429_in_one_chat_does_not_hold_up_another(standin: StandIn, outbox: MemoryOutbox) -> None:
    alice, bob = standin.person(), standin.person("Bob")
    standin.faults.next("sendMessage", faults.too_many(20))
    [slow] = outbox.add(alice.chat.id, said("a", alice.chat.id))
    [quick] = outbox.add(bob.chat.id, said("b", bob.chat.id))

    await deliver(standin, outbox, within=0.8)

    assert (slow.state, quick.state) == ("pending", "sent")


@pytest.mark.parametrize(
    ("fault", "gone"),
    [
        (faults.blocked(), True),
        (faults.refused(403, "Forbidden: user is deactivated"), True),
        (faults.refused(400, "Bad Request: chat not found"), True),
        (faults.refused(400, "Bad Request: message is too long"), False),
        (faults.refused(400, "Bad Request: group upgraded", migrate_to_chat_id=-5), False),
    ],
)
async def test_what_telegram_turns_down_is_not_repeated(
    standin: StandIn, outbox: MemoryOutbox, fault: faults.Fault, gone: bool
) -> None:
    alice = standin.person()
    standin.faults.next("sendMessage", fault)
    [row] = outbox.add(alice.chat.id, said("a", alice.chat.id))
    [after] = outbox.add(alice.chat.id, said("b", alice.chat.id))

    await deliver(standin, outbox)

    assert (row.state, row.gone, after.state) == ("refused", gone, "sent")
    assert len(standin.called("sendMessage")) == 2


async def test_a_timeout_after_writing_is_unsure_and_leaves_exactly_one_message(
    standin: StandIn, outbox: MemoryOutbox
) -> None:
    alice = standin.person()
    standin.faults.next("sendMessage", faults.slow(0.4))
    [row] = outbox.add(alice.chat.id, said("a", alice.chat.id))

    await deliver(standin, outbox, patience=0.1)
    await asyncio.sleep(0.5)

    assert (row.state, alice.received()) == ("unsure", ["a"])


@pytest.mark.parametrize(
    "fault",
    [
        faults.dropped(acts=True),
        faults.dropped(acts=False),
        faults.broken(502),
        faults.broken(500, acts=True),
        faults.broken(200, body=""),
        faults.broken(200, body="[]"),
        faults.broken(200, body='{"ok": true}'),
        faults.broken(503, body='["down"]'),
        faults.refused(500, "Internal Server Error: restart"),
    ],
)
async def test_a_message_that_may_have_arrived_is_never_repeated(
    standin: StandIn, outbox: MemoryOutbox, fault: faults.Fault
) -> None:
    alice = standin.person()
    standin.faults.next("sendMessage", fault)
    [row] = outbox.add(alice.chat.id, said("a", alice.chat.id))

    await deliver(standin, outbox)

    assert row.state == "unsure"
    assert len(standin.called("sendMessage")) == 1


async def test_a_refused_connection_is_tried_again(standin: StandIn, outbox: MemoryOutbox) -> None:
    alice = standin.person()
    [row] = outbox.add(alice.chat.id, said("a", alice.chat.id))
    await standin.close()

    run = asyncio.create_task(deliver(standin, outbox))
    await asyncio.sleep(0.3)
    assert row.tries > 0
    await standin.open()
    await run

    assert (row.state, alice.received()) == ("sent", ["a"])


async def test_a_refused_token_stops_the_run_and_loses_nothing(
    standin: StandIn, outbox: MemoryOutbox
) -> None:
    alice = standin.person()
    [row] = outbox.add(alice.chat.id, said("a", alice.chat.id))
    standin.faults.next("sendMessage", faults.refused(401, "Unauthorized"))

    with pytest.raises(TokenRefused):
        await deliver(standin, outbox)

    assert (row.state, len(standin.calls)) == ("pending", 1)
