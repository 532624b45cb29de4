"""Questions: a plan that fits the minutes, changed by taps, and follow-on moves to practise."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conversations import sheet
from conversations.changes import changed, named
from conversations.content import Question
from conversations.effects import Text, Value
from conversations.readers import some_words
from conversations.stages.people import paged
from conversations.state import Seeker, Talk
from conversations.steps import HOME, STAY, Ask, Change, Choose, Fork, Here, Option, Stage

LENGTHS = (10, 20, 30)


def sheet_changed(here: Here, **facts: Any) -> Seeker:
    """The seeker, with these facts of the sheet changed."""
    return changed(here, sheet=replace(here.them.sheet, **facts))


def _ready(here: Here) -> str:
    return "sheet" if here.them.sheet.musts else "plan"


def _plan(here: Here) -> Seeker:
    if here.them.sheet.musts:
        return here.seeker
    return changed(here, sheet=sheet.planned(here, here.them))


def _sheet(here: Here) -> Mapping[str, Value]:
    return {**named(here), "sheet": sheet.shown(here, here.them),
            "minutes": (here.them.talk or Talk()).minutes}  # fmt: skip


def _all(here: Here) -> tuple[str, ...]:
    return (*here.them.sheet.musts, *here.them.sheet.spares)


def _each(here: Here, family: str, ids: tuple[str, ...]) -> tuple[Option, ...]:
    made = []
    for one in ids:
        words = sheet.words_of(here, here.them, one)
        if words is not None:
            made.append(Option(family, one, label=words))
    return tuple(made)


def _drop_options(here: Here) -> tuple[str | Option, ...]:
    return (*_each(here, "question", _all(here)), "done")


def _drop(here: Here, tail: str) -> Seeker:
    found = here.them.sheet
    musts = tuple(one for one in found.musts if one != tail)
    spares = tuple(one for one in found.spares if one != tail)
    if len(musts) < len(found.musts) and spares:
        musts, spares = (*musts, spares[0]), spares[1:]
    return sheet_changed(here, musts=musts, spares=spares)


def _unused(here: Here) -> list[Question]:
    return [one for one in sheet.fitting(here, here.them) if one.id not in _all(here)]


def _add_options(here: Here) -> tuple[str | Option, ...]:
    items = tuple(Option("question", one.id, label=Text(one.key)) for one in _unused(here))
    return (*paged(here, items), "own", "done")


def _put(here: Here, question: str, **facts: Any) -> Seeker:
    found = here.them.sheet
    if len(found.musts) < sheet.MUSTS:
        return sheet_changed(here, musts=(*found.musts, question), **facts)
    spares = (question, *found.spares)[: sheet.SPARES]
    return sheet_changed(here, spares=spares, **facts)


def _add(here: Here, tail: str) -> Seeker:
    return _put(here, tail)


def _own(here: Here, words: object) -> Seeker:
    own = (*here.them.sheet.own, str(words))
    found = replace(here.them.sheet, own=own)
    question = f"own-{len(own) - 1}"
    musts = (question, *found.musts)
    spares = (*musts[sheet.MUSTS :], *found.spares)[: sheet.SPARES]
    return changed(here, sheet=replace(found, musts=musts[: sheet.MUSTS], spares=spares))


def _first_options(here: Here) -> tuple[str | Option, ...]:
    return (*_each(here, "question", _all(here)[1:]), "done")


def _first(here: Here, tail: str) -> Seeker:
    found = here.them.sheet
    rest = tuple(one for one in (*found.musts, *found.spares) if one != tail)
    order = (tail, *rest)
    count = len(found.musts)
    return sheet_changed(here, musts=order[:count], spares=order[count:])


def _lengths(here: Here) -> tuple[Option, ...]:
    return tuple(Option("minutes", str(one), values={"minutes": one}) for one in LENGTHS)


def _length(here: Here, tail: str) -> Seeker:
    talk = replace(here.them.talk or Talk(), minutes=int(tail))
    person = replace(here.them, talk=talk)
    asked = replace(here, person=person)
    return changed(here, talk=talk, sheet=sheet.planned(asked, person))


def _ladder(here: Here) -> tuple[str, ...]:
    found = here.them.sheet
    resume = "no_resume" if found.resume else "resume"
    reference = "no_reference" if found.reference else "reference"
    return (resume, reference, "done")


def _asks(**facts: bool) -> Change:
    def keep(here: Here, tail: str) -> Seeker:
        return sheet_changed(here, **facts)

    return keep


def _moves(here: Here) -> list[Question]:
    return [one for one in here.script.content.bank if one.topic == "follow_on"]


def _practise(here: Here) -> Mapping[str, Value]:
    turn = int(here.about) if here.about.isdigit() else 0
    moves = _moves(here)
    first = sheet.words_of(here, here.them, here.them.sheet.musts[0]) if here.them.sheet.musts else ""
    return {"move": Text(moves[turn % len(moves)].key), "question": first or ""}


def _practise_options(here: Here) -> tuple[str | Option, ...]:
    turn = int(here.about) if here.about.isdigit() else 0
    following = str((turn + 1) % len(_moves(here)))
    return (Option("another", following, about=following), "done")


STAGE = Stage("questions", (
    Fork(id="questions.start", by=_ready, changes=_plan,
         ways={"sheet": "questions.sheet", "plan": "questions.sheet"}),
    Choose(id="questions.sheet", kept=True, fill=_sheet,
           options=("fine", "change", "practise"),
           then={"fine": "questions.ready", "change": "questions.change",
                 "practise": "questions.practise"}),
    Choose(id="questions.change", options=("drop", "add", "own", "first", "minutes", "ladder", "done"),
           then={"drop": "questions.drop", "add": "questions.add", "own": "questions.own",
                 "first": "questions.first", "minutes": "questions.minutes",
                 "ladder": "questions.ladder", "done": "questions.sheet"}),
    Choose(id="questions.drop", options=_drop_options,
           then={"question": STAY, "done": "questions.sheet"}, does={"question": _drop}),
    Choose(id="questions.add", options=_add_options,
           then={"question": STAY, "page": STAY, "own": "questions.own", "done": "questions.sheet"},
           does={"question": _add}),
    Ask(id="questions.own", reads=some_words, keeps=_own, next="questions.sheet",
        options=("done",), then={"done": "questions.sheet"}),
    Choose(id="questions.first", options=_first_options,
           then={"question": "questions.sheet", "done": "questions.sheet"},
           does={"question": _first}),
    Choose(id="questions.minutes", options=_lengths, then={"minutes": "questions.sheet"},
           does={"minutes": _length}),
    Choose(id="questions.ladder", fill=named, options=_ladder,
           then={"resume": STAY, "no_resume": STAY, "reference": STAY, "no_reference": STAY,
                 "done": "questions.sheet"},
           does={"resume": _asks(resume=True), "no_resume": _asks(resume=False),
                 "reference": _asks(reference=True), "no_reference": _asks(reference=False)}),
    Choose(id="questions.practise", fill=_practise, options=_practise_options,
           then={"another": STAY, "done": "questions.sheet"}),
    Choose(id="questions.ready", fill=named, options=("card", "that_is_all"),
           then={"card": "talk.card", "that_is_all": HOME}),
), about="person")  # fmt: skip
