"""The one seam that personal text passes on its way to and from disk."""

from typing import Protocol

#: The columns that are sealed, by table. Everything else is numbers, or words of the house.
SEALED = {"inbox": ("body",), "seekers": ("body",), "outbox": ("payload", "file")}


class Seal(Protocol):
    """Closes and opens what is written to one column of one row of one owner.

    `owner` is the chat the row belongs to (a private chat is one seeker), so that a key may be
    kept per seeker. `row` is what names the row for as long as it lives: the update's id in the
    inbox, the seeker's id in seekers, the row's id in the outbox. Both may be bound into the
    sealed bytes, so that two of them cannot be swapped unseen.
    """

    def seal(self, table: str, column: str, owner: int, row: int, plain: bytes) -> bytes:
        """What is written to disk for `plain`."""

    def open(self, table: str, column: str, owner: int, row: int, sealed: bytes) -> bytes:
        """What was sealed; raises where the bytes are not what was sealed for this place."""


class PlainSeal:
    """Writes what it is given: the seal of today, until the keys come."""

    def seal(self, table: str, column: str, owner: int, row: int, plain: bytes) -> bytes:
        """The bytes themselves."""
        return plain

    def open(self, table: str, column: str, owner: int, row: int, sealed: bytes) -> bytes:
        """The bytes themselves."""
        return sealed
