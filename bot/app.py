"""Builds everything, once: the coach on Telegram, or in a terminal. Knows everyone, does nothing."""

import logging
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.backups import folder_of
from bot.building import build
from bot.clock import StoppedClock, WallClock
from bot.coach import Coach
from bot.settings import BAD_SETTINGS, Settings
from bot.store import Store
from bot.store.driver import VERSION
from bot.store.gate import gate
from bot.terminal.channel import TerminalChannel
from bot.terminal.loop import run
from bot.terminal.talk import Talk
from bot.zones_age import tzdata_age, use_newest

LOG = logging.getLogger(__name__)


async def talk(db: Path | None, language: str, zone: str, start: datetime | None, *, plain: bool) -> int:
    """Talk in the terminal. Without a file nothing is kept; with one, the talk goes on there."""
    use_newest()
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
        await store.scrub_if_owed()
    finally:
        await store.close()
    return 0


async def try_out(host: str, port: int, start: datetime | None, log: str) -> int:
    """Serve the local Telegram with its page until told to stop; the exit code."""
    from bot.page.trying import try_out

    _log(log)
    return await try_out(host, port, start)


async def serve(settings: Settings) -> int:
    """Speak Telegram by long polling until told to stop; the exit code."""
    from bot.running import run_until_told, told_to_stop
    from bot.service import Service

    token, db = settings.telegram_bot_token, settings.twenty_minutes_db
    assert token is not None
    _log(settings.twenty_minutes_log)
    make_own_folder(db)
    use_newest()
    clock = WallClock()
    for warning in (tzdata_age(clock.now().date()).warning(), gate(VERSION).warning):
        if warning:
            LOG.warning(warning)
    script, words = build()
    store = await Store.open(db)
    service = Service(
        token.get_secret_value(), settings.telegram_api_url, script, words, store, clock, folder_of(db),
        settles=settings.settles,
    )  # fmt: skip
    try:
        return await run_until_told(service, told_to_stop())
    finally:
        await store.close()


def make_own_folder(db: Path) -> None:
    """Only our own folder is made: another one that is missing may be a disk that is not there."""
    if db == Settings.model_fields["twenty_minutes_db"].default:
        db.parent.mkdir(mode=0o700, exist_ok=True)


def _log(level: str) -> None:
    from bot.telegram.logs import guard

    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    guard()
