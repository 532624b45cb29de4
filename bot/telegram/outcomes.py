"""What became of a request: sent, not sent, refused, or unsure; every error sorted once."""

from dataclasses import dataclass
from datetime import timedelta
from re import search
from typing import Final, Literal

from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
)

from bot.channel import HARMLESS_TWICE

Kind = Literal["sent", "not_sent", "refused", "unsure"]

LONGEST_WAIT: Final = 3600.0
USUAL_WAIT: Final = 5.0
# An edit that stays unsure for so long holds up its chat; better it is reported.
REPEATS: Final = 8
# By name: the request layer tells nothing else, and httpx, another layer, is sorted alike.
# All of these are raised before a connection is had. Whatever happens on a connection is unsure,
# also where a kept-alive one turns out to be closed: who knows what the other side read.
_NEVER_LEFT: Final = frozenset(
    {
        "ConnectionTimeoutError", "ClientConnectorError", "ClientConnectorDNSError",
        "ClientSSLError", "ClientConnectorSSLError", "ClientConnectorCertificateError",
        "ClientProxyConnectionError", "ClientHttpProxyError",
        "InvalidUrlClientError", "NonHttpUrlClientError", "ShutDown",
        "ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol",
        "ConnectionRefusedError", "gaierror",
    }
)  # fmt: skip
_SETTLED: Final = ("message is not modified", "query is too old", "query id is invalid")
_GONE: Final = (
    "bot was blocked",
    "user is deactivated",
    "chat not found",
    "can't initiate conversation",
    "bot was kicked",
)
_NO_EDIT: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)


class TokenRefused(Exception):
    """Telegram does not know the token: the run must stop, and the operator must look."""


@dataclass(frozen=True)
class Outcome:
    """How one request ended. `wait`: seconds Telegram asked for. `reason` holds no contents."""

    kind: Kind
    reason: str = ""
    wait: float | None = None
    gone: bool = False
    message: int | None = None


def judge(error: Exception, method: str = "") -> Outcome:
    """Sorts an error of `Client.call`. Raises TokenRefused for a token nobody knows."""
    # BadRequest and TimedOut are NetworkErrors in PTB, so the narrow classes are asked first.
    if isinstance(error, InvalidToken | EndPointNotFound):
        raise TokenRefused("Telegram refused the token") from None
    if (wait := wait_of(error)) is not None:
        return Outcome("not_sent", "too many requests", wait=wait)
    if isinstance(error, ChatMigrated):
        return Outcome("refused", "chat migrated")
    if isinstance(error, BadRequest | Forbidden):
        return _turned_down(error, method)
    if any(type(cause).__name__ in _NEVER_LEFT for cause in _causes(error)):
        return Outcome("not_sent", _names(error))
    unreadable = any(type(cause).__name__ == "UnicodeEncodeError" for cause in _causes(error))
    if unreadable or says(error, "request entity too large"):
        return Outcome("refused", _names(error))
    return Outcome("unsure", _names(error))


def again(outcome: Outcome, method: str, tries: int) -> Outcome:
    """What was unsure and may be done twice counts as not sent, a few times."""
    if outcome.kind == "unsure" and method in HARMLESS_TWICE and tries < REPEATS:
        return Outcome("not_sent", outcome.reason)
    return outcome


def wait_of(error: Exception) -> float | None:
    """Seconds to wait after a 429, at most an hour; None for any other error."""
    if isinstance(error, RetryAfter):
        asked = error.retry_after
        seconds = asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
        return min(max(seconds, 0.0), LONGEST_WAIT)
    if isinstance(error, OverflowError):
        return LONGEST_WAIT
    if says(error, "too many requests"):
        found = search(r"retry after (\d{1,9})", str(error))
        return min(float(found[1]), LONGEST_WAIT) if found else USUAL_WAIT
    return None


def says(error: Exception, *texts: str) -> bool:
    """Whether the error's description holds one of the texts; PTB changes their case."""
    said = str(error).lower()
    return any(text in said for text in texts)


def cannot_edit(error: Exception) -> bool:
    """Whether the message to edit is gone or of another kind."""
    return isinstance(error, BadRequest) and says(error, *_NO_EDIT)


def cannot_parse(error: Exception) -> bool:
    """Whether our markup was faulty."""
    return isinstance(error, BadRequest) and says(error, "can't parse entities")


def _turned_down(error: Exception, method: str) -> Outcome:
    if says(error, *_SETTLED):
        return Outcome("sent", reason_of(error))
    if method == "editMessageReplyMarkup" and cannot_edit(error):
        return Outcome("sent", reason_of(error))
    return Outcome("refused", reason_of(error), gone=says(error, *_GONE))


def reason_of(error: Exception) -> str:
    """The description up to its first colon: what follows may quote the message."""
    said = str(error).removeprefix("Forbidden: ").split(":")[0]
    return said[:80].lower()


def _causes(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = [error]
    while (cause := chain[-1].__cause__) is not None and len(chain) < 10:
        chain.append(cause)
    return chain


def _names(error: BaseException) -> str:
    return " < ".join(type(cause).__name__ for cause in _causes(error)[:2])
