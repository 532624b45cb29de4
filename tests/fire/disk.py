"""A disk that can be watched and made to fail: a shim below the SQLite that the store uses.

While a `Disk` is installed, every write, truncation, sync and deletion of a database, its log or
its journal passes through here: it can be recorded, refused, or be the last thing this process did.
"""

import ctypes
import os
import signal
from collections.abc import Callable
from ctypes import POINTER, byref, cast
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

from tests.fire import sqlite_layout as sqlite
from tests.fire.sqlite_layout import MAIN_DB, MAIN_JOURNAL, WAL, FileMethods, OpenFile, copy_of, guarded

Kind = Literal["write", "truncate", "sync", "delete", "lost"]
NAME: Final = b"under-fire"
ALL: Final = ("write", "truncate", "sync", "delete")
# SQLite keeps pointers into a disk for as long as the process runs.
_KEPT: Final[list["Disk"]] = []


@dataclass(frozen=True)
class Call:
    """One change of a file: its name without the folder, where, and the bytes.

    `lost` is a sync that failed: nobody knows what became of the writes before it.
    """

    kind: Kind
    file: str
    offset: int = 0
    data: bytes = b""


def die() -> int:
    """End this process as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def full() -> int:
    """There is no space left."""
    return sqlite.FULL


def broken_sync() -> int:
    """The disk did not keep what it was given."""
    return sqlite.IOERR_FSYNC


def broken_write() -> int:
    """The disk refuses a write."""
    return sqlite.IOERR_WRITE


@dataclass
class Fault:
    """From the `nth` call of these kinds on (1 is the next), `act` answers instead of the disk."""

    act: Callable[[], int]
    nth: int = 1
    kinds: tuple[str, ...] = ALL
    lasting: bool = False
    passed: int = 0

    def hits(self, call: Call) -> bool:
        """Count this call; whether it is one that fails."""
        if call.kind not in self.kinds:
            return False
        self.passed += 1
        return self.passed >= self.nth if self.lasting else self.passed == self.nth


class Disk:
    """The disk under every connection that is opened while it is installed (`with Disk() as disk`).

    `syncs`: whether a sync reaches the real disk; what kills a process spares the page cache, so
    most tests need not wait for it.
    """

    def __init__(self, *, syncs: bool = False) -> None:
        self.trace: list[Call] | None = None
        self.fault: Fault | None = None
        self.calls = 0
        self.refused = 0
        self.opened = 0
        self._syncs = syncs
        self._sqlite = sqlite.library()
        self._real = self._sqlite.sqlite3_vfs_find(None)
        self._files: dict[int, tuple[str, FileMethods]] = {}
        self._methods: dict[int, FileMethods] = {}
        self._layer = copy_of(self._real.contents)
        self._layer.name = NAME
        self._layer.open = sqlite.OPEN(guarded(self._open))
        self._layer.delete = sqlite.DELETE(guarded(self._delete))
        self._hooks = (
            sqlite.CLOSE(guarded(self._close)), sqlite.WRITE(guarded(self._write)),
            sqlite.TRUNCATE(guarded(self._truncate)), sqlite.SYNC(guarded(self._sync)),
        )  # fmt: skip

    def fails(
        self, act: Callable[[], int], nth: int = 1, kinds: tuple[str, ...] = ALL, *, lasting: bool = False
    ) -> Fault:
        """Let the nth call from now on fail, and with `lasting` all after it."""
        self.fault = Fault(act, nth, kinds, lasting)
        return self.fault

    def heals(self) -> None:
        """Nothing fails any more."""
        self.fault = None

    def record(self) -> list[Call]:
        """A list that every call from now on is added to."""
        self.trace = []
        return self.trace

    def __enter__(self) -> Self:
        _KEPT.append(self)
        self._sqlite.sqlite3_vfs_register(byref(self._layer), 1)
        return self

    def __exit__(self, *error: object) -> None:
        self._sqlite.sqlite3_vfs_unregister(byref(self._layer))

    def _open(self, layer: int, name: int | None, file: int, flags: int, out: Any) -> int:
        # The name goes on as the pointer it was: behind it SQLite keeps the parameters of the URI.
        code: int = self._real.contents.open(ctypes.addressof(self._real.contents), name, file, flags, out)
        if code == 0 and name is not None and flags & (MAIN_DB | MAIN_JOURNAL | WAL):
            self.opened += bool(flags & MAIN_DB)
            opened = cast(file, POINTER(OpenFile)).contents
            real = opened.methods.contents
            self._files[file] = (_short(ctypes.string_at(name)), real)
            opened.methods = ctypes.pointer(self._hooked(real))
        return code

    def _hooked(self, real: FileMethods) -> FileMethods:
        at = ctypes.addressof(real)
        if at not in self._methods:
            hooked = copy_of(real)
            hooked.close, hooked.write, hooked.truncate, hooked.sync = self._hooks
            self._methods[at] = hooked
        return self._methods[at]

    def _close(self, file: int) -> int:
        _, real = self._files.pop(file)
        return int(real.close(file))

    def _write(self, file: int, data: int, size: int, offset: int) -> int:
        name, real = self._files[file]
        refused = self._passes(Call("write", name, offset, ctypes.string_at(data, size)))
        if refused:
            # A disk that fills up takes what still fits.
            real.write(file, data, size // 2, offset)
            return refused
        return int(real.write(file, data, size, offset))

    def _truncate(self, file: int, size: int) -> int:
        name, real = self._files[file]
        return self._passes(Call("truncate", name, size)) or int(real.truncate(file, size))

    def _sync(self, file: int, flags: int) -> int:
        name, real = self._files[file]
        refused = self._passes(Call("sync", name))
        return refused or (int(real.sync(file, flags)) if self._syncs else 0)

    def _delete(self, layer: int, name: bytes, durable: int) -> int:
        refused = self._passes(Call("delete", _short(name)))
        return refused or int(
            self._real.contents.delete(ctypes.addressof(self._real.contents), name, durable)
        )

    def _passes(self, call: Call) -> int:
        """What is answered instead of the disk; 0 lets the call through."""
        self.calls += 1
        if self.fault is not None and self.fault.hits(call):
            self.refused += 1
            if self.trace is not None and call.kind == "sync":
                self.trace.append(Call("lost", call.file))
            return self.fault.act()
        if self.trace is not None:
            self.trace.append(call)
        return 0


def _short(name: bytes) -> str:
    return os.path.basename(name.decode())
