"""Flood limits: about one message a second in a chat, and thirty a second to people who did not ask."""

import math
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.local.refusal import Refusal
from bot.local.world import Chat

#: What counts; answers to taps and questions do not.
COUNTED: Final = frozenset(
    {"sendmessage", "senddocument", "editmessagetext", "editmessagereplymarkup", "deletemessage"}
)


@dataclass(frozen=True)
class Limits:
    """`per_second` messages in one chat after a `burst`; `bulk` a second to all `quiet` chats together.

    A chat is quiet where the person has written nothing for `quiet` seconds. Telegram does not
    publish its figures; these are what its FAQ says. `hold`: seconds a 429 asks for at least.
    """

    burst: int = 5
    per_second: float = 1.0
    bulk: int = 30
    quiet: float = 60.0
    hold: int = 1


#: For tests that are about something else and whose clock stands still.
NONE: Final = Limits(burst=10**9, bulk=10**9)


@dataclass
class _Bucket:
    left: float
    at: datetime


@dataclass
class Flood:
    """Counts what was sent, and refuses what is too much. `refusals`: how often it did."""

    limits: Limits = field(default_factory=Limits)
    refusals: int = 0
    bulk_refusals: int = 0
    _chats: dict[int, _Bucket] = field(default_factory=dict)
    _bulk: deque[datetime] = field(default_factory=deque)

    def pass_(self, method: str, chat: Chat, now: datetime) -> None:
        """Lets a request through, or raises 429 with the seconds to wait."""
        if method.lower() not in COUNTED:
            return
        bucket = self._filled(chat.id, now)
        if bucket.left < 1.0:
            raise self._refusal((1.0 - bucket.left) / self.limits.per_second)
        if self._is_quiet(chat, now):
            self._pass_bulk(now)
        bucket.left -= 1.0

    def _filled(self, chat: int, now: datetime) -> _Bucket:
        bucket = self._chats.setdefault(chat, _Bucket(self.limits.burst, now))
        gained = max(0.0, (now - bucket.at).total_seconds()) * self.limits.per_second
        bucket.left, bucket.at = min(self.limits.burst, bucket.left + gained), now
        return bucket

    def _is_quiet(self, chat: Chat, now: datetime) -> bool:
        return chat.heard_at is None or now - chat.heard_at > timedelta(seconds=self.limits.quiet)

    def _pass_bulk(self, now: datetime) -> None:
        while self._bulk and now - self._bulk[0] >= timedelta(seconds=1):
            self._bulk.popleft()
        if len(self._bulk) >= self.limits.bulk:
            self.bulk_refusals += 1
            raise self._refusal(1.0 - (now - self._bulk[0]).total_seconds())
        self._bulk.append(now)

    def _refusal(self, seconds: float) -> Refusal:
        self.refusals += 1
        wait = max(self.limits.hold, math.ceil(seconds))
        return Refusal(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})
