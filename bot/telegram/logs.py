"""The token and the words of seekers stay out of the log, at every level."""

import logging
from re import compile as pattern
from traceback import format_exception
from typing import Final

_TOKEN: Final = pattern(r"\d{6,}(?::|%3A)[A-Za-z0-9_-]{30,}")
_PATH: Final = pattern(r"/bot[^/\s]+/")
# An HTTP library may write addresses, with the token in them (httpx does, at INFO); PTB writes
# whole messages at DEBUG, and an answer that cannot be read, whole, at ERROR.
_QUIET: Final = {
    "aiohttp": logging.WARNING,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "telegram": logging.WARNING,
    "telegram.request.BaseRequest": logging.CRITICAL,
}


class RedactToken(logging.Filter):
    """Takes tokens out of a record: message, arguments, traceback and stack.

    Put it on handlers; a filter on a logger does not see what its children log.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True; the record is changed where it held a token."""
        said = _message_of(record)
        if (clean := redacted(said)) != said or not _formats(record):
            record.msg, record.args = clean, None
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = record.exc_text or "".join(format_exception(record.exc_info[1]))
            # A formatter that writes the traceback anew would write the token anew.
            record.exc_info = None
        if record.exc_text:
            record.exc_text = redacted(record.exc_text).rstrip("\n")
        if record.stack_info:
            record.stack_info = redacted(record.stack_info)
        return True


def redacted(text: str) -> str:
    """The text without tokens."""
    return _PATH.sub("/bot<token>/", _TOKEN.sub("<token>", text))


def guard(*handlers: logging.Handler) -> None:
    """Quietens the libraries, and puts the filter on these handlers (default: the root's)."""
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)
    for handler in handlers or logging.getLogger().handlers:
        if not any(isinstance(known, RedactToken) for known in handler.filters):
            handler.addFilter(RedactToken())


def _message_of(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:
        return f"{record.msg} {record.args}"


def _formats(record: logging.LogRecord) -> bool:
    try:
        record.getMessage()
    except Exception:
        return False
    return True
