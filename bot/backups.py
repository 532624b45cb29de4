"""Backups: where they lie, what they are called, which are kept, and how one is made."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.store import BadBackup, Copied, Store, look_into

NAME = re.compile(r"coach-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.db")
STAMP = "coach-%Y-%m-%dT%H-%M-%SZ.db"
HOURLY = timedelta(hours=24)
DAILY = timedelta(days=14)
OLDEST = timedelta(days=30)  # what a seeker erased is gone from every backup by then
NONE_YET = "There is no backup in {folder}."
MADE = "Backup made: {file} ({size}; {seekers} seekers). {kept} are kept."


def folder_of(db: Path) -> Path:
    """Where the backups of this store lie: beside it, or the disk would have to be mounted twice."""
    return db.parent / "backups"


def name_of(moment: datetime) -> str:
    """The name of a backup that is begun at this moment."""
    return moment.astimezone(UTC).strftime(STAMP)


def moment_of(name: str) -> datetime | None:
    """When the backup of this name was begun; None for a file that is none of ours."""
    if not NAME.fullmatch(name):
        return None
    try:
        return datetime.strptime(name, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def backups_in(folder: Path) -> list[Path]:
    """All backups in a folder, the newest first. Half-written ones have another name."""
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted((one for one in found if moment_of(one.name)), key=lambda one: one.name, reverse=True)


def kept(names: Iterable[str], now: datetime) -> set[str]:
    """Which of these are kept. Names of another kind are never among them, nor to be removed.

    One an hour of the last 24, one a day of the last 14, one a week of the last 30; of each the
    newest. None older than 30 days, but the very last one. What says it is of the future stays.
    """
    moments = {name: moment for name in names if (moment := moment_of(name))}
    newest = sorted(moments, reverse=True)
    stays = set(newest[:1])
    spans: tuple[tuple[timedelta, Callable[[datetime], object]], ...] = (
        (HOURLY, lambda one: (one.date(), one.hour)),
        (DAILY, lambda one: one.date()),
        (OLDEST, lambda one: one.isocalendar()[:2]),
    )
    for span, same in spans:
        first = {same(moments[name]): name for name in reversed(newest) if moments[name] <= now}
        stays.update(name for name in first.values() if now - moments[name] < span)
    return stays | {name for name in newest if moments[name] > now}


async def back_up(store: Store, folder: Path, now: datetime) -> list[str]:
    """Make a backup, then remove those that are not kept; lines that say what was done.

    Nothing is removed unless the new one is good: there is always one that can be restored.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    for half in folder.glob("coach-*.db.part"):
        half.unlink()
    made = await store.backup_to(folder / name_of(now), now)
    stays = kept((one.name for one in backups_in(folder)), now)
    for one in backups_in(folder):
        if one.name not in stays:
            one.unlink()
    return [MADE.format(file=made.file, size=_size(made), seekers=made.totals.seekers, kept=len(stays))]


async def newest_good(folder: Path) -> tuple[Copied | None, list[str]]:
    """The newest backup that can be restored, and a line for each newer one that cannot."""
    bad: list[str] = []
    for one in backups_in(folder):
        try:
            return await look_into(one), bad
        except BadBackup as error:
            bad.append(str(error))
    return None, [*bad, NONE_YET.format(folder=folder)]


def _size(made: Copied) -> str:
    return f"{made.size / 1_000_000:.1f} MB"
