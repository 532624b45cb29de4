"""The files of the store on disk: where they may be, who may read them, who holds them."""

import contextlib
import fcntl
import os
from pathlib import Path

from .errors import DirectoryMissing, Exposed, NotADatabase, NotWritable, SecondName, StoreBusy

PRIVATE = 0o600


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
    os.close(_private(real))
    directory = os.open(real.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _private(path: Path) -> int:
    """Open a file, made where it is missing, that only this user may read, under any umask."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, PRIVATE)
        os.fchmod(handle, PRIVATE)
    except OSError as error:
        raise NotWritable(str(path)) from error
    return handle


class Lock:
    """One coach per store: held from opening to closing, and by the kernel, so a crash frees it.

    The file stays when it is released: removing it would let two processes hold two of them.
    """

    def __init__(self, real: Path) -> None:
        self._handle = _private(real.with_name(real.name + ".lock"))
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._handle)
            raise StoreBusy(str(real)) from error

    def release(self) -> None:
        """Let another process have the store. Doing it twice is harmless."""
        with contextlib.suppress(OSError):
            os.close(self._handle)
        self._handle = -1
