"""The clock of the machine at the level of the whole service: wrong at boot, jumping, zones that change."""

import asyncio
import logging
import zoneinfo
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import app, calendars, jobs
from bot.bell import Bell
from bot.local.server import StandIn
from bot.settings import Settings
from bot.store import Store
from bot.zones_age import Age
from conversations.state import Plan
from tests.fire.living_kit import (
    MORNING,
    SEEN,
    WAITING,
    clock_at,
    comes,
    keep,
    living,
    row,
    texts,
    write_zone,
)
from tests.fire.test_fire_bell import twice
from tests.fire.time_kit import meeting, owing, weekly

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CHICAGO, CAIRO = "America/Chicago", "Africa/Cairo"
WRONG = (
    datetime(1970, 1, 1, tzinfo=UTC), datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC),
    datetime(2100, 1, 1, tzinfo=UTC), MORNING + 6 * MINUTE, MORNING - 6 * MINUTE,
)  # fmt: skip


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the service waits a minute for, it waits a moment for."""
    monkeypatch.setattr("bot.service.CLOCK_CHECK", 0.05)


@pytest.mark.holds("S07")
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("wrong", WRONG, ids=lambda one: f"{one:%Y-%m-%d %H.%M}")
async def test_with_a_wrong_clock_at_boot_nothing_is_said_until_it_is_right(
    wrong: datetime, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = clock_at(wrong)
    async with StandIn(clock=clock_at(MORNING)) as standin:
        alice = standin.person("Alice")
        await keep(tmp_path / "c.db", {alice.chat.id: owing(CHICAGO, SEEN, [2])}, SEEN)
        async with living(standin, tmp_path / "c.db", clock, Bell()) as life:
            await comes(lambda: len(standin.called("getMe")) > 3, "several looks at Telegram's clock")
            before = {one.method for one in standin.calls}
            alarms = life.service.alarms.names

            clock.set(standin.clock.now())

            await comes(lambda: bool(alice.received()), "the nudge")
    assert before == {"getMe"}
    assert alarms == {"clock"}
    assert caplog.text.count("timedatectl") == 1
    assert len(texts(standin, alice.chat.id)) == 1


@pytest.mark.holds("S07")
@pytest.mark.usefixtures("quick")
async def test_without_the_comparison_a_wrong_clock_would_speak(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known-bad twin."""
    monkeypatch.setattr("bot.contact.SKEW", 200 * 365 * DAY)
    async with StandIn(clock=clock_at(SEEN + HOUR)) as standin:
        alice = standin.person("Alice")
        await keep(tmp_path / "c.db", {alice.chat.id: owing(CHICAGO, SEEN, [2])}, SEEN)
        async with living(standin, tmp_path / "c.db", clock_at(MORNING), Bell()):
            await comes(lambda: bool(alice.received()), "a nudge two days too early")


@pytest.mark.holds("S07")
@pytest.mark.usefixtures("quick")
async def test_what_was_in_doubt_at_a_boot_with_a_wrong_clock_is_doubted_at_the_right_time(
    tmp_path: Path,
) -> None:
    """Or nobody would ask after it for seventy years."""
    path, clock = tmp_path / "c.db", clock_at(datetime(2100, 1, 1, tzinfo=UTC))
    async with StandIn(clock=clock_at(MORNING)) as standin:
        alice = standin.person("Alice")
        await keep(path, {alice.chat.id: owing(CHICAGO, SEEN, [9])}, SEEN)
        store = await Store.open(path)
        async with store.transaction() as t:
            await t.enqueue([row(alice.chat.id)], SEEN)
            await t.claim([1], SEEN)
        await store.close()
        async with living(standin, path, clock) as life:
            await comes(lambda: bool(standin.called("getMe")), "a look at Telegram's clock")
            clock.set(MORNING)
            await life.speaks()
            [(state, settled)] = life.ask("SELECT state, settled FROM outbox")

    assert state == "unsure"
    assert abs(settled / 1000 - MORNING.timestamp()) < 60


@pytest.mark.holds("S07")
async def test_a_clock_that_goes_wrong_later_costs_no_backup_and_no_row(tmp_path: Path) -> None:
    """By a clock of 2100 all that is kept would be too old."""
    path, folder, clock = tmp_path / "c.db", tmp_path / "backups", clock_at(MORNING - 40 * DAY)
    async with StandIn(clock=clock) as standin:
        alice = standin.person("Alice")
        async with living(standin, path, clock, backups=folder) as life:
            alice.types("/start")
            await comes(lambda: bool(alice.received()), "the welcome")
            for _ in range(3):
                await life.service.jobs.back_up()
                clock.set(clock.now() + DAY)
            kept, rows = sorted(folder.iterdir()), life.ask("SELECT count(*) FROM inbox")
            there = clock_at(clock.now())
            clock.set(datetime(2100, 1, 1, tzinfo=UTC))
            life.service.contact.saw_date(there.now())

            await life.service.jobs.back_up()
            await life.service.jobs.tidy()
            await life.service.jobs.ring()

            assert sorted(folder.iterdir()) == kept
            assert life.ask("SELECT count(*) FROM inbox") == rows
            clock.set(there.now())


@pytest.mark.holds("S06")
async def test_what_came_due_in_a_jump_of_the_clock_is_said_at_the_next_ring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a suspension: our clock jumps with Telegram's. And back again, where nothing is repeated."""
    assert jobs.RING <= 15  # half of the thirty seconds; the test need not wait for them
    monkeypatch.setattr("bot.jobs.RING", 1)
    clock = clock_at(MORNING - 6 * HOUR)
    async with StandIn(clock=clock) as standin:
        alice, bert = standin.person("Alice"), standin.person("Bert")
        seekers = {alice.chat.id: owing(CHICAGO, SEEN, [2]), bert.chat.id: owing(CHICAGO, SEEN, [3])}
        await keep(tmp_path / "c.db", seekers, SEEN)
        async with living(standin, tmp_path / "c.db", clock, Bell()) as life:
            await life.speaks()
            early = len(standin.called("sendMessage"))
            clock.set(MORNING)
            took = await comes(lambda: bool(alice.received()), "the nudge", 15)
            clock.set(MORNING - HOUR)
            await asyncio.sleep(1.2)
            clock.set(MORNING - DAY)
            await asyncio.sleep(1.2)
            clock.set(MORNING + DAY)
            took = max(took, await comes(lambda: bool(bert.received()), "the other nudge", 15))

    assert early == 0
    assert took < 15
    assert len(texts(standin, alice.chat.id)) == len(texts(standin, bert.chat.id)) == 1


@pytest.mark.holds("S06")
async def test_the_bell_rings_on_when_the_clock_of_the_machine_is_set_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A scheduler that goes by the clock alone sleeps until it has caught up: for a day, say."""
    rings, back = list[float](), timedelta()

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) - back

    monkeypatch.setattr("apscheduler.schedulers.base.datetime", Clock)
    monkeypatch.setattr("bot.clock.WallClock.now", lambda self: Clock.now())
    bell = Bell()

    async def rung() -> None:
        rings.append(asyncio.get_running_loop().time())

    bell.every(1, rung, soon=True)
    bell.start()
    await comes(lambda: len(rings) > 1, "two rings", 10)

    back = DAY

    heard = len(rings)
    try:
        await comes(lambda: len(rings) > heard + 1, "rings after the clock was set back", 3)
    finally:
        bell.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder of zones that the coach goes by, with Cairo as the law was, until the test ends."""
    path, there = zoneinfo.TZPATH, tmp_path / "zones"
    (there / "Europe").mkdir(parents=True)
    (there / "Europe" / "London").write_bytes(b"TZif")
    (there / "tzdata.zi").write_text("# version 2026f\n", encoding="utf-8")
    law_of_cairo(there, summer=False)
    forget()
    zoneinfo.reset_tzpath([str(there)])
    yield there
    zoneinfo.reset_tzpath(path)
    forget()


def forget() -> None:
    """Every zone is read anew."""
    ZoneInfo.clear_cache()
    calendars._zone.cache_clear()


def law_of_cairo(folder: Path, *, summer: bool) -> None:
    """The hours of Cairo, with a summer time of an hour from the fifth of March, or without any."""
    change = datetime(2027, 3, 4, 22, tzinfo=UTC)
    write_zone(folder / CAIRO, 2 * HOUR, [(change, 3 * HOUR)] if summer else [(change, 2 * HOUR)])


def new_law(folder: Path) -> None:
    """Newer rules are unpacked over the old ones, while the coach runs."""
    law_of_cairo(folder, summer=True)
    (folder / "tzdata.zi").write_text("# version 2027a\n", encoding="utf-8")


SWAP = datetime(2027, 3, 2, 18, tzinfo=UTC)


def on_the_wall(rows: list[tuple[int, str, int, int]], zone: ZoneInfo) -> dict[tuple[int, str, int], str]:
    """The wall time of each row of the bell."""
    found = {}
    for seeker, rule, person, due in rows:
        found[seeker, rule, person] = f"{datetime.fromtimestamp(due / 1000, zone):%m-%d %H:%M}"
    return found


@pytest.mark.holds("S04")
async def test_a_new_law_moves_every_nudge_that_waits_and_keeps_its_hour_on_the_wall(
    folder: Path, tmp_path: Path
) -> None:
    assert jobs.ZONES <= 60
    clock = clock_at(SWAP)
    async with StandIn(clock=clock) as standin:
        here = [standin.person(f"Cairo {number}").chat.id for number in range(60)]
        there = [standin.person(f"Chicago {number}").chat.id for number in range(10)]
        days = [3, 5, 6, 8, 10]
        seekers = {one: owing(CAIRO, SEEN, days) for one in here} | {
            one: owing(CHICAGO, SEEN, days) for one in there
        }
        moment = Plan(5, time(17), made=SEEN)
        seekers = {number: replace(meeting(one, datetime(2027, 3, 9, 12)), plan=moment)
                   for number, one in seekers.items()}  # fmt: skip
        await keep(tmp_path / "c.db", seekers, SEEN)
        async with living(standin, tmp_path / "c.db", clock) as life:
            ask = "SELECT seeker, rule, person, due FROM nudges WHERE seeker {} ORDER BY seeker, due"
            await life.speaks()
            await life.service.jobs.zones()
            old = ZoneInfo.no_cache(CAIRO)
            ours, theirs = life.ask(ask.format("<= 1060")), life.ask(ask.format("> 1060"))

            new_law(folder)
            await life.service.jobs.zones()

            moved, same = life.ask(ask.format("<= 1060")), life.ask(ask.format("> 1060"))
            knows = [(await life.seeker(one)).nudging.moved for one in seekers]
    new = ZoneInfo.no_cache(CAIRO)
    after = [one for one in zip(sorted(ours), sorted(moved), strict=True)
             if one[0][3] > datetime(2027, 3, 4, 22, tzinfo=UTC).timestamp() * 1000]  # fmt: skip
    assert on_the_wall(ours, old) == on_the_wall(moved, new)
    assert {before[3] - now[3] for before, now in after} == {3_600_000}
    assert len(after) >= 60 * 6
    assert same == theirs
    assert len(theirs) >= 10 * 6
    assert knows == [CAIRO] * 60 + [""] * 10


@pytest.mark.holds("S04")
async def test_after_a_new_law_each_nudge_comes_once_and_the_law_is_told_once(
    folder: Path, tmp_path: Path
) -> None:
    clock = clock_at(SWAP)
    async with StandIn(clock=clock) as standin:
        alice = standin.person("Alice")
        days = [1, 3, 5, 6]
        await keep(tmp_path / "c.db", {alice.chat.id: owing(CAIRO, SEEN, days)}, SEEN)
        async with living(standin, tmp_path / "c.db", clock) as life:
            await life.speaks()
            await life.service.jobs.zones()
            for hour in range(24 * 12):
                clock.set(SWAP + hour * HOUR)
                if hour in (20, 21):  # in the midst of it, and looked at twice
                    new_law(folder)
                await life.service.jobs.zones()
                await life.service.jobs.ring()
                await comes(lambda: not life.ask(WAITING), "an end of what was rung")
            said = (await life.seeker(alice.chat.id)).nudging.said

    assert {one.person for one in said if one.rule == "promise_mine"} == {1, 2, 3, 4}
    assert twice(said) == 0
    assert sum("new law" in one for one in texts(standin, alice.chat.id)) == 1


@pytest.mark.holds("S04")
async def test_who_is_owed_something_overdue_is_not_told_of_a_law_that_moved_nothing(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Newer zones often come with a restart, after some hours of being away."""
    clock = clock_at(MORNING + 3 * HOUR)
    async with StandIn(clock=clock) as standin:
        alice = standin.person("Alice")
        await keep(tmp_path / "c.db", {alice.chat.id: owing(CHICAGO, SEEN, [2, 9])}, SEEN)
        store = await Store.open(tmp_path / "c.db")
        async with store.transaction() as t:
            await t.set_note("zones", "2026e 0")
        await store.close()
        async with living(standin, tmp_path / "c.db", clock) as life:
            await life.speaks()

            await life.service.jobs.zones()

            assert "all plans reckoned anew, 0 seekers moved" in caplog.text
            assert not (await life.seeker(alice.chat.id)).nudging.moved


@pytest.mark.holds("S16")
async def test_at_the_edges_of_the_world_a_nudge_is_said_at_its_minute(tmp_path: Path) -> None:
    """Kiritimati, Chatham, Kathmandu, Niue: two days of one week at once."""
    zones = ("Pacific/Kiritimati", "Pacific/Chatham", "Asia/Kathmandu", "Pacific/Niue", "Etc/GMT+12")
    moments = {zone: datetime(2027, 6, 16, 9, 10, tzinfo=ZoneInfo(zone)) for zone in zones}
    clock = clock_at(datetime(2027, 6, 15, 0, tzinfo=UTC))
    async with StandIn(clock=clock) as standin:
        chats = {standin.person(zone).chat.id: zone for zone in zones}
        seekers = {chat: weekly(zone, moments[zone].date(), time(9, 10), clock.now() - HOUR)
                   for chat, zone in chats.items()}  # fmt: skip
        await keep(tmp_path / "c.db", seekers, clock.now())
        async with living(standin, tmp_path / "c.db", clock) as life:
            await life.speaks()
            for chat, zone in sorted(chats.items(), key=lambda one: moments[one[1]]):
                clock.set(moments[zone] - MINUTE)
                await life.service.jobs.ring()
                assert life.ask("SELECT 1 FROM outbox WHERE chat = ?", chat) == []
                clock.set(moments[zone])
                await life.service.jobs.ring()
                await comes(lambda at=chat: len(texts(standin, at)) == 1, f"the nudge in {zone}")


@pytest.mark.holds("S14")
async def test_who_blocks_the_coach_with_thirty_nudges_waiting_is_asked_once_and_nobody_else_waits(
    tmp_path: Path,
) -> None:
    clock = clock_at(MORNING)
    async with StandIn(clock=clock) as standin:
        gone, others = standin.person("Gone"), [standin.person(f"Other {number}") for number in range(5)]
        seekers = {one.chat.id: owing(CHICAGO, SEEN, [2]) for one in others}
        seekers[gone.chat.id] = owing(CHICAGO, SEEN, range(2, 32))
        await keep(tmp_path / "c.db", seekers, SEEN)
        gone.chat.blocked = True  # and the update that says so has not come
        async with living(standin, tmp_path / "c.db", clock) as life:
            for day in range(40):
                clock.set(MORNING + day * DAY)
                await life.service.jobs.ring()
                await comes(lambda: not life.ask(WAITING), "all of a day is out")
            tries = [one for one in standin.called("sendMessage") if one.status == 403]
            seeker = await life.seeker(gone.chat.id)
            kept = len(seeker.people)
            gone.unblocks()
            gone.types("/start")
            await comes(lambda: bool(gone.received()), "an answer to /start")
            back = await life.seeker(gone.chat.id)

    assert len(tries) == 1
    assert (seeker.left, seeker.nudging.said, kept) == (True, (), 30)
    assert not back.left
    assert all(texts(standin, one.chat.id) for one in others)


@pytest.mark.holds("S19")
@pytest.mark.parametrize(("age", "remedy"), [
    (Age(None), "There are no time zones"), (Age(Path("/zones"), "2025a", SEEN.date(), 400), "400 days old"),
], ids=["none", "old"])  # fmt: skip
async def test_a_start_warns_of_zones_that_are_old_or_missing(
    age: Age, remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def nothing(*_: object) -> int:
        return 0

    monkeypatch.setattr("bot.app.tzdata_age", lambda today: age)
    monkeypatch.setattr("bot.service.Service.run", nothing)
    monkeypatch.setattr("bot.app._log", lambda level: None)
    settings = Settings(
        telegram_bot_token="123456789:" + "A" * 35,  # type: ignore[arg-type]  # as from the environment
        twenty_minutes_db=tmp_path / "c.db", _env_file=None,
    )  # fmt: skip

    with caplog.at_level(logging.WARNING):
        assert await app.serve(settings) == 0

    assert remedy in caplog.text
