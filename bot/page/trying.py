"""Runs the coach, unchanged, against a local Telegram with a page: everything in one process."""

import errno
import sys
from collections.abc import Mapping
from datetime import datetime
from secrets import token_urlsafe
from typing import Any, Final

from bot.building import build
from bot.clock import WallClock
from bot.local.server import StandIn
from bot.page.acts import Acts
from bot.page.address import LOCAL
from bot.page.passing import Passage
from bot.page.scene import Scene
from bot.page.site import Site
from bot.running import run_until_told, told_to_stop
from bot.service import Service
from bot.settings import BAD_SETTINGS
from bot.store import Store
from bot.words import Words
from bot.zones_age import use_newest

PORT: Final = 8020
NOT_SERVED: Final = (
    "The page cannot be served at {host}, port {port} ({reason}). Name a port that is free, or an address of "
    "this machine: python -m bot try --host 127.0.0.1 --port 8021"
)
STARTED: Final = """
Open this address in a browser:  {address}/

The coach runs there on a local Telegram, for trying and testing: no token, nothing leaves this
machine, and nothing is kept when it ends. Ctrl-C ends it. `make talk` talks here, in the terminal.
"""


async def try_out(host: str, port: int, start: datetime | None) -> int:
    """Serve the page and run the coach until told to stop; the exit code.

    The port that is usual gives way to a free one where it is taken; one that was asked for does not.
    Everything is in memory: nothing is left behind, however it ends.
    """
    use_newest()
    clock = WallClock()
    if start is not None:
        clock.set(start)
    script, words = build(pseudo=True)
    try:
        standin, passage = await _opened(clock, words, host, port)
    except OSError as error:
        print(NOT_SERVED.format(host=host, port=port or PORT, reason=_reason(error)), file=sys.stderr)
        return BAD_SETTINGS
    stop = told_to_stop()
    print(STARTED.format(address=standin.address), flush=True)
    store = await Store.open(":memory:")
    service = Service(standin.token, standin.address, script, words, store, clock)
    passage.begin(service, store)
    try:
        return await run_until_told(service, stop)
    finally:
        passage.end()
        await standin.close()
        await store.close()


async def _opened(clock: WallClock, words: Words, host: str, port: int) -> tuple[StandIn, Passage]:
    try:
        return await opened(clock, words, host, port or PORT)
    except OSError as error:
        if port or error.errno != errno.EADDRINUSE:
            raise
        return await opened(clock, words, host, 0)


async def opened(clock: WallClock, words: Words, host: str, port: int) -> tuple[StandIn, Passage]:
    """A local Telegram with its page, and its time; on a free port for 0. Raises OSError.

    The token is a new one each time: another page in the same browser can reach the Bot API here, too.
    """
    standin = StandIn(f"123456789:{token_urlsafe(26)}", clock=clock, host=host, port=port)
    scene = Scene(standin)
    passage = Passage(scene, clock)
    languages = dict(words.languages)

    async def extra() -> Mapping[str, Any]:
        due = await passage.next_due()
        return {"clock": {"now": clock.now().timestamp(), "next_due": due.timestamp() if due else None},
                "languages": languages}  # fmt: skip

    hosts = frozenset((host, *LOCAL))
    standin.serve_beside(Site(scene, Acts(scene, passage, languages), extra, hosts).routes)
    await standin.open()
    return standin, passage


def _reason(error: OSError) -> str:
    return (error.strerror or "it is no address of this machine").lower()
