"""Between what a channel wants sent and the rows of the outbox."""

import json

from bot.channel import Outgoing
from bot.store import OutboxRow


def to_row(one: Outgoing, chat: int, seeker: int | None, turn: int) -> OutboxRow:
    """A request as a row that waits to be sent."""
    return OutboxRow(
        chat=chat,
        method=one.method,
        payload=json.dumps(one.payload, ensure_ascii=False),
        kind=one.kind,
        seeker=seeker,
        file=one.file or None,
        file_name=one.file_name,
        screen=one.screen,
        lasting=one.lasting,
        turn=turn,
        not_after=one.until,
    )
