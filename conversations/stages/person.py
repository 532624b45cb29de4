"""A person's page: where things stand with them, and putting right what was noted."""

from collections.abc import Mapping

from conversations.changes import changed, lives_in, named, renamed
from conversations.effects import Stack, Text, Value
from conversations.names import a_greeting
from conversations.naming import circle_of, rested
from conversations.readers import a_zone, line, some_words
from conversations.stages.ask import standing
from conversations.stages.people import described
from conversations.state import Seeker, person_of, without_person
from conversations.steps import RESUME, Ask, Change, Choose, Fork, Here, Option, Stage
from conversations.times import when_of

SHOWN_NOTES = 5


def standing_of(here: Here) -> Text:
    """Where things stand with the person at hand, in one sentence."""
    person = here.them
    values: dict[str, Value] = dict(named(here))
    if person.thanks.sent:
        return Text("person.stands.thanked", values)
    if person.talk and person.talk.met:
        return Text("person.stands.met", values)
    when = when_of(here, person)
    if when:
        return Text("person.stands.set", {**values, "when": when})
    return Text(f"person.stands.{standing(person)}", values)


def _page(here: Here) -> Mapping[str, Value]:
    person = here.them
    by = person_of(here.seeker, person.named_by)
    lines: list[Value] = [standing_of(here), Text(f"person.circle_{circle_of(person)}")]
    if by:
        lines.append(Text("person.named_by", {"introducer": by.name}))
    for one in person.promises:
        if not one.kept and not one.dropped:
            side = "theirs" if one.theirs else "mine"
            lines.append(Text(f"person.promise_{side}", {"promise": one.what}))
    lines.extend(Text("person.note", {"note": line(note)}) for note in person.notes[-SHOWN_NOTES:])
    return {"person": described(person), "facts": Stack(tuple(lines), gap=1)}


def _options(here: Here) -> tuple[str | Option, ...]:
    person = here.them
    answer = ("answer",) if person.ask.sent and not (person.talk and person.talk.met) else ()
    talk = ("talk",) if person.ask.answer == "agreed" else ()
    met = ("referee",) if person.talk and person.talk.met else ()
    return ("go_on", *answer, *talk, *met, "circle", "details", "place", "language", "forget")


def _circle(number: int) -> Change:
    def keep(here: Here, tail: str) -> Seeker:
        return changed(here, circle=number)

    return keep


def _languages(here: Here) -> tuple[Option, ...]:
    return tuple(Option("code", code, label=name) for code, name in here.script.languages)


def _language(here: Here, tail: str) -> Seeker:
    mine = tail == here.seeker.language
    return changed(here, language="" if mine else tail)


def _called(here: Here, name: object) -> Seeker:
    return changed(here, called=str(name))


def _how(here: Here, words: object) -> Seeker:
    return changed(here, how=str(words))


def _forget(here: Here, tail: str) -> Seeker:
    return without_person(here.seeker, here.them.id)


KEEP = {"keep": "keep"}

STAGE = Stage("person", (
    Choose(id="person.page", fill=_page, options=_options,
           then={"go_on": "person.go_on", "answer": "ask.reply", "talk": "talk.page",
                 "referee": "after.referee", "circle": "person.circle",
                 "details": "person.name", "place": "person.place", "language": "person.language",
                 "forget": "person.forget"}),
    Fork(id="person.go_on", by=lambda here: "again" if rested(here, here.them) else "on",
         ways={"again": "ask.start", "on": RESUME}),
    Choose(id="person.circle", fill=named, options=("close", "some", "unknown"),
           then=dict.fromkeys(("close", "some", "unknown"), "person.page"),
           does={"close": _circle(1), "some": _circle(2), "unknown": _circle(3)}),
    Ask(id="person.name", fill=named, reads=a_greeting, keeps=renamed, options=("keep",),
        hears=KEEP),
    Ask(id="person.greeting", fill=named, reads=a_greeting, keeps=_called, options=("keep",),
        hears=KEEP),
    Ask(id="person.how", fill=named, reads=some_words, keeps=_how, options=("keep",), hears=KEEP,
        next="person.page", then={"keep": "person.page"}),
    Ask(id="person.place", fill=named, reads=a_zone, keeps=lives_in, next="person.page",
        options=("keep",), then={"keep": "person.page"}),
    Choose(id="person.language", fill=named, options=_languages, then={"code": "person.page"},
           does={"code": _language}),
    Choose(id="person.forget", final=True, fill=named, options=("keep", "forget"),
           then={"keep": "person.page", "forget": "people.forgotten"}, does={"forget": _forget}),
), about="person")  # fmt: skip
