"""What can go wrong with the store, each with the words an operator reads and the remedy."""

from typing import ClassVar


class StoreError(Exception):
    """The store cannot be used. The message names the file and says what to do."""

    words: ClassVar[str] = "The store {file} cannot be used."

    def __init__(self, file: str, **values: object) -> None:
        super().__init__(self.words.format(file=file, **values))
        self.file = file


class DirectoryMissing(StoreError):
    """The directory of the file does not exist. It is never created: it may be a missing disk."""

    words = "There is no directory for the store {file}. Create it, or mount its disk, and start again."


class NotWritable(StoreError):
    """The file or its directory refuses to be written."""

    words = (
        "The store {file} cannot be written. Let this user write the file and its directory, and start again."
    )


class Exposed(StoreError):
    """Somebody else on the machine may read the file."""

    words = "Others on this machine may read the store {file}. Run: chmod 600 {file}"


class SecondName(StoreError):
    """The file has a hard link: the lock of one name would not protect the other."""

    words = "The store {file} has a second name (a hard link). Remove the other name and start again."


class NotADatabase(StoreError):
    """The file is something else than an SQLite database."""

    words = "{file} is not a database. Give the path of the store, or move this file away."


class NotOurs(StoreError):
    """The file is a database, of another program."""

    words = "{file} is a database of another program. Give the path of the coach's own store."


class Corrupt(StoreError):
    """SQLite found damage."""

    words = (
        "The store {file} is damaged. Put the newest good backup in its place with "
        "`python -m bot restore newest`; the damaged file is kept aside."
    )


class NewerSchema(StoreError):
    """A newer coach wrote the file. Nothing in it was changed."""

    words = (
        "The store {file} has schema {found}, and this coach knows {known} at most. "
        "Start the newer coach; nothing was changed."
    )


class StoreBusy(StoreError):
    """Another process uses the file. The command line leaves with code 75 (try again later)."""

    words = "Another process is using the store {file}. Stop it, or give this coach another store."


class SqliteTooOld(StoreError):
    """The SQLite of this machine misses what the schema needs."""

    words = "The store {file} needs SQLite 3.38 or newer, and this machine has {found}. Update Python."


class NotSaved(StoreError):
    """A write failed and was rolled back: the disk is full, it broke, or the row is not allowed."""

    words = "Nothing was saved in the store {file} ({reason}). Look at its disk and its free space."


class DiskFailed(NotSaved):
    """The disk failed under a write. What it holds now is known only after opening it anew."""

    words = "Nothing was saved in the store {file}: its disk failed ({reason}). Look at the disk."


class StoreBroken(StoreError):
    """The disk keeps failing. The coach has to end, so that somebody looks."""

    words = "The disk of the store {file} keeps failing. Look at the disk, then start again."


class NotCopied(NotSaved):
    """A backup was not written. The store itself is as it was."""

    words = "No backup was written to {file} ({reason}). Look at its disk and its free space."


class BadBackup(StoreError):
    """A backup that must not be put in place."""

    words = "The backup {file} cannot be used: {why}. Nothing was changed."


class CutShort(StoreError):
    """A restore stopped half-way: what lies there is neither the old store nor the new one."""

    words = "A restore of the store {file} was cut short. Run `python -m bot restore` once more."


class StoreClosed(StoreError):
    """The store was closed before this was asked."""

    words = "The store {file} is closed. Open it again."
