"""Puts a copy in the place of the store: proven first, and what was there is moved, never deleted."""

import asyncio
import contextlib
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from .copying import Copied
from .driver import Driver, fingerprint
from .errors import BadBackup, StoreError
from .files import Lock, half_restored, private, to_the_disk
from .queries import QUERIES
from .rows import millis

#: The note that tells the first start to take every row as after a crash.
RESTORED = "restored"
BESIDE = ("", "-wal", "-shm")


async def put_in_place(found: Copied, file: Path, now: datetime) -> list[Path]:
    """Copy, prove that every row is the same, then replace; where the files before lie now.

    `StoreBusy` where a coach runs. Between the moving aside and the end a start refuses to serve
    (`CutShort`): whoever stopped there runs it once more.
    """
    held = Lock(file)
    try:
        if file.exists():
            held.hold_file()
            await _settled(file)
        await _ready(found, half_restored(file), now)
        moved = _move_aside(file, now)
        os.replace(half_restored(file), file)
        to_the_disk(file.parent)
        return moved
    finally:
        held.release()


async def _settled(file: Path) -> None:
    """Bring the log into the file that goes aside, so that it is whole alone; a damaged one is left."""
    with contextlib.suppress(StoreError):
        for read_only, ask in ((True, "quick_check"), (False, "checkpoint")):
            driver = await Driver.connect(str(file), read_only=read_only)
            try:
                if await driver.rows(QUERIES[ask].sql) != [("ok",)]:
                    return
            finally:
                await driver.close()


async def _ready(found: Copied, waiting: Path, now: datetime) -> None:
    part = waiting.with_name(waiting.name + ".part")
    try:
        await asyncio.to_thread(_copy, found.file, part)
        await _note(part, found, now)
        await asyncio.to_thread(_prove, found.file, part)
        os.replace(part, waiting)
    finally:
        _forget(part)
    to_the_disk(waiting.parent)


def _copy(backup: Path, part: Path) -> None:
    _forget(part)
    with os.fdopen(private(part), "wb") as to, backup.open("rb") as source:
        shutil.copyfileobj(source, to, 1 << 20)
        to.flush()
        os.fsync(to.fileno())


async def _note(part: Path, found: Copied, now: datetime) -> None:
    driver = await Driver.connect(str(part))
    try:
        value = json.dumps({"from": found.begun, "at": millis(now)})
        await driver.rows(QUERIES["set_note"].sql, {"key": RESTORED, "value": value})
        await driver.rows(QUERIES["checkpoint"].sql)
    finally:
        await driver.close()


def _prove(backup: Path, part: Path) -> None:
    if fingerprint(str(backup), RESTORED) != fingerprint(str(part), RESTORED):
        raise BadBackup(str(backup), why="a copy of it is not the same; look at the disk")


def _forget(part: Path) -> None:
    # With its log: a log that was left behind would be read into the next file of this name.
    for end in BESIDE:
        part.with_name(part.name + end).unlink(missing_ok=True)


def _move_aside(file: Path, now: datetime) -> list[Path]:
    stamp = now.astimezone(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    moved = []
    for end in BESIDE:
        present = file.with_name(file.name + end)
        if present.exists():
            aside = file.with_name(f"{file.name}.before-restore-{stamp}{end}")
            os.replace(present, aside)
            moved.append(aside)
    return moved
