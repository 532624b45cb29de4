"""The seeker's people: adding and merging them, and in which order to ask them, with the reason."""

from collections.abc import Iterable
from dataclasses import replace

from conversations.hearing import bare
from conversations.name_parts import is_nameless
from conversations.names import Named
from conversations.readers import folded
from conversations.state import (
    Ask,
    Debrief,
    Double,
    Person,
    Seeker,
    Sheet,
    Thanks,
    person_of,
    with_person,
)
from conversations.steps import Here

ENOUGH = 20
MOST = 300
REST_DAYS = 90


def add(here: Here, named: Iterable[Named], *, circle: int = 2, connection: str = "", by: int = 0) -> Seeker:
    """The seeker with these people. A name that is on the list already waits as a double."""
    seeker = replace(here.seeker, fresh=())
    on_the_list = {folded(each.name): each for each in reversed(seeker.people)}
    for one in named:
        known = on_the_list.get(folded(one.name))
        double = Double(known.id if known else 0, one.name, one.how, one.phone, circle, connection, by)
        if known:
            seeker = replace(seeker, doubles=(*seeker.doubles, double)[-ENOUGH:])
        elif len(seeker.people) < MOST:
            seeker = added(here, seeker, double)
            on_the_list[folded(one.name)] = seeker.people[-1]
    return seeker


def added(here: Here, seeker: Seeker, one: Double) -> Seeker:
    """The seeker with one more person."""
    person = Person(
        id=seeker.next_person,
        name=one.name,
        called=called(here, one.name),
        added=here.moment,
        how=one.how,
        phone=one.phone,
        circle=3 if one.named_by else 0,
        guess=one.circle,
        # What was typed about somebody may tell of another link than the memory walk guessed.
        connection="introduced" if one.named_by else "" if one.how else one.connection,
        named_by=one.named_by,
    )
    return replace(
        seeker,
        people=(*seeker.people, person),
        next_person=seeker.next_person + 1,
        fresh=(*seeker.fresh, person.id),
    )


def merged(here: Here) -> Seeker:
    """The first double is the person who is on the list: what is new about them is kept."""
    one, *rest = here.seeker.doubles
    seeker = replace(here.seeker, doubles=tuple(rest))
    known = person_of(seeker, one.known)
    if known is None:
        return seeker
    told = [part for part in (known.how, one.how) if part]
    how = known.how if folded(one.how) in folded(known.how) else ", ".join(told)[:160]
    named_by = known.named_by or (one.named_by if _may_introduce(seeker, one.named_by, known) else 0)
    changed = replace(known, how=how, phone=known.phone or one.phone, named_by=named_by)
    return with_person(seeker, changed)


def _may_introduce(seeker: Seeker, by: int, known: Person) -> bool:
    """Whether somebody can have led to a person: never to themselves, nor to who led to them."""
    person, chain = person_of(seeker, by), list[int]()
    while person and person.id not in chain:
        chain.append(person.id)
        person = person_of(seeker, person.named_by)
    return known.id not in chain and known.ask.sent is None


def kept_apart(here: Here) -> Seeker:
    """The first double is somebody else of the same name."""
    one, *rest = here.seeker.doubles
    return added(here, replace(here.seeker, doubles=tuple(rest)), one)


def circle_of(person: Person) -> int:
    """How close the person is; until it was asked, what the memory walk suggests."""
    return person.circle or person.guess


def named_person(seeker: Seeker, words: str) -> Person | None:
    """The one person of this name, or of this first name; None where there are several."""
    whole = [one for one in seeker.people if bare(one.name) == words]
    found = whole or [one for one in seeker.people if bare(first_name(one)) == words]
    return found[0] if words and len(found) == 1 else None


def first_name(person: Person) -> str:
    """How the person is called in a message: what was chosen, or the first word of the name."""
    return person.called or person.name.split()[0]


def called(here: Here, name: str) -> str:
    """How somebody of this name is greeted: Sgt. Miller keeps the title; empty for Maria Lopez."""
    first, *rest = name.split()
    if rest and (is_nameless(here, name) or len(first.strip(".")) == 1):
        return name  # my old boss, J. R. Smith
    titles, ands = (here.script.phrases(kind, here.seeker.language) for kind in ("titles", "and"))
    if not rest or folded(first).strip(".") not in titles:
        return ""
    return name if len(rest) < 3 or folded(rest[0]) in ands else f"{first} {rest[-1]}"


def lacks_a_name(here: Here, person: Person) -> bool:
    """Whether no message can greet the person yet: they are on the list as `my old boss`."""
    return is_nameless(here, person.name) and person.called in ("", person.name)


def unasked(here: Here) -> list[Person]:
    """Those who may be asked now, the best first."""
    free = [one for one in here.seeker.people if may_be_asked(here, one)]
    return sorted(free, key=lambda one: (-score(here, one)[0], one.id))


def may_be_asked(here: Here, person: Person) -> bool:
    """Whether this person is free to be asked: not asked yet, or rested since."""
    if person.closed or (person.ask.sent and not rested(here, person)):
        return False
    return person.rests_until is None or person.rests_until <= here.now


def rested(here: Here, person: Person) -> bool:
    """Whether somebody who gave no answer has had their rest."""
    return person.rests_until is not None and person.rests_until <= here.now


def anew(person: Person) -> Person:
    """Somebody who has rested, to be asked afresh; what was before is over."""
    met = bool(person.talk and person.talk.met)
    return replace(
        person, ask=Ask(spin=person.ask.spin + 1, channel=person.ask.channel), rests_until=None,
        talk=None, sheet=Sheet(), debrief=Debrief(), thanks=Thanks(), updated=None,
        talks_before=person.talks_before + met, at=None,
    )  # fmt: skip


def score(here: Here, person: Person) -> tuple[int, str]:
    """How good it is to ask this person next, and the reason that counts most.

    Whoever was named by somebody comes first, then people from the field; the first ask goes to
    somebody close, later ones to people a step away, who know other things than one's friends do.
    """
    reasons = {"introduced": 50 if person.named_by else 0}
    if here.seeker.aim == "field" and _in_field(here.seeker.field, person.how):
        reasons["in_field"] = 40
    begun = any(one.ask.sent for one in here.seeker.people)
    near = {1: 20 if begun else 30, 2: 30 if begun else 20, 3: 5}
    circle = circle_of(person)
    reasons[f"circle_{circle}"] = near[circle]
    best = max(reasons, key=lambda name: reasons[name])
    return sum(reasons.values()), best


def _in_field(field: str, how: str) -> bool:
    words = [word for word in folded(field).split() if len(word) > 3]
    return any(word[:4] in folded(how) for word in words)
