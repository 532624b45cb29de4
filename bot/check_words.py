"""Checks the words: notes, gaps, plurals, labels, tone, doubles, and the length of every draft.

Pure, like the other checks. Drafts are measured as the longest of every wording of each paragraph,
so that no combination that a seeker can meet is longer.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import get_args

from bot.check import Problem, steps_of
from bot.content import Entry
from bot.words import GAP, Words, units
from conversations import Script, Seeker, drafts
from conversations.content import CONNECTIONS, FORMS
from conversations.effects import Channel, Fitting, Listing, Stack, Text, Value
from conversations.script import families
from conversations.state import Ask, Debrief, Person, Promise, Sheet, Talk, Tone, with_person
from conversations.steps import Choose, Fork, Here
from conversations.walking import words_of

LABEL = 64
MESSAGE = 4096
EMAIL = 100
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
BANNED = {
    r"!\s*!|!.*!": "more than one exclamation mark",
    r"\bnetwork(ing|s)?\b": "“network”: say people, or names",
    r"\bfail(ed|s|ure)?\b": "“failed”: silence is no answer yet",
    r"\bleads?\b(?= list| generation)": "“lead”: say person",
    r"you (will|are going to) (get|find|land) (a|the|that|your) job": "a promise of a job",
    r"dream job|never give up|believe in yourself|you('ve| have)? got this|sky is the limit|"
    r"every no is|one step closer|hidden job market|game changer|crush it|rock ?star": "a slogan",
}
NAME = "Wolfeschlegelsteinhausen Maximiliana Bergerdorffer-Bartholomewson"[:64]
LINE = ("a rather long line of somebody's own words " * 4)[:160]
FIELD = "early childhood education and family care"[:40]


def word_problems(script: Script, words: Words) -> list[Problem]:
    """Everything wrong with the words, in every language."""
    entries = words.entries
    return [
        *notes(entries), *translations(words), *labels(script, words), *tone(entries),
        *doubles(script, entries), *long_drafts(script, words), *long_messages(script, words),
    ]  # fmt: skip


def _problem(entry: Entry, what: str, remedy: str) -> Problem:
    return Problem(f"conversations/{entry.file}", f"`{entry.key}` {what}.", remedy)


def notes(entries: Mapping[str, Entry]) -> Iterator[Problem]:
    """Every text has a note for its translators."""
    for one in entries.values():
        if not one.note.strip():
            yield _problem(one, "has no note", "Write `note`: who says it to whom, and what the gaps hold.")


def gaps(words: str) -> set[str]:
    """The gaps of a wording."""
    return set(GAP.findall(words))


def translations(words: Words) -> Iterator[Problem]:
    """Every translation has the gaps of its source, and every plural form."""
    for code, _ in words.languages:
        catalog = words.catalog(code)
        if catalog is None:
            continue
        file = f"locales/{code}/LC_MESSAGES/messages.po"
        for context, source in (part for one in words.entries.values() for part in one.parts()):
            message = catalog.get(source if isinstance(source, str) else source[0], context)
            made = message.string if message else ""
            forms = [made] if isinstance(made, str) else list(made)
            if message is None or message.fuzzy or not any(forms):
                continue
            if not isinstance(source, str) and len([one for one in forms if one]) < catalog.num_plurals:
                what = f"`{context}` lacks plural forms."
                yield Problem(file, what, f"Write all {catalog.num_plurals} of them.")
            wanted = gaps(source if isinstance(source, str) else source[1])
            for one in forms:
                if one and gaps(one) - {"count"} != wanted - {"count"}:
                    remedy = f"It must have these: {', '.join(sorted(wanted)) or 'none'}."
                    yield Problem(file, f"`{context}` has other gaps than the English.", remedy)


def label_keys(script: Script, entries: Mapping[str, Entry]) -> set[str]:
    """The keys of buttons; questions that serve as buttons may be longer."""
    tables = {f"{s.id}.{name}" for s in steps_of(script) if isinstance(s, Choose) for name in families(s)}
    stand = {one for one in entries if one.startswith(("nudges.button.", "buttons.")) or one.endswith(".label")}
    return (tables | stand) & set(entries)


def labels(script: Script, words: Words) -> Iterator[Problem]:
    """Every button fits on a button, in every language."""
    for key, (code, _) in product(sorted(label_keys(script, words.entries)), words.languages):
        entry = words.entries[key]
        if max(units(words.form(key, code, turn)) for turn in range(len(list(entry.parts())))) > LABEL:
            yield _problem(entry, f"is too long for a button in {code}", f"At most {LABEL} characters.")


def tone(entries: Mapping[str, Entry]) -> Iterator[Problem]:
    """The voice of the coach: no rows of exclamation marks, no slogans, no promise of a job."""
    for one in entries.values():
        for (pattern, name), form in product(BANNED.items(), one.forms):
            if re.search(pattern, form, re.I | re.S):
                yield _problem(one, f"has {name}", "Say it in plain words.")


def sentences(words: str) -> list[str]:
    """The sentences of a text that are long enough to be noticed twice."""
    parts = re.split(r"(?<=[.?!:])\s+|\n+", words)
    return [one.strip(" “”\"•").casefold() for one in parts if len(one.split()) > 4]


def doubles(script: Script, entries: Mapping[str, Entry]) -> Iterator[Problem]:
    """No sentence is said under two keys."""
    short, first = label_keys(script, entries), dict[str, str]()
    for entry in entries.values():
        for sentence in {one for form in entry.forms for one in sentences(form)}:
            other = first.setdefault(sentence, entry.key)
            if other != entry.key and not {other, entry.key} <= short:
                yield _problem(entry, f"says the same as `{other}`: “{sentence}”", "Say it in other words.")


# --- Lengths -------------------------------------------------------------------------------------


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
        yield Person(1, NAME, NOW, how=LINE, circle=circle, connection=connection, named_by=by)


def asks(channel: Channel, person: Person) -> Iterator[Ask]:
    """Every way to word the ask by a channel."""
    forms = ("", *FORMS) if person.circle < 3 else ("", *FORMS[:2])
    for tone_, short, honest in product(get_args(Tone), (False, True), forms):
        yield Ask(channel=channel, tone=tone_, short=short, honest=honest)


def long_drafts(script: Script, words: Words) -> Iterator[Problem]:
    """Every ask is within its channel's limit: every situation, aim, closeness, tone and form."""
    seen = set[str]()
    for situation, aim in product(script.content.situations, ("field", "advice")):
        for person, channel in product(people_of_every_kind(), ("email", "linkedin")):
            for ask in asks(channel, person):
                one = Person(**{**vars(person), "ask": ask})
                seeker = _seeker(situation, aim)
                other = Person(2, NAME, NOW, circle=1)
                here = Here(script, Seeker(**{**vars(seeker), "people": (one, other)}), NOW, one)
                for what in _too_long(here, channel, words):
                    if what not in seen:
                        seen.add(what)
                        name = f"{situation}, {aim}, {ask.tone}, {ask.honest or 'nothing honest'}"
                        yield Problem("conversations/prompts/drafts.toml", f"{what} ({name}).", "Say it in less.")


def _too_long(here: Here, channel: Channel, words: Words) -> Iterator[str]:
    for code, _ in words.languages:
        if channel == "email":
            count = longest(drafts.ask_body(here, here.them), code, words, lambda said: len(said.split()))
            if count > EMAIL:
                yield f"an e-mail in {code} can have {count} words, and {EMAIL} are the most"
            continue
        size = units(words.say(drafts.linkedin_note(here, here.them), code))
        if size > drafts.LINKEDIN_LIMIT:
            yield f"a LinkedIn note in {code} can have {size} characters, and {drafts.LINKEDIN_LIMIT} are the most"


def longest(value: Value, language: str, words: Words, size: Callable[[str], int]) -> int:
    """The size of a value if each of its texts is said in its longest wording."""
    if isinstance(value, (Stack, Listing)):
        return sum(longest(one, language, words, size) for one in value.items)
    if isinstance(value, Fitting):
        return longest(value.choices[-1], language, words, size)
    if not isinstance(value, Text):
        return size(words.say(value, language))
    turns = range(len(list(words.entries[value.key].parts())))
    inner = sum(longest(one, language, words, size) for gap, one in value.values.items()
                if any(f"{{{gap}}}" in words.form(value.key, language, t, value.count) for t in turns))  # fmt: skip
    return inner + max(size(GAP.sub("", words.form(value.key, language, t, value.count))) for t in turns)


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
    return Seeker(**{**vars(seeker), "people": people, "fresh": tuple(range(1, 21)), "draft_day": date(2026, 12, 1)})


def long_messages(script: Script, words: Words) -> Iterator[Problem]:
    """Every step's message fits into one message, whatever the seeker wrote."""
    for situation, (code, _) in product(script.content.situations, words.languages):
        seeker = fullest(situation, script)
        for step in steps_of(script):
            person = seeker.people[1] if script.about(step.id) != "seeker" else None
            here = Here(script, with_person(seeker, person) if person else seeker, NOW, person)
            if isinstance(step, Fork) or (isinstance(step, Choose) and step.fits and not step.fits(here)):
                continue
            made = step.draft(here) if step.draft else None
            parts = (words_of(step, here), made.body if made else None, step.below(here) if step.below else None)
            size = sum(units(words.say(one, code)) + 2 for one in parts if one is not None)
            if size > MESSAGE:
                what = f"`{step.id}` can have {size} characters in {code}, and {MESSAGE} are the most ({situation})."
                yield Problem(f"conversations/stages/{step.id.partition('.')[0]}.py", what, "Show less, or use Fitting.")
