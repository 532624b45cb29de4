"""Whether the clock of a machine, and its time zones, can be relied on."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from bot.clock import BUILT, SKEW
from bot.doctor.finding import Finding, note, ok, wrong
from bot.zones_age import tzdata_age

SET_IT = "Set it: timedatectl set-ntp true. Until then no reminder is sent."


def clock(now: datetime, ahead: timedelta | None) -> Iterable[Finding]:
    """`ahead`: how far it is ahead of Telegram's; None where Telegram could not be asked."""
    if now < BUILT:
        return [wrong("clock", f"it says {now:%Y-%m-%d}, which is before this coach was made.", SET_IT)]
    if ahead is None:
        return [note("clock", "Telegram's could not be asked, so nobody can tell whether it is right.")]
    if abs(ahead) > SKEW:
        how = "ahead of" if ahead > timedelta() else "behind"
        minutes = round(abs(ahead).total_seconds() / 60)
        return [wrong("clock", f"it is {minutes} minutes {how} Telegram's.", SET_IT)]
    return [ok("clock", "the same as Telegram's.")]


def zones(today: date) -> Iterable[Finding]:
    """How old the rules of the time zones are."""
    age = tzdata_age(today)
    if warning := age.warning():
        return [wrong("time zones", warning)]
    return [ok("time zones", f"{age.version}, {age.days} days old.")]
