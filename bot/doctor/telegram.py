"""Asks Telegram who we are: whether the token is known, and what time it is there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.doctor.finding import Finding, ok, wrong
from bot.telegram.client import make_bot
from bot.telegram.outcomes import TokenRefused, judge
from bot.telegram.request import AioRequest, Patience

SECONDS = 5.0
NEW_TOKEN = "Get a new one from t.me/BotFather (/token), and put it into .env as TELEGRAM_BOT_TOKEN=…"
NETWORK = "Look at this machine's network, at HTTPS_PROXY, and at TELEGRAM_API_URL if it is set."
UNKNOWN = ok("token", "not asked after.")


@dataclass(frozen=True)
class Telegram:
    """What came of asking: about the token, and how far our clock is ahead of Telegram's, if heard."""

    finding: Finding = UNKNOWN
    ahead: timedelta | None = None


async def ask(token: str, api: str, now: Callable[[], datetime], seconds: float = SECONDS) -> Telegram:
    """getMe, once, and not for long."""
    ahead: list[timedelta] = []
    patience = Patience(seconds, seconds, seconds, seconds, seconds)
    request = AioRequest(1, patience, lambda date: ahead.append(now() - date))
    bot = make_bot(token, f"{api}/bot", request, request)
    try:
        me = await bot.call("getMe")
        finding = ok("token", f"Telegram knows it, as @{me['username']}.")
    except Exception as error:
        finding = _failed(error)
    finally:
        await bot.close_connections()
    return Telegram(finding, *ahead[-1:])


def _failed(error: Exception) -> Finding:
    try:
        outcome = judge(error, "getMe")
    except TokenRefused:
        return wrong("token", "Telegram does not know it.", NEW_TOKEN)
    if outcome.wait is not None:
        return ok("token", "Telegram knows it, and asks us to wait.")
    return wrong("token", f"Telegram cannot be reached ({outcome.reason}).", NETWORK)
