"""Says of every column whose it is, whether it is exported, how it is erased, how long it stays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

#: How long rows stay once they are done: the inbox from receipt, the outbox from enqueueing.
#: A message that may or may not have arrived stays until its seeker is told, for a year at most. A
#: table that is not named here keeps its rows until they are erased or replaced.
KEPT: Mapping[str, timedelta] = {"inbox": timedelta(days=7), "outbox": timedelta(days=30)}


@dataclass(frozen=True)
class Rule:
    """The rule of one column.

    `erased`: *row*, it goes with its row when the seeker is erased; *blanked*, the row stays and
    this is emptied; *stays*, because it says nothing of anyone.
    """

    whose: Literal["seeker", "house"]
    exported: bool
    erased: Literal["row", "blanked", "stays"]
    kept: timedelta | None = None


def _rules(columns: str, rule: Rule) -> dict[str, Rule]:
    return dict.fromkeys(columns.split(), rule)


_EXPORTED = Rule("seeker", exported=True, erased="row")
_OWN = Rule("seeker", exported=False, erased="row")
_HOUSE = Rule("house", exported=False, erased="stays")
# A copy on its way: what it says is in the seeker's body, which is exported.
_PASSING = Rule("seeker", exported=False, erased="row", kept=KEPT["outbox"])
_RECEIVED = Rule("seeker", exported=False, erased="blanked", kept=KEPT["inbox"])
_KNOWN = Rule("house", exported=False, erased="stays", kept=KEPT["inbox"])

REGISTER: Mapping[str, Mapping[str, Rule]] = {
    "inbox": {
        # The numbers of an update and a press stay after an erasure, or Telegram could hand it in again.
        **_rules("id update_id tap received state tries done", _KNOWN),
        **_rules("chat body", _RECEIVED),
    },
    "seekers": {
        **_rules("id format body last_seen", _EXPORTED),
        **_rules("chat turn screen newest", _OWN),
    },
    "nudges": _rules("seeker rule person due turn", _OWN),  # worked out from the body
    "outbox": _rules(
        "id seeker chat kind method payload file file_name screen lasting turn state not_before "
        "tries message reason made settled not_after claimed after_chat after_all probes told follows",
        _PASSING,
    ),
    "counts": _rules("seeker asked answered met named", _OWN),  # worked out from the body
    "notes_of_house": _rules("key value", _HOUSE),
    "erasures": _rules("at", _HOUSE),
}


def problems(schema: Mapping[str, Iterable[str]]) -> list[str]:
    """Where the register and the schema (table: columns) disagree, each with what to write."""
    real = {(table, column) for table, columns in schema.items() for column in columns}
    ruled = {(table, column) for table, columns in REGISTER.items() for column in columns}
    return [
        f"{table}.{column} has no rule. Write in bot/store/register.py, under {table!r}: whose it "
        f"is, whether it is exported, how it is erased, how long it is kept."
        for table, column in sorted(real - ruled)
    ] + [
        f"{table}.{column} has a rule and is not in the schema. Remove it from bot/store/register.py."
        for table, column in sorted(ruled - real)
    ]
