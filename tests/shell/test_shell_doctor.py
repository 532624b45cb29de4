"""The doctor names each thing that is wrong, with its remedy, and changes nothing."""

import os
import shutil
from collections import namedtuple
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import doctor
from bot.backups import folder_of, name_of
from bot.clock import BUILT
from bot.doctor import examine, run
from bot.doctor.files import disk, file_system, modes
from bot.doctor.finding import Finding, ok, wrong
from bot.doctor.store import backups, database, in_use, sqlite
from bot.doctor.telegram import ask
from bot.doctor.times import clock, zones
from bot.problems import Problem
from bot.settings import BadSettings, Settings
from bot.store import Store
from bot.store.files import Lock, half_restored
from bot.zones_age import Age
from conversations.content import ContentError
from tests.telegram.wire_kit import answers, is_silent, serving

TOKEN = "123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
NOW = datetime(2027, 1, 15, 12, tzinfo=UTC)
ME = b'{"ok": true, "result": {"id": 1, "is_bot": true, "username": "twenty_bot"}}'
WORDS = "Maria Lopez"


async def a_store(folder: Path) -> Path:
    """A store that no coach runs on."""
    folder.chmod(0o700)
    db = folder / "coach.db"
    await (await Store.open(db)).close()
    return db


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Path]:
    """Where a store would be, on which a coach is running."""
    db = tmp_path / "coach.db"
    lock = Lock(db)
    yield db
    lock.release()


def only(found: object) -> Finding:
    """The one finding."""
    assert isinstance(found, Iterator | list)
    [one] = found
    assert isinstance(one, Finding)
    return one


def told(finding: Finding, *words: str) -> None:
    """It is wrong, and its line holds these words."""
    assert finding.state == "wrong", finding
    for one in words:
        assert one in str(finding)


async def test_a_token_that_telegram_knows_is_fine_and_its_clock_is_heard() -> None:
    when = {"Date": "Fri, 15 Jan 2027 11:50:00 GMT"}
    async with serving(answers(ME, **when)) as server:
        telegram = await ask(TOKEN, f"http://127.0.0.1:{server.port}", lambda: NOW)

    assert str(telegram.finding) == "ok     token: Telegram knows it, as @twenty_bot."
    assert telegram.ahead == timedelta(minutes=10)


@pytest.mark.parametrize("status", ["401 Unauthorized", "404 Not Found"])
async def test_a_token_that_telegram_refuses_is_wrong(status: str) -> None:
    async with serving(answers(b'{"ok": false, "description": "no"}', status)) as server:
        telegram = await ask(TOKEN, f"http://127.0.0.1:{server.port}", lambda: NOW)

    told(telegram.finding, "Telegram does not know it", "BotFather", "/token")


async def test_telegram_out_of_reach_is_wrong_and_soon_said() -> None:
    async with serving(is_silent) as server:
        telegram = await ask(TOKEN, f"http://127.0.0.1:{server.port}", lambda: NOW, seconds=0.3)

    told(telegram.finding, "Telegram cannot be reached", "network", "HTTPS_PROXY")
    assert telegram.ahead is None


async def test_somebody_else_who_answers_is_not_telegram() -> None:
    async with serving(answers(b"<html>Log in to the network of this hotel")) as server:
        telegram = await ask(TOKEN, f"http://127.0.0.1:{server.port}", lambda: NOW)

    told(telegram.finding, "Telegram cannot be reached")
    assert "hotel" not in str(telegram.finding)


async def test_a_token_that_must_wait_is_a_good_token() -> None:
    body = b'{"ok": false, "description": "Too Many", "parameters": {"retry_after": 9}}'
    async with serving(answers(body, "429 Too Many Requests")) as server:
        telegram = await ask(TOKEN, f"http://127.0.0.1:{server.port}", lambda: NOW)

    assert telegram.finding.state == "ok"


async def test_a_sound_database_is_fine_and_nothing_of_it_changes(tmp_path: Path) -> None:
    db = await a_store(tmp_path)
    before = {one.name: (one.stat().st_mtime_ns, one.read_bytes()) for one in tmp_path.iterdir()}

    found = only(await database(db, running=False))

    assert found.state == "ok"
    assert "is sound" in found.says
    assert {one.name: (one.stat().st_mtime_ns, one.read_bytes()) for one in tmp_path.iterdir()} == before


async def test_a_database_that_is_not_there_yet_will_be_made(tmp_path: Path) -> None:
    found = only(await database(tmp_path / "coach.db", running=False))

    assert (found.state, "will be made" in found.says) == ("ok", True)
    assert not list(tmp_path.iterdir())


async def test_a_missing_folder_is_wrong_but_for_our_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own = only(await database(Path("data/coach.db"), running=False))
    other = only(await database(tmp_path / "disk" / "coach.db", running=False))

    assert (own.state, own.says) == ("ok", "its folder will be made.")
    told(other, str(tmp_path / "disk"), "mount its disk")


async def test_a_file_that_is_no_database_is_wrong(tmp_path: Path) -> None:
    db = tmp_path / "coach.db"
    db.write_text(WORDS * 1000)

    told(only(await database(db, running=False)), "is not a database", "Give the path of the store")


async def test_a_newer_schema_is_wrong(tmp_path: Path) -> None:
    db = await a_store(tmp_path)
    _number(db, 60, 9999)  # the user version of SQLite's header

    told(only(await database(db, running=False)), "schema 9999", "Start the newer coach")


async def test_a_database_of_another_program_is_wrong(tmp_path: Path) -> None:
    db = await a_store(tmp_path)
    _number(db, 68, 1)  # the application id of SQLite's header

    told(only(await database(db, running=False)), "of another program")


async def test_a_damaged_database_is_wrong(tmp_path: Path) -> None:
    db = await a_store(tmp_path)
    with db.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * 4096)

    told(only(await database(db, running=False)), "is damaged", "restore newest")


async def test_a_log_that_a_crash_left_is_read_and_kept(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "coach.db")
    async with store.transaction() as t:
        await t.set_note("kept", WORDS)
    (tmp_path / "crashed").mkdir()
    for name in ("coach.db", "coach.db-wal"):
        shutil.copy(tmp_path / name, tmp_path / "crashed" / name)
    await store.close()
    log = tmp_path / "crashed" / "coach.db-wal"
    left = log.read_bytes()

    found = only(await database(tmp_path / "crashed" / "coach.db", running=False))

    assert found.state == "ok"
    assert WORDS.encode() in left
    assert log.read_bytes() == left


async def test_a_restore_that_was_cut_short_is_wrong(tmp_path: Path) -> None:
    db = await a_store(tmp_path)
    half_restored(db).touch(mode=0o600)

    told(only(await database(db, running=False)), "cut short", "restore")


async def test_a_running_coach_is_fine_and_left_alone(there: Path) -> None:
    there.write_text("whatever a coach is just writing")
    there.chmod(0o600)

    found = only(await database(there, in_use(there)))

    assert (found.state, "a coach is running" in found.says) == ("ok", True)


async def test_a_coach_that_starts_while_we_look_is_no_damage(tmp_path: Path) -> None:
    db = tmp_path / "coach.db"
    db.write_text("whatever a coach is just writing" * 1000)
    db.chmod(0o600)
    lock = Lock(db)

    found = only(await database(db, running=False))
    lock.release()

    assert found.state == "ok"
    assert only(await database(db, running=False)).state == "wrong"


def test_asking_whether_a_coach_runs_makes_no_file(tmp_path: Path) -> None:
    assert not in_use(tmp_path / "coach.db")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("version", "state", "says"),
    [
        ((3, 37, 2), "wrong", "SQLite 3.37.2 is too old. Update Python"),
        ((3, 46, 1), "note", "SQLite 3.46.1 may damage a store that two programs write at once"),
        ((3, 51, 3), "ok", "3.51.3"),
    ],
)
def test_sqlite_is_told_by_its_version(version: tuple[int, ...], state: str, says: str) -> None:
    found = only(sqlite(version))

    assert found.state == state
    assert says in found.says


@pytest.mark.parametrize(
    "name", ["coach.db", "coach.db-wal", "coach.db-shm", "coach.db.history", "backups/coach.db", ".env"]
)
def test_a_file_that_others_may_read_is_wrong(tmp_path: Path, name: str) -> None:
    folder_of(tmp_path / "coach.db").mkdir(mode=0o700)
    exposed = tmp_path / name
    exposed.touch()
    exposed.chmod(0o640)

    told(only(modes(tmp_path / "coach.db", tmp_path / ".env")), f"chmod 600 {exposed}")


def test_a_backup_folder_that_others_may_read_is_wrong(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "coach.db")
    folder.mkdir()
    folder.chmod(0o755)

    told(only(modes(tmp_path / "coach.db", tmp_path / ".env")), f"chmod 700 {folder}")


async def test_files_as_the_coach_makes_them_are_fine(tmp_path: Path) -> None:
    db = await a_store(tmp_path)

    assert only(modes(db, tmp_path / ".env")).state == "ok"


@pytest.mark.parametrize(
    ("now", "ahead", "words"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), None, ("1970-01-01", "before this coach was made")),
        (NOW, timedelta(minutes=6), ("6 minutes ahead of Telegram's", "timedatectl")),
        (NOW, timedelta(minutes=-90), ("90 minutes behind Telegram's", "no reminder is sent")),
    ],
)
def test_a_clock_that_is_wrong(now: datetime, ahead: timedelta | None, words: tuple[str, ...]) -> None:
    told(only(clock(now, ahead)), *words)


@pytest.mark.parametrize(
    ("ahead", "state"), [(timedelta(minutes=4), "ok"), (timedelta(minutes=-4), "ok"), (None, "note")]
)
def test_a_clock_that_is_right_or_not_known(ahead: timedelta | None, state: str) -> None:
    assert only(clock(BUILT, ahead)).state == state


def test_old_time_zones_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    ages = [
        Age(None),
        Age(Path("/zones"), "2025a", NOW.date(), 400),
        Age(Path("/zones"), "2026f", NOW.date(), 9),
    ]
    monkeypatch.setattr("bot.doctor.times.tzdata_age", lambda today: ages.pop(0))

    told(only(zones(NOW.date())), "no time zones", "pip install")
    told(only(zones(NOW.date())), "400 days old", "pip install --upgrade tzdata")
    assert only(zones(NOW.date())).says == "2026f, 9 days old."


def test_a_disk_with_little_room_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    db = tmp_path / "coach.db"
    with db.open("wb") as file:
        file.truncate(100_000_000)
    free = iter((199_000_000, 299_000_000, 301_000_000))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 0, next(free)))

    told(only(disk(tmp_path / "new.db")), "199 MB are free", "needs 200 MB", "Make room")
    told(only(disk(db)), "299 MB are free", "needs 300 MB")
    assert only(disk(db)).state == "ok"


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "9p", "fuse.sshfs"])
def test_the_file_system_of_a_network_is_wrong(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "a share"
    folder.mkdir()
    table = tmp_path / "mountinfo"
    here = str(folder).replace(" ", "\\040")
    table.write_text(
        "22 1 0:1 / / rw,relatime shared:1 - ext4 /dev/sda rw\n"
        f"23 22 0:2 / {here} rw master:1 - {kind} server:/share rw\n"
        f"24 22 0:3 / {here}/backups rw - tmpfs none rw\n"
    )

    told(only(file_system(folder / "coach.db", table)), kind, "not safe", "TWENTY_MINUTES_DB")
    assert only(file_system(tmp_path / "coach.db", table)).says == "ext4."


def test_a_machine_that_names_no_file_system_is_not_blamed(tmp_path: Path) -> None:
    assert only(file_system(tmp_path / "coach.db", tmp_path / "none")).state == "note"


def test_a_running_coach_without_a_young_backup_is_wrong(there: Path) -> None:
    folder_of(there).mkdir()
    (folder_of(there) / name_of(NOW - timedelta(hours=3))).touch()

    told(only(backups(there, NOW, running=True)), "2027-01-15 09:00 UTC", "log")
    assert only(backups(there, NOW, running=False)).state == "ok"
    (folder_of(there) / name_of(NOW - timedelta(hours=1))).touch()
    assert only(backups(there, NOW, running=True)).state == "ok"


def test_a_coach_that_never_made_a_backup_is_wrong_once_it_had_the_time(there: Path) -> None:
    begun = there.with_name("coach.db.lock")
    os.utime(begun, (NOW.timestamp(), NOW.timestamp()))

    assert only(backups(there, NOW + timedelta(hours=1), running=True)).state == "ok"
    told(only(backups(there, NOW + timedelta(hours=3), running=True)), "there is none")


def test_words_with_mistakes_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[Problem]:
        raise ContentError("drafts.toml: there is no end to a quotation.")

    monkeypatch.setattr(doctor, "problems", lambda: [Problem("a.toml", "what", "remedy")] * 2)
    told(only(doctor.words()), "2 mistakes", "make check")
    monkeypatch.setattr(doctor, "problems", broken)
    told(only(doctor.words()), "drafts.toml", "make check")
    monkeypatch.setattr(doctor, "problems", list)
    assert only(doctor.words()).state == "ok"


async def test_no_token_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "problems", list)
    settings = Settings.model_construct(telegram_bot_token=None, twenty_minutes_db=tmp_path / "coach.db")

    found = await examine(settings, lambda: NOW, tmp_path / ".env")

    told(found[0], "token: there is none", "BotFather", "/newbot", "TELEGRAM_BOT_TOKEN")


async def test_settings_that_cannot_be_read_do_not_keep_the_rest_from_being_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "problems", list)
    error = BadSettings("TELEGRAM_BOT_TOKEN: copy the token whole.\nTWENTY_MINUTES_LOG: it must be INFO.")

    found = await examine(error, lambda: BUILT - timedelta(days=1), tmp_path / ".env")

    told(found[0], "TELEGRAM_BOT_TOKEN: copy the token whole.")
    told(found[1], "TWENTY_MINUTES_LOG")
    assert "before this coach was made" in "".join(str(one) for one in found)


async def test_a_check_that_fails_is_said_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> list[Problem]:
        raise PermissionError(WORDS)

    monkeypatch.setattr(doctor, "problems", fails)
    settings = Settings.model_construct(telegram_bot_token=None, twenty_minutes_db=tmp_path / "coach.db")

    found = await examine(settings, lambda: NOW, tmp_path / ".env")

    told(found[-1], "words: could not be looked at (PermissionError in fails")
    assert WORDS not in str(found[-1])
    assert {"database", "disk", "backups", "clock"} <= {one.about for one in found}


async def test_a_sound_installation_ends_with_0_and_a_wrong_one_with_1_and_no_secret_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    db = await a_store(tmp_path)
    date = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    monkeypatch.setattr(doctor, "problems", list)
    monkeypatch.setattr(doctor, "zones", lambda today: [ok("time zones", "fine.")])
    for one in ("disk", "file_system"):
        monkeypatch.setattr(doctor, one, lambda _: [])
    monkeypatch.setenv("TWENTY_MINUTES_DB", str(db))
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    async with serving(answers(ME, Date=date), answers(ME, Date=date)) as server:
        monkeypatch.setenv("TELEGRAM_API_URL", f"http://127.0.0.1:{server.port}")
        well = await run(tmp_path / ".env")
        db.chmod(0o644)
        ill = await run(tmp_path / ".env")
    printed = capsys.readouterr().out

    assert (well, ill) == (0, 1), printed
    assert "nothing is wrong" in printed
    assert "1 to mend" in printed
    assert f"chmod 600 {db}" in printed
    assert TOKEN not in printed
    assert TOKEN.partition(":")[2] not in printed


def test_a_finding_is_one_line() -> None:
    assert str(wrong("disk", "it is full.", "Make room.")) == "wrong  disk: it is full. Make room."


def _number(db: Path, at: int, value: int) -> None:
    with db.open("r+b") as file:
        file.seek(at)
        file.write(value.to_bytes(4, "big"))
