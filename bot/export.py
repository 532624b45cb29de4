"""Everything of one seeker as one file that they can read and keep."""

import json
from datetime import UTC, datetime

from conversations.counts import counts
from conversations.saving import FORMAT, dump
from conversations.state import Seeker


def export_file(seeker: Seeker, now: datetime) -> bytes:
    """The seeker as indented JSON in UTF-8, with the moment it was made and the counts."""
    told = {
        "made": now.astimezone(UTC).isoformat(timespec="seconds"),
        "format": FORMAT,
        "counts": vars(counts(seeker)),
        "seeker": json.loads(dump(seeker))["seeker"],
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode()
