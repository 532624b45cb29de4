"""A store for each test: real SQLite, in memory or in a file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.store import Store


@pytest_asyncio.fixture
async def store() -> AsyncIterator[Store]:
    """A new store in memory."""
    opened = await Store.open(":memory:")
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def filed(tmp_path: Path) -> AsyncIterator[Store]:
    """A new store in the file `coach.db`."""
    opened = await Store.open(tmp_path / "coach.db")
    yield opened
    await opened.close()
