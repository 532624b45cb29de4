"""Webhooks: updates that Telegram brings by itself, in one queue per chat or person, until they are taken."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import random
from typing import Any, Final

from bot.clock import Clock
from bot.local.delivery import Outcome, Post, post
from bot.local.methods import Act
from bot.local.refusal import Refusal
from bot.local.updates import Updates, Waiting

Json = dict[str, Any]
#: Presses have queues of their own: a text and a press of one person may arrive side by side.
_PRESSES: Final = 3 << 33
_GONE: Final = timedelta(hours=23)
_LONGEST_ASKED: Final = 3600
_LOOK: Final = 0.02
_ACTIVE: Final = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
_SET: Final = "Conflict: terminated by setWebhook request"


@dataclass
class Hook:
    """Where updates go, and what became of the last ones."""

    url: str
    secret: str
    connections: asyncio.Semaphore
    most: int
    gone_since: datetime | None = None
    failed_at: datetime | None = None
    failure: str = ""
    queues: dict[int, deque[Waiting]] = field(default_factory=lambda: defaultdict(deque))
    #: What is in a queue already; one that came twice is there twice.
    taken: set[int] = field(default_factory=set)
    tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict)

    def failed(self, told: str, now: datetime) -> None:
        """An update was not taken."""
        self.failed_at, self.failure = now, told


class Webhooks:
    """The webhook of the bot, if it has one. `post` brings updates; `chance` is of 0 to 1."""

    def __init__(
        self, clock: Clock, updates: Updates, post: Post = post, chance: Callable[[], float] = random
    ) -> None:
        self._clock, self._updates = clock, updates
        self.post, self.chance = post, chance
        self.hook: Hook | None = None
        self._running = False
        updates.on_news = self._spread
        self.table: dict[str, Act] = {
            "setwebhook": self._set,
            "deletewebhook": self._delete,
            "getwebhookinfo": self._info,
        }

    def refuse_polls(self) -> None:
        """Raises 409 while a webhook is set."""
        if self.hook is not None:
            raise Refusal(409, _ACTIVE)

    def start(self) -> None:
        """Brings updates from now on."""
        self._running = True
        self._spread()

    async def stop(self) -> None:
        """Brings none until `start`."""
        self._running = False
        await asyncio.gather(*self._rest(), return_exceptions=True)

    def wait(self, failures: int, outcome: Outcome) -> timedelta:
        """How long to wait after the nth failure in a row: nothing, 2 s, 4 s ... a minute or two."""
        if outcome.retry_after is not None:
            return timedelta(seconds=min(outcome.retry_after, _LONGEST_ASKED))
        longest = 60.0 + 60.0 * self.chance()
        return timedelta(seconds=0.0 if failures < 2 else min(2.0 ** min(failures - 1, 8), longest))

    def _set(self, params: Mapping[str, Any]) -> bool:
        self._updates.allow(params.get("allowed_updates"))
        if not params["url"]:
            return self._delete(params)
        self._delete(params)
        self._updates.end_poll(_SET)
        most = int(params.get("max_connections", 40))
        self.hook = Hook(params["url"], params.get("secret_token", ""), asyncio.Semaphore(most), most)
        self._spread()
        return True

    def _delete(self, params: Mapping[str, Any]) -> bool:
        if params.get("drop_pending_updates"):
            self._updates.drop()
        self._rest()
        self.hook = None
        return True

    def _info(self, params: Mapping[str, Any]) -> Json:
        pending, hook = len(self._updates.waiting), self.hook
        told: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": pending}
        if hook is not None:
            told |= {"url": hook.url, "max_connections": hook.most, "ip_address": "127.0.0.1"}
        if hook is not None and hook.failed_at is not None:
            told["last_error_date"] = int(hook.failed_at.timestamp())
            told["last_error_message"] = hook.failure
        if self._updates.chosen:
            told["allowed_updates"] = list(self._updates.chosen)
        return told

    def _rest(self) -> list[asyncio.Task[None]]:
        """Ends every delivery; what was not taken waits on."""
        hook = self.hook
        if hook is None:
            return []
        tasks, hook.tasks = list(hook.tasks.values()), {}
        for task in tasks:
            task.cancel()
        hook.queues.clear()
        hook.taken.clear()
        return tasks

    def _spread(self) -> None:
        """Lets each new update wait in its queue."""
        hook = self.hook
        if hook is None or not self._running:
            return
        for one in self._updates.queue:
            if id(one) not in hook.taken:
                hook.taken.add(id(one))
                key = _key(one.update)
                hook.queues[key].append(one)
                if key not in hook.tasks:
                    hook.tasks[key] = asyncio.create_task(self._bring(hook, key))

    async def _bring(self, hook: Hook, key: int) -> None:
        queue = hook.queues[key]
        while queue:
            await self._bring_one(hook, queue[0])
            hook.taken.discard(id(queue.popleft()))
        hook.tasks.pop(key, None)

    async def _bring_one(self, hook: Hook, one: Waiting) -> None:
        failures = 0
        while self._updates.keeps(one):
            async with hook.connections:
                outcome = await self.post(hook.url, hook.secret, one.update)
            if outcome.taken:
                hook.gone_since = None
                return self._updates.arrived(one)
            failures += 1
            hook.failed(outcome.told, self._clock.now())
            if self._is_closed(hook, outcome):
                self._delete({})
                return
            await self._until(self._clock.now() + self.wait(failures, outcome), one)

    def _is_closed(self, hook: Hook, outcome: Outcome) -> bool:
        """410 for nearly a day: nobody will ever be there again."""
        now = self._clock.now()
        hook.gone_since = (hook.gone_since or now) if outcome.status == 410 else None
        return hook.gone_since is not None and now - hook.gone_since > _GONE

    async def _until(self, moment: datetime, one: Waiting) -> None:
        while self._clock.now() < moment and self._updates.keeps(one):
            await asyncio.sleep(_LOOK)


def _key(update: Mapping[str, Any]) -> int:
    """The queue of an update: by person for a press, else by chat."""
    for kind, what in update.items():
        if kind == "callback_query":
            return int(what["from"]["id"]) + _PRESSES
        if isinstance(what, dict):
            whose = what.get("chat") or what.get("from") or {}
            return int(whose.get("id", 0))
    return 0
