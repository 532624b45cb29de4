"""Files as they may lie on the disk after a crash or a power cut, and what a store says of them."""

import hashlib
import random
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.fire.disk import Call
from tests.fire.rig import FILE

Image = Mapping[str, bytes]
SECTOR: Final = 512
VARIANTS: Final = 6
#: Dropped and set by the house, at moments of its own choice.
HOUSEWORK: Final = "scrub_owed"


def apply(file: bytearray, call: Call, size: int | None = None) -> None:
    """One write or truncation; of a write only the first `size` bytes."""
    if call.kind == "truncate":
        del file[call.offset :]
        return
    data = call.data if size is None else call.data[:size]
    if len(file) < call.offset:
        file.extend(bytes(call.offset - len(file)))
    file[call.offset : call.offset + len(data)] = data


class Platter:
    """The files of a store while a trace runs: what is surely on the disk, and what is under way."""

    def __init__(self, start: Image) -> None:
        self.safe = {name: bytearray(data) for name, data in start.items()}
        self.now = {name: bytearray(data) for name, data in start.items()}
        self.loose: dict[str, list[Call]] = {name: [] for name in start}

    def take(self, call: Call) -> None:
        """One call of the trace."""
        if call.kind == "delete":
            for files in (self.safe, self.now, self.loose):
                files.pop(call.file, None)
            return
        safe, now = (files.setdefault(call.file, bytearray()) for files in (self.safe, self.now))
        loose = self.loose.setdefault(call.file, [])
        if call.kind in ("sync", "lost"):
            # After a sync that failed the system believes those pages clean: nothing writes them again.
            for one in loose if call.kind == "sync" else ():
                apply(safe, one)
            loose.clear()
        else:
            apply(now, call)
            loose.append(call)

    def crashed(self) -> Image:
        """After a kill: whatever was written is there."""
        return {name: bytes(data) for name, data in self.now.items()}

    def cut(self, variant: int, chance: random.Random) -> Image:
        """After a power cut: 0 nothing loose, 1 everything, 2 the last write torn, 3 to 5 some of it."""
        if variant == 1:
            return self.crashed()
        made: dict[str, bytes] = {}
        for name, safe in self.safe.items():
            file = bytearray(safe)
            for call, size in _survivors(self.loose.get(name, ()), variant, chance):
                apply(file, call, size)
            made[name] = bytes(file)
        return made


def _survivors(
    loose: Sequence[Call], variant: int, chance: random.Random
) -> Iterator[tuple[Call, int | None]]:
    if variant == 2:
        yield from ((call, None) for call in loose[:-1])
        if loose:
            yield loose[-1], _torn(loose[-1], chance)
    elif variant > 2:
        yield from ((call, None) for call in loose if chance.random() < 0.5)


def _torn(call: Call, chance: random.Random) -> int | None:
    """How many bytes of a write arrived: it stops at the border of a sector."""
    end = call.offset + len(call.data)
    borders = [one for one in range(-(-call.offset // SECTOR) * SECTOR, end, SECTOR) if one > call.offset]
    return chance.choice(borders) - call.offset if borders else 0


def lay(image: Image, folder: Path) -> Path:
    """Put these files, and no others, into a folder; the file of the store."""
    for old in folder.iterdir():
        if old.name not in image:
            old.unlink()
    for name, data in image.items():
        path = folder / name
        path.write_bytes(data)
        path.chmod(0o600)
    return folder / FILE


def files_in(folder: Path) -> Image:
    """The files of a store in a folder; the shared memory of its log is made anew at each start."""
    found = (one for one in folder.iterdir() if one.suffix in (".db", ".db-wal", ".db-journal"))
    return {one.name: one.read_bytes() for one in found}


class Damaged(Exception):
    """SQLite finds the file damaged."""


def rows_in(path: Path, mode: str = "rw") -> str:
    """All rows of all tables, as a digest of their canonical form. Raises Damaged."""
    if not path.exists():
        return NOTHING
    # Below every shim: reading must not count.
    connection = sqlite3.connect(f"{path.as_uri()}?mode={mode}&vfs=unix", uri=True, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        if mode == "rw" and (found := connection.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
            raise Damaged(found[0][0])
        return digest(connection)
    except sqlite3.DatabaseError as error:
        raise Damaged(str(error)) from error
    finally:
        connection.close()


def digest(connection: sqlite3.Connection) -> str:
    """One short word for all rows, whatever order they lie in."""
    schema = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    made = hashlib.blake2b(repr(schema).encode(), digest_size=12)
    tables: Iterable[str] = (name for name, sql in schema if sql and sql.startswith("CREATE TABLE"))
    for table in tables:
        rows = sorted(map(repr, connection.execute(f'SELECT * FROM "{table}"').fetchall()))
        made.update(repr([row for row in rows if HOUSEWORK not in row]).encode())
    return made.hexdigest()


with sqlite3.connect(":memory:") as _empty:
    NOTHING: Final = digest(_empty)
"""What a file says in which nothing was made yet."""
