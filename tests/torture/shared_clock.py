"""A clock that several processes share: how far it is ahead stands in a small file they all map."""

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

_AHEAD = struct.Struct("d")


class SharedClock:
    """The clock of this machine, moved for everybody at once."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_AHEAD.pack(0.0))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _AHEAD.size)

    def now(self) -> datetime:
        """The moment, aware."""
        return datetime.now(UTC) + timedelta(seconds=_AHEAD.unpack(self._shared[:])[0])

    def set(self, moment: datetime) -> None:
        """Let it be this moment; the clock goes on from there."""
        self._shared[:] = _AHEAD.pack((moment - datetime.now(UTC)).total_seconds())

    def advance(self, by: timedelta) -> None:
        """Let so much time pass at once."""
        self.set(self.now() + by)
