"""Messages of a seeker that may or may not have arrived, as far as their next turn has to know."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.channel import Heard
from bot.desk import Desk
from bot.store import OutboxRow
from conversations import Seeker
from conversations.troubles import MaybeSent, Trouble

STILL_SETTLING = timedelta(minutes=5)


def is_settling(desk: Desk, number: int) -> bool:
    """Whether a nudge of theirs is being asked after: a second one would make it hard to find."""
    rows = desk.open.get(desk.rows[number].chat, ())
    fresh = desk.now - STILL_SETTLING
    return any(
        one.kind == "nudge" and one.state in ("sending", "unsure") and _since(one) > fresh for one in rows
    )


def proven(desk: Desk, heard: Heard) -> dict[int, int]:
    """A press proves that the message with this button arrived."""
    if heard.press is None or not heard.data:
        return {}
    rows = [one for one in desk.open.get(heard.chat, ()) if one.state == "unsure"]
    return {one.id: heard.press.message for one in rows if f'"{heard.data}"' in one.payload}


def untold(desk: Desk, chat: int, proven: dict[int, int]) -> list[OutboxRow]:
    """What nobody could settle in time, and the seeker does not know of."""
    rows = desk.open.get(chat, ())
    old = desk.now - STILL_SETTLING
    return [
        one for one in rows
        if not one.told and one.id not in proven
        and (one.state == "refused" or (one.state == "unsure" and _since(one) <= old))
    ]  # fmt: skip


def told_as(seeker: Seeker, doubtful: Sequence[OutboxRow]) -> list[Trouble]:
    turns = {one.turn for one in doubtful if one.kind == "nudge"}
    nudges = [(said.rule, said.person) for said in seeker.nudging.said if said.turn in turns]
    replies = [("", 0)] if any(one.kind == "reply" for one in doubtful) else []
    return [MaybeSent((*nudges, *replies))] if nudges or replies else []


def flying(desk: Desk, heard: Heard) -> list[int]:
    """The turns of nudges on their way; one whose button is pressed has arrived."""
    rows = [one for one in desk.open.get(heard.chat, ()) if one.kind == "nudge" and one.state == "sending"]
    return [one.turn for one in rows if not (heard.data and f'"{heard.data}"' in one.payload)]


def _since(row: OutboxRow) -> datetime:
    moment = row.claimed or row.made
    assert moment is not None
    return moment
