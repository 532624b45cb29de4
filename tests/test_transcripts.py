"""Every transcript plays as it is written, also when the coach restarts between any two turns."""

import re
from pathlib import Path

import pytest

from bot.words import Words
from conversations import Script
from tests.playing import FOLDER, Player, read

FILES = sorted(FOLDER.glob("*.txt"))
LONGEST = 60


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_it_plays_as_written(
    file: Path, script: Script, words: Words, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A difference is either a fault or a change to be looked at: then `pytest --update`."""
    text = file.read_text(encoding="utf-8")

    played = await Player(script, words, read(text)).play(tmp_path / "coach.db")

    if request.config.getoption("--update"):
        file.write_text(played, encoding="utf-8")
        return
    assert played == text


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_a_restart_between_any_two_turns_changes_nothing(
    file: Path, script: Script, words: Words, tmp_path: Path
) -> None:
    """The store is closed and opened again before every line that is played."""
    text = file.read_text(encoding="utf-8")

    played = await Player(script, words, read(text), restarts=True).play(tmp_path / "coach.db")

    assert played == text


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_can_be_read_in_one_go(file: Path) -> None:
    """Under 60 lines, with a first line that says what it shows."""
    lines = file.read_text(encoding="utf-8").rstrip("\n").split("\n")

    assert len(lines) < LONGEST, f"{file.name} has {len(lines)} lines: shorten it, or show: short"
    assert re.match(r"# \S.*\.$", lines[0]), f"{file.name}: the first line says what it shows"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_presses_only_what_is_there(file: Path) -> None:
    """A story that goes on past a button it does not find shows something else than its first line says."""
    missed = [
        line for line in file.read_text(encoding="utf-8").split("\n") if line.startswith("-- no button")
    ]

    assert not missed, f"{file.name} presses what is not there: {missed}"
