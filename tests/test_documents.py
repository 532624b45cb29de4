"""Documents that are made from the code say what the code says; those by hand name what exists."""

import re
from pathlib import Path

import pytest

from bot.handbook import made
from bot.words import Words
from conversations import Script
from tests.playing import Player, read

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "deploy/README.md", "locales/README.md")]


@pytest.mark.parametrize("path", list(made()), ids=lambda path: str(path.relative_to(ROOT)))
def test_it_is_what_the_code_says(path: Path) -> None:
    """Maps, tables, the template for translators and every catalogue."""
    assert path.read_text(encoding="utf-8") == made()[path], f"{path.name} is old: run make fix"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_and_file_it_names_exists(page: Path) -> None:
    """A page cannot send anybody to what is not there."""
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))

    for target in re.findall(r"`?make ([a-z]+)`?", text):
        assert target in targets | {"sure"}, f"{page.name} names make {target}"
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (page.parent / link).exists(), f"{page.name} links to {link}"


async def test_the_transcript_in_the_readme_is_a_real_one(
    script: Script, words: Words, tmp_path: Path
) -> None:
    """It is played, and compared letter by letter."""
    block = re.search(r"```text\n(# .*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    assert block is not None

    played = await Player(script, words, read(block[1])).play(tmp_path / "coach.db")

    assert played == block[1], f"write this into README.md:\n{played}"
