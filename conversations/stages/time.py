"""Setting the time: how, which day, what hour, where; read back before it counts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from conversations import letters
from conversations.changes import changed, lives_in, named, stepped, talk_changed
from conversations.days import a_moment
from conversations.effects import Day, SendCalendarFile, Stack, Text, Value, When
from conversations.hours import a_time
from conversations.readers import Unclear, a_zone, some_words
from conversations.state import MOST_NOTES, Debrief, Seeker, Sheet, Talk, Thanks
from conversations.steps import HOME, Ask, Call, Change, Choose, Fork, Here, Option, Stage
from conversations.times import QUICK_HOURS, quick_days, slots, start_of

WAYS = ("phone", "face", "video")


def _zone_known(here: Here) -> str:
    return "known" if here.seeker.zone else "unknown"


def _begin(here: Here) -> Seeker:
    """A second talk with somebody begins afresh; the words of the first stay as notes."""
    person = here.them
    if not (person.talk and person.talk.met):
        return here.seeker
    words = (person.debrief.helped, person.debrief.will_do)
    return changed(
        here, talk=Talk(minutes=person.talk.minutes), sheet=Sheet(), debrief=Debrief(), thanks=Thanks(),
        talks_before=person.talks_before + 1, notes=(*person.notes, *filter(None, words))[-MOST_NOTES:],
    )  # fmt: skip


def _day_chosen(here: Here) -> bool:
    return here.seeker.draft_day is not None and here.seeker.draft_day >= here.now.date()


def _is_unmet(here: Here) -> bool:
    return not (here.them.talk and here.them.talk.met)


def _is_to_come(here: Here) -> bool:
    start = start_of(here, here.them.talk)
    return start is not None and start > here.now


def _set_says(here: Here) -> Text:
    start = start_of(here, here.them.talk)
    soon = start is not None and start - here.now < timedelta(days=1)
    return Text("time.set.soon" if soon else "time.set", _when(here))


def _way(way: str) -> Change:
    def keep(here: Here, tail: str) -> Seeker:
        return talk_changed(here, way=way)

    return keep


def _days(here: Here) -> tuple[str | Option, ...]:
    days = tuple(Option("day", one.isoformat(), label=Day(one, "short")) for one in quick_days(here))
    return (*days, "offer", "not_yet")


def _pick_day(here: Here, tail: str) -> Seeker:
    return replace(here.seeker, draft_day=date.fromisoformat(tail))


def _keep_moment(here: Here, found: object) -> Seeker:
    assert isinstance(found, tuple)
    day, wall = found
    if wall is None:
        return replace(here.seeker, draft_day=day)
    return _at(here, day, wall)


def _at(here: Here, day: date, wall: time) -> Seeker:
    start, zone = datetime.combine(day, wall), here.seeker.zone or "UTC"
    seeker = talk_changed(here, start=start, zone=zone, agreed=None)
    return replace(seeker, draft_day=None)


def _after_day(here: Here) -> str:
    return "hour" if here.seeker.draft_day else "confirm"


def _hour_fill(here: Here) -> Mapping[str, Value]:
    return {"day": Day(here.seeker.draft_day or here.now.date())}


def _hours(here: Here) -> tuple[Option, ...]:
    return tuple(
        Option("hour", f"{one:%H%M}", label=When(_moment(here, one), "time")) for one in QUICK_HOURS
        if _moment(here, one) > here.now
    )  # fmt: skip


def _moment(here: Here, wall: time) -> datetime:
    return datetime.combine(here.seeker.draft_day or here.now.date(), wall, here.now.tzinfo)


def _read_hour(here: Here, words: str) -> time:
    wall = a_time(here, words)
    if _moment(here, wall) <= here.now:
        raise Unclear("unclear.past")
    return wall


def _keep_hour(here: Here, wall: object) -> Seeker:
    assert isinstance(wall, time)
    return _at(here, here.seeker.draft_day or here.now.date(), wall)


def _pick_hour(here: Here, tail: str) -> Seeker:
    return _keep_hour(here, time(int(tail[:2]), int(tail[2:])))


def _when(here: Here) -> Mapping[str, Value]:
    start = start_of(here, here.them.talk)
    return {
        **named(here),
        "when": When(start or here.now),
        "minutes": (here.them.talk or Talk()).minutes,
    }


def _where(here: Here, words: object) -> Seeker:
    return talk_changed(here, where=str(words))


def _set(here: Here) -> Seeker:
    return stepped(here, talk_changed(here, confirmed=None, agreed=here.moment, freed=None))


def calendar_file(here: Here) -> tuple[SendCalendarFile, ...]:
    """The talk at hand as a file for the calendar, where its time is set."""
    talk = here.them.talk
    start = start_of(here, talk)
    if talk is None or start is None:
        return ()
    about = Stack((Text("time.file_about", named(here)),))
    return (
        SendCalendarFile(
            uid=f"talk-{here.them.id}-{here.them.talks_before}",
            title=Text("time.file_title", named(here)),
            about=about,
            where=talk.where,
            start=start,
            minutes=talk.minutes,
        ),
    )


def _their_zone_known(here: Here) -> str:
    return "known" if here.them.zone else "unknown"


def _same_zone(here: Here, tail: str) -> Seeker:
    return changed(here, zone=here.seeker.zone, country=here.seeker.country)


def offered(here: Here) -> Seeker:
    """Times were offered, or a new one asked for: now it is their turn."""
    return stepped(here, talk_changed(here, offered=here.moment))


STAGE = Stage("time", (
    Fork(id="time.start", by=_zone_known, changes=_begin,
         ways={"known": "time.way", "unknown": Call("settings.zone", "time.way")}),
    Choose(id="time.way", fits=_is_unmet, otherwise="person.page", fill=named, options=WAYS,
           does={way: _way(way) for way in WAYS}),
    Ask(id="time.day", fits=_is_unmet, otherwise="person.page", fill=named,
        reads=a_moment, keeps=_keep_moment, options=_days, hears={"unsure": "not_yet"},
        then={"day": "time.hour", "offer": "time.their_zone", "not_yet": HOME},
        does={"day": _pick_day}),
    Fork(id="time.after_day", by=_after_day, ways={"hour": "time.hour", "confirm": "time.confirm"}),
    Ask(id="time.hour", fits=_day_chosen, otherwise="time.day", fill=_hour_fill,
        reads=_read_hour, keeps=_keep_hour, options=_hours,
        then={"hour": "time.confirm"}, does={"hour": _pick_hour}),
    Choose(id="time.confirm", fits=_is_to_come, otherwise="time.day", fill=_when, options=("right", "change"),
           then={"right": "time.where", "change": "time.day"}),
    Ask(id="time.where", says=lambda here: Text(f"time.where.{(here.them.talk or Talk()).way}", named(here)),
        reads=some_words, keeps=_where, options=("skip",), hears={"unsure": "skip"}, place=True),
    Fork(id="time.settled", by=lambda here: "set", changes=_set, ways={"set": "time.set"}),
    Choose(id="time.set", kept=True, says=_set_says, extra=calendar_file, options=("questions", "later"),
           then={"questions": "questions.start", "later": HOME}),
    Fork(id="time.their_zone", by=_their_zone_known,
         ways={"known": "time.offer", "unknown": "time.where_they_live"}),
    Ask(id="time.where_they_live", fill=named, reads=a_zone, keeps=lives_in,
        options=("same",), does={"same": _same_zone}),
    Choose(id="time.offer", kept=True, fill=named, draft=lambda here: letters.times(here, slots(here)),
           options=("they_chose", "sent", "not_today"),
           then={"they_chose": "time.day", "sent": "time.sent", "not_today": HOME}),
    Fork(id="time.sent", by=lambda here: "on", changes=offered, ways={"on": "time.offered"}),
    Ask(id="time.offered", fits=_is_unmet, otherwise="person.page", fill=named, reads=a_moment,
        keeps=_keep_moment, next="time.after_day", options=("they_chose",),
        then={"they_chose": "time.day"}),
), about="person")  # fmt: skip
