"""Measures the words: every draft within its channel's limit, every message within Telegram's.

Drafts are measured as the longest of every wording of each paragraph; only where that is too long,
each wording is looked at that a seeker can meet.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import get_args

from bot.check_tables import file_of, steps_of
from bot.problems import Problem
from bot.words import GAP, Words, units
from conversations import Script, Seeker, drafts
from conversations.content import CONNECTIONS, FORMS
from conversations.effects import Channel, Fitting, Listing, Stack, Text, Value
from conversations.state import Ask, Debrief, Person, Promise, Sheet, Talk, Tone
from conversations.steps import Choose, Fork, Here, Step
from conversations.walking import words_of

MESSAGE = 4096
EMAIL = 100
MEASURED: tuple[Channel, ...] = ("email", "linkedin")
DRAFTS = "conversations/prompts/drafts.toml"
RANKS = 9
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
NAME = "Wolfeschlegelsteinhausen Maximiliana Bergerdorffer-Bartholomewson"[:64]
LINE = ("a rather long line of somebody's own words " * 4)[:160]
FIELD = "early childhood education and family care"[:40]


def _seeker(situation: str, aim: str) -> Seeker:
    field = FIELD if aim == "field" else ""
    return Seeker(
        welcomed=True, situation=situation, aim="field" if field else "advice", field=field,
        name="Maximiliana Bergerdorffer", zone="America/Chicago", country="US", language="en",
    )  # fmt: skip


def people_of_every_kind() -> Iterator[Person]:
    """Somebody for each way of knowing each other, with a long name."""
    for connection in CONNECTIONS:
        circle = 3 if connection in ("introduced", "unknown") else 1
        by = 2 if connection == "introduced" else 0
        yield Person(100, NAME, NOW, how=LINE, circle=circle, connection=connection, named_by=by)


def asks(channel: Channel, person: Person) -> Iterator[Ask]:
    """Every way to word the ask by a channel."""
    forms = ("", *FORMS) if person.circle < 3 else ("", *FORMS[:2])
    for tone_, short, honest in product(get_args(Tone), (False, True), forms):
        yield Ask(channel=channel, tone=tone_, short=short, honest=honest)


def long_drafts(script: Script, words: Words) -> Iterator[Problem]:
    """Every ask is within its channel's limit: every situation, aim, closeness, tone and form."""
    seen = set[str]()
    for situation, aim in product(script.content.situations, ("field", "advice")):
        for person, channel in product(people_of_every_kind(), MEASURED):
            for ask in asks(channel, person):
                one = replace(person, ask=ask)
                seeker = _seeker(situation, aim)
                other = Person(2, NAME, NOW, circle=1)
                here = Here(script, replace(seeker, people=(one, other)), NOW, one)
                for what in _too_long(here, channel, words):
                    if what not in seen:
                        seen.add(what)
                        name = f"{situation}, {aim}, {ask.tone}, {ask.honest or 'nothing honest'}"
                        yield Problem(DRAFTS, f"{what} ({name}).", "Say it in less.")


def _too_long(here: Here, channel: Channel, words: Words) -> Iterator[str]:
    for code, _ in words.languages:
        if channel == "email":
            count = longest(drafts.ask_body(here, here.them), code, words, lambda said: len(said.split()))
            if count > EMAIL:
                count = max(len(words.say(one, code).split()) for one in _every_wording(here))
            if count > EMAIL:
                yield f"an e-mail in {code} can have {count} words, and {EMAIL} are the most"
            continue
        size = units(words.say(drafts.linkedin_note(here, here.them), code))
        if size > drafts.LINKEDIN_LIMIT:
            most = drafts.LINKEDIN_LIMIT
            yield f"a LinkedIn note in {code} can have {size} characters, and {most} are the most"


def _every_wording(here: Here) -> Iterator[Value]:
    """The message to somebody before whom one, two or more people of the same place were asked."""
    for rank in range(RANKS):
        before = tuple(Person(10 + number, NAME, NOW, how=here.them.how) for number in range(rank))
        seeker = replace(here.seeker, people=(*here.seeker.people, *before))
        yield drafts.ask_body(replace(here, seeker=seeker), here.them)


def longest(value: Value, language: str, words: Words, size: Callable[[str], int]) -> int:
    """The size of a value if each of its texts is said in its longest wording."""
    if isinstance(value, (Stack, Listing)):
        return sum(longest(one, language, words, size) for one in value.items)
    if isinstance(value, Fitting):
        return longest(value.choices[-1], language, words, size)
    if not isinstance(value, Text):
        return size(words.say(value, language))
    turns = range(len(list(words.entries[value.key].parts())))
    forms = [words.form(value.key, language, turn, value.count) for turn in turns]
    named = {gap for form in forms for gap in GAP.findall(form)}
    inner = (longest(one, language, words, size) for gap, one in value.values.items() if gap in named)
    return sum(inner) + max(size(GAP.sub("", form)) for form in forms)


def fullest(situation: str, script: Script) -> Seeker:
    """A seeker who wrote as much as there is room for, about twenty people."""
    talk = Talk(start=datetime(2026, 12, 1, 12), zone="America/Chicago", where=LINE, agreed=NOW)
    told = Debrief("good", LINE, "yes", LINE, done=NOW)
    promises = (Promise(1, LINE, True, date(2026, 11, 20)), Promise(2, LINE, False, date(2026, 11, 20)))
    own = tuple(f"own-{number}" for number in range(8))
    people = tuple(
        Person(
            number, NAME, NOW - timedelta(days=90), how=LINE, circle=0 if number > 2 else 1,
            named_by=number - 1, talk=talk, debrief=told, promises=promises, notes=(LINE * 6,) * 9,
            sheet=Sheet(own[:5], own[5:], (LINE,) * 8, True, True), phone="+1 555 0100",
            ask=Ask(drafted=NOW, sent=NOW, answer="agreed"),
        )
        for number in range(1, 41)
    )  # fmt: skip
    seeker = _seeker(situation, "field")
    return replace(seeker, people=people, fresh=tuple(range(1, 21)), draft_day=date(2026, 12, 1))


def long_messages(script: Script, words: Words) -> Iterator[Problem]:
    """Every step's message fits into one message, whatever the seeker wrote."""
    for situation, (code, _) in product(script.content.situations, words.languages):
        seeker = fullest(situation, script)
        for step in steps_of(script):
            person = seeker.people[1] if script.about(step.id) != "seeker" else None
            here = Here(script, seeker, NOW, person)
            if isinstance(step, Fork) or (isinstance(step, Choose) and step.fits and not step.fits(here)):
                continue
            size = _size(step, here, code, words)
            if size > MESSAGE:
                what = (
                    f"`{step.id}` can have {size} characters in {code}, {MESSAGE} are the most ({situation})."
                )
                yield Problem(file_of(step.id), what, "Show less, or use Fitting.")


def _size(step: Step, here: Here, code: str, words: Words) -> int:
    made = step.draft(here) if step.draft else None
    below = step.below(here) if step.below else None
    parts = (words_of(step, here), made.body if made else None, below)
    return sum(units(words.say(one, code)) + 2 for one in parts if one is not None)
