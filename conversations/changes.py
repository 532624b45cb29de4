"""Small changes that many steps make: to the person at hand, their ask, talk or debrief."""

from dataclasses import replace
from typing import Any

from conversations.effects import Text, Value
from conversations.naming import called, first_name
from conversations.readers import line
from conversations.state import Seeker, Talk, with_person
from conversations.steps import Here, Option


def changed(here: Here, **facts: Any) -> Seeker:
    """The seeker, with these facts of the person at hand changed."""
    return with_person(here.seeker, replace(here.them, **facts))


def ask_changed(here: Here, **facts: Any) -> Seeker:
    """The seeker, with these facts of the ask changed."""
    return changed(here, ask=replace(here.them.ask, **facts))


def talk_changed(here: Here, **facts: Any) -> Seeker:
    """The seeker, with these facts of the talk changed; a talk is begun where there was none."""
    return changed(here, talk=replace(here.them.talk or Talk(), **facts))


def debriefed(here: Here, **facts: Any) -> Seeker:
    """The seeker, with these facts of the debrief changed."""
    return changed(here, debrief=replace(here.them.debrief, **facts))


def thanks_changed(here: Here, **facts: Any) -> Seeker:
    """The seeker, with these facts of the thank-you changed."""
    return changed(here, thanks=replace(here.them.thanks, **facts))


def stepped(here: Here, seeker: Seeker) -> Seeker:
    """The seeker logged a step: every clock starts again from here."""
    return replace(seeker, stepped=here.moment)


REWORDED = Option("other_words", label=Text("buttons.other_words"))


def reworded(here: Here, tail: str) -> Seeker:
    """The same message to this person in other words."""
    return ask_changed(here, spin=here.them.ask.spin + 1)


def named(here: Here) -> dict[str, Value]:
    """The person at hand, for the gaps of a text: whole and first name."""
    return {"person": here.them.name, "first": first_name(here.them)}


def renamed(here: Here, name: object) -> Seeker:
    """The person under another name, and greeted by it."""
    return changed(here, name=str(name), called=called(here, str(name)))


def given_a_name(here: Here, name: object) -> Seeker:
    """Whoever was only `my old boss` has a name now; the words for them are kept."""
    how = ", ".join(part for part in (here.them.name, here.them.how) if part)
    return changed(here, name=str(name), called=called(here, str(name)), how=line(how))


def lives_in(here: Here, zone: object) -> Seeker:
    """Where the person lives: for times in both zones and for their business days."""
    country = here.script.calendar.country_of(str(zone))
    return changed(here, zone=str(zone), country=country)
