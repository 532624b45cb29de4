"""What is owed after a talk: promises, noted and still open, and reports back to whoever gave a name."""

from dataclasses import replace
from datetime import date, timedelta

from conversations.changes import changed
from conversations.state import Person, Promise, Seeker, person_of
from conversations.steps import Here


def promised(here: Here, what: object, theirs: bool) -> Seeker:
    """A promise, due in a week until the seeker says when; one given before in this debrief is replaced."""
    said, due = here.them.debrief, here.now.date() + timedelta(days=7)
    promise = Promise(here.seeker.next_promise, str(what)[:160], theirs, due)
    noted = replace(said, theirs=promise.id) if theirs else replace(said, mine=promise.id)
    made = changed(here, promises=(*_of_before(here, theirs), promise), debrief=noted)
    return replace(made, next_promise=promise.id + 1)


def not_promised(here: Here, theirs: bool) -> Seeker:
    """No promise; one given before in this debrief is taken back."""
    return changed(here, promises=_of_before(here, theirs))


def due_on(here: Here, day: date, theirs: bool) -> Seeker:
    """The promise just made is due on a day."""
    made = just_made(here, theirs)
    promises = (replace(one, due=day) if one == made else one for one in here.them.promises)
    return changed(here, promises=tuple(promises))


def just_made(here: Here, theirs: bool) -> Promise | None:
    """The promise that this debrief has noted for one side."""
    last = here.them.debrief.theirs if theirs else here.them.debrief.mine
    return next((one for one in here.them.promises if one.id == last), None)


def _of_before(here: Here, theirs: bool) -> tuple[Promise, ...]:
    """All but the promise that this debrief has noted and that is open; those of other talks stay."""
    last = just_made(here, theirs)
    return tuple(one for one in here.them.promises if one != last or one.kept or one.dropped)


def due_promise(person: Person, theirs: bool | None = None) -> Promise | None:
    """The promise that comes first of those still open: of either side, or of one."""
    left = [one for one in person.promises if not one.kept and not one.dropped]
    if theirs is not None:
        left = [one for one in left if one.theirs == theirs]
    return min(left, key=lambda one: (one.due, one.id), default=None)


def owed_report(seeker: Seeker, person: Person) -> str:
    """What the introducer has not been told yet: `asked`, `met`, or nothing."""
    if not person.named_by or person_of(seeker, person.named_by) is None:
        return ""
    if person.talk and person.talk.met and not person.told_met:
        return "met"
    return "asked" if person.ask.sent and not person.told_asked and not person.told_met else ""
