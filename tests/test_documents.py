"""Documents that are made from the code say what the code says; those by hand name what exists."""

import importlib
import re
from pathlib import Path

import pytest

from bot.handbook import made
from bot.words import Words
from conversations import Script
from tests.playing import Player, read

ROOT = Path(__file__).parents[1]
NAMES = ("README.md", "CONTRIBUTING.md", "deploy/README.md", "locales/README.md", "docs/reliability.md")
PAGES = [ROOT / name for name in NAMES]


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


def test_every_name_on_the_way_of_one_update_is_in_the_code() -> None:
    """A page that follows the code must not follow code that is gone."""
    text = (ROOT / "docs" / "one-update.md").read_text(encoding="utf-8")
    names = re.findall(r"`((?:bot|conversations)\.[\w.]+)`", text)

    assert len(names) > 20
    for name in names:
        assert found(name), f"docs/one-update.md names {name}, and there is no such thing"


def found(name: str) -> bool:
    """Whether a dotted name leads to a module, or to something in one."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            thing: object = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            thing = getattr(thing, part, None)
        return thing is not None
    return False


async def test_the_transcript_in_the_readme_is_a_real_one(
    script: Script, words: Words, tmp_path: Path
) -> None:
    """It is played, and compared letter by letter."""
    block = re.search(r"```text\n(# .*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    assert block is not None

    played = await Player(script, words, read(block[1])).play(tmp_path / "coach.db")

    assert played == block[1], f"write this into README.md:\n{played}"
