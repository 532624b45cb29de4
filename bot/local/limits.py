"""The limits that a field of the Bot API can have: each says what is wrong with a value."""

from collections.abc import Sequence
from dataclasses import dataclass
from re import fullmatch
from typing import Any, Protocol
from urllib.parse import urlsplit


class Limit(Protocol):
    """What a value of the right type must keep to."""

    def fault(self, value: Any) -> str | None:
        """Telegram's words for what is wrong with it, "" where those are not known; None if nothing is."""


@dataclass(frozen=True)
class Units:
    """A length in UTF-16 code units; white space alone does not count towards the least.

    `parsed` names the field beside it that says how it is marked up: markup does not count.
    """

    least: int
    most: int
    short: str = ""
    long: str = ""
    parsed: str = ""

    def fault(self, value: str) -> str | None:
        """Too short, or too long."""
        if self.least and units(value.strip()) < self.least:
            return self.short
        return self.long if units(value) > self.most else None


@dataclass(frozen=True)
class Octets:
    """A length in bytes of UTF-8."""

    least: int
    most: int
    short: str = ""
    long: str = ""

    def fault(self, value: str) -> str | None:
        """Too short, or too long."""
        size = len(value.encode())
        if size < self.least:
            return self.short
        return self.long if size > self.most else None


@dataclass(frozen=True)
class Range:
    """A number between two others, both allowed."""

    least: int
    most: int
    words: str = ""

    def fault(self, value: int) -> str | None:
        """Too small, or too large."""
        return None if self.least <= value <= self.most else self.words


@dataclass(frozen=True)
class Count:
    """How many items a list may have."""

    most: int
    words: str = ""

    def fault(self, value: Sequence[Any]) -> str | None:
        """Too many."""
        return self.words if len(value) > self.most else None


@dataclass(frozen=True)
class Grid:
    """How many buttons stand in one row, none of them empty, and how many in all."""

    row: int
    total: int
    words: str = ""

    def fault(self, value: Sequence[Sequence[Any]]) -> str | None:
        """A row that is empty or too long, or too many buttons."""
        sound = all(1 <= len(row) <= self.row for row in value)
        return None if sound and sum(map(len, value)) <= self.total else self.words


@dataclass(frozen=True)
class Distinct:
    """The buttons of a keyboard that ask for something ask under different numbers."""

    asking: str
    number: str

    def fault(self, value: Sequence[Sequence[dict[str, Any]]]) -> str | None:
        """A number twice."""
        keys = [key[self.asking][self.number] for row in value for key in row if self.asking in key]
        return "" if len(keys) != len(set(keys)) else None


@dataclass(frozen=True)
class Matching:
    """An alphabet and a form: the whole value matches a pattern."""

    pattern: str
    words: str = ""

    def fault(self, value: str) -> str | None:
        """Something else."""
        return None if fullmatch(self.pattern, value) else self.words.format(value)


@dataclass(frozen=True)
class Among:
    """One of a few words."""

    values: tuple[str, ...]
    words: str = ""

    def fault(self, value: str) -> str | None:
        """Any other."""
        return None if value in self.values else self.words


@dataclass(frozen=True)
class WebhookAddress:
    """HTTPS on one of a few ports; on the loopback anything, for local tries. Empty means none."""

    ports: tuple[int, ...]

    def fault(self, value: str) -> str | None:
        """Another address."""
        try:
            url = urlsplit(value)
            port, host = url.port, url.hostname
        except ValueError:
            return "bad webhook: Invalid webhook URL specified"
        if not value or (url.scheme in ("http", "https") and host in ("127.0.0.1", "localhost", "::1")):
            return None
        if url.scheme != "https" or not host:
            return "bad webhook: An HTTPS URL must be provided for webhook"
        if (port or 443) not in self.ports:
            return "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
        return None


def units(text: str) -> int:
    """The length in UTF-16 code units, as Telegram counts characters."""
    return len(text) + sum(sign > "\uffff" for sign in text)
