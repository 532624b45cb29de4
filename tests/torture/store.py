"""The long tests of the store: every kill of a migration, a hundred copies, a restore of a gigabyte."""

import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

from bot.backups import back_up, backups_in, folder_of
from bot.restoring import restore
from bot.store import RESTORED, Store, fingerprint
from tests.fire.backup_kit import NOW, filled, noted, remember
from tests.store.killing_kit import KILLED, LADDER, NEWEST, built, climb, run, state
from tests.torture.result import Result

TOP = LADDER[-1].number
COPIES, RATE = 100, 50


def c07() -> Result:
    """A kill at every statement of every pair of versions leaves one of them whole, and is recovered."""
    begun = time.monotonic()
    pairs = [(0, NEWEST), *((old, new) for new in range(2, TOP + 1) for old in range(1, new))]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for migration in LADDER:
            built(folder / f"{migration.number}.db", migration.number)
        whole = {one.number: state(folder / f"{one.number}.db") for one in LADDER}
        told = [one for old, new in pairs for one in _climbs(folder, old, new, whole)]
    kills, between = len(told), told.count(False)
    figure = f"{kills} kills over {len(pairs)} pairs of versions, {between} between two"
    ok = kills >= 100 and not between
    seconds = time.monotonic() - begun
    return Result("C07", "a kill at each statement of a migration", kills, between, 0, figure, ok, seconds)


def _climbs(folder: Path, old: int, new: int, whole: Mapping[int, tuple[int, str]]) -> Iterator[bool]:
    """For each statement: whether a kill there left one version whole, and the next start ended well."""
    path = folder / "coach.db"
    for at in count(1):
        for left in folder.glob("coach.db*"):
            left.unlink()
        if old:
            shutil.copy(folder / f"{old}.db", path)
        code = run(climb, path, new, at)
        if code == 0:
            return
        assert code == KILLED
        found = state(path)
        one_of_them = found == whole[found[0]] if old else found[0] in (0, new)
        completed = run(climb, path, new, 0) == 0
        yield one_of_them and completed and (not old or state(path) == whole[new])


def d14() -> Result:
    """A hundred copies while fifty rows a second are saved: none is without what was acknowledged before."""
    return asyncio.run(_d14())


async def _d14() -> Result:
    begun = time.monotonic()
    took: list[float] = []
    missing = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = await filled(folder / "coach.db", 73)
        acknowledged: set[str] = set()
        for number in range(COPIES):
            before = set(acknowledged)
            copying = asyncio.create_task(store.backup_to(folder / "copy.db", NOW))
            while not copying.done():
                row = f"{number} {len(acknowledged)}"
                started = time.monotonic()
                await remember(store, row)
                took.append(time.monotonic() - started)
                acknowledged.add(row)
                await asyncio.sleep(max(0.0, 1 / RATE - took[-1]))
            await copying
            missing += len(before - noted(folder / "copy.db"))
        await store.close()
    slowest = statistics.quantiles(took, n=100)[98]
    figure = f"{COPIES} copies of 73 MB, {len(took)} turns meanwhile, p99 {slowest * 1000:.0f} ms"
    seconds = time.monotonic() - begun
    return Result(
        "D14", "copies while turns go on", COPIES, missing, 0, figure, not missing and slowest <= 0.1, seconds
    )


def d15(megabytes: int = 1000) -> Result:
    """A gigabyte is lost, and is back within five minutes, every row the same."""
    return asyncio.run(_d15(megabytes))


async def _d15(megabytes: int) -> Result:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "coach.db"
        store = await filled(path, megabytes)
        started = time.monotonic()
        await back_up(store, folder_of(path), NOW)
        backed_up = time.monotonic() - started
        await store.close()
        path.unlink()
        started = time.monotonic()
        await restore(path, "newest", folder_of(path), NOW)
        took = time.monotonic() - started
        (copy,) = backups_in(folder_of(path))
        same = fingerprint(str(path), RESTORED) == fingerprint(str(copy))
        await (await Store.open(path)).close()
    figure = f"{megabytes} MB backed up in {backed_up:.0f} s and restored in {took:.0f} s, rows equal: {same}"
    seconds = time.monotonic() - begun
    return Result("D15", "restore of a gigabyte", 1, int(not same), 0, figure, same and took <= 300, seconds)
