"""What can be typed after `python -m bot`, and how each command ends."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from bot.backups import folder_of
from bot.clock import BUILT, WallClock
from bot.page.address import HOST, refusal_of
from bot.settings import BAD_SETTINGS, BadSettings, Settings, read_settings
from bot.store import NotSaved, StoreBusy, StoreError
from conversations.content import ContentError

BUSY = 75  # EX_TEMPFAIL of sysexits.h: somebody else has the store
NO_TOKEN = (
    "There is no TELEGRAM_BOT_TOKEN, so the coach runs on a local Telegram. For the real one: open "
    "t.me/BotFather, send /newbot, and put the token it gives you into a file .env as "
    "TELEGRAM_BOT_TOKEN=…"
)


def main(words: Sequence[str] | None = None) -> int:
    """Run a command; the exit code. Every error an operator can cause names its remedy."""
    given = _parser().parse_args(words)
    try:
        result = given.call(given)
    except (BadSettings, ContentError) as error:
        print(error, file=sys.stderr)
        return BAD_SETTINGS
    except StoreError as error:
        print(error, file=sys.stderr)
        return BUSY if isinstance(error, (StoreBusy, NotSaved)) else BAD_SETTINGS
    except KeyboardInterrupt:
        return 0
    assert isinstance(result, int)
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Twenty Minutes, the coach.")
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="speak Telegram; without a token, the local one in a browser")
    run.set_defaults(call=_run, host=HOST, open_to="", port=0, start=None)
    _add_trying(commands)
    _add_care(commands)
    check = commands.add_parser("check", help="look for mistakes in words, situations and script")
    check.add_argument("--fix", action="store_true", help="write the files that are made from others")
    check.set_defaults(call=_check)
    aloud = commands.add_parser("drafts", help="print every kind of draft, to be read aloud")
    aloud.add_argument("--language", default="en", metavar="CODE", help="such as es")
    aloud.set_defaults(call=_aloud)
    language = commands.add_parser("language", help="begin a new language")
    language.add_argument("code", metavar="CODE", help="such as pt, pt_BR or fr@tu")
    language.set_defaults(call=_language)
    return parser


def _add_trying(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    trying = commands.add_parser("try", help="try the coach on a local Telegram, in a browser")
    trying.add_argument("--host", default=HOST, metavar="ADDRESS", help="where the page is served")
    trying.add_argument("--open-to", default="", metavar="ADDRESS", help="say that others may reach it")
    trying.add_argument("--port", type=_port, default=0, help="8020, or a free one where that is taken")
    trying.set_defaults(call=_try)
    talk = commands.add_parser("talk", help="talk with the coach in this terminal")
    talk.add_argument("--db", type=Path, metavar="FILE", help="keep everything in this file")
    talk.add_argument("--language", default="", metavar="CODE", help="begin in this language")
    talk.add_argument("--zone", default="UTC", type=_zone, metavar="IANA", help="where you are")
    talk.add_argument("--plain", action="store_true", help="no colour, no line editing")
    talk.set_defaults(call=_talk)
    for one in (trying, talk):
        one.add_argument("--start", type=_moment, metavar="ISO-TIME", help="what time it is to begin with")


def _add_care(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    doctor = commands.add_parser("doctor", help="say what is wrong with this installation")
    doctor.set_defaults(call=_doctor)
    backup = commands.add_parser("backup", help="copy everything the coach keeps, while it is stopped")
    backup.set_defaults(call=_backup)
    restore = commands.add_parser("restore", help="put a backup in the place of what the coach keeps")
    restore.add_argument("file", nargs="?", default="newest", metavar="FILE", help="the newest, if none")
    restore.set_defaults(call=_restore)


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise argparse.ArgumentTypeError(f"{name} is not a time zone; write one like America/Chicago")
    return name


def _port(words: str) -> int:
    if not words.isascii() or not words.isdigit() or not 0 <= int(words) < 65536:
        raise argparse.ArgumentTypeError(f"{words} is not a port; write a number from 1 to 65535")
    return int(words)


def _moment(words: str) -> datetime:
    try:
        return datetime.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{words} is not a moment; write 2026-12-01T09:00") from None


def _run(given: argparse.Namespace) -> int:
    settings = read_settings()
    if settings.telegram_bot_token is None:
        print(NO_TOKEN, file=sys.stderr)
        return _try(given)
    return asyncio.run(_telegram(settings))


def _try(given: argparse.Namespace) -> int:
    from bot.app import try_out

    refusal = refusal_of(given.host, given.open_to)
    if refusal:
        print(refusal, file=sys.stderr)
        return BAD_SETTINGS
    start = given.start if given.start is None else given.start.astimezone()
    if start is not None and start < BUILT:
        print(f"The coach trusts no clock before {BUILT:%Y-%m-%d}; begin later than that.", file=sys.stderr)
        return BAD_SETTINGS
    return asyncio.run(try_out(given.host, given.port, start, read_settings().twenty_minutes_log))


async def _telegram(settings: Settings) -> int:
    from bot.app import serve  # imports telegram, which a terminal never needs

    return await serve(settings)


def _talk(given: argparse.Namespace) -> int:
    from bot.app import talk

    start = given.start
    if start is not None and start.tzinfo is None:
        start = start.replace(tzinfo=ZoneInfo(given.zone))
    return asyncio.run(talk(given.db, given.language, given.zone, start, plain=given.plain))


def _doctor(given: argparse.Namespace) -> int:
    from bot.doctor import run

    return asyncio.run(run())


def _backup(given: argparse.Namespace) -> int:
    from bot.restoring import backup

    db = read_settings().twenty_minutes_db
    return _told(asyncio.run(backup(db, folder_of(db), WallClock().now())))


def _restore(given: argparse.Namespace) -> int:
    from bot.restoring import restore

    db = read_settings().twenty_minutes_db
    return _told(asyncio.run(restore(db, given.file, folder_of(db), WallClock().now())))


def _told(lines: Sequence[str]) -> int:
    for line in lines:
        print(line)
    return 0


def _language(given: argparse.Namespace) -> int:
    from bot.catalogs import begin
    from bot.content import load

    print(f"Fill in {begin(given.code, load().entries)}, and run make check.")
    return 0


def _aloud(given: argparse.Namespace) -> int:
    from bot.aloud import drafts
    from bot.building import build

    script, words = build()
    for lines in drafts(script, words, given.language):
        print(lines)
    return 0


def _check(given: argparse.Namespace) -> int:
    from bot.building import problems
    from bot.handbook import fix

    if given.fix:
        for path in fix():
            print(f"written: {path}")
    found = problems()
    for one in found:
        print(one)
    print(f"{len(found)} problems" if found else "no problems")
    return 1 if found else 0
