"""From the plan of a seeker to the rows that the bell looks at."""

from datetime import datetime, timedelta

from bot.store import NudgeRow
from conversations import Script, Seeker, plan
from conversations.calendar import is_quiet, out_of_quiet
from conversations.nudges import zone_of

AGAIN = timedelta(minutes=15)


def planned(script: Script, seeker: Seeker, now: datetime) -> list[NudgeRow]:
    """The soonest nudge of each rule and person; one due already waits for the morning, or a bit."""
    here = now.astimezone(zone_of(script, seeker))
    soonest = out_of_quiet(here) if is_quiet(here) else here + AGAIN
    rows: dict[tuple[str, int], NudgeRow] = {}
    for one in plan(script, seeker, now):
        due = one.due if one.due > now else soonest
        rows.setdefault((one.rule, one.person), NudgeRow(one.rule, one.person, due, seeker.turn))
    return list(rows.values())
