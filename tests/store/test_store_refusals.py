"""Which files are refused, untouched, and what the operator is told."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from bot.store import (
    Corrupt,
    DirectoryMissing,
    Exposed,
    NewerSchema,
    NotADatabase,
    NotOurs,
    NotWritable,
    SecondName,
    Store,
    StoreError,
)
from tests.store.store_kit import seeker

pytestmark = pytest.mark.asyncio


async def made(path: Path, name: str = "offset") -> None:
    """A store with one note and one seeker in this file."""
    store = await Store.open(path)
    async with store.transaction() as t:
        await t.set_note(name, "5")
        await t.save_seekers([seeker()])
    await store.close()


async def refused(path: Path, error: type[StoreError]) -> str:
    """The words with which this file is refused."""
    with pytest.raises(error) as caught:
        await Store.open(path)
    words = str(caught.value)
    assert str(path) in words
    assert 1 <= words.count(". ") + 1 <= 3
    return words


async def test_a_missing_directory_is_named_and_not_made(tmp_path: Path) -> None:
    words = await refused(tmp_path / "missing" / "coach.db", DirectoryMissing)

    assert "Create it" in words
    assert list(tmp_path.iterdir()) == []


async def test_a_directory_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The tests may run as root, whom no mode stops.
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)

    await refused(tmp_path / "coach.db", NotWritable)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    await made(tmp_path / "coach.db")
    (tmp_path / "coach.db").chmod(0o400)

    await refused(tmp_path / "coach.db", NotWritable)


async def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    await made(tmp_path / "coach.db")
    (tmp_path / "coach.db").chmod(0o644)

    assert "chmod 600" in await refused(tmp_path / "coach.db", Exposed)


async def test_a_second_name_of_the_file_is_refused(tmp_path: Path) -> None:
    await made(tmp_path / "coach.db")
    os.link(tmp_path / "coach.db", tmp_path / "twin.db")

    await refused(tmp_path / "twin.db", SecondName)


@pytest.mark.parametrize("content", [b"hello", b"not a database at all\n" * 100])
async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    path.chmod(0o600)

    await refused(path, NotADatabase)

    assert path.read_bytes() == content


async def test_a_directory_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "coach.db").mkdir()

    await refused(tmp_path / "coach.db", NotADatabase)


async def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE bookmarks (url)")
    other.close()
    path.chmod(0o600)
    before = path.read_bytes()

    await refused(path, NotOurs)

    assert path.read_bytes() == before


async def test_a_damaged_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "coach.db"
    await made(path)
    content = bytearray(path.read_bytes())
    content[4096:] = b"\x55" * (len(content) - 4096)
    path.write_bytes(content)

    assert "backup" in await refused(path, Corrupt)


@pytest.mark.holds("C09")
@pytest.mark.parametrize("crashed", [False, True])
async def test_a_newer_schema_is_refused_and_not_a_byte_changes(tmp_path: Path, crashed: bool) -> None:
    path = tmp_path / "coach.db"
    await made(path)
    newer = sqlite3.connect(path, isolation_level=None)
    newer.execute("PRAGMA user_version = 99")
    if crashed:  # the log still holds what the newer coach wrote
        shutil.copytree(tmp_path, tmp_path / "copy")
        path = tmp_path / "copy" / "coach.db"
    newer.close()
    logs = path.with_name("coach.db-wal")
    before = path.read_bytes(), logs.read_bytes() if crashed else b""

    words = await refused(path, NewerSchema)

    assert "99" in words
    assert (path.read_bytes(), logs.read_bytes() if crashed else b"") == before
