"""What the tests of the page share: the page over HTTP, its stream as it is heard, and a coach behind it.

Whoever calls `playing` runs a whole coach; with `UNHURRIED` it writes as fast as it can.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from bot.bell import Bell
from bot.clock import WallClock
from bot.local.flood import NONE
from bot.local.people import Person
from bot.local.server import StandIn
from bot.page.acts import Acts
from bot.page.address import LOCAL
from bot.page.passing import Passage
from bot.page.scene import Scene
from bot.page.site import Site
from bot.service import Service
from bot.store import Store
from bot.words import Words
from conversations import Script
from tests.telegram.test_telegram_journey import does, first_ask, monday

LANGUAGES = {"en": "English", "es": "Español"}
PATIENCE = 10.0
ENOUGH = 20.0
#: One message a second in a chat is what takes the time of a conversation.
UNHURRIED = ("bot.telegram.pacing.PER_CHAT", timedelta())
Json = dict[str, Any]


@dataclass
class Watcher:
    """Somebody who looks at the page: everything they were told, put together as a browser does."""

    response: httpx.Response
    told: list[Json] = field(default_factory=list)
    things: Json = field(default_factory=dict)

    async def hears(self) -> Json:
        """The next that is told."""
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                if line.startswith("data: "):
                    return self._takes(json.loads(line.removeprefix("data: ")))
        raise AssertionError("the stream ended")

    async def until(self, name: str) -> Any:
        """Listens until there is a thing of this name, and gives it."""
        while name not in self.things:
            await self.hears()
        return self.things[name]

    def __post_init__(self) -> None:
        self._lines = self.response.aiter_lines()

    def _takes(self, told: Json) -> Json:
        self.told.append(told)
        if told["begins"]:
            self.things.clear()
        self.things.update(told["set"])
        for name in told["gone"]:
            del self.things[name]
        return told


@dataclass
class Page:
    """The page as a browser uses it, and what lies behind it."""

    standin: StandIn
    scene: Scene
    passage: Passage
    acts: Acts
    http: httpx.AsyncClient

    @property
    def own(self) -> dict[str, str]:
        """What a browser adds to a request that this page makes."""
        return {"origin": self.standin.address, "sec-fetch-site": "same-origin"}

    async def post(self, body: bytes | str, path: str = "/acts", **headers: str) -> httpx.Response:
        """A request with this body, as the page makes it."""
        content = body.encode() if isinstance(body, str) else body
        return await self.http.post(path, content=content, headers={**self.own, **headers})

    async def does(self, act: str, /, **given: Any) -> httpx.Response:
        """An act, as the page asks for it."""
        return await self.post(json.dumps({"do": act, **given}))

    async def done(self, act: str, /, **given: Any) -> None:
        """An act that is done; fails where it is not."""
        answer = await self.does(act, **given)
        assert answer.status_code == 200, answer.text

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[Watcher]:
        """Somebody looks at the page until the block ends."""
        async with self.http.stream("GET", "/events", headers=self.own) as response:
            assert response.status_code == 200
            yield Watcher(response)

    def newcomer(self, name: str = "Dana", zone: str = "America/Chicago") -> Person:
        """A seeker with a phone."""
        return self.scene.newcomer(name, "en", zone)


@asynccontextmanager
async def page(clock: WallClock | None = None) -> AsyncIterator[Page]:
    """A page without a coach: what seekers do waits to be fetched."""
    clock = clock or WallClock()
    standin = StandIn(clock=clock, limits=NONE)
    scene = Scene(standin)
    passage = Passage(scene, clock)
    acts = Acts(scene, passage, LANGUAGES)

    async def extra() -> Mapping[str, Any]:
        return {"clock": {"now": clock.now().timestamp()}}

    standin.serve_beside(Site(scene, acts, extra, frozenset(LOCAL)).routes)
    async with standin:
        # Without certificates, which take longer to read than most of these tests.
        plain = httpx.AsyncClient(base_url=standin.address, timeout=PATIENCE, verify=False, trust_env=False)
        async with plain as http:
            yield Page(standin, scene, passage, acts, http)


@asynccontextmanager
async def playing(script: Script, words: Words, folder: Path) -> AsyncIterator[tuple[Page, Service]]:
    """A page with the real coach behind it, from a Monday morning on; put together as `try` does."""
    clock, bell, stop = monday(), Bell(), asyncio.Event()
    async with page(clock) as it:
        store = await Store.open(folder / "coach.db")
        coach = Service(it.standin.token, it.standin.address, script, words, store, clock)
        it.passage.begin(coach, store)
        task = asyncio.create_task(coach.run(bell, stop))
        try:
            yield it, coach
        finally:
            stop.set()
            assert await asyncio.wait_for(task, ENOUGH) == 0
            it.passage.end()
            bell.stop()
            await store.close()


async def dana_has_asked(page: Page) -> Person:
    """Dana has sent a first message to Maria, so the coach has something to come back to."""
    dana = await first_ask(page.standin)
    page.scene.people[dana.chat.id], page.scene.zones[dana.chat.id] = dana, "America/Chicago"
    await does(dana, "[Sent]", "Chicago")
    await does(dana, "[Chicago]", "That is all for today")
    return dana
