"""What is owed after a talk: promises still open, and reports back to whoever gave a name."""

from conversations.state import Person, Promise, Seeker, person_of


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
