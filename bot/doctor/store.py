"""Looks at the store and its backups from outside, without changing a byte.

The one file it may make is SQLite's own `-shm`, where a crash left a log to be read.
"""

import fcntl
import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.backups import backups_in, folder_of, moment_of
from bot.doctor.finding import Finding, note, ok, wrong
from bot.settings import Settings
from bot.store import CutShort, DirectoryMissing, Exposed, StoreError
from bot.store.driver import VERSION, Driver
from bot.store.files import checked, half_restored
from bot.store.gate import gate
from bot.store.opening import inspect, newest_schema, sound

OLDEST_BACKUP = timedelta(hours=2)
DEFAULT = Settings.model_fields["twenty_minutes_db"].default
NO_BACKUP = "Look in the coach's log for what says “backup”; look again in a minute if it has just started."


def sqlite(version: Sequence[int] = VERSION) -> Iterable[Finding]:
    """What this version of SQLite may be trusted with."""
    found = gate(version)
    if not found.served:
        return [wrong("SQLite", found.warning)]
    if found.warning:
        return [note("SQLite", found.warning)]
    return [ok("SQLite", ".".join(str(part) for part in version[:3]))]


def in_use(db: Path) -> bool:
    """Whether a coach runs on this store. Asked without making the lock, and let go at once."""
    lock = Path(os.path.realpath(db) + ".lock")
    try:
        handle = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


async def database(db: Path, running: bool) -> Iterable[Finding]:
    """Whether the file can be served. One that a coach runs on is left alone: it looked at the start."""
    try:
        file = checked(db)
    except DirectoryMissing as error:
        made = db == DEFAULT
        return [ok("database", "its folder will be made.") if made else wrong("database", str(error))]
    except Exposed:
        file = Path(os.path.realpath(db))  # that is told with the modes of all the other files
    except StoreError as error:
        return [wrong("database", str(error))]
    if running:
        return [ok("database", f"a coach is running on {file}.")]
    if half_restored(file).exists():
        return [wrong("database", str(CutShort(str(file))))]
    if not file.exists() or not file.stat().st_size:
        return [ok("database", f"{file} will be made.")]
    return [await _looked_at(file)]


async def _looked_at(file: Path) -> Finding:
    log = file.with_name(file.name + "-wal")
    still = not (log.exists() and log.stat().st_size)
    try:
        driver = await Driver.connect(str(file), read_only=True, still=still)
        try:
            await inspect(driver, newest_schema())
            await sound(driver)
        finally:
            await driver.close()
    except StoreError as error:
        if in_use(file):  # a coach that has just started writes what we thought lay still
            return ok("database", f"a coach is running on {file}.")
        return wrong("database", str(error))
    return ok("database", f"{file} is sound; no coach is running on it.")


def backups(db: Path, now: datetime, running: bool) -> Iterable[Finding]:
    """The newest of them must be young while a coach runs: it makes one each hour."""
    folder = folder_of(db)
    newest = [moment for one in backups_in(folder)[:1] if (moment := moment_of(one.name))]
    if not newest:
        if running and not _just_begun(db, now):
            return [wrong("backups", f"there is none in {folder}, though a coach is running.", NO_BACKUP)]
        return [ok("backups", "there is none yet; a running coach makes one each hour.")]
    when = f"the newest is of {newest[0]:%Y-%m-%d %H:%M} UTC"
    if not running:
        return [ok("backups", f"{when}; no coach is running.")]
    if now - newest[0] > OLDEST_BACKUP:
        return [wrong("backups", f"{when}, though a coach is running.", NO_BACKUP)]
    return [ok("backups", f"{when}.")]


def _just_begun(db: Path, now: datetime) -> bool:
    # The lock is made at the first start of all, and never written again.
    lock = Path(os.path.realpath(db) + ".lock")
    return now.timestamp() - lock.stat().st_mtime < OLDEST_BACKUP.total_seconds()
