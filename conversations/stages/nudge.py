"""How every nudge is made: its opening words, its own buttons, and later, skip, stop, why now."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from conversations.changes import named
from conversations.effects import Draft, Text, Value
from conversations.naming import lacks_a_name, unasked
from conversations.state import Pause, Person, Seeker, person_of
from conversations.steps import About, Change, Choose, Here, Option

LATER = timedelta(hours=20)
SOON = timedelta(hours=1)
HALF_A_DAY = timedelta(hours=12)
SYSTEM = ("later", "skip", "stop", "why")
SYSTEM_WAYS = {"skip": "nudges.skipped", "stop": "nudges.stopped", "why": "nudges.reason"}


def turn_of(here: Here) -> int:
    return len(here.seeker.nudging.said)


def lead(rule: str, **more: Value) -> Callable[[Here], Value]:
    """The one or two sentences a nudge opens with; the wording turns from nudge to nudge."""
    return lambda here: Text(f"nudges.{rule}", {**_names(here), **more}, turn_of(here))


def _names(here: Here) -> Mapping[str, Value]:
    if here.person is None:
        return {}
    by = person_of(here.seeker, here.person.named_by)
    other = other_of(here)
    return {
        **named(here),
        "introducer": by.name if by else here.person.name,
        "other": other.name if other else "",
    }


def other_of(here: Here) -> Person | None:
    """The next person to ask: never the one this nudge is about."""
    mine = here.person.id if here.person else 0
    free = (one for one in unasked(here) if one.id != mine and not lacks_a_name(here, one))
    return next(free, None)


def put_off(rule: str, by: timedelta) -> Change:
    """Not now: the same nudge comes back later, at the chosen moment."""

    def keep(here: Here, tail: str) -> Seeker:
        name = rule or here.about
        person = here.person.id if here.person else 0
        others = tuple(one for one in here.seeker.nudging.pauses if (one.rule, one.person) != (name, person))
        pause = Pause(name, person, here.moment + by)
        return replace(here.seeker, nudging=replace(here.seeker.nudging, pauses=(*others, pause)[-100:]))

    return keep


def stop(rule: str) -> Change:
    """No more nudges of this rule."""

    def keep(here: Here, tail: str) -> Seeker:
        stopped = here.seeker.nudging.stopped | {rule or here.about}
        return replace(here.seeker, nudging=replace(here.seeker.nudging, stopped=stopped))

    return keep


def _labels(options: tuple[str | Option, ...], rule: str) -> tuple[Option, ...]:
    made = []
    for one in options:
        option = Option(one) if isinstance(one, str) else one
        label = option.label or Text(f"nudges.button.{option.slug}", dict(option.values))
        made.append(replace(option, label=label))
    return tuple(made) + tuple(
        Option(name, label=Text(f"nudges.button.{name}"), about=rule if name == "why" else "")
        for name in SYSTEM
    )


def nudge(
    rule: str,
    main: Callable[[Here], tuple[str | Option, ...]] | tuple[str | Option, ...],
    then: Mapping[str, str],
    does: Mapping[str, Change] | None = None,
    *,
    says: Callable[[Here], Value] | None = None,
    draft: Callable[[Here], Draft | None] | None = None,
    below: Callable[[Here], Value | None] | None = None,
    later: timedelta = LATER,
    open_while: Callable[[Here], bool] | None = None,
    about: About = "person",
) -> Choose:
    """One rule's step: its own buttons first, then later, not this one, stop these, why now."""

    def options(here: Here) -> tuple[Option, ...]:
        return _labels(main(here) if callable(main) else main, rule)

    ways = {**then, **SYSTEM_WAYS, "later": "nudges.soon" if later < HALF_A_DAY else "nudges.later"}
    deeds = {**(does or {}), "later": put_off(rule, later), "stop": stop(rule)}
    return Choose(
        id=f"nudges.{rule}", says=says or lead(rule), draft=draft, below=below, options=options,
        then=ways, does=deeds, anytime=True, fits=open_while, about=about,
    )  # fmt: skip
