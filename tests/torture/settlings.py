"""T18: messages in doubt after a crash are settled, whatever Telegram or the seeker did to them meanwhile."""

import asyncio
import copy
import random
import tempfile
import time as stopwatch
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.local.faults import refused, slow
from bot.local.people import Person
from tests.fire.time_kit import owing
from tests.torture.houses import built, keep
from tests.torture.result import Result
from tests.torture.scene import SAID, Scene, person_of, scene
from tests.torture.short import MORNING, SEEN

CASES = ("as it is", "falsely not found", "deleted", "keyboard removed", "never left", "written meanwhile")
CHATS = (1001, 1002, 1003)
NOT_FOUND = refused(400, "Bad Request: message to edit not found")
ROWS = """SELECT chat, count(*) FROM outbox
WHERE state = 'sent' AND method IN ('sendMessage', 'editMessageText') GROUP BY chat"""
Json = dict[str, Any]


@dataclass
class Settled:
    """What crashes with settling came to."""

    crashes: int = 0
    in_doubt: int = 0
    most: int = 0
    missing: int = 0
    doubled: int = 0
    sent_again_after_deletion: int = 0
    wrong_edits: int = 0
    wrong: list[str] = field(default_factory=list)


async def crash(case: str, total: Settled, bad: str = "") -> None:
    """The coach is killed while nudges to two chats are under way; one thing happens; it starts again."""
    with tempfile.TemporaryDirectory() as name:
        before = Path(name) / "coach.db"
        seekers = {one: owing("America/Chicago", SEEN, [2]) for one in CHATS}
        await keep(before, built()[0], seekers, SEEN)
        async with scene(MORNING, before, people=len(CHATS)) as there:
            there.standin.faults.next("sendMessage", slow(0.25), 3)
            place = "sender.claimed:1" if case == "never left" else "sender.sent:1"
            child = await there.start(place, backups="", bad=bad)
            await child.end()
            victims = [person_of(there, one) for one in CHATS]
            deleted = _meddle(there, case, [one for one in victims if one.received()])
            shown = _keyboards(there)
            there.standin.faults.next("editMessageReplyMarkup", NOT_FOUND, case == "falsely not found")
            await there.mourn()
            await there.until(lambda: all(one.received() for one in victims), "a nudge to each")
            await there.quiet()
            assert case != "falsely not found" or _was_denied(there), "what is there was never denied"
            _judge(there, case, total, deleted, shown)


def _meddle(there: Scene, case: str, victims: list[Person]) -> set[int]:
    """What happens to what had just arrived; the chats in which it was deleted."""
    if case == "written meanwhile":
        for one in victims:
            one.types("What was that?")
    if case not in ("deleted", "keyboard removed"):
        return set()
    assert victims, "nothing had arrived that could be meddled with"
    message = next(one for one in victims[0].chat.newest() if one["from"]["is_bot"])
    if case == "keyboard removed":
        message.pop("reply_markup")
        return set()
    victims[0].deletes(message["message_id"])
    return {victims[0].chat.id}


def _was_denied(there: Scene) -> bool:
    """Whether the false answer was given, and to a question after something that is there."""
    spent = there.standin.faults.take("editMessageReplyMarkup") is None
    asked = there.standin.called("editMessageReplyMarkup")[:1]
    chats = there.standin.world.chats
    return spent and any(
        int(one.params["message_id"]) in chats[int(one.params["chat_id"])].messages for one in asked
    )


def _keyboards(there: Scene) -> dict[tuple[int, int], Json]:
    chats = there.standin.world.chats.values()
    return {(chat.id, number): copy.deepcopy(message.get("reply_markup", {}))
            for chat in chats for number, message in chat.messages.items()}  # fmt: skip


def _judge(
    there: Scene, case: str, total: Settled, deleted: set[int], shown: dict[tuple[int, int], Json]
) -> None:
    nudges = {row[0] for row in there.ask("SELECT chat FROM outbox WHERE kind = 'nudge'")}
    taken = [one for one in there.standin.calls if one.method.lower() in SAID and one.status in (0, 200)]
    drafts = Counter(int(one.params["chat_id"]) for one in taken)
    again = {chat for chat, rows in there.ask(ROWS) if drafts[chat] > rows}
    total.crashes += there.crashes
    total.most = max(total.most, there.most_in_doubt)
    total.in_doubt += there.most_in_doubt
    total.missing += len(nudges - set(drafts))
    total.doubled += len(again - deleted)
    total.sent_again_after_deletion += len(again & deleted)
    now = _keyboards(there)
    # Only the keyboard that was taken away may have come back.
    wrong = sum(now.get(key, before) != before for key, before in shown.items() if before)
    total.wrong_edits += wrong
    if wrong or nudges - set(drafts) or again - deleted or there.crashes != 1:
        total.wrong.append(case)


async def crashes(count: int, seed: int = 18) -> Settled:
    """So many crashes, each case as often."""
    chance, total = random.Random(seed), Settled()
    cases = [CASES[number % len(CASES)] for number in range(count)]
    chance.shuffle(cases)
    for case in cases:
        try:
            await crash(case, total)
        except AssertionError as error:
            total.wrong.append(f"{case}: {error}")
    return total


def t18(count: int = 300) -> Result:
    """Three hundred crashes, fifty of each case."""
    begun = stopwatch.monotonic()
    found = asyncio.run(crashes(count))
    figure = (f"{found.in_doubt} in doubt, at most {found.most} at once, {found.wrong_edits} wrong edits; "
              f"{found.sent_again_after_deletion} deleted ones again {found.wrong[:3] or ''}")  # fmt: skip
    ok = not found.wrong and found.crashes == count and found.most <= 4 and found.in_doubt >= count
    return Result("T18", "settling after a crash", found.crashes, found.missing, found.doubled, figure, ok,
                  stopwatch.monotonic() - begun)  # fmt: skip


ALL = (t18,)
