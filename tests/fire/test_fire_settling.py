"""What may or may not have arrived is settled by asking, and no other message is touched."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.store import OutboxRow
from bot.telegram.probing import probe
from conversations.effects import Text
from tests.conversations.core_kit import the_words
from tests.fire.fire_kit import (
    FastClock,
    Fault,
    MailRoom,
    Person,
    StandIn,
    comes,
    faults,
    keys,
    mailing,
    running,
)
from tests.fire.living_kit import WAITING, Silent, ask
from tests.fire.sending import outcome

TAKEN, NOT_TAKEN = faults.broken(acts=True), faults.broken(acts=False)
NOT_FOUND = faults.refused(400, "Bad Request: message to edit not found")


def shown(room: MailRoom) -> dict[tuple[int, int], str]:
    """The text and the keyboard of every message that stands anywhere."""
    return {
        (one.chat.id, number): json.dumps([message.get("text"), message.get("reply_markup")])
        for one in room.people
        for number, message in one.chat.messages.items()
    }


async def doubtful(room: MailRoom, *people: Person, fault: Fault = TAKEN) -> None:
    """A nudge to each of them; nobody knows whether it arrived."""
    room.standin.faults.next("sendMessage", fault, len(people))
    await room.put(*(room.letter(one, "nudge") for one in people))
    await room.until("unsure", "sent")
    lost = [one for one in room.standin.called("sendMessage") if one.status == fault.status]
    assert len(lost) == len(people), "an answer came that was to be lost"


@pytest.mark.holds("T18")
@pytest.mark.parametrize("fault", [TAKEN, NOT_TAKEN], ids=["arrived", "did not"])
async def test_several_in_doubt_in_several_chats_are_settled_and_nothing_else_changes(fault: Fault) -> None:
    clock = FastClock(speed=120)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        people = await room.people_come(8)
        for number, person in enumerate(people):  # the numbers of the chats lie apart
            await room.put(*(room.letter(person) for _ in range(number % 4)))
        await room.until("sent")
        await doubtful(room, *people[:6], fault=fault)
        before = shown(room)

        sent = await outcome(room, len(room.written), 20)

        assert sent.all_once, sent
        assert {place: shown(room)[place] for place in before} == before


@pytest.mark.holds("T18")
async def test_a_message_that_telegram_denies_once_is_not_sent_again() -> None:
    clock = FastClock(speed=120)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        people = await room.people_come(1)
        standin.faults.next("editMessageReplyMarkup", NOT_FOUND, 4)
        await doubtful(room, *people)

        sent = await outcome(room, 1, 20)

        assert sent.all_once, sent
        assert standin.faults.take("editMessageReplyMarkup") is None, "it was denied as often as it could be"
        assert len(standin.called("editMessageReplyMarkup")) > 4


@pytest.mark.holds("T18")
async def test_a_message_that_the_seeker_deleted_is_all_that_may_come_twice() -> None:
    clock = FastClock(speed=120)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        [dana] = await room.people_come(1)
        await doubtful(room, dana)
        dana.deletes(dana.screen()["message_id"])
        await room.until("sent")

        assert room.copies() == {1: 1}
        assert len(room.bot.sends()) == 2


@pytest.mark.holds("T18")
async def test_a_message_whose_buttons_are_gone_is_not_sent_again() -> None:
    clock = FastClock(speed=120)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        [dana] = await room.people_come(1)
        await doubtful(room, dana)
        del dana.screen()["reply_markup"]
        await clock.sleep(240)

        assert room.copies() == {1: 1}
        assert await room.states() == {"unsure": 1}, "that it took the buttons proves nothing"
        assert len(room.bot.left) == 2


@pytest.mark.holds("T18")
async def test_two_in_doubt_in_one_chat_are_left_as_they_are() -> None:
    clock = FastClock(speed=120)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        [dana] = await room.people_come(1)
        standin.faults.next("sendMessage", TAKEN, 2)
        await room.put(room.letter(dana), room.letter(dana))
        await room.until("unsure")
        await clock.sleep(240)

        assert room.copies() == {1: 2}
        assert await room.states() == {"unsure": 2}
        assert len(room.bot.left) == 2


@pytest.mark.holds("T18")
async def test_a_message_without_buttons_is_found_by_its_words() -> None:
    clock = FastClock(speed=120)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        [dana] = await room.people_come(1)
        standin.faults.next("sendMessage", TAKEN)
        await room.write(dana, keyboard={})

        sent = await outcome(room, 1, 20)

        assert sent.all_once, sent
        assert [one.status for one in standin.called("sendMessage")] == [TAKEN.status]
        assert len(room.bot.left) > 1, "it was asked after"


@pytest.mark.holds("T18", "S14")
async def test_somebody_who_blocked_the_coach_is_asked_after_once() -> None:
    clock = FastClock(speed=120)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        [dana] = await room.people_come(1)
        await doubtful(room, dana)
        dana.blocks()
        await clock.sleep(300)

        assert [one.method for one in room.bot.left] == ["sendMessage", "editMessageReplyMarkup"]


@pytest.mark.holds("T18")
async def test_a_long_search_keeps_to_the_pace_and_ends() -> None:
    clock = FastClock(speed=120)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        dana, ana = await room.people_come(2)
        async with room.store.transaction() as t:  # a busy chat, whose numbers are far ahead
            await t.saw_number(ana.chat.id, 400)
        ana.chat.last = 400
        await room.post.begin()
        await doubtful(room, dana, fault=NOT_TAKEN)

        sent = await outcome(room, 1, 20)

        assert sent.all_once, sent
        assert standin.flood.refusals == 0


@pytest.mark.holds("T18")
async def test_an_outage_while_it_is_asked_after_changes_nothing() -> None:
    clock = FastClock(speed=120)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        people = await room.people_come(3)
        await doubtful(room, *people)
        await standin.close()
        await clock.sleep(timedelta(minutes=3).total_seconds())
        asked, states = room.bot.left[3:], await room.states()
        await standin.open()

        sent = await outcome(room, 3, 20)

        assert sent.all_once, sent
        assert asked and states == {"unsure": 3}, "they were asked after in vain"


@pytest.mark.holds("T18")
async def test_another_message_with_the_same_number_elsewhere_is_left_alone() -> None:
    clock = FastClock(speed=120)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        dana, ana = await room.people_come(2)
        await room.put(room.letter(ana), room.letter(ana))
        await room.until("sent")
        foreign = OutboxRow(
            dana.chat.id,
            "sendMessage",
            json.dumps({"chat_id": dana.chat.id, "text": "an older one", "reply_markup": keys("older")}),
        )
        await room.put(foreign)  # to nobody known: its number is recorded in the outbox only
        await room.until("sent")
        await doubtful(room, dana, fault=NOT_TAKEN)
        before = shown(room)

        await clock.sleep(240)

        assert max(room.copies()) == 1
        assert {place: shown(room)[place] for place in before} == before


@pytest.mark.holds("T18")
async def test_a_message_that_could_be_changed_is_not_taken_for_the_one_in_doubt() -> None:
    class Agreeable:
        async def call(self, method: str, payload: dict[str, Any], **more: Any) -> Any:
            return {"message_id": payload["message_id"]}

    found = [
        await probe(Agreeable(), 1, 2, {"text": "Hello", **more}) for more in ({}, {"reply_markup": keys(1)})
    ]

    assert found == ["closed", "closed"]


@pytest.mark.holds("T18")
async def test_what_was_given_up_in_a_chat_does_not_end_settling_there() -> None:
    clock = FastClock(speed=120)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        [dana] = await room.people_come(1)
        standin.faults.next("sendMessage", TAKEN)
        await room.write(dana, keyboard={"keyboard": [[{"text": "Go"}]]})  # cannot be asked after
        await room.until("unsure")
        await clock.sleep(60)
        await room.write(dana)
        await room.until("unsure", "sent")
        standin.faults.next("sendMessage", TAKEN)
        await room.write(dana)
        await clock.sleep(120)

        assert await room.states() == {"unsure": 1, "sent": 2}
        assert room.copies() == {1: 3}


@pytest.mark.holds("T18")
async def test_what_may_be_the_given_up_one_is_not_asked_after() -> None:
    """The twin: nothing is known to lie between the two, so one could be taken for the other."""
    clock = FastClock(speed=120)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        [dana] = await room.people_come(1)
        standin.faults.next("sendMessage", TAKEN, 2)
        await room.write(dana, keyboard={"keyboard": [[{"text": "Go"}]]})
        await room.until("unsure")
        await clock.sleep(60)
        await room.write(dana)
        await room.until("unsure")
        await clock.sleep(120)

        assert await room.states() == {"unsure": 2}
        assert len(room.bot.left) == 2


@pytest.mark.holds("T18")
async def test_a_message_with_no_number_left_for_it_did_not_arrive_and_goes_out_once_more() -> None:
    clock = FastClock(speed=120)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        [dana] = await room.people_come(1)
        standin.faults.next("sendMessage", NOT_TAKEN)
        await room.put(room.letter(dana), room.letter(dana))  # the second takes the next number

        sent = await outcome(room, 2, 20)

        assert sent.all_once, sent
        assert len(room.bot.left) == 3, "there was nothing to ask after"


@pytest.mark.holds("T18")
async def test_words_of_the_seeker_that_came_first_and_were_read_later_do_not_hide_a_message() -> None:
    clock = FastClock(speed=120)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        [dana] = await room.people_come(1)
        unread = dana.types("and another line")["message"]["message_id"]
        standin.faults.next("sendMessage", TAKEN)
        room.asks.clear()
        await room.write(dana)
        await room.until("unsure")
        async with room.store.transaction() as t:
            await t.saw_number(dana.chat.id, unread)
        room.asks.set()

        sent = await outcome(room, 1, 20)

        assert sent.all_once, sent
        assert len(room.bot.sends()) == 1


@pytest.mark.holds("T18")
async def test_nothing_is_asked_after_while_a_message_comes_into_the_chat() -> None:
    clock = FastClock(speed=120)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        [dana] = await room.people_come(1)
        standin.faults.next("sendMessage", NOT_TAKEN)
        await room.write(dana)
        await room.until("unsure")
        standin.faults.next("sendMessage", faults.slow(0.6))
        await room.write(dana)
        await asyncio.sleep(0.5)  # a minute of its time
        meanwhile = [one.method for one in room.bot.left[2:]]

        sent = await outcome(room, 2, 20)

        assert meanwhile == []
        assert sent.all_once, sent


@pytest.mark.holds("T18")
async def test_several_chats_are_settled_side_by_side_and_not_all_at_once() -> None:
    clock = FastClock(speed=120)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        people = await room.people_come(10)
        room.asks.clear()
        await doubtful(room, *people)
        await clock.sleep(90)
        standin.faults.next("editMessageReplyMarkup", faults.slow(0.2), 10)
        room.asks.set()

        sent = await outcome(room, 10, 20)

        assert sent.all_once, sent
        assert max(one.flying for one in room.bot.left if one.method.startswith("edit")) == 4


@pytest.mark.holds("T18")
async def test_one_that_cannot_be_settled_rests_and_holds_up_nobody() -> None:
    clock = FastClock(speed=120)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        people = await room.people_come(3)
        room.asks.clear()
        await doubtful(room, *people)
        await room.ask("UPDATE outbox SET payload = CAST('{' AS BLOB) WHERE id = 1")
        before = await room.ask("SELECT settled FROM outbox WHERE id = 1")
        await clock.sleep(90)

        settled = await room.settler.settle()

        assert settled == 2
        assert await room.states() == {"unsure": 1, "sent": 2}
        assert await room.ask("SELECT settled FROM outbox WHERE id = 1") > before


@pytest.mark.holds("T18")
@pytest.mark.parametrize("settles", [True, False], ids=["on", "turned off"])
async def test_settling_can_be_turned_off_and_the_seeker_is_told_instead(
    settles: bool, tmp_path: Path
) -> None:
    clock, path = FastClock(speed=1.0), tmp_path / "c.db"
    unsure = the_words().say(Text("troubles.maybe_answered"), "en")
    async with StandIn(clock=clock) as standin, running(standin, path, Silent(), settles=settles) as service:
        standin.faults.next("sendMessage", TAKEN)
        dana = standin.person("Dana")
        dana.types("/start")
        await comes(lambda: bool(dana.buttons()), "the first question")
        await comes(lambda: not ask(path, WAITING), "it is known to be there")
        clock.jump(timedelta(minutes=6))
        await service.jobs.settle()
        states = dict(ask(path, "SELECT state, count(*) FROM outbox GROUP BY state"))
        asked = standin.called("editMessageText")
        dana.types("/help")
        await comes(lambda: len(dana.received()) > 2, "an answer")
        told = [one for one in dana.received() if unsure in one]

    assert (bool(asked), states.get("unsure", 0), len(told)) == ((True, 0, 0) if settles else (False, 1, 1))
