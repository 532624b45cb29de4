"""What an operator must look at: each trouble is logged once an hour while it lasts, and its end."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

LOG = logging.getLogger(__name__)
AGAIN = timedelta(hours=1)


class Alarms:
    """The troubles of this moment, by name. `raised` says what to do about it, and never whose."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._raised: dict[str, datetime] = {}

    @property
    def names(self) -> frozenset[str]:
        """What is wrong at this moment; nothing where all is well."""
        return frozenset(self._raised)

    def raised(self, name: str, remedy: str) -> None:
        """This is wrong; the remedy is for whoever reads the log."""
        now, last = self._now(), self._raised.get(name)
        if last is None or abs(now - last) >= AGAIN:
            self._raised[name] = now
            LOG.error("%s: %s", name, remedy)

    def cleared(self, name: str) -> None:
        """This is well again, or always was."""
        if self._raised.pop(name, None) is not None:
            LOG.warning("%s: over", name)
