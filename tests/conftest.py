"""What several tests share: the script, the words, and `--update` for golden files."""

import pytest

from bot.building import build
from bot.words import Words
from conversations import Script


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest --update` rewrites the transcripts."""
    parser.addoption("--update", action="store_true", help="rewrite tests/transcripts/*.txt")


@pytest.fixture(scope="session")
def built() -> tuple[Script, Words]:
    """The conversation and all its words, read once."""
    return build()


@pytest.fixture(scope="session")
def script(built: tuple[Script, Words]) -> Script:
    """The conversation."""
    return built[0]


@pytest.fixture(scope="session")
def words(built: tuple[Script, Words]) -> Words:
    """The words in every language."""
    return built[1]
