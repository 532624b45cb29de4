"""Builds everything, once: the coach on Telegram, or in a terminal. Knows everyone, does nothing."""

import asyncio
import logging
import signal
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.bell import EVERY_SECONDS, TIDY_SECONDS, Bell
from bot.building import build
from bot.clock import StoppedClock, WallClock
from bot.coach import Coach
from bot.settings import BAD_SETTINGS, Settings
from bot.store import Store
from bot.terminal.channel import TerminalChannel
from bot.terminal.loop import run
from bot.terminal.talk import Talk

LOG = logging.getLogger(__name__)


async def talk(db: Path | None, language: str, zone: str, start: datetime | None, *, plain: bool) -> int:
    """Talk in the terminal. Without a file nothing is kept; with one, the talk goes on there."""
    script, words = build()
    if language and language not in dict(words.languages):
        known = ", ".join(code for code, _ in words.languages)
        print(f"There is no language {language} yet. There are: {known}.")
        return BAD_SETTINGS
    store = await Store.open(str(db) if db else ":memory:")
    clock = StoppedClock(start) if start else WallClock()
    channel = TerminalChannel(words, language)
    coach = Coach(script, words, store, channel, clock)
    history = db.with_name(f"{db.name}.history") if db else None
    if history:
        history.touch(mode=0o600)  # names are typed there, as they are kept in the store
    try:
        await run(Talk(coach, clock, ZoneInfo(zone)), plain=plain, history=history)
    finally:
        await store.close()
    return 0


async def serve(settings: Settings) -> int:
    """Speak Telegram by long polling until told to stop; the exit code."""
    from bot.service import Service

    _log(settings.twenty_minutes_log)
    if settings.twenty_minutes_db == Settings.model_fields["twenty_minutes_db"].default:
        # Only our own folder is made: a missing one may be a disk that is not there.
        settings.twenty_minutes_db.parent.mkdir(mode=0o700, exist_ok=True)
    script, words = build()
    store = await Store.open(settings.twenty_minutes_db)
    service = Service(settings, script, words, store, WallClock())
    bell = Bell()
    bell.every(EVERY_SECONDS, service.ring)
    bell.every(TIDY_SECONDS, service.tidy)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        return await service.run(bell, stop)
    finally:
        bell.stop()
        await store.close()


def _log(level: str) -> None:
    from bot.telegram.logs import guard

    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    guard()
