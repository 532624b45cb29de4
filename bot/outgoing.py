"""Between what a channel wants sent and the rows of the outbox."""

import json
from collections.abc import Iterable

from bot.channel import Outgoing
from bot.store import OutboxRow


def to_rows(said: Iterable[Outgoing], chat: int, seeker: int | None, turn: int) -> list[OutboxRow]:
    """What one turn wants sent, in order, as rows that wait for it."""
    rows = list[OutboxRow]()
    begun = False
    for one in said:
        rows.append(_row(one, chat, seeker, turn, follows=begun and one.kind == "reply"))
        begun = begun or one.method != "answerCallbackQuery"  # which shows no words
    return rows


def _row(one: Outgoing, chat: int, seeker: int | None, turn: int, *, follows: bool) -> OutboxRow:
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
        follows=follows,
    )
