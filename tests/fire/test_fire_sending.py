"""Whatever Telegram does to what is sent: each message arrives once, and what became of it is known."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest

from bot.bell import Bell
from bot.service import Service
from bot.store import OutboxRow, Store
from bot.telegram.html import units, unmarked
from bot.telegram.splitting import split
from conversations.effects import Text
from tests.conversations.core_kit import the_coach
from tests.fire.fire_kit import (
    FastClock,
    Fault,
    MailRoom,
    Person,
    StandIn,
    comes,
    faults,
    mailing,
    running,
)  # fmt: skip
from tests.fire.living_kit import ask
from tests.fire.sending import (
    ANSWERS,
    blind,
    refused_connections,
    timed_out,
    unreachable,
    with_lost_answers,
    with_no_way,
)

OUTAGE = timedelta(minutes=8)
TROUBLES = ("not_saved", "not_saved_yet", "maybe_answered", "maybe_sent", "maybe_sent_about", "just_left")


@pytest.mark.holds("T01")
async def test_a_message_that_timed_out_after_it_was_taken_is_not_sent_again() -> None:
    sent = await timed_out(60)

    assert sent.all_once, sent


@pytest.mark.holds("T01")
async def test_whoever_sends_again_blindly_doubles_so_the_test_above_can_fail() -> None:
    copies = await blind(4)

    assert copies == {3: 4}


@pytest.mark.holds("T02")
async def test_what_did_not_leave_is_sent_later_and_once() -> None:
    sent = await with_no_way(60, OUTAGE)

    assert sent.all_once, sent
    assert sent.tries <= 10


@pytest.mark.holds("T02")
async def test_while_connections_are_refused_every_message_waits_and_none_is_tried_often() -> None:
    sent = await refused_connections(60, OUTAGE)

    assert sent.all_once, sent
    assert sent.tries <= 10


@pytest.mark.holds("T03")
async def test_after_an_answer_that_tells_nothing_each_message_arrives_once() -> None:
    sent = await with_lost_answers(5 * len(ANSWERS), list(ANSWERS.values()))

    assert sent.all_once, sent


def without_time(seconds: int) -> Fault:
    """429 as a proxy says it: without the time to wait."""
    return faults.refused(429, "Too Many Requests")


async def everything_rests(room: MailRoom, fault: Fault) -> None:
    """Two seekers hear 429 within the same moment; nudges and replies wait behind."""
    room.standin.faults.next("sendMessage", fault, 2)
    first, second, nudged, answered = await room.people_come(4)
    await room.put(room.letter(first), room.letter(second))
    await comes(lambda: len(room.bot.sends()) == 2, "two refusals")
    await room.write(nudged, "nudge")
    await room.write(answered)


@pytest.mark.holds("T04")
@pytest.mark.parametrize(
    ("fault", "asked"),
    [
        (faults.too_many(1), 1), (faults.too_many(35), 35), (faults.too_many(3600), 3600),
        (without_time(0), 5), (faults.too_many(10**9), 3600),
    ],
    ids=["1", "35", "3600", "missing", "absurd"],
)  # fmt: skip
async def test_nothing_leaves_before_a_429_ends_and_replies_are_the_first(fault: Fault, asked: int) -> None:
    clock = FastClock(speed=1.0)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        alarms = room.alarms
        await everything_rests(room, fault)
        heard = clock.now()
        if asked > 1:
            clock.jump(timedelta(seconds=asked - 2))
            room.sender.wake()
            await asyncio.sleep(0.1)
        before = len(room.bot.sends())
        was_alarmed = "flood" in alarms.names
        clock.jump(timedelta(seconds=4 if asked > 1 else 0))
        room.sender.wake()
        await room.until("sent")

        later = room.bot.sends()[2:]
        assert before == 2
        assert min(one.at for one in later) >= heard + timedelta(seconds=asked - 0.5)
        texts = [one.text for one in later]
        assert texts.index("reply 3") < texts.index("nudge 2")
        assert was_alarmed == (asked == 3600)
        assert not alarms.names
        assert room.copies() == {1: 4}


@pytest.mark.holds("T04")
async def test_a_429_of_one_chat_holds_up_nobody_else() -> None:
    clock = FastClock(speed=1.0)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        slow, quick = await room.people_come(2)
        standin.faults.next("sendMessage", faults.too_many(35))
        await room.write(slow)
        await comes(lambda: len(room.bot.sends()) == 1, "the refusal")
        await room.write(quick)

        await comes(lambda: bool(room.bot.sends(quick.chat.id)), "another's message")

        assert standin.called("sendMessage")[0].status == 429
        assert len(room.bot.sends(slow.chat.id)) == 1


@pytest.mark.holds("T05", "S14")
@pytest.mark.parametrize(
    ("fault", "gone"),
    [
        (faults.blocked(), True),
        (faults.refused(403, "Forbidden: user is deactivated"), True),
        (faults.refused(403, "Forbidden: bot was kicked from the group chat"), True),
        (faults.refused(400, "Bad Request: chat not found"), True),
        (faults.refused(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1001), False),
    ],
    ids=["blocked", "deactivated", "kicked", "no chat", "moved"],
)
async def test_a_chat_that_is_closed_is_written_to_once_and_holds_up_nobody(fault: Fault, gone: bool) -> None:
    clock = FastClock()
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        lost, other = await room.people_come(2)
        standin.faults.next("sendMessage", fault)
        await room.put(*(room.letter(lost, "nudge" if one % 2 else "reply") for one in range(30)))
        await comes(lambda: bool(room.bot.sends(lost.chat.id)), "the refusal")
        await room.write(other)
        await room.until("sent", "refused", "cancelled")

        states = await room.states()
        refused = [one for one in room.bot.sends(lost.chat.id) if one.text == "reply 0"]
        assert len(refused) == 1
        assert len(room.bot.sends(other.chat.id)) == 1
        expected = {"refused": 1, "cancelled": 29, "sent": 1} if gone else {"refused": 1, "sent": 30}
        assert states == expected


@pytest.mark.holds("T14")
async def test_a_message_that_telegram_will_send_later_is_sent_without_a_number() -> None:
    clock = FastClock()
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        [dana] = await room.people_come(1)
        later = {"ok": True, "result": {"message_id": 0, "date": 0, "chat": dana.chat.as_json()}}
        standin.faults.next("sendMessage", Fault(200, later))
        await room.write(dana, "nudge")
        await room.until("sent")
        await clock.sleep(120)

        assert await room.ask("SELECT state, message FROM outbox") == [("sent", None)]
        assert len(room.bot.left) == 1


@pytest.mark.holds("T16")
async def test_while_telegram_is_slow_at_most_four_nudges_are_under_way_and_replies_go_on() -> None:
    clock = FastClock(speed=1.0)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        standin.faults.always("sendMessage", faults.slow(0.4))
        people = await room.people_come(26)
        for person in people[:16]:
            await room.write(person, "nudge")
        await comes(lambda: len(room.bot.sends()) >= 4, "four nudges")
        for person in people[16:]:
            await room.write(person)
        await comes(lambda: sum(one.text.startswith("reply") for one in room.bot.sends()) == 10, "replies")
        nudged = sum(one.text.startswith("nudge") for one in room.bot.sends())
        await room.until("sent")

        most = max(one.flying for one in room.bot.sends() if one.text.startswith("nudge"))
        assert most == 4
        assert nudged <= 12
        assert room.copies() == {1: 26}


async def how_long_until_kept(standin: StandIn, count: int) -> list[float]:
    """Seconds until each of so many messages was confirmed, while Telegram is slow."""
    people = [standin.person(f"Kim {number}") for number in range(10)]
    typed, kept = dict[int, float](), dict[int, float]()

    async def look() -> None:
        while len(kept) < count:
            for number in standin.updates.confirmed[len(kept) :]:
                kept[number] = monotonic()
            await asyncio.sleep(0.005)

    looking = asyncio.create_task(look())
    for number in range(count):
        typed[people[number % 10].types(f"/start {number}")["update_id"]] = monotonic()
        await asyncio.sleep(0.02)
    await asyncio.wait_for(looking, 20)
    return sorted(kept[one] - typed[one] for one in typed)


@pytest.mark.holds("T16")
async def test_while_telegram_is_slow_what_comes_in_is_kept_at_once(tmp_path: Path) -> None:
    async with StandIn() as standin, running(standin, tmp_path / "c.db"):
        first = standin.person()
        first.types("/start")
        await comes(lambda: bool(first.received()), "the first answer")
        standin.faults.always("sendMessage", faults.slow(20))
        standin.updates.confirmed.clear()

        took = await how_long_until_kept(standin, 100)

        [(under_way,)] = ask(tmp_path / "c.db", "SELECT count(*) FROM outbox WHERE state = 'sending'")
        standin.faults.clear()
        await standin.close()
        assert under_way > 0
        assert took[98] <= 0.5, took[-5:]


@pytest.mark.holds("T17")
async def test_a_token_that_is_revoked_ends_the_run_with_78_and_keeps_what_waits(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with StandIn() as standin:
        store, clock = await Store.open(tmp_path / "c.db"), standin.clock
        api = standin.base_url.removesuffix("/bot")
        service = Service(standin.token, api, *the_coach(), store, clock)
        run = asyncio.create_task(service.run(Bell(), asyncio.Event()))
        dana = standin.person("Dana")
        dana.types("/start")
        await comes(lambda: bool(dana.received()), "an answer")
        before = len(standin.calls)
        revoked, standin.token = standin.token, "123456789:" + "C" * 35
        begun = monotonic()
        dana.types("/next")

        code = await asyncio.wait_for(run, 30)

        seekers = await store._driver.rows("SELECT count(*) FROM seekers")
        await store.close()
        assert code == 78
        assert monotonic() - begun <= 30
        assert len(standin.calls) - before <= 4  # a poll, the answer, and what was under way
        assert seekers == [(1,)]
        assert "BotFather" in caplog.text
        assert revoked not in caplog.text


@pytest.mark.holds("T17")
@pytest.mark.parametrize(
    "fault", [faults.refused(401, "Unauthorized"), faults.refused(404, "Not Found")], ids=["401", "404"]
)
async def test_a_token_that_never_was_right_is_tried_once(fault: Fault, tmp_path: Path) -> None:
    async with StandIn() as standin:
        standin.faults.always("*", fault)
        store = await Store.open(tmp_path / "c.db")
        api = standin.base_url.removesuffix("/bot")

        service = Service(standin.token, api, *the_coach(), store, standin.clock)
        code = await asyncio.wait_for(service.run(Bell(), asyncio.Event()), 30)

        await store.close()
        assert code == 78
        assert len(standin.calls) == 1


async def greeted(standin: StandIn) -> Person:
    """Somebody who stands at the first question."""
    dana = standin.person("Dana")
    dana.types("/start")
    await comes(lambda: "I just finished college or training" in dana.buttons(), "the first question")
    return dana


def complaints(dana: Person) -> list[str]:
    """What the coach said about anything that went wrong."""
    words = the_coach()[1]
    wrong = [words.say(Text(f"troubles.{name}"), "en") for name in TROUBLES]
    return [one for one in (*dana.received(), *dana.notices()) if any(words in one for words in wrong)]


@pytest.mark.holds("T19")
@pytest.mark.parametrize("how", ["deleted", "49 hours old", "not to be edited"])
async def test_a_screen_that_cannot_be_edited_is_sent_anew(how: str, tmp_path: Path) -> None:
    clock = FastClock(speed=1.0)
    async with StandIn(clock=clock) as standin, running(standin, tmp_path / "c.db"):
        dana = await greeted(standin)
        screen = dana.screen()
        if how == "49 hours old":
            clock.jump(timedelta(hours=49))
        if how != "deleted":
            standin.faults.next(
                "editMessageText", faults.refused(400, "Bad Request: message can't be edited")
            )
        dana.presses("I just finished college or training")
        if how == "deleted":
            dana.deletes(screen["message_id"])

        await comes(lambda: "Not yet" in dana.buttons(), "the next question")

        assert dana.screen()["message_id"] > screen["message_id"]
        assert not complaints(dana)


@pytest.mark.holds("T19")
async def test_a_tap_that_is_answered_too_late_counts_all_the_same(tmp_path: Path) -> None:
    clock = FastClock(speed=1.0)
    async with StandIn(clock=clock) as standin, running(standin, tmp_path / "c.db") as service:
        dana = await greeted(standin)
        standin.methods.answerable = timedelta(seconds=-1)

        dana.presses("I just finished college or training")

        await comes(lambda: "Not yet" in dana.buttons(), "the next question")
        assert not standin.methods.answers
        assert not complaints(dana)
        assert not service.alarms.names


FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
LENGTHS = {
    "4,095": ("a" * 4095, 1), "4,096": ("a" * 4096, 1), "4,097": ("a" * 4097, 2),
    "4,096 smileys": ("\U0001f600" * 4096, 2),
    "a family at the border": ("a" * 4090 + FAMILY + "z", 2),
    "an accent at the border": ("a" * 4095 + "e\u0301" + "z", 2),
    "bold over the border": ("a" * 4090 + "<b>bold and long</b>", 2),
    "a sign in markup at the border": ("a" * 4095 + "&amp;&lt;", 2),
}  # fmt: skip


@pytest.mark.holds("T20")
@pytest.mark.parametrize("name", LENGTHS)
async def test_a_long_text_arrives_whole_and_in_order(name: str) -> None:
    html, count = LENGTHS[name]
    clock = FastClock()
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        [dana] = await room.people_come(1)
        parts = split(html)
        await room.put(*(
            OutboxRow(dana.chat.id, "sendMessage",
                      json.dumps({"chat_id": dana.chat.id, "text": part, "parse_mode": "HTML"}),
                      seeker=dana.chat.id) for part in parts
        ))  # fmt: skip
        await room.until("sent")

        received = dana.received()
        assert len(received) == count
        assert all(units(one) <= 4096 for one in received)
        assert "".join(received).replace(" ", "") == unmarked(html).replace(" ", "")
        assert not any(one.startswith(("\u0301", "\u200d")) or one.endswith("\u200d") for one in received)
        assert all(FAMILY in one for one in received if "\U0001f468" in one)


@pytest.mark.holds("T20")
async def test_a_text_that_is_not_split_is_refused_so_the_test_above_can_fail() -> None:
    clock = FastClock()
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        standin.expects_refusals()
        [dana] = await room.people_come(1)
        payload = {"chat_id": dana.chat.id, "text": "\U0001f600" * 2049}
        await room.put(OutboxRow(dana.chat.id, "sendMessage", json.dumps(payload), seeker=dana.chat.id))
        await room.until("refused")

        assert not dana.received()


@pytest.mark.holds("T15")
async def test_after_a_day_out_of_reach_everything_is_there_and_leaves_at_the_usual_pace() -> None:
    found = await unreachable(150)

    assert found.sent.all_once, found
    assert found.a_second <= 26
    assert found.most_a_second <= 30  # 26 may leave, and four be noted a moment late
    assert abs(found.grown) <= 20_000_000
