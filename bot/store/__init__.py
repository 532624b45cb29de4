"""The store: what was received, every seeker, what is owed to them, and what is to be sent."""

from .copying import Copied, look_into
from .driver import VERSION, fingerprint
from .errors import (
    BadBackup,
    Corrupt,
    CutShort,
    DirectoryMissing,
    DiskFailed,
    Exposed,
    NewerSchema,
    NotADatabase,
    NotCopied,
    NotOurs,
    NotSaved,
    NotWritable,
    SecondName,
    SqliteTooOld,
    StoreBroken,
    StoreBusy,
    StoreClosed,
    StoreError,
)
from .gate import Gate, gate
from .replacing import RESTORED, put_in_place
from .rows import Counts, InboxRow, NudgeRow, OutboxRow, Recovered, SeekerRow, Totals, Withdrawn
from .seal import PlainSeal, Seal
from .store import Store, Transaction

__all__ = [
    "RESTORED",
    "VERSION",
    "BadBackup",
    "Copied",
    "Corrupt",
    "Counts",
    "CutShort",
    "DirectoryMissing",
    "DiskFailed",
    "Exposed",
    "Gate",
    "InboxRow",
    "NewerSchema",
    "NotADatabase",
    "NotCopied",
    "NotOurs",
    "NotSaved",
    "NotWritable",
    "NudgeRow",
    "OutboxRow",
    "PlainSeal",
    "Recovered",
    "Seal",
    "SecondName",
    "SeekerRow",
    "SqliteTooOld",
    "Store",
    "StoreBroken",
    "StoreBusy",
    "StoreClosed",
    "StoreError",
    "Totals",
    "Transaction",
    "Withdrawn",
    "fingerprint",
    "gate",
    "look_into",
    "put_in_place",
]
