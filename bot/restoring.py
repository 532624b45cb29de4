"""Restore and back up by hand: which backup is taken, and the lines that say what was done."""

from datetime import UTC, datetime
from pathlib import Path

from bot.backups import back_up, newest_good
from bot.store import BadBackup, Copied, Store, StoreBusy, look_into, put_in_place
from bot.store.files import checked

NEWEST = "newest"
PUT_BACK = "Restored from {file}, of {begun}: {seekers} seekers. Every row is the same as there."
SINCE = "What happened after that moment is not in it. Start the coach as always."
ASIDE = "What was there before is kept: {file}. Remove it when all is well."


class CoachRuns(StoreBusy):
    """Nobody else may open the store now, not even to read it."""

    words = (
        "A coach is running on {file}. It makes a backup every hour by itself, into {folder}. "
        "To make one by hand, stop it first."
    )


async def restore(db: Path, wanted: str, folder: Path, now: datetime) -> list[str]:
    """Put a backup in the place of the store; lines that say what was done.

    `wanted` is a path, or "newest" for the newest good one of the folder. Raises a `StoreError`
    with the reason where the store is in use or the backup cannot be used; nothing is changed then.
    """
    file = checked(db)
    found, lines = await _chosen(wanted, folder)
    moved = await put_in_place(found, file, now)
    begun = datetime.fromtimestamp(found.begun / 1000, UTC).isoformat(timespec="seconds")
    said = [PUT_BACK.format(file=found.file, begun=begun, seekers=found.totals.seekers), SINCE]
    return [*lines, *said, *(ASIDE.format(file=one) for one in moved)]


async def backup(db: Path, folder: Path, now: datetime) -> list[str]:
    """Make a backup by hand, of a store that no coach has open; lines that say what was done.

    A coach that runs makes one each hour by itself, over its own connection.
    """
    try:
        store = await Store.open(db)
    except StoreBusy:
        raise CoachRuns(str(db), folder=folder) from None
    try:
        return await back_up(store, folder, now)
    finally:
        await store.close()


async def _chosen(wanted: str, folder: Path) -> tuple[Copied, list[str]]:
    if wanted != NEWEST:
        return await look_into(Path(wanted)), []
    found, lines = await newest_good(folder)
    if found is None:
        raise BadBackup(str(folder), why="; ".join(lines))
    return found, lines
