"""Where nothing can be written down the coach says so, once, confirms nothing, and catches up afterwards."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest

from bot.alarms import Alarms
from bot.clock import WallClock
from bot.coach import Coach
from bot.contact import AWAY, CONTACT, MOST_GAPS, Contact
from bot.local import faults
from bot.local.server import StandIn
from bot.store import InboxRow, NotSaved, Store, StoreBusy
from bot.store.store import Transaction
from bot.telegram.channel import TelegramChannel
from bot.telegram.intake import Intake
from bot.turn import TOLD_FOR, Past
from conversations.effects import Text, When
from conversations.troubles import Away
from tests.conversations.core_kit import the_coach, the_words, welcomed
from tests.fire.living_kit import SEEN, Life, ask, clock_at, comes, keep, living, texts
from tests.torture.load import taken

HANDLED = 30.0
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Trouble:
    """A disk that refuses what the store asks of it, for a while: one kind of work, or all."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fails: str = ""
        self.times = 0
        for name in ("keep_updates", "updates_done", "set_note"):
            self._spoil(monkeypatch, name)
        real = Store.transaction

        @asynccontextmanager
        async def transaction(store: Store) -> AsyncIterator[Transaction]:
            if self.fails == "begin":
                self._fail()
            async with real(store) as t:
                yield t

        monkeypatch.setattr(Store, "transaction", transaction)

    def _spoil(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        real = getattr(Transaction, name)

        async def spoilt(t: Transaction, *values: object) -> object:
            if self.fails in (name, "all"):
                self._fail()
            return await real(t, *values)

        monkeypatch.setattr(Transaction, name, spoilt)

    def _fail(self) -> None:
        self.times += 1
        raise NotSaved("coach.db", reason="SQLITE_FULL")


@pytest.fixture
def trouble(monkeypatch: pytest.MonkeyPatch) -> Trouble:
    """What a test may let fail."""
    return Trouble(monkeypatch)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rests between two tries are the shortest they can be by chance."""
    monkeypatch.setattr(Intake.__init__, "__defaults__", (asyncio.sleep, lambda: 0.1, 30))


@pytest.fixture
def _short_polls(monkeypatch: pytest.MonkeyPatch, _soon: None) -> None:
    """Telegram says after a second that there is nothing new, and not after half a minute."""
    monkeypatch.setattr(Intake.__init__, "__defaults__", (asyncio.sleep, lambda: 0.1, 1))


def notice(language: str) -> str:
    """What is said while nothing can be written down."""
    return the_words().say(Text("troubles.not_saved_yet"), language)


def confirmed(standin: StandIn, number: int) -> bool:
    """Whether Telegram was told that this update is kept."""
    return number in standin.updates.confirmed


async def waits_for(trouble: Trouble, times: int) -> None:
    """Until so much more has failed."""
    before = trouble.times
    await comes(lambda: trouble.times >= before + times, "more failures", 25)


def done(life: Life) -> int:
    """How many updates were handled."""
    return len(life.ask("SELECT 1 FROM inbox WHERE state = 'done'"))


def all_done(life: Life) -> bool:
    """Whether nothing waits any more."""
    return life.ask("SELECT 1 FROM inbox WHERE state = 'waiting'") == []


@pytest.mark.holds("D06")
@pytest.mark.parametrize("fails", ["keep_updates", "begin"])
async def test_who_writes_while_nothing_can_be_kept_is_told_so_once_and_nothing_is_confirmed(
    fails: str, trouble: Trouble, tmp_path: Path
) -> None:
    """Known seekers and new ones, words and presses, each in their language."""
    clock = clock_at(SEEN)
    async with StandIn(clock=clock) as standin:
        people = [standin.person("Ana", "es"), standin.person("Bea", "en"), standin.person("Cleo", "es")]
        await keep(tmp_path / "c.db", {people[1].chat.id: welcomed().seeker}, SEEN)
        async with living(standin, tmp_path / "c.db", clock) as life:
            await life.speaks()
            trouble.fails = fails
            updates = [people[0].types("/start"), people[1].types("/next"), people[2].types("/start"),
                       people[0].types("/help")]  # fmt: skip
            await comes(lambda: all(texts(standin, one.chat.id) for one in people), "a word to each")
            await waits_for(trouble, 3)
            told = [texts(standin, one.chat.id) for one in people]
            lost = [one["update_id"] for one in updates if confirmed(standin, one["update_id"])]

            trouble.fails = ""

            begun = monotonic()
            await comes(lambda: done(life) == 4, "turns", HANDLED)
            took = monotonic() - begun
            await comes(lambda: all(len(texts(standin, one.chat.id)) > 1 for one in people), "answers")
    # A language that is not known yet is the one of their Telegram, or English where it does not say.
    assert told == [[notice("es")], [notice("en")], [notice("es")]]
    assert lost == []
    assert took <= HANDLED
    assert notice("es") != notice("en")


@pytest.mark.holds("D06")
async def test_confirming_at_once_would_lose_what_came_while_nothing_could_be_kept(
    trouble: Trouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known-bad twin: an intake that thinks all is well."""
    real = Coach.keep

    async def careless(coach: Coach, updates: list[dict[str, object]]) -> None:
        with suppress(NotSaved):
            await real(coach, updates)

    monkeypatch.setattr(Coach, "keep", careless)
    clock = clock_at(SEEN)
    async with StandIn(clock=clock) as standin:
        alice = standin.person("Alice")
        async with living(standin, tmp_path / "c.db", clock) as life:
            await life.speaks()
            trouble.fails = "keep_updates"
            update = alice.types("/start")
            await comes(lambda: confirmed(standin, update["update_id"]), "the loss")

            trouble.fails = ""

            assert life.ask("SELECT 1 FROM inbox") == []


@pytest.mark.holds("D06")
async def test_a_press_while_nothing_can_be_kept_is_answered_with_a_notice(
    trouble: Trouble, tmp_path: Path
) -> None:
    clock = clock_at(SEEN)
    async with StandIn(clock=clock) as standin:
        alice = standin.person("Alice")
        async with living(standin, tmp_path / "c.db", clock) as life:
            alice.types("/start")
            await comes(lambda: bool(alice.buttons()), "a button")
            await comes(lambda: all_done(life), "the turn")
            trouble.fails = "keep_updates"
            sent = len(texts(standin, alice.chat.id))

            alice.presses(alice.buttons()[0])
            await comes(lambda: bool(alice.notices()), "a notice")
            notices = alice.notices()
            trouble.fails = ""

            await comes(lambda: done(life) == 2, "the turn", HANDLED)
            await comes(
                lambda: len(alice.received()) > sent or bool(standin.called("editMessageText")), "more"
            )
    assert notices == [notice("en")]


@pytest.mark.holds("D06")
async def test_who_wrote_before_the_disk_was_full_is_told_when_the_turn_fails(
    trouble: Trouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is kept, and waits: no turn is set aside for a fault that is not its own."""
    monkeypatch.setattr("bot.service.PATIENCE", 0.2)
    clock = clock_at(SEEN)
    async with StandIn(clock=clock) as standin:
        people = [standin.person("Ana", "es"), standin.person("Bea", "en")]
        async with living(standin, tmp_path / "c.db", clock) as life:
            await life.speaks()
            trouble.fails = "updates_done"
            for one in people:
                one.types("/start")
            await comes(lambda: all(texts(standin, one.chat.id) for one in people), "a word to each")
            await waits_for(trouble, 5)
            told = [texts(standin, one.chat.id) for one in people]

            trouble.fails = ""

            took = await comes(lambda: all_done(life), "turns", HANDLED)
            aside = life.ask("SELECT 1 FROM inbox WHERE state = 'aside'")
            await comes(lambda: all(len(texts(standin, one.chat.id)) > 1 for one in people), "answers")
    assert told == [[notice("es")], [notice("en")]]
    assert aside == []
    assert took <= HANDLED


@pytest.mark.holds("D06")
async def test_others_who_write_meanwhile_are_no_reason_to_say_it_again(
    trouble: Trouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Updates can still be kept, and turns cannot be done: one trouble, one word to each."""
    monkeypatch.setattr("bot.service.PATIENCE", 0.1)
    clock = clock_at(SEEN)
    async with StandIn(clock=clock) as standin:
        people = [standin.person(f"P{number}") for number in range(5)]
        async with living(standin, tmp_path / "c.db", clock) as life:
            await life.speaks()
            trouble.fails = "updates_done"
            for one in people:
                one.types("/start")
                await comes(lambda at=one: bool(texts(standin, at.chat.id)), "a word to each")  # type: ignore[misc]
                await waits_for(trouble, 2)

            told = [len(texts(standin, one.chat.id)) for one in people]
            trouble.fails = ""
            await comes(lambda: all_done(life), "turns", HANDLED)

    assert told == [1] * 5


@pytest.mark.holds("D06")
async def test_a_second_trouble_is_told_again(
    trouble: Trouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = clock_at(SEEN)
    async with StandIn(clock=clock) as standin:
        alice = standin.person("Alice")
        async with living(standin, tmp_path / "c.db", clock) as life:
            await life.speaks()
            for time in (1, 2):
                trouble.fails = "keep_updates"
                alice.types("/start")
                await comes(
                    lambda n=time: texts(standin, alice.chat.id).count(notice("en")) == n,  # type: ignore[misc]
                    "a word", 25,
                )  # fmt: skip
                trouble.fails = ""
                await comes(lambda n=time: done(life) == n, "the turn", HANDLED)  # type: ignore[misc]


@pytest.mark.holds("D06")
async def test_after_many_failures_what_waits_is_handled_within_half_a_minute(
    trouble: Trouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rests between two tries do not grow to a minute, as they do towards Telegram."""
    rests = list[float]()
    real = asyncio.sleep

    async def quick(seconds: float) -> None:
        rests.append(seconds)
        await real(min(seconds, 0.01))

    clock = clock_at(SEEN)
    async with StandIn(clock=clock) as standin:
        alice = standin.person("Alice")
        monkeypatch.setattr(Intake.__init__, "__defaults__", (quick, lambda: 1.0, 30))
        async with living(standin, tmp_path / "c.db", clock) as life:
            await life.speaks()
            trouble.fails = "keep_updates"
            alice.types("/start")
            await waits_for(trouble, 12)
            trouble.fails = ""
            await comes(lambda: done(life) == 1, "the turn", HANDLED)

    assert len(rests) >= 12
    assert max(rests) <= 5.0


@pytest.mark.holds("C06")
async def test_while_another_program_holds_the_lock_seekers_are_told_and_served_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The five seconds of patience are let pass quickly; a real minute is in tests/torture/load.py."""
    monkeypatch.setattr("bot.service.PATIENCE", 0.2)
    clock = clock_at(SEEN)
    async with StandIn(clock=clock) as standin:
        alice, bert = standin.person("Alice"), standin.person("Bert")
        async with living(standin, tmp_path / "c.db", clock) as life:
            await life.speaks()
            alice.types("/start")
            await comes(lambda: all_done(life) and bool(alice.received()), "a first answer")
            await life.store._driver.rows("PRAGMA busy_timeout = 100")
            with closing(sqlite3.connect(tmp_path / "c.db", isolation_level=None, timeout=0)) as other:
                await taken(other)
                update = bert.types("/start")
                await comes(lambda: bool(texts(standin, bert.chat.id)), "a word to Bert")
                await asyncio.sleep(1)
                told, kept = texts(standin, bert.chat.id), confirmed(standin, update["update_id"])
                other.execute("ROLLBACK")

            await comes(lambda: len(texts(standin, bert.chat.id)) > 1, "the answer", HANDLED)

    assert told == [notice("en")]
    assert not kept


@pytest.mark.holds("C06")
async def test_a_lock_that_is_taken_between_keeping_and_the_turn_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits cannot even be looked at then."""
    monkeypatch.setattr("bot.service.PATIENCE", 0.2)
    fails = list[StoreBusy]()
    clock = clock_at(SEEN)
    async with StandIn(clock=clock) as standin:
        alice = standin.person("Alice")
        async with living(standin, tmp_path / "c.db", clock) as life:
            await life.speaks()
            real = life.store.transaction

            def busy() -> object:
                if asyncio.current_task() in life.turning() and len(fails) < 4:
                    fails.append(StoreBusy("coach.db"))
                    raise fails[-1]
                return real()

            monkeypatch.setattr(life.store, "transaction", busy)
            alice.types("/start")
            await comes(lambda: bool(alice.received()), "the answer", 3)

    assert len(fails) == 4


async def was_here(standin: StandIn, path: Path, clock: WallClock) -> None:
    """The coach ran and heard Telegram, and stopped."""
    async with living(standin, path, clock) as life:
        asked = len(standin.called("getUpdates"))
        await comes(lambda: len(standin.called("getUpdates")) > asked + 1, "Telegram answers")
        await life.speaks()


def opening(key: str) -> str:
    """How a notice begins, before the first moment in it."""
    moment = When(SEEN)
    words = the_words()
    said = words.say(Text(key, {"since": moment, "until": moment, "moment": moment}), "en")
    return said.split(words.say(moment, "en"))[0]


@pytest.mark.holds("D06", "T10")
@pytest.mark.usefixtures("_short_polls")
async def test_after_a_long_absence_a_full_disk_keeps_nobody_from_being_told(
    trouble: Trouble, tmp_path: Path
) -> None:
    """The absence itself cannot be written down either; it is not forgotten for that."""
    path, clock = tmp_path / "c.db", clock_at(SEEN)
    async with StandIn(clock=clock) as standin:
        alice = standin.person("Alice")
        await keep(path, {alice.chat.id: welcomed().seeker}, SEEN)
        await was_here(standin, path, clock)
        clock.set(SEEN + HOUR)
        trouble.fails = "all"
        alice.types("/people")
        async with living(standin, path, clock) as life:
            await comes(lambda: bool(texts(standin, alice.chat.id)), "a word")
            await waits_for(trouble, 2)
            told = texts(standin, alice.chat.id)
            trouble.fails = ""
            await comes(lambda: len(texts(standin, alice.chat.id)) > 2, "the answer", HANDLED)
            await life.service.contact.note()
            noted = life.ask("SELECT value FROM notes_of_house WHERE key = ?", AWAY)

    assert told == [notice("en")]
    assert sum(opening("troubles.away") in one for one in texts(standin, alice.chat.id)) == 1
    assert len(json.loads(noted[0][0])) == 1


@pytest.mark.holds("T10")
@pytest.mark.usefixtures("_short_polls")
async def test_a_short_restart_does_not_hide_the_long_absence_before_it(tmp_path: Path) -> None:
    path, clock = tmp_path / "c.db", clock_at(SEEN)
    async with StandIn(clock=clock) as standin:
        alice = standin.person("Alice")
        await keep(path, {alice.chat.id: welcomed().seeker}, SEEN)
        await was_here(standin, path, clock)
        clock.set(SEEN + 60 * HOUR)
        await was_here(standin, path, clock)
        clock.set(SEEN + 60 * HOUR + 5 * MINUTE)
        async with living(standin, path, clock) as life:
            await comes(lambda: life.service.contact.past.away is not None, "the gap is known")
            await comes(lambda: len(life.service.contact.past.earlier) == 1, "both are known")
            alice.types("/people")
            await comes(lambda: len(texts(standin, alice.chat.id)) > 1, "an answer")
            alice.types("/people")
            await comes(lambda: len(texts(standin, alice.chat.id)) > 2, "another")
            said = texts(standin, alice.chat.id)

    assert sum(opening("troubles.away_long") in one for one in said) == 1
    assert not any(opening("troubles.away") in one for one in said)


def gap(begins: timedelta, lasts: timedelta) -> Away:
    """An absence, so long after SEEN."""
    since = SEEN + begins
    return Away(since, since + lasts, messages=lasts > 24 * HOUR)


@pytest.mark.holds("T10")
def test_of_several_absences_each_seeker_is_told_of_those_they_missed_in_one() -> None:
    short, other, long = gap(HOUR, HOUR), gap(5 * HOUR, HOUR), gap(7 * HOUR, 30 * HOUR)
    later = gap(40 * HOUR, HOUR)
    blips, all_three = Past(other, earlier=(short,)), Past(later, earlier=(other, long))

    def told(past: Past, seen: timedelta, after: timedelta = timedelta()) -> list[object]:
        assert past.away is not None
        return [*past.for_one(SEEN + seen, past.away.until + after)]

    assert told(blips, -HOUR) == [Away(short.since, other.until)]
    assert told(blips, 3 * HOUR) == [other]
    assert told(blips, 7 * HOUR) == []
    assert told(all_three, 3 * HOUR) == [long]
    assert told(all_three, 38 * HOUR) == [later]
    assert told(all_three, 3 * HOUR, TOLD_FOR - MINUTE) == [later]
    assert told(all_three, 3 * HOUR, TOLD_FOR) == []


@pytest.mark.holds("T10")
async def test_the_longest_absences_are_remembered_and_a_note_of_one_alone_is_read(tmp_path: Path) -> None:
    clock = clock_at(SEEN + 40 * HOUR)
    store = await Store.open(tmp_path / "c.db")
    async with store.transaction() as t:
        await t.set_note(AWAY, json.dumps([SEEN.isoformat(), (SEEN + 30 * HOUR).isoformat()]))
        await t.set_note(CONTACT, (SEEN + 40 * HOUR).isoformat())
    contact = Contact(store, clock, Alarms(clock.now))
    await contact.begin()
    first = contact.past
    for number in range(1, MOST_GAPS + 6):
        clock.set(SEEN + 40 * HOUR + 10 * MINUTE * number)
        await contact.heard()
    again = Contact(store, clock, Alarms(clock.now))
    await again.begin()
    clock.set(SEEN + 80 * HOUR)
    await again.heard()
    await store.close()

    assert first == Past(gap(timedelta(), 30 * HOUR))
    known = [*contact.past.earlier, contact.past.away]
    assert len(known) == MOST_GAPS
    assert known[0] == first.away
    assert len(again.past.earlier) == MOST_GAPS - 1  # that of the first day is too old by now
    assert again.past.away is not None
    assert again.past.away.messages


@pytest.mark.holds("T10")
@pytest.mark.usefixtures("_short_polls")
async def test_a_stop_writes_down_how_long_telegram_was_heard(tmp_path: Path) -> None:
    """The job that does so comes every thirty seconds only; here it never does."""
    path, clock = tmp_path / "c.db", clock_at(SEEN)
    async with StandIn(clock=clock) as standin:
        await was_here(standin, path, clock)
        async with living(standin, path, clock) as life:
            await life.speaks()
            clock.set(SEEN + 2 * MINUTE)
            asked = len(standin.called("getUpdates"))
            await comes(lambda: len(standin.called("getUpdates")) > asked + 2, "Telegram answers")
            before = noted(path)

    assert before < SEEN.timestamp() + 60
    assert noted(path) >= SEEN.timestamp() + 120


def noted(path: Path) -> float:
    """When Telegram was heard last, as it is written down."""
    [(moment,)] = ask(path, "SELECT value FROM notes_of_house WHERE key = ?", CONTACT)
    return datetime.fromisoformat(moment).timestamp()


@pytest.mark.parametrize("kept_whole", [False, True], ids=["kept as ever", "kept whole"])
async def test_of_what_is_said_in_a_group_no_word_name_or_number_is_kept(
    kept_whole: bool, tmp_path: Path
) -> None:
    """Nobody's erasure would take it along. Kept whole, it would be found: the known-bad twin."""
    script, words = the_coach()
    store, clock = await Store.open(tmp_path / "c.db"), clock_at(SEEN)
    coach = Coach(script, words, store, TelegramChannel(words, "coach_bot"), clock)
    group = {"id": -4242, "type": "supergroup", "title": "Wolperting"}
    person = {"id": 77001122, "is_bot": False, "first_name": "Quirinius", "username": "quirin"}
    message = {"message_id": 5, "date": 1, "chat": group, "from": person, "text": "/start Xylophon"}
    update = {"update_id": 7, "message": message}

    if kept_whole:
        async with store.transaction() as t:
            await t.keep_updates([InboxRow(7, None, -4242, json.dumps(update), SEEN)])
    else:
        await coach.keep([update])
    rows = await store._driver.rows("SELECT body FROM inbox")
    files = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    await coach.work()

    sent = await store._driver.rows("SELECT chat, payload FROM outbox")
    await store.close()
    secrets = (b"Wolperting", b"Quirinius", b"quirin", b"Xylophon", b"77001122")
    found = [one for one in secrets if one in files]
    assert len(rows) == 1
    assert len(found) == (5 if kept_whole else 0)
    assert [chat for chat, _ in sent] == [-4242]
    assert b"t.me/coach_bot" in bytes(sent[0][1])


async def test_an_operator_is_alarmed_when_telegram_lets_the_coach_say_nothing_for_hours(
    tmp_path: Path,
) -> None:
    clock = clock_at(SEEN)
    async with StandIn(clock=clock) as standin:
        alice = standin.person("Alice")
        async with living(standin, tmp_path / "c.db", clock) as life:
            await life.speaks()
            standin.faults.always("sendMessage", faults.refused(429, "Too Many Requests", retry_after=7200))
            alice.types("/start")

            await comes(lambda: "flood" in life.service.alarms.names, "an alarm")
