"""Reads how much time shall pass: `3 days`, `90 minutes`, `until 2026-12-01 09:00`."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

UNITS = {"minute": "minutes", "hour": "hours", "day": "days", "week": "weeks"}
_SPAN = re.compile(r"(\d{1,5})\s+(minute|hour|day|week)s?")
LONGEST = timedelta(days=800)


class NotATime(Exception):
    """What was typed is no span and no moment; the message says how to write one."""


def passed(words: str, now: datetime, zone: tzinfo) -> datetime:
    """The moment it will be. `until` is read as a wall time in `zone`. Raises NotATime."""
    span = _SPAN.fullmatch(words.strip().lower())
    if span:
        length = timedelta(**{UNITS[span[2]]: int(span[1])})
    elif words.strip().lower().startswith("until "):
        length = _until(words.strip()[6:], zone) - now
    else:
        raise NotATime("Write /pass 3 days, /pass 90 minutes or /pass until 2026-12-01 09:00.")
    if not timedelta() < length <= LONGEST:
        raise NotATime("Time only passes forwards, and at most two years at once.")
    return now + length


def _until(words: str, zone: tzinfo) -> datetime:
    try:
        moment = datetime.fromisoformat(words.strip())
    except ValueError:
        raise NotATime("Write the moment like 2026-12-01 09:00.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
