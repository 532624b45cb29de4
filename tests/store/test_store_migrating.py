"""A migration that is killed anywhere leaves the old house or the new one, never one between."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.opening import MIGRATIONS
from tests.store.killing_kit import (
    BUSY,
    CONTEXT,
    KILLED,
    LADDER,
    NEWEST,
    built,
    climb,
    climb_badly,
    climb_slowly,
    run,
    state,
)

TOP = LADDER[-1].number
PAIRS = [(0, NEWEST), *((old, NEWEST) for old in range(1, NEWEST)), (NEWEST, TOP), (1, TOP)]


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """A house of each version, with the same seekers in it."""
    folder = tmp_path_factory.mktemp("houses")
    for migration in LADDER:
        built(folder / f"{migration.number}.db", migration.number)
    return {migration.number: folder / f"{migration.number}.db" for migration in LADDER}


def kills(work: object, old: int, new: int, houses: dict[int, Path], folder: Path) -> Iterator[Path]:
    """The file after a kill at the first statement, at the second, and so on until it is done."""
    number = 0
    while True:
        number += 1
        path = folder / f"{old}-{new}-{number}.db"
        if old:
            shutil.copy(houses[old], path)
        code = run(work, path, new, number)  # type: ignore[arg-type]
        if code == 0:
            return
        assert code == KILLED
        yield path


@pytest.mark.holds("C07")
@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_a_kill_at_any_statement_leaves_one_version_whole_and_the_next_start_completes(
    old: int, new: int, houses: dict[int, Path], tmp_path: Path
) -> None:
    whole = {version: state(path) for version, path in houses.items()}

    for count, path in enumerate(kills(climb, old, new, houses, tmp_path), start=1):
        found = state(path)
        if old:
            assert found == whole[found[0]], f"between two versions after statement {count}"
            assert old <= found[0] <= new
        else:
            assert found[0] in (0, new)
        assert run(climb, path, new, 0) == 0
        if old:
            assert state(path) == whole[new]
        else:
            assert state(path)[0] == new


@pytest.mark.holds("C07")
def test_a_coach_that_commits_each_statement_is_caught_between(
    houses: dict[int, Path], tmp_path: Path
) -> None:
    whole = {version: state(path) for version, path in houses.items()}

    after = [state(path) for path in kills(climb_badly, NEWEST, TOP, houses, tmp_path)]

    assert any(found != whole[found[0]] for found in after)


@pytest.mark.holds("C08")
def test_of_five_that_open_an_old_house_at_once_exactly_one_brings_it_up_to_date(
    houses: dict[int, Path], tmp_path: Path
) -> None:
    path = tmp_path / "coach.db"
    shutil.copy(houses[NEWEST], path)
    go, stop = CONTEXT.Event(), CONTEXT.Event()
    five = [CONTEXT.Process(target=climb_slowly, args=(path, TOP, go, stop)) for _ in range(5)]
    for process in five:
        process.start()
    go.set()

    # Who is refused ends at once; one is left, asleep inside its first statement.
    while sum(process.is_alive() for process in five) > 1:
        min((p for p in five if p.is_alive()), key=lambda p: p.pid or 0).join(0.05)
    stop.set()
    for process in five:
        process.join(30)

    assert sorted(process.exitcode or 0 for process in five) == [0, BUSY, BUSY, BUSY, BUSY]
    assert state(path) == state(houses[TOP])


def test_the_ladder_stands_on_the_real_migrations() -> None:
    assert LADDER[: len(MIGRATIONS)] == MIGRATIONS
    assert [one.number for one in LADDER] == list(range(1, TOP + 1))
