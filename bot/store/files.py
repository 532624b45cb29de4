"""The files of the store on disk: where they may be, who may read them, who holds them."""

import contextlib
import fcntl
import os
import sys
from pathlib import Path

from .errors import DirectoryMissing, Exposed, NotADatabase, NotWritable, SecondName, StoreBusy

PRIVATE = 0o600
NOWHERE = (-1, -1)

#: Elsewhere the two kinds of lock, flock's and SQLite's, are in each other's way.
INODE_LOCKS = sys.platform == "linux"

#: What this process holds. A file among it must not even be opened and closed once more.
_held: set[tuple[int, int]] = set()


def checked(path: str | os.PathLike[str]) -> Path:
    """The real path of a file the store may be kept in; raises with the remedy otherwise.

    Links are followed first, so that two names of one file meet at one lock.
    """
    real = Path(os.path.realpath(path))
    if not real.parent.is_dir():
        raise DirectoryMissing(str(real))
    if real.is_dir():
        raise NotADatabase(str(real))
    if not os.access(real.parent, os.W_OK | os.X_OK):
        raise NotWritable(str(real))
    if real.exists():
        check_file(real)
    return real


def check_file(real: Path) -> None:
    """An existing file is ours to write, ours alone to read, and has one name."""
    found = real.stat()
    if not os.access(real, os.R_OK | os.W_OK):
        raise NotWritable(str(real))
    if found.st_mode & 0o077:
        raise Exposed(str(real))
    if found.st_nlink > 1:
        raise SecondName(str(real))


def create(real: Path) -> None:
    """Make the file, empty and private, and its name durable. SQLite copies its mode."""
    if real.exists():
        return
    os.close(private(real))
    to_the_disk(real.parent)


def private(path: Path) -> int:
    """Open a file, made where it is missing, that only this user may read, under any umask."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, PRIVATE)
        os.fchmod(handle, PRIVATE)
    except OSError as error:
        raise NotWritable(str(path)) from error
    return handle


def to_the_disk(folder: Path) -> None:
    """Make the names in a folder durable: a file that was synced may still lose its name."""
    directory = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def half_restored(real: Path) -> Path:
    """Where a restore keeps what it is about to put in place. While it is there, nothing serves."""
    return real.with_name(real.name + ".restoring")


class Lock:
    """One coach per store: held from opening to closing, and by the kernel, so a crash frees it.

    Two things are locked. The name, by a file beside it that is never removed: a restore holds it
    while there is no store. And the store's own inode: whoever deletes that file, or comes by
    another path, still finds it taken. SQLite's locks of a file end when any handle of it in this
    process is closed; so ours is opened before SQLite's and closed after them, never in between.
    """

    def __init__(self, real: Path) -> None:
        self._real = real
        self._file, self._inode = -1, NOWHERE
        if _inode(real) in _held:
            raise StoreBusy(str(real))
        self._name = private(real.with_name(real.name + ".lock"))
        self._take(self._name)

    def hold_file(self) -> None:
        """Lock the file itself, which must exist by now."""
        self._file = private(self._real)
        if INODE_LOCKS:
            self._take(self._file)
        found = os.fstat(self._file)
        self._inode = (found.st_dev, found.st_ino)
        _held.add(self._inode)

    def leads_here(self) -> bool:
        """Whether the path still leads to the file that is held."""
        return _inode(self._real) == self._inode

    def release(self) -> None:
        """Let another process have the store. Doing it twice is harmless."""
        _held.discard(self._inode)
        for handle in (self._file, self._name):
            with contextlib.suppress(OSError):
                os.close(handle)
        self._file = self._name = -1

    def _take(self, handle: int) -> None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.release()
            raise StoreBusy(str(self._real)) from error


def _inode(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return NOWHERE
    return found.st_dev, found.st_ino
