"""What the tests of backups share: a store with something in it, and what is in a file."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.store import Store

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


async def filled(path: Path, megabytes: float = 0.1) -> Store:
    """An open store with so much in it."""
    store = await Store.open(path)
    rows = [
        {"id": id, "body": f"{id:06}".encode() * 680}
        for id in range(1, 2 + int(megabytes * 1_000_000 / 4096))
    ]
    async with store.transaction() as t:
        await t._driver.many(
            "INSERT INTO seekers (id, chat, turn, format, body) VALUES (:id, :id, 1, 1, :body)", rows
        )
    return store


async def remember(store: Store, key: str) -> None:
    """One acknowledged row."""
    async with store.transaction() as t:
        await t.set_note(key, "kept")


def noted(path: Path) -> set[str]:
    """The acknowledged rows that are in a file that nobody writes."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {row[0] for row in file.execute("SELECT key FROM notes_of_house WHERE value = 'kept'")}
