"""Looks at the files beside the coach: who may read them, how much room there is, on what disk."""

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.backups import folder_of
from bot.doctor.finding import Finding, note, ok, wrong

ROOM = 200_000_000
TIMES = 3  # the store, its log, and a backup that is being made
MOUNTS = Path("/proc/self/mountinfo")
FAR_AWAY = frozenset(
    {
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse", "fuseblk", "virtiofs", "fakeowner", "ceph",
        "glusterfs", "afs", "lustre", "beegfs", "gpfs", "ocfs2", "vboxsf", "prl_fs", "ncpfs",
    }
)  # fmt: skip
MOVE = "Let TWENTY_MINUTES_DB name a file on a disk of this machine, and move the file there."


def modes(db: Path, env_file: Path) -> Iterable[Finding]:
    """Nobody else on this machine may read what seekers wrote, nor the token."""
    exposed = sorted(
        str(one) for one in _private(db, env_file) if one.exists() and one.stat().st_mode & 0o077
    )
    for one in exposed:
        mode = "700" if Path(one).is_dir() else "600"
        yield wrong("files", f"others on this machine may read {one}.", f"Run: chmod {mode} {one}")
    if not exposed:
        yield ok("files", "nobody else on this machine may read them.")


def _private(db: Path, env_file: Path) -> Iterator[Path]:
    yield env_file
    real = Path(os.path.realpath(db))
    for end in ("", "-wal", "-shm", ".restoring", ".history"):
        yield real.with_name(real.name + end)
    yield from real.parent.glob(f"{real.name}.before-restore-*")
    folder = folder_of(real)
    yield folder
    if folder.is_dir():
        yield from folder.iterdir()


def disk(db: Path, room: int = ROOM) -> Iterable[Finding]:
    """Room for the store, its log and a backup."""
    folder = _present(db)
    size = db.stat().st_size if db.exists() else 0
    needed, free = max(room, TIMES * size), shutil.disk_usage(folder).free
    if free < needed:
        says = f"{_mb(free)} are free at {folder}, and the coach needs {_mb(needed)}."
        return [wrong("disk", says, "Make room there, or move the database to a larger disk.")]
    return [ok("disk", f"{_mb(free)} are free.")]


def file_system(db: Path, mounts: Path = MOUNTS) -> Iterable[Finding]:
    """SQLite's log is shared memory: on a network's file system a crash may damage the store."""
    try:
        table = mounts.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return [note("file system", "this machine does not say which it is; a network's would not be safe.")]
    kind = _kind(table, _present(db))
    if kind in FAR_AWAY or kind.startswith("fuse."):
        return [wrong("file system", f"{db} lies on {kind}, where SQLite is not safe.", MOVE)]
    return [ok("file system", f"{kind or 'not known'}.")]


def _kind(table: str, folder: Path) -> str:
    """The type of the innermost mount that holds the folder; of two at one place, the later."""
    longest, kind = -1, ""
    for line in table.splitlines():
        first, _, second = line.partition(" - ")
        fields = first.split()
        if len(fields) < 5 or not second:
            continue
        point = Path(_unescaped(fields[4]))
        if folder.is_relative_to(point) and len(point.parts) >= longest:
            longest, kind = len(point.parts), second.split()[0]
    return kind


def _unescaped(path: str) -> str:
    for code, sign in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        path = path.replace(code, sign)
    return path


def _present(db: Path) -> Path:
    """The folder of the database, or of those around it the nearest that exists."""
    folder = Path(os.path.realpath(db)).parent
    return next(one for one in (folder, *folder.parents) if one.is_dir())


def _mb(count: int) -> str:
    return f"{count // 1_000_000} MB"
