"""Moving through the script: from where the seeker stands to the next step that waits."""

from dataclasses import replace
from datetime import datetime

from conversations.effects import Button, Draft, Effect, Manner, Say, Text, Value
from conversations.script import Script
from conversations.state import Place, Seeker, person_of, with_person
from conversations.steps import (
    BACK,
    HOME,
    RESUME,
    STAY,
    Ask,
    Call,
    Choose,
    Fork,
    Here,
    Option,
    Step,
    Target,
    Tell,
)

TRAIL = 8
LONGEST_RUN = 60
UNMARKED = ("home", "nudges", "care", "settings", "person")


class Walk:
    """One turn on its way: the seeker as changed so far, and the effects so far."""

    def __init__(self, script: Script, seeker: Seeker, now: datetime) -> None:
        self.script = script
        self.seeker = seeker
        self.now = now
        self.effects: list[Effect] = []
        self._parts: list[Value | Draft] = []
        self._endings: list[Value] = []
        self._manner: Manner = "screen"

    def here(self, place: Place | None = None) -> Here:
        """What a step at this place may look at; without a place, where the seeker stands."""
        place = place or self.seeker.at
        person = person_of(self.seeker, place.person)
        return Here(self.script, self.seeker, self.now, person, place.about)

    def say(self, *parts: Value) -> None:
        """Put words in front of what is said next."""
        self._parts.extend(parts)

    def ends_with(self, *parts: Value) -> None:
        """Put words under what the next waiting step says."""
        self._endings.extend(parts)

    def as_nudge(self) -> None:
        """What is said next is a message that the coach starts."""
        self._manner = "nudge"

    def mention_clocks(self) -> None:
        """Say once that a law moved the clocks."""
        nudging = self.seeker.nudging
        if nudging.moved:
            city = nudging.moved.rpartition("/")[2].replace("_", " ")
            self.say(Text("troubles.clocks_moved", {"city": city}))
            self.seeker = replace(self.seeker, nudging=replace(nudging, moved=""))

    def go(self, target: Target, person: int = 0, about: str = "") -> None:
        """Move from where the seeker stands to a target, and on to the step that waits."""
        at = self.seeker.at
        place = self._resolve(target, replace(at, person=person or at.person))
        if about:
            place = replace(place, about=about)
        if place.step != at.step:
            self._remember(at)
        self.enter(place)

    def visit(self, place: Place) -> None:
        """Go to a place from anywhere; the way back leads to where the seeker stood."""
        if place.step != self.seeker.at.step:
            self._remember(self.seeker.at)
        self.enter(place)

    def _remember(self, place: Place) -> None:
        gone = place.person and person_of(self.seeker, place.person) is None
        if self.script.has(place.step) and not gone:
            self.seeker = replace(self.seeker, trail=(*self.seeker.trail, place)[-TRAIL:])

    def stand_at(self, place: Place) -> None:
        """Stand where an older button belongs; the way back leads to where the seeker stood."""
        if place != self.seeker.at:
            self._remember(self.seeker.at)
            self.seeker = replace(self.seeker, at=place)

    def jump(self, place: Place) -> None:
        """Go to a place from anywhere; calls that were under way are given up."""
        self.seeker = replace(self.seeker, calls=(), trail=())
        self.enter(place)

    def back(self) -> None:
        """To the place before this one, or home."""
        trail = self.seeker.trail
        place = trail[-1] if trail else Place(HOME)
        step = self.script.step(place.step) if self.script.has(place.step) else None
        if isinstance(step, Ask) and step.again and place.step == self.seeker.at.step:
            self.seeker, said = step.again(self.here())
            self.say(*([said] if said else []))
        self.seeker = replace(self.seeker, trail=trail[:-1])
        self.enter(place)

    def enter(self, place: Place) -> None:
        """Walk from a place to the first step that waits for the seeker."""
        for _ in range(LONGEST_RUN):
            place = self._sound(place)
            step = self.script.step(place.step)
            if isinstance(step, Choose) and self.fits(place, step):
                return self._arrive(place, step)
            if isinstance(step, Choose):
                place = self._resolve(step.otherwise, place)
                continue
            place = self._fork(place, step) if isinstance(step, Fork) else self._tell(place, step)
        raise AssertionError(f"the script runs in a circle at {place.step}")

    def show(self) -> None:
        """Say again where the seeker stands; its buttons stay the ones they were."""
        place = self._sound(self.seeker.at)
        step = self.script.step(place.step)
        if place != self.seeker.at or not isinstance(step, Choose) or not self.fits(place, step):
            return self.enter(place)
        self._say_step(place, step)

    def fits(self, place: Place, step: Choose) -> bool:
        """Whether a step that waits still makes sense at a place."""
        return step.fits is None or step.fits(self.here(place))

    def still_fits(self, place: Place) -> bool:
        """Whether whoever pressed a button of this place now would be taken there."""
        if self._sound(place) != place:
            return False
        step = self.script.step(place.step)
        return not isinstance(step, Choose) or self.fits(place, step)

    def offered(self, place: Place) -> dict[str, Option]:
        """The options of a step by their slug and tail; none of one that is no more."""
        step = self.script.step(place.step) if self.script.has(place.step) else None
        if not isinstance(step, Choose):
            return {}
        return {slug_of(one): one for one in options_of(step, self.here(place))}

    def _sound(self, place: Place) -> Place:
        if not self.script.has(place.step):
            return Place(HOME)
        about = self.script.about(place.step)
        if about == "seeker":
            return replace(place, person=0)
        missing = person_of(self.seeker, place.person) is None
        return Place(HOME) if missing and (about == "person" or place.person) else place

    def _resolve(self, target: Target, place: Place) -> Place:
        if isinstance(target, Call):
            then = Place(target.then, place.person)
            self.seeker = replace(self.seeker, calls=(*self.seeker.calls, then)[-5:])
            target = target.to
        if target == BACK:
            calls = self.seeker.calls
            self.seeker = replace(self.seeker, calls=calls[:-1])
            return calls[-1] if calls else Place(HOME)
        if target == STAY:
            return place
        if target == RESUME:
            return self._resumed(place)
        return Place(target, place.person)  # a detail of one step means nothing to another

    def _resumed(self, place: Place) -> Place:
        person = person_of(self.seeker, place.person)
        if person and person.at:
            return person.at
        return Place("ask.start" if person else HOME, place.person)

    def _fork(self, place: Place, step: Fork) -> Place:
        here = self.here(place)
        way = step.ways[step.by(here)]
        if step.whom:
            place = replace(place, person=step.whom(here))
        if step.changes:
            self.seeker = step.changes(here)
        return self._resolve(way, place)

    def _tell(self, place: Place, step: Step) -> Place:
        here = self.here(place)
        text = words_of(step, here)
        if text:
            self._parts.append(text)
        self._add_draft(step, here)
        if (isinstance(step, Tell) and step.apart) or step.kept:
            self._flush("kept" if step.kept else self._manner)
        self.effects.extend(step.extra(here))
        if isinstance(step, Tell) and step.changes:
            self.seeker = step.changes(here)
        return self._resolve(step.next or self.script.after(step.id) or BACK, place)

    def _arrive(self, place: Place, step: Choose) -> None:
        self.seeker = replace(self.seeker, at=place, entered=self.seeker.turn)
        self._mark(place)
        self._say_step(place, step)
        self.effects.extend(step.extra(self.here(place)))

    def _add_draft(self, step: Step, here: Here) -> None:
        if step.draft and (draft := step.draft(here)):
            self._parts.append(draft)
        if step.below and (below := step.below(here)):
            self._parts.append(below)

    def _mark(self, place: Place) -> None:
        stage = self.script.stage_of(place.step)
        if stage.name in UNMARKED:
            return
        person = person_of(self.seeker, place.person)
        if person:
            self.seeker = with_person(self.seeker, replace(person, at=place))
        else:
            others = (one for one in self.seeker.marks if one.step.partition(".")[0] != stage.name)
            self.seeker = replace(self.seeker, marks=(*others, place))

    def _say_step(self, place: Place, step: Choose) -> None:
        here = self.here(place)
        text = words_of(step, here)
        if text:
            self._parts.append(text)
        self._add_draft(step, here)
        self._parts.extend(self._endings)
        self._endings = []
        manner: Manner = "kept" if step.kept and self._manner == "screen" else self._manner
        self._flush(manner, buttons_of(self, place, step))

    def _flush(self, manner: Manner, buttons: tuple[Button, ...] = ()) -> None:
        if self._parts or buttons:
            self.effects.append(Say(tuple(self._parts), buttons, manner))
        self._parts = []
        self._manner = "screen" if manner == "nudge" else self._manner


def words_of(step: Step, here: Here) -> Value | None:
    """What a step says: the text of its own id, unless it picks another one."""
    if step.says:
        return step.says(here)
    return Text(step.id, dict(step.fill(here)))


def options_of(step: Choose, here: Here) -> tuple[Option, ...]:
    """The options a step offers now."""
    offered = step.options if isinstance(step.options, tuple) else step.options(here)
    return tuple(Option(one) if isinstance(one, str) else one for one in offered)


def slug_of(option: Option) -> str:
    """An option as it travels in a button."""
    return f"{option.slug}~{option.tail}" if option.tail else option.slug


def buttons_of(walk: Walk, place: Place, step: Choose) -> tuple[Button, ...]:
    """The buttons of a step, with the way back and the way home."""
    seeker = walk.seeker
    made = [
        Button(
            step.id,
            slug_of(one),
            one.label or Text(f"{step.id}.{one.slug}", dict(one.values)),
            place.person,
            seeker.entered,
        )
        for one in options_of(step, walk.here(place))
    ]
    stage = step.id.partition(".")[0]
    if seeker.trail:
        made.append(Button(step.id, "back", Text("buttons.back"), place.person, seeker.entered))
    if step.id != "home.home" and (seeker.welcomed or stage != "welcome"):
        made.append(Button(step.id, "home", Text("buttons.home"), place.person, seeker.entered))
    return tuple(made)
