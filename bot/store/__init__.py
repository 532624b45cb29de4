"""The store: what was received, every seeker, what is owed to them, and what is to be sent."""

from .errors import (
    Corrupt,
    DirectoryMissing,
    Exposed,
    NewerSchema,
    NotADatabase,
    NotOurs,
    NotSaved,
    NotWritable,
    SecondName,
    SqliteTooOld,
    StoreBusy,
    StoreClosed,
    StoreError,
)
from .rows import InboxRow, NudgeRow, OutboxRow, Recovered, SeekerRow, Totals
from .seal import PlainSeal, Seal
from .store import Store, Transaction

__all__ = [
    "Corrupt",
    "DirectoryMissing",
    "Exposed",
    "InboxRow",
    "NewerSchema",
    "NotADatabase",
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
    "StoreBusy",
    "StoreClosed",
    "StoreError",
    "Totals",
    "Transaction",
]
