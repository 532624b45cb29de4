"""Looks at everything an installation needs, and says what is wrong: `python -m bot doctor`."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.building import problems
from bot.clock import WallClock
from bot.doctor.files import disk, file_system, modes
from bot.doctor.finding import Finding, ok, wrong
from bot.doctor.store import backups, database, in_use, sqlite
from bot.doctor.telegram import Telegram, ask
from bot.doctor.times import clock, zones
from bot.faults import where
from bot.settings import BadSettings, Settings, read_settings
from bot.zones_age import use_newest
from conversations.content import ContentError

ENV = Path(".env")
NO_TOKEN = (
    "Open t.me/BotFather, send /newbot, and put the token it gives you into .env as TELEGRAM_BOT_TOKEN=…"
)


async def run(env_file: Path = ENV) -> int:
    """Look, and print a line for each thing; 0 where nothing is wrong, 1 otherwise."""
    use_newest()  # as the coach itself does at its start
    settings: Settings | BadSettings
    try:
        settings = read_settings(env_file)
    except BadSettings as error:
        settings = error
    found = await examine(settings, WallClock().now, env_file)
    for one in found:
        print(one)
    count = sum(one.state == "wrong" for one in found)
    print(f"{count} to mend" if count else "nothing is wrong")
    return 1 if count else 0


async def examine(
    settings: Settings | BadSettings, now: Callable[[], datetime], env_file: Path = ENV
) -> list[Finding]:
    """Everything there is to find. What cannot be read is said, and the rest is looked at all the same."""
    found, telegram = await _asked(settings, now)
    checks: list[Callable[[], Iterable[Finding]]] = [
        sqlite,
        partial(clock, now(), telegram.ahead),
        partial(zones, now().date()),
    ]
    if isinstance(settings, Settings):
        db = settings.twenty_minutes_db
        running = in_use(db)
        found += await _of_database(db, running)
        checks += [
            partial(modes, db, env_file), partial(disk, db), partial(file_system, db),
            partial(backups, db, now(), running),
        ]  # fmt: skip
    for check in (*checks, words):
        found += _found(check)
    return found


def words() -> Iterable[Finding]:
    """What authors should mend; `make check` names each."""
    try:
        count = len(problems())
    except ContentError as error:
        return [wrong("words", str(error), "Mend the file, then run: make check")]
    if count:
        return [wrong("words", f"{count} mistakes in words, situations or script.", "Run: make check")]
    return [ok("words", "all there.")]


async def _asked(
    settings: Settings | BadSettings, now: Callable[[], datetime]
) -> tuple[list[Finding], Telegram]:
    if isinstance(settings, BadSettings):
        return [wrong("settings", line) for line in str(settings).split("\n")], Telegram()
    if settings.telegram_bot_token is None:
        return [
            wrong("token", "there is none, so the coach runs on a local Telegram only.", NO_TOKEN)
        ], Telegram()
    telegram = await ask(settings.telegram_bot_token.get_secret_value(), settings.telegram_api_url, now)
    return [telegram.finding], telegram


async def _of_database(db: Path, running: bool) -> list[Finding]:
    try:
        return list(await database(db, running))
    except Exception as error:
        return [_unclear("database", error)]


def _found(check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except Exception as error:
        name = getattr(check, "func", check).__name__
        return [_unclear(str(name).replace("_", " "), error)]


def _unclear(about: str, error: Exception) -> Finding:
    says = f"could not be looked at ({where(error)})."
    return wrong(about, says, "Run it as the user the coach runs as.")
