"""An error answer of the Bot API: a code, Telegram's words, and sometimes parameters."""

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """What was asked is not done. `parameters` holds what a program may read, such as `retry_after`."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})


def bad(description: str) -> Refusal:
    """400 with its usual beginning."""
    return Refusal(400, f"Bad Request: {description}")


class Broken(Refusal):
    """A refusal that whoever asked could have avoided: a limit or a form of the Bot API."""


def broken(description: str) -> Broken:
    """400 for a request that no state of the world would have made good."""
    return Broken(400, f"Bad Request: {description}")
