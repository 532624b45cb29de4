"""The one place that looks at the clock; everything else is told the time."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

#: No clock of a coach with this code can be right before that.
BUILT = datetime(2026, 11, 22, tzinfo=UTC)
#: How far our clock may be from Telegram's, before nobody should rely on it.
SKEW = timedelta(minutes=5)


class Clock(Protocol):
    """Says what time it is, in UTC."""

    def now(self) -> datetime:
        """The moment, aware."""


class WallClock:
    """The clock of this machine, moved by what was let pass."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        """The moment, aware."""
        return datetime.now(UTC) + self._ahead

    def set(self, moment: datetime) -> None:
        """Let it be this moment; the clock goes on from there."""
        self._ahead += moment - self.now()


class StoppedClock:
    """A clock that moves only when it is told to: for transcripts and tests."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """The moment, aware."""
        return self._moment

    def set(self, moment: datetime) -> None:
        """Let it be this moment."""
        self._moment = moment.astimezone(UTC)
