"""Requests that Telegram turned down for a reason that another request gets round."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.telegram.html import unmarked
from bot.telegram.outcomes import cannot_edit, cannot_parse

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """A method and its payload."""

    method: str
    payload: Mapping[str, Any]

    def number(self, result: object) -> int | None:
        """The number of the message that this request made or changed; None where there is none.

        Telegram's 0 means "accepted, will be sent later": nothing that could be edited.
        """
        told = result.get("message_id") if isinstance(result, dict) else None
        number = told if told is not None else self.payload.get("message_id")
        return number if isinstance(number, int) and number > 0 else None


def mended(request: Request, error: Exception, screen: bool, row: object) -> Request | None:
    """What to ask instead; None where nothing helps. `row` names the request in the log."""
    if cannot_parse(error) and "parse_mode" in request.payload:
        _LOG.error("outbox row %s: markup refused, sent as plain text", row)
        return _plain(request)
    if screen and request.method == "editMessageText" and cannot_edit(error):
        kept = {key: value for key, value in request.payload.items() if key != "message_id"}
        return Request("sendMessage", kept)
    return None


def _plain(request: Request) -> Request:
    payload = {key: value for key, value in request.payload.items() if key != "parse_mode"}
    for field in ("text", "caption"):
        if isinstance(payload.get(field), str):
            payload[field] = unmarked(payload[field])
    return Request(request.method, payload)
