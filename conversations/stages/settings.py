"""Settings: language, zone, reminders, discretion, name, situation, aim; and erasing everything."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from conversations.effects import Stack, Text, Value, When
from conversations.hours import a_waking_time
from conversations.names import own_name
from conversations.readers import a_zone
from conversations.sayings import a_field
from conversations.stages.ask import suggested_name, take_suggested
from conversations.stages.welcome import general_advice, keep_field, keep_situation, situations
from conversations.state import Person, Seeker, Talk, with_person
from conversations.steps import BACK, STAY, Ask, Call, Change, Choose, Fork, Here, Option, Stage, Tell
from conversations.times import start_of

MOMENTS = (time(8, 30), time(10, 0), time(12, 30), time(15, 0), time(17, 30), time(19, 30))


def _languages(here: Here) -> tuple[Option, ...]:
    return tuple(Option("code", code, label=name) for code, name in here.script.languages)


def _language(here: Here, tail: str) -> Seeker:
    return replace(here.seeker, language=tail, language_chosen=True)


def _zones(here: Here) -> tuple[Option, ...]:
    names = here.script.calendar.zones_of(here.seeker.country or "US")
    return tuple(
        Option("zone", str(number), label=name.rpartition("/")[2].replace("_", " "))
        for number, name in enumerate(names)
    )


def _keep_zone(here: Here, zone: object) -> Seeker:
    country = here.script.calendar.country_of(str(zone))
    return replace(here.seeker, zone=str(zone), country=country or here.seeker.country)


def _pick_zone(here: Here, tail: str) -> Seeker:
    names = here.script.calendar.zones_of(here.seeker.country or "US")
    number = int(tail)
    return _keep_zone(here, names[number]) if number < len(names) else here.seeker


def _zone_fill(here: Here) -> Mapping[str, Value]:
    zone = here.script.calendar.zone(here.seeker.zone)
    return {"time": When(here.now.astimezone(zone), "full")}


def _left_behind(here: Here) -> list[Person]:
    """Those whose talk to come is set by the clock of a place where the seeker no longer lives."""
    here = replace(here, now=here.now.astimezone(here.script.calendar.zone(here.seeker.zone)))
    return [
        one for one in here.seeker.people
        if one.talk and one.talk.zone and one.talk.zone not in (here.seeker.zone, one.zone)
        and not one.talk.met and (start := start_of(here, one.talk)) and start > here.now
    ]  # fmt: skip


def _talks_fill(here: Here) -> Mapping[str, Value]:
    lines = []
    for one in _left_behind(here)[:10]:
        start = start_of(here, one.talk)
        assert start is not None
        lines.append(Text("settings.zone_talk", {"person": one.name, "when": When(start)}))
    return {"talks": Stack(tuple(lines), gap=1)}


def _moved(here: Here, how: Callable[[Here, Talk], Talk]) -> Seeker:
    seeker = here.seeker
    for one in _left_behind(here):
        assert one.talk is not None
        seeker = with_person(seeker, replace(one, talk=how(here, one.talk)))
    return seeker


def _same_moment(here: Here, tail: str) -> Seeker:
    """The talks stay when they are, and are told by the clock of the new place."""

    def keep(here: Here, talk: Talk) -> Talk:
        start = start_of(here, talk)
        assert start is not None
        there = start.astimezone(here.script.calendar.zone(here.seeker.zone))
        moved = replace(talk, start=there.replace(tzinfo=None, fold=0), zone=here.seeker.zone)
        # The second of an hour that comes twice has no name on the clock there: the old one stays.
        return moved if start_of(here, moved) == start else talk

    return _moved(here, keep)


def _same_hour(here: Here, tail: str) -> Seeker:
    """The talks are at the same hour on the clock of the new place."""
    return _moved(here, lambda here, talk: replace(talk, zone=here.seeker.zone, agreed=here.moment))


def _moments(here: Here) -> tuple[Option, ...]:
    zone = here.now.tzinfo
    return tuple(
        Option(
            "moment",
            f"{one:%H%M}",
            label=When(datetime.combine(here.now.date(), one, zone), "time"),
        )
        for one in MOMENTS
    )


def _nudging(here: Here, **facts: Any) -> Seeker:
    return replace(here.seeker, nudging=replace(here.seeker.nudging, **facts))


def _keep_moment(here: Here, moment: object) -> Seeker:
    return _nudging(here, moment=moment)


def _pick_moment(here: Here, tail: str) -> Seeker:
    return _nudging(here, moment=time(int(tail[:2]), int(tail[2:])))


def _reminders(here: Here) -> tuple[str, ...]:
    nudging = here.seeker.nudging
    off = "all_on" if nudging.off or nudging.stopped else "all_off"
    discreet = "plain" if here.seeker.discreet else "discreet"
    return ("moment", discreet, off, "done")


def _reminders_says(here: Here) -> Text:
    nudging = here.seeker.nudging
    name = "off" if nudging.off else "some_stopped" if nudging.stopped else "on"
    at = datetime.combine(here.now.date(), nudging.moment, here.now.tzinfo)
    return Text(f"settings.reminders.{name}", {"moment": When(at, "time")})


def _discreet(value: bool) -> Change:
    def keep(here: Here, tail: str) -> Seeker:
        return replace(here.seeker, discreet=value)

    return keep


def _own_name(here: Here, name: object) -> Seeker:
    return replace(here.seeker, name=str(name))


def _gone(here: Here, tail: str) -> Seeker:
    """What is left of a seeker who erased everything: the language of the farewell."""
    return Seeker(turn=here.seeker.turn, language=here.seeker.language)


STAGE = Stage("settings", (
    Choose(id="settings.menu",
           options=("language", "zone", "reminders", "name", "situation", "aim", "privacy"),
           then={"language": Call("settings.language", "settings.menu"),
                 "zone": Call("settings.zone", "settings.menu"),
                 "reminders": "settings.reminders", "name": "settings.name",
                 "situation": "settings.situation", "aim": "settings.aim",
                 "privacy": "home.privacy"}),
    Choose(id="settings.language", options=_languages, then={"code": "settings.language_set"},
           does={"code": _language}),
    Tell(id="settings.language_set", next=BACK),
    Ask(id="settings.zone", reads=a_zone, keeps=_keep_zone, options=_zones,
        then={"zone": "settings.zone_set"}, does={"zone": _pick_zone}),
    Tell(id="settings.zone_set", fill=_zone_fill),
    Fork(id="settings.zone_talks", by=lambda here: "some" if _left_behind(here) else "none",
         ways={"some": "settings.zone_keep", "none": BACK}),
    Choose(id="settings.zone_keep", fill=_talks_fill, options=("moment", "hour"),
           fits=lambda here: bool(_left_behind(here)), otherwise="settings.menu",
           then={"moment": "settings.zone_kept", "hour": "settings.zone_kept"},
           does={"moment": _same_moment, "hour": _same_hour}),
    Tell(id="settings.zone_kept", next=BACK),
    Choose(id="settings.reminders", says=_reminders_says, options=_reminders,
           then={"moment": "settings.moment", "discreet": STAY, "plain": STAY, "all_off": STAY,
                 "all_on": STAY, "done": "settings.menu"},
           does={"discreet": _discreet(True), "plain": _discreet(False),
                 "all_off": lambda here, tail: _nudging(here, off=True),
                 "all_on": lambda here, tail: _nudging(here, off=False, stopped=frozenset())}),
    Ask(id="settings.moment", reads=a_waking_time, keeps=_keep_moment, options=_moments,
        next="settings.reminders", then={"moment": "settings.reminders"},
        does={"moment": _pick_moment}),
    Ask(id="settings.name", reads=own_name, keeps=_own_name, next="settings.saved",
        options=suggested_name, then={"as_is": "settings.saved"}, does={"as_is": take_suggested}),
    Choose(id="settings.situation", options=situations, then={"situation": "settings.saved"},
           does={"situation": keep_situation}),
    Ask(id="settings.aim", reads=a_field, keeps=keep_field, next="settings.saved",
        options=("not_yet",), hears={"unsure": "not_yet"},
        then={"not_yet": "settings.saved"}, does={"not_yet": general_advice}),
    Tell(id="settings.saved", next="settings.menu"),
    Choose(id="settings.erase", final=True, options=("keep", "erase"),
           then={"keep": BACK, "erase": "welcome.gone"}, does={"erase": _gone}),
))  # fmt: skip
