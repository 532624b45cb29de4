"""Stores with seekers in them, to begin with."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from bot.building import build
from bot.planning import planned
from bot.store import SeekerRow, Store
from bot.words import Words
from conversations import Script, Seeker
from conversations.saving import FORMAT, dump


@cache
def built() -> tuple[Script, Words]:
    """The conversation and its words, read once in this process."""
    return build()


async def keep(path: Path, script: Script, seekers: Mapping[int, Seeker], now: datetime) -> None:
    """A store with these seekers, and with what is owed to them."""
    store = await Store.open(path)
    numbers = list(seekers)
    for first in range(0, len(numbers), 500):
        some = numbers[first : first + 500]
        async with store.transaction() as t:
            await t.save_seekers([_row(one, seekers[one], now) for one in some])
            await t.replace_plans({one: planned(script, seekers[one], now) for one in some})
    await store.close()


def _row(number: int, seeker: Seeker, now: datetime) -> SeekerRow:
    """Somebody who has written once: message 1 of their chat is known."""
    return SeekerRow(number, number, seeker.turn, FORMAT, dump(seeker), now, newest=1)
