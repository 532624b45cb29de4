"""Everything the coach knows of one seeker, as one frozen value."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Literal

from conversations.effects import Channel

Tone = Literal["plain", "warmer", "formal"]
Answer = Literal["", "agreed", "declined", "not_now", "passed"]
Way = Literal["phone", "face", "video"]
MOST_NOTES = 40


@dataclass(frozen=True)
class Place:
    """Where a conversation stands: a step, the person it is about (0: nobody), a detail."""

    step: str
    person: int = 0
    about: str = ""


@dataclass(frozen=True)
class Ask:
    """The request for twenty minutes. Moments are aware, in UTC."""

    channel: Channel = "chat"
    tone: Tone = "plain"
    short: bool = False
    honest: str = ""  # the form of the honest sentence, only where the seeker chose it
    own: str = ""  # the seeker's own words, which replace the draft
    spin: int = 0  # turns through the wordings
    drafted: datetime | None = None
    sent: datetime | None = None
    answer: Answer = ""
    answered: datetime | None = None
    reminded: datetime | None = None


@dataclass(frozen=True)
class Talk:
    """The informational interview: a wall time in a zone, and what became of it."""

    start: datetime | None = None  # naive wall time in `zone`
    zone: str = ""
    minutes: int = 20
    way: Way = "phone"
    where: str = ""
    confirmed: datetime | None = None
    met: datetime | None = None  # the moment it ended, as far as known
    agreed: datetime | None = None  # when this time was settled
    freed: datetime | None = None  # since when the time is open again
    missed: int = 0  # how often they did not come
    moved: int = 0
    offered: datetime | None = None  # times were offered, or a new one asked for


@dataclass(frozen=True)
class Sheet:
    """The questions for one talk: ids of the bank, or `own-N` for the seeker's own."""

    musts: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    resume: bool = False
    reference: bool = False
    seen: datetime | None = None


@dataclass(frozen=True)
class Debrief:
    """What was said after a talk. `helped` and `will_do` are the seeker's words.

    `theirs` and `mine` are the ids of the promises that were made in it.
    """

    feel: str = ""
    helped: str = ""
    fits: str = ""
    will_do: str = ""
    theirs: int = 0
    mine: int = 0
    may_use_name: bool = False
    resume: str = ""
    reference: str = ""
    done: datetime | None = None


@dataclass(frozen=True)
class Thanks:
    """The thank-you, and how it is worded."""

    tone: Tone = "plain"
    short: bool = False
    own: str = ""
    spin: int = 0
    sent: datetime | None = None


@dataclass(frozen=True)
class Promise:
    """Something either side said they would do. `theirs` is whose it is."""

    id: int
    what: str
    theirs: bool
    due: date
    kept: datetime | None = None
    dropped: bool = False


@dataclass(frozen=True)
class Person:
    """Someone the seeker knows or was named."""

    id: int
    name: str
    added: datetime
    how: str = ""
    called: str = ""  # how a message greets them; empty: by the first word of the name
    circle: int = 0  # 0: not sorted yet
    guess: int = 2  # the circle the memory walk suggests
    connection: str = ""
    named_by: int = 0
    may_mention: bool = False
    language: str = ""
    country: str = ""
    zone: str = ""
    phone: str = ""
    at: Place | None = None
    ask: Ask = Ask()
    talk: Talk | None = None
    sheet: Sheet = Sheet()
    debrief: Debrief = Debrief()
    thanks: Thanks = Thanks()
    promises: tuple[Promise, ...] = ()
    notes: tuple[str, ...] = ()
    talks_before: int = 0
    told_asked: datetime | None = None  # the introducer knows that I wrote to this person
    told_met: datetime | None = None  # the introducer knows that I met this person
    updated: datetime | None = None  # the update of one month later went out
    rests_until: datetime | None = None
    closed: bool = False


@dataclass(frozen=True)
class Double:
    """A name the seeker gave that is already on the list: one question, then it is gone."""

    known: int
    name: str
    how: str = ""
    phone: str = ""
    circle: int = 2
    connection: str = ""
    named_by: int = 0


@dataclass(frozen=True)
class Plan:
    """The seeker's weekly moment: weekday 0 is Monday, a wall time, a place."""

    weekday: int
    at: time
    where: str = ""
    made: datetime | None = None


@dataclass(frozen=True)
class Said:
    """A nudge that was said, so that it is not said again for the same reason.

    `turn` is the one that said it: it may turn out that the message never went out. `late`: only
    told of as missed.
    """

    rule: str
    person: int
    anchor: str
    at: datetime
    turn: int = 0
    late: bool = False


@dataclass(frozen=True)
class Pause:
    """A nudge put off until later."""

    rule: str
    person: int
    until: datetime


@dataclass(frozen=True)
class Ring:
    """What stood before the coach said something unasked in `turn`: put back if it never went out."""

    turn: int
    at: Place
    entered: int
    trail: tuple[Place, ...] = ()
    pauses: tuple[Pause, ...] = ()
    waiting: tuple[tuple[str, int], ...] = ()
    last: datetime | None = None
    moved: str = ""


@dataclass(frozen=True)
class Nudging:
    """How the seeker wants to be reminded, and how they took it so far.

    `moved`: the zone whose clocks changed by law, until the seeker is told. `lapsed`: nudges (rule,
    person) that were due and not said; those of no more use are told of as missed.
    """

    moment: time = time(10, 0)
    said: tuple[Said, ...] = ()
    pauses: tuple[Pause, ...] = ()
    stopped: frozenset[str] = frozenset()
    unanswered: int = 0
    last: datetime | None = None
    waiting: tuple[tuple[str, int], ...] = ()
    off: bool = False
    rings: tuple[Ring, ...] = ()
    moved: str = ""
    lapsed: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Seeker:
    """One seeker, whole. `turn` counts what happened; every change of it is a turn."""

    turn: int = 0
    at: Place = Place("welcome.hello")
    entered: int = 0
    trail: tuple[Place, ...] = ()
    calls: tuple[Place, ...] = ()
    marks: tuple[Place, ...] = ()  # where each stage about the seeker was left
    welcomed: bool = False
    language: str = "en"
    language_chosen: bool = False
    name: str = ""
    first_name: str = ""  # what the channel says; a suggestion only
    situation: str = ""
    aim: Literal["", "field", "advice"] = ""
    field: str = ""
    zone: str = ""
    country: str = ""
    discreet: bool = False
    people: tuple[Person, ...] = ()
    next_person: int = 1
    next_promise: int = 1
    walked: tuple[str, ...] = ()  # prompts of the memory walk already shown
    fresh: tuple[int, ...] = ()  # people just added, for the read-back
    doubles: tuple[Double, ...] = ()  # names that may be somebody who is on the list already
    walking: bool = False  # names came out of the memory walk, which goes on after them
    plan: Plan | None = None
    nudging: Nudging = Nudging()
    last_seen: datetime | None = None
    stepped: datetime | None = None  # the last step that was logged
    draft_day: date | None = None  # a day chosen before its hour
    found_work: bool = False
    left: bool = False


def person_of(seeker: Seeker, number: int) -> Person | None:
    """The seeker's person with this number, or None: never somebody else's."""
    return next((one for one in seeker.people if one.id == number), None)


def with_person(seeker: Seeker, person: Person) -> Seeker:
    """The seeker with this person changed."""
    people = tuple(person if one.id == person.id else one for one in seeker.people)
    return replace(seeker, people=people)


def without_person(seeker: Seeker, number: int) -> Seeker:
    """The seeker without this person and without every trace that points to them."""
    people = tuple(
        replace(one, named_by=0) if one.named_by == number else one
        for one in seeker.people
        if one.id != number
    )
    doubles = tuple(one for one in seeker.doubles if one.known != number)
    fresh = tuple(one for one in seeker.fresh if one != number)
    return replace(
        seeker,
        people=people,
        doubles=doubles,
        fresh=fresh,
        nudging=_nudging_without(seeker.nudging, number),
        trail=tuple(place for place in seeker.trail if place.person != number),
        calls=tuple(place for place in seeker.calls if place.person != number),
        marks=tuple(place for place in seeker.marks if place.person != number),
    )


def _nudging_without(nudging: Nudging, number: int) -> Nudging:
    return replace(
        nudging,
        said=tuple(one for one in nudging.said if one.person != number),
        pauses=tuple(one for one in nudging.pauses if one.person != number),
        waiting=tuple(one for one in nudging.waiting if one[1] != number),
        lapsed=tuple(one for one in nudging.lapsed if one[1] != number),
        rings=tuple(_ring_without(one, number) for one in nudging.rings),
    )


def _ring_without(ring: Ring, number: int) -> Ring:
    return replace(
        ring,
        at=Place("") if ring.at.person == number else ring.at,  # no such step: it leads home
        trail=tuple(place for place in ring.trail if place.person != number),
        pauses=tuple(one for one in ring.pauses if one.person != number),
        waiting=tuple(one for one in ring.waiting if one[1] != number),
    )
