"""Words for a person, put together from whole paragraphs: the ask, by every channel.

Every function gives values, never sentences; which paragraph may stand beside which is decided
here, and printed in every combination by a test.
"""

from collections.abc import Mapping
from dataclasses import replace

from conversations.effects import Channel, Draft, Fitting, Stack, Text, Value
from conversations.naming import circle_of, first_name
from conversations.readers import folded
from conversations.state import Person, Seeker, person_of
from conversations.steps import Here

LINKEDIN_LIMIT = 200
WORDINGS = 3


def values_of(here: Here, person: Person) -> Mapping[str, Value]:
    """The names that a draft to this person may mention."""
    by = person_of(here.seeker, person.named_by)
    return {
        "person": person.name,
        "first": first_name(person),
        "name": here.seeker.name,
        "introducer": by.name if by else "",
        "field": here.seeker.field,
    }


def language_of(here: Here, person: Person) -> str:
    """The language this person is written to."""
    return person.language or here.seeker.language


def rank_of(seeker: Seeker, person: Person) -> int:
    """How many people before this one are described alike: no two of a place get the same words."""
    place = folded(person.how).rpartition(",")[2].strip()
    before = [one for one in seeker.people if one.id < person.id]
    same = [one for one in before if folded(one.how).rpartition(",")[2].strip() == place]
    return len(same) if place else len(before)


def opening_pick(here: Here, person: Person) -> int:
    """Which wording a message to this person opens with."""
    return rank_of(here.seeker, person) + person.ask.spin


def closing_pick(here: Here, person: Person) -> int:
    """Which wording it closes with: three openings and three closes make nine different pairs."""
    rank = rank_of(here.seeker, person)
    return rank + rank // WORDINGS + person.ask.spin


def known_as(here: Here, person: Person) -> str:
    """How the person is met in spoken words and short notes."""
    if person.named_by and person_of(here.seeker, person.named_by):
        return "introduced"
    return "unknown" if circle_of(person) == 3 else "known"


def connection_of(here: Here, person: Person) -> str:
    """What the sentence about how they know each other says."""
    known = known_as(here, person)
    return (person.connection or "known") if known == "known" else known


def may_say_knows(here: Here, person: Person) -> bool:
    """Whether the honest sentence for someone who knows already can be true."""
    return known_as(here, person) == "known"


def aim_of(here: Here) -> str:
    """Whether the seeker asks about a field of work or for general advice."""
    return "field" if here.seeker.aim == "field" and here.seeker.field else "advice"


def _what(here: Here, short: bool) -> Text:
    key = f"situations.{here.seeker.situation}.ask.{aim_of(here)}"
    return Text(f"{key}.short" if short else key, {"field": here.seeker.field})


def _honest(here: Here, form: str) -> tuple[Text, ...]:
    if not form:
        return ()
    return (Text(f"situations.{here.seeker.situation}.sentence.{form}"),)


def letter(here: Here, person: Person, *body: Value, tone: str = "plain") -> Stack:
    """A whole message: greeting, paragraphs, name."""
    values = values_of(here, person)
    sign = "formal" if tone == "formal" else "plain"
    return Stack((Text(f"drafts.greeting.{tone}", values), *body, Text(f"drafts.sign.{sign}", values)))


def ask_body(here: Here, person: Person) -> Value:
    """The request as a message: connection, what advice is wanted, twenty minutes, easy to say no."""
    ask, values = person.ask, values_of(here, person)
    start, end = opening_pick(here, person), closing_pick(here, person)
    if ask.own:
        return ask.own
    brief = ask.short or ask.honest in ("fuller", "knows")  # 100 words are enough for anybody
    kind = "short" if brief else ask.tone
    warm = (Text("drafts.warm", values, start),) if ask.tone == "warmer" and not brief else ()
    connection = Text(f"drafts.connection.{connection_of(here, person)}", values, start)
    request = Text(f"drafts.ask.{kind}", values, start)
    close = Text(f"drafts.close.{kind}", values, end)
    what, honest = _what(here, brief), _honest(here, ask.honest)
    body = (connection, *warm, what, *honest, request, close)
    return letter(here, person, *body, tone=ask.tone)


def linkedin_note(here: Here, person: Person) -> Value:
    """At most 200 characters: the note, or a tighter one where names are long."""
    values = values_of(here, person)
    pick = opening_pick(here, person)
    key = f"drafts.linkedin.{known_as(here, person)}"
    choices = tuple(
        Text(name, values, pick + turn)
        for name in (f"{key}.{aim_of(here)}", f"{key}.advice")
        for turn in range(WORDINGS)
    )
    return Fitting((*choices, Text("drafts.linkedin.tight", values)), LINKEDIN_LIMIT)


def phone_script(here: Here, person: Person) -> Value:
    """What to say on the phone, after yes, after no, and to a machine."""
    values = values_of(here, person)

    def words(name: str) -> Text:
        return Text(f"drafts.phone.{name}", values)

    honest = _honest(here, person.ask.honest)
    say = (words("heading_say"), words(known_as(here, person)), _what(here, short=True), *honest)
    return Stack((
        Stack((*say, words("ask")), gap=1),
        Stack((words("heading_yes"), words("if_yes")), gap=1),
        Stack((words("heading_no"), words("if_no")), gap=1),
        Stack((words("heading_voicemail"), words("voicemail")), gap=1),
    ))  # fmt: skip


def in_person(here: Here, person: Person) -> Value:
    """Two sentences to say when they meet."""
    key = f"drafts.in_person.{known_as(here, person)}.{aim_of(here)}"
    words = Text(key, values_of(here, person), opening_pick(here, person))
    honest = _honest(here, person.ask.honest)
    return Stack((words, *honest), gap=1) if honest else words


def subject_of(here: Here, person: Person) -> Text:
    """The subject of an e-mail: three or four words."""
    introduced = known_as(here, person) == "introduced"
    return Text("drafts.subject.introduced" if introduced else "drafts.subject",
                pick=opening_pick(here, person))  # fmt: skip


def ask_draft(here: Here, person: Person | None = None) -> Draft:
    """The finished words of the ask, for the channel that was chosen."""
    person = person or here.them
    made = {"linkedin": linkedin_note, "phone": phone_script, "in_person": in_person}
    by_channel = made.get(person.ask.channel, ask_body)
    body = person.ask.own or by_channel(here, person)
    email = person.ask.channel == "email"
    return addressed(here, person, body, subject_of(here, person) if email else None)


def shorter(person: Person) -> Person:
    """The same person with a shorter message, for the second time it is offered."""
    return replace(person, ask=replace(person.ask, short=True))


def addressed(here: Here, person: Person, body: Value, subject: Value | None = None) -> Draft:
    """A draft in the language of the person, for the channel they are asked by."""
    return Draft(body, person.ask.channel, language_of(here, person), subject, person.phone)


def written(here: Here, person: Person, body: Value, subject: str = "again") -> Draft:
    """A written message to somebody who was asked before; a spoken channel becomes a message."""
    channel: Channel = "email" if person.ask.channel == "email" else "chat"
    pick = rank_of(here.seeker, person)
    title = Text(f"drafts.subject.{subject}", pick=pick) if channel == "email" else None
    return Draft(body, channel, language_of(here, person), title, person.phone)
