"""Faults that the local Telegram commits on order: answers, silences and lost connections."""

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """What goes wrong: an answer instead of the true one, a lost connection, or slowness.

    `acts` says whether the method does its work all the same; `silent`: no answer ever comes.
    """

    status: int = 0
    body: str | dict[str, Any] | None = None
    drops: bool = False
    acts: bool = False
    seconds: float = 0.0
    silent: bool = False


#: All goes well.
NONE = Fault(acts=True)


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


def empty(*, acts: bool = False) -> Fault:
    """200, and nothing in it."""
    return Fault(200, "", acts=acts)


def dropped(*, acts: bool) -> Fault:
    """The connection is lost before, or after, the method did its work."""
    return Fault(drops=True, acts=acts)


def slow(seconds: float) -> Fault:
    """The method does its work at once and answers late."""
    return Fault(acts=True, seconds=seconds)


def black_hole(*, acts: bool = False) -> Fault:
    """Whoever asks waits for ever."""
    return Fault(silent=True, acts=acts)


class Faults:
    """The script: per method, what the next calls come to; a method `*` means every one."""

    def __init__(self) -> None:
        self._next: dict[str, deque[Fault]] = defaultdict(deque)
        self._always: dict[str, Fault] = {}

    def next(self, method: str, fault: Fault, times: int = 1) -> None:
        """The next `times` calls of this method go wrong."""
        self._next[method.lower()].extend([fault] * times)

    def always(self, method: str, fault: Fault) -> None:
        """Every call of this method goes wrong, until `clear`."""
        self._always[method.lower()] = fault

    def clear(self) -> None:
        """From now on all goes well."""
        self._next.clear()
        self._always.clear()

    def standing(self, method: str) -> Fault:
        """What every call of this method comes to at this moment."""
        return self._always.get(method.lower()) or self._always.get("*") or NONE

    def take(self, method: str) -> Fault | None:
        """The fault of this call."""
        for name in (method.lower(), "*"):
            if waiting := self._next.get(name):
                return waiting.popleft()
            if name in self._always:
                return self._always[name]
        return None
