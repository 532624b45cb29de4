"""People: the memory walk, the list, how close each one is, and whom to ask first."""

from collections.abc import Mapping
from dataclasses import replace

from conversations import naming
from conversations.content import WalkPrompt
from conversations.effects import Fitting, Listing, Stack, Text, Value
from conversations.names import names
from conversations.naming import ENOUGH, first_name, score, unasked
from conversations.state import Person, Seeker, person_of, with_person
from conversations.steps import STAY, Ask, Change, Choose, Fork, Here, Option, Stage, Tell

PAGE = 6
LONGEST_LIST = 3000  # UTF-16 units; a whole message holds 4,096


def described(person: Person) -> Value:
    """A person with what is known of them, for lists: whole where nothing is known."""
    if not person.how:
        return person.name
    return Text("people.described", {"person": person.name, "how": person.how})


def paged(here: Here, items: tuple[Option, ...]) -> tuple[Option, ...]:
    """One page of many buttons, with buttons to the pages around it."""
    last = max(0, (len(items) - 1) // PAGE)
    page = min(int(here.about), last) if here.about.isdigit() else 0
    more = tuple(
        Option("page", str(to), label=Text(f"buttons.{name}"), about=str(to))
        for name, to in (("earlier", page - 1), ("further", page + 1))
        if 0 <= to <= last
    )
    return (*items[page * PAGE : (page + 1) * PAGE], *more)


def _prompt(here: Here) -> WalkPrompt | None:
    situation = here.script.content.situations.get(here.seeker.situation)
    left = (one for one in situation.walk if one.id not in here.seeker.walked) if situation else ()
    return next(iter(left), None)


def _walk_fill(here: Here) -> Mapping[str, Value]:
    prompt = _prompt(here)
    situation = here.script.content.situations[here.seeker.situation]
    return {
        "prompt": Text(prompt.key) if prompt else "",
        "number": len(here.seeker.walked) + 1,
        "all": len(situation.walk),
    }


def _walk_says(here: Here) -> Text:
    """How to answer is told once, with the first question."""
    return Text("people.walk_on" if here.seeker.walked else "people.walk", _walk_fill(here))


def _past_prompt(here: Here, seeker: Seeker) -> Seeker:
    prompt = _prompt(here)
    walked = (*seeker.walked, prompt.id) if prompt else seeker.walked
    return replace(seeker, walked=walked)


def _walked(here: Here, found: object) -> Seeker:
    assert isinstance(found, list)
    prompt = _prompt(here)
    circle, how = (prompt.circle, prompt.connection) if prompt else (2, "")
    seeker = naming.add(here, found, circle=circle, connection=how)
    return _past_prompt(here, replace(seeker, walking=True))


def _skipped(here: Here, tail: str) -> Seeker:
    return _past_prompt(here, replace(here.seeker, walking=True, fresh=()))


def _walk_over(here: Here, tail: str) -> Seeker:
    return replace(here.seeker, walking=False)


def keep_people(here: Here, found: object) -> Seeker:
    """People typed outside the walk."""
    assert isinstance(found, list)
    return replace(naming.add(here, found), walking=False)


def _before(here: Here) -> tuple[Seeker, Text | None]:
    """The question before this one; whoever was written down at it is still on the list."""
    kept = tuple(one.name for number in here.seeker.fresh if (one := person_of(here.seeker, number)))
    said = Text("people.still_there", {"people": Listing(kept)}) if kept else None
    return replace(here.seeker, walked=here.seeker.walked[:-1], fresh=()), said


def noted(here: Here) -> Text | None:
    """The new names read back."""
    fresh = [one for number in here.seeker.fresh if (one := person_of(here.seeker, number))]
    if not fresh:
        return None
    whole = Stack(tuple(Text("people.line", {"person": described(one)}) for one in fresh), gap=1)
    bare = Stack(tuple(Text("people.line", {"person": one.name}) for one in fresh), gap=1)
    return Text("people.noted", {"people": Fitting((whole, bare), LONGEST_LIST)}, count=len(fresh))


def _onward(here: Here) -> str:
    if here.seeker.doubles:
        return "double"
    if here.seeker.walking and _prompt(here) and len(here.seeker.people) < ENOUGH:
        return "walk"
    return "sort"


def any_double(here: Here) -> str:
    """Whether a name that is on the list already waits to be settled."""
    return "double" if here.seeker.doubles else "none"


def _has_double(here: Here) -> bool:
    return bool(here.seeker.doubles)


def same_person(step: str, then: str) -> Choose:
    """The question whether a name is somebody on the list already, and where to go on after it."""
    return Choose(
        id=step, says=lambda here: Text("people.same", _double_fill(here)), options=_same_options,
        fits=_has_double, otherwise=then, then={"same": then, "other": then},
        does={"same": lambda here, tail: naming.merged(here),
              "other": lambda here, tail: naming.kept_apart(here)},
    )  # fmt: skip


def _same_options(here: Here) -> tuple[Option, ...]:
    return tuple(Option(one, label=Text(f"people.same.{one}")) for one in ("same", "other"))


def _unsorted(here: Here) -> list[Person]:
    return [one for one in here.seeker.people if one.circle == 0]


def _sorting(here: Here) -> str:
    if not here.seeker.people:
        return "nobody"
    return "circle" if _unsorted(here) else "first"


def _circle_fill(here: Here) -> Mapping[str, Value]:
    left = _unsorted(here)
    return {"person": described(left[0]) if left else "", "count": len(left)}


def _circle(number: int) -> Change:
    def keep(here: Here, tail: str) -> Seeker:
        left = _unsorted(here)
        return with_person(here.seeker, replace(left[0], circle=number)) if left else here.seeker

    return keep


def _guess_all(here: Here, tail: str) -> Seeker:
    people = tuple(replace(one, circle=one.circle or one.guess) for one in here.seeker.people)
    return replace(here.seeker, people=people)


def _double_fill(here: Here) -> Mapping[str, Value]:
    double = here.seeker.doubles[0] if here.seeker.doubles else None
    known = person_of(here.seeker, double.known) if double else None
    return {"person": described(known) if known else ""}


def reason(here: Here, person: Person) -> Text:
    """Why this person stands where they do in the order."""
    by = person_of(here.seeker, person.named_by)
    values = {"introducer": by.name} if by else {}
    name = score(here, person)[1]
    return Text(f"people.reason.{name if by or name != 'introduced' else 'circle_3'}", values)


def _first_says(here: Here) -> Text:
    best = unasked(here)[:3]
    lines = tuple(
        Text("people.first_line", {"person": described(one), "reason": reason(here, one)}) for one in best
    )
    if not best:
        return Text("people.all_asked")
    return Text("people.first", {"people": Stack(lines, gap=1)}, count=len(here.seeker.people))


def _first(here: Here) -> tuple[str | Option, ...]:
    best = tuple(
        Option("person", str(one.id), values={"person": first_name(one)}) for one in unasked(here)[:3]
    )
    return (*best, "list", "walk")


def _list_says(here: Here) -> Text:
    people = here.seeker.people
    return Text("people.list", count=len(people)) if people else Text("people.nobody")


def _list(here: Here) -> tuple[str | Option, ...]:
    people = tuple(Option("person", str(one.id), label=one.name) for one in here.seeker.people)
    return (*paged(here, people), "add", "walk")


def _again(here: Here) -> Seeker:
    """The walk goes on where it was left; once it is over, it begins anew."""
    over = _prompt(here) is None
    return replace(here.seeker, walking=True, fresh=(), walked=() if over else here.seeker.walked)


STAGE = Stage("people", (
    Tell(id="people.why"),
    Ask(id="people.walk", fits=lambda here: _prompt(here) is not None, otherwise="people.sort",
        says=_walk_says, reads=names, keeps=_walked, options=("skip", "enough"),
        then={"skip": "people.next", "enough": "people.sort"},
        does={"skip": _skipped, "enough": _walk_over}, hears={"none": "skip", "enough": "enough"},
        again=_before),
    Tell(id="people.noted", says=noted),
    Fork(id="people.next", by=_onward,
         ways={"double": "people.same", "walk": "people.walk", "sort": "people.sort"}),
    same_person("people.same", "people.next"),
    Fork(id="people.sort", by=_sorting,
         ways={"nobody": "people.nobody", "circle": "people.circle", "first": "people.first"}),
    Choose(id="people.circle", fits=lambda here: bool(_unsorted(here)), otherwise="people.first",
           fill=_circle_fill, options=("close", "some", "unknown", "later"),
           then={"close": "people.sort", "some": "people.sort", "unknown": "people.sort",
                 "later": "people.first"},
           does={"close": _circle(1), "some": _circle(2), "unknown": _circle(3),
                 "later": _guess_all}),
    Choose(id="people.first", says=_first_says, options=_first,
           then={"person": "ask.start", "list": "people.list", "walk": "people.think"}),
    Ask(id="people.nobody", reads=names, keeps=keep_people, next="people.noted",
        options=("walk", "add"), then={"walk": "people.think", "add": "people.add"},
        hears={"none": "walk"}),
    Fork(id="people.think", by=lambda here: "walk", changes=_again, ways={"walk": "people.walk"}),
    Choose(id="people.list", says=_list_says, options=_list,
           then={"person": "person.page", "page": STAY, "add": "people.add",
                 "walk": "people.think"}),
    Tell(id="people.forgotten", next="people.list"),
    Ask(id="people.add", reads=names, keeps=keep_people, next="people.noted",
        options=("walk",), then={"walk": "people.think"}, hears={"none": "walk"}),
))  # fmt: skip
