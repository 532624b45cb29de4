"""The plan: one weekly moment of the seeker's own, a place, and a first week to start from."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time

from conversations.effects import Stack, Text, Value, When
from conversations.hours import a_waking_time
from conversations.readers import some_words
from conversations.state import Plan, Seeker
from conversations.steps import HOME, Ask, Call, Choose, Fork, Here, Option, Stage

HOURS = (time(9, 0), time(10, 30), time(13, 0), time(15, 0), time(17, 30), time(19, 0))


def _show_says(here: Here) -> Text:
    plan = here.seeker.plan
    if plan is None:
        return Text("plan.show.none")
    return Text("plan.show", plan_values(here, plan))


def plan_values(here: Here, plan: Plan) -> Mapping[str, Value]:
    """The weekly moment in words: the day, the hour, the place."""
    return {
        "day": Text(f"plan.weekday.{plan.weekday}"),
        "hour": When(datetime.combine(here.now.date(), plan.at, here.now.tzinfo), "time"),
        "where": plan.where or Text("plan.anywhere"),
    }


def _show_options(here: Here) -> tuple[str, ...]:
    return ("change", "week", "remove") if here.seeker.plan else ("make", "week")


def _days(here: Here) -> tuple[Option, ...]:
    return tuple(Option("day", str(number), label=Text(f"plan.weekday.{number}")) for number in range(7))


def _pick_day(here: Here, tail: str) -> Seeker:
    old = here.seeker.plan or Plan(0, time(10, 0))
    return replace(here.seeker, plan=replace(old, weekday=int(tail), made=here.moment))


def _hours(here: Here) -> tuple[Option, ...]:
    zone = here.now.tzinfo
    return tuple(
        Option("hour", f"{one:%H%M}", label=When(datetime.combine(here.now.date(), one, zone), "time"))
        for one in HOURS
    )


def _keep_hour(here: Here, at: object) -> Seeker:
    assert isinstance(at, time)
    plan = here.seeker.plan or Plan(here.now.weekday(), at)
    return replace(here.seeker, plan=replace(plan, at=at, made=here.moment))


def _pick_hour(here: Here, tail: str) -> Seeker:
    return _keep_hour(here, time(int(tail[:2]), int(tail[2:])))


def _keep_where(here: Here, words: object) -> Seeker:
    plan = here.seeker.plan or Plan(here.now.weekday(), time(10, 0))
    return replace(here.seeker, plan=replace(plan, where=str(words)))


def _made(here: Here) -> Mapping[str, Value]:
    plan = here.seeker.plan or Plan(here.now.weekday(), time(10, 0))
    return plan_values(here, plan)


def _remove(here: Here, tail: str) -> Seeker:
    return replace(here.seeker, plan=None)


def _zone_known(here: Here) -> str:
    return "known" if here.seeker.zone else "unknown"


def _week(here: Here) -> Mapping[str, Value]:
    situation = here.script.content.situations[here.seeker.situation]
    return {"steps": Stack(tuple(Text("plan.week_line", {"step": Text(key)}) for key in situation.week))}


def _week_options(here: Here) -> tuple[str, ...]:
    return ("back_to_plan",) if here.seeker.plan else ("make",)


STAGE = Stage("plan", (
    Choose(id="plan.show", says=_show_says, options=_show_options,
           then={"make": "plan.start", "change": "plan.start", "week": "plan.week",
                 "remove": "plan.show"},
           does={"remove": _remove}),
    Fork(id="plan.start", by=_zone_known,
         ways={"known": "plan.day", "unknown": Call("settings.zone", "plan.day")}),
    Choose(id="plan.day", options=_days, then={"day": "plan.hour"}, does={"day": _pick_day}),
    Ask(id="plan.hour", reads=a_waking_time, keeps=_keep_hour, options=_hours,
        then={"hour": "plan.where"}, does={"hour": _pick_hour}),
    Ask(id="plan.where", reads=some_words, keeps=_keep_where, options=("anywhere",), place=True),
    Choose(id="plan.made", fill=_made, options=("step", "that_is_all"),
           then={"step": "home.next", "that_is_all": HOME}),
    Choose(id="plan.week", fill=_week, options=_week_options,
           then={"make": "plan.start", "back_to_plan": "plan.show"}),
))  # fmt: skip
