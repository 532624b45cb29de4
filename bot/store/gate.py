"""The gate of SQLite's versions: what each may be trusted with."""

from collections.abc import Sequence
from dataclasses import dataclass

OLDEST = (3, 38, 0)  # the first with the JSON arrow; STRICT tables are older


def has_wal_reset_bug(version: Sequence[int]) -> bool:
    """Whether this SQLite may damage a file in WAL mode that two connections write at once.

    3.7.0 to 3.51.2, except the repaired branches 3.44.6+ and 3.50.7+ (sqlite.org/wal.html).
    """
    number = tuple(version[:3])
    repaired = (3, 44, 6) <= number < (3, 45, 0) or (3, 50, 7) <= number < (3, 51, 0)
    return (3, 7, 0) <= number <= (3, 51, 2) and not repaired


@dataclass(frozen=True)
class Gate:
    """What one version of SQLite may do, and what an operator should know of it.

    `helpers`: another process may open the file while the coach runs (a streaming copy, say).
    Where it may not, backups are made by the coach itself, over its one connection.
    """

    served: bool
    one_connection: bool
    warning: str

    @property
    def helpers(self) -> bool:
        """Whether other processes may open the file beside the coach."""
        return self.served and not self.one_connection


def gate(version: Sequence[int]) -> Gate:
    """What this version may do."""
    words = ".".join(str(part) for part in version[:3])
    if tuple(version[:3]) < OLDEST:
        return Gate(False, True, f"SQLite {words} is too old. Update Python, to SQLite 3.38 or newer.")
    if not has_wal_reset_bug(version):
        return Gate(True, False, "")
    warning = (
        f"SQLite {words} may damage a store that two programs write at once. The coach keeps to one "
        "connection; open the store with nothing else while it runs. SQLite 3.51.3, 3.50.7 or 3.44.6 "
        "and newer are free of this."
    )
    return Gate(True, True, warning)
