"""Faults that the stand-in commits on order: the next calls of a method go wrong as scripted."""

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """What goes wrong: an answer instead of the true one, a lost connection, or slowness.

    `acts` says whether the method does its work all the same.
    """

    status: int = 0
    body: str | dict[str, Any] | None = None
    drops: bool = False
    acts: bool = False
    seconds: float = 0.0


def refused(code: int, description: str, **parameters: Any) -> Fault:
    """An error as Telegram words it."""
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return Fault(code, {**body, "parameters": parameters} if parameters else body)


def too_many(seconds: int) -> Fault:
    """429, with the time to wait."""
    return refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def blocked() -> Fault:
    """403: the seeker has blocked the bot."""
    return refused(403, "Forbidden: bot was blocked by the user")


def broken(code: int = 502, *, acts: bool = False, body: str = "<html>Bad Gateway</html>") -> Fault:
    """A proxy's page instead of an answer."""
    return Fault(code, body, acts=acts)


def dropped(*, acts: bool) -> Fault:
    """The connection is closed before, or after, the method did its work."""
    return Fault(drops=True, acts=acts)


def slow(seconds: float) -> Fault:
    """The method does its work at once and answers late."""
    return Fault(acts=True, seconds=seconds)


class Faults:
    """The script: per method, what the next calls come to."""

    def __init__(self) -> None:
        self._next: dict[str, deque[Fault]] = defaultdict(deque)

    def next(self, method: str, fault: Fault, times: int = 1) -> None:
        """The next `times` calls of this method go wrong."""
        self._next[method.lower()].extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        """The fault of this call."""
        waiting = self._next[method.lower()]
        return waiting.popleft() if waiting else None
