"""A start that cannot have its store ends at once, with one line, and makes nothing anywhere."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.commands import BUSY, main
from bot.settings import BAD_SETTINGS
from bot.store import NotWritable, Store
from bot.store.driver import Driver

ROOT = Path(__file__).parents[2]


def no_directory(folder: Path) -> Path:
    """The directory is missing: its disk, maybe."""
    return folder / "missing" / "coach.db"


def a_directory(folder: Path) -> Path:
    """The path is a directory."""
    (folder / "coach.db").mkdir()
    return folder / "coach.db"


def a_file_for_a_directory(folder: Path) -> Path:
    """What should be the directory is a file."""
    (folder / "data").touch()
    return folder / "data" / "coach.db"


def listed(folder: Path) -> set[str]:
    """Everything below a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.holds("D09")
@pytest.mark.parametrize("place", [no_directory, a_directory, a_file_for_a_directory])
def test_a_start_without_its_store_says_why_in_one_line_and_makes_nothing(
    place: Callable[[Path], Path], tmp_path: Path
) -> None:
    path = place(tmp_path)
    before = listed(tmp_path)

    done = subprocess.run(
        [sys.executable, "-m", "bot", "talk", "--db", str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == BAD_SETTINGS
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1 and str(path) in done.stderr
    assert listed(tmp_path) == before


@pytest.mark.holds("D09")
@pytest.mark.parametrize("refuses", ["directory", "file"])
def test_a_store_that_may_not_be_written_is_refused_within_two_seconds(
    refuses: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "coach.db"
    path.touch(mode=0o600)
    before = listed(tmp_path)
    real = os.access
    of = tmp_path if refuses == "directory" else path
    # The tests may run as root, whom no mode stops.
    monkeypatch.setattr(os, "access", lambda at, mode: Path(at) != of and real(at, mode))
    started = time.monotonic()

    code = main(["talk", "--db", str(path)])

    assert time.monotonic() - started < 2
    assert code == BAD_SETTINGS
    assert "cannot be written" in capsys.readouterr().err
    assert listed(tmp_path) == before


@pytest.mark.holds("D09")
@pytest.mark.asyncio
async def test_a_file_that_only_turns_out_to_be_read_only_is_refused_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "coach.db"
    await (await Store.open(path)).close()
    content = path.read_bytes()
    real = Driver.connect

    async def read_only(file: str, **how: bool) -> Driver:
        return await real(file, read_only=True)

    monkeypatch.setattr(Driver, "connect", read_only)

    with pytest.raises(NotWritable, match="cannot be written"):
        await Store.open(path)

    assert path.read_bytes() == content


@pytest.mark.holds("C01")
def test_a_second_coach_leaves_with_the_code_for_try_again_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def both() -> int:
        store = await Store.open(tmp_path / "coach.db")
        try:
            return await asyncio.to_thread(main, ["talk", "--db", str(tmp_path / "coach.db")])
        finally:
            await store.close()

    assert asyncio.run(both()) == BUSY
    assert "Another process" in capsys.readouterr().err
