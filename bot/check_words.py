"""Checks the words: notes, gaps, plurals, labels, tone and doubles, in every language. Pure."""

import re
from collections.abc import Iterator, Mapping
from itertools import product

from bot.check_tables import steps_of
from bot.content import Entry
from bot.problems import Problem
from bot.words import GAP, Words, units
from conversations import Script
from conversations.script import families
from conversations.steps import Choose

LABEL = 64
PREVIEW = 60
BANNED = {
    r"!\s*!|!.*!": "more than one exclamation mark",
    r"\bnetwork(ing|s)?\b": "“network”: say people, or names",
    r"\bfail(ed|s|ure)?\b": "“failed”: silence is no answer yet",
    r"\bleads?\b(?= list| generation)": "“lead”: say person",
    r"you (will|are going to) (get|find|land) (a|the|that|your) job": "a promise of a job",
    r"dream job|never give up|believe in yourself|you('ve| have)? got this|sky is the limit|"
    r"every no is|one step closer|hidden job market|game changer|crush it|rock ?star": "a slogan",
}
# Said in many places on purpose: how to answer, which had better sound the same everywhere.
ALIKE = re.compile(
    r"press one|write (it|one)|copy it|a few words are enough|how well do you|here is your|i keep it|"
    r"the file puts|next we choose|i stop all"
)
SPEAKERS = ("drafts", "menu", "humans")
"""Words of another voice than the coach's: the seeker's, Telegram's page, a helper's own."""


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
            forms = [made] if isinstance(made, str) else list(made or ())
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
    steps = (one for one in steps_of(script) if isinstance(one, Choose) and not one.id.startswith("nudges."))
    tables = {f"{one.id}.{name}" for one in steps for name in families(one)}
    stand = {
        one for one in entries if one.startswith(("nudges.button.", "buttons.")) or one.endswith(".label")
    }
    return (tables | stand) & set(entries)


def labels(script: Script, words: Words) -> Iterator[Problem]:
    """Every button fits on a button, in every language."""
    for key, (code, _) in product(sorted(label_keys(script, words.entries)), words.languages):
        entry = words.entries[key]
        if max(units(words.form(key, code, turn)) for turn in range(len(list(entry.parts())))) > LABEL:
            yield _problem(entry, f"is too long for a button in {code}", f"At most {LABEL} characters.")


def previews(words: Words) -> Iterator[Problem]:
    """The line before a nudge fills the preview of a locked screen, so that nothing else is seen."""
    entry = words.entries["nudges.discreet"]
    for (code, _), turn in product(words.languages, range(len(entry.forms))):
        if len(words.form(entry.key, code, turn)) < PREVIEW:
            yield _problem(entry, f"is too short in {code}", f"Write at least {PREVIEW} characters.")


def tone(entries: Mapping[str, Entry]) -> Iterator[Problem]:
    """The voice of the coach: no rows of exclamation marks, no slogans, no promise of a job."""
    for one in entries.values():
        for (pattern, name), form in product(BANNED.items(), one.forms):
            if re.search(pattern, form, re.I | re.S):
                yield _problem(one, f"has {name}", "Say it in plain words.")


def sentences(words: str) -> list[str]:
    """The sentences of a text that are long enough to be noticed twice."""
    parts = re.split(r"(?<=[.?!:])\s+|\n+", words)
    return [one.strip(' “”"•').casefold() for one in parts if len(one.split()) > 4]


def _voice(key: str) -> str:
    """Who speaks: the coach, or one of the others, whose words are read elsewhere."""
    part = key.partition(".")[0]
    return part if part in SPEAKERS else "coach"


def doubles(script: Script, entries: Mapping[str, Entry]) -> Iterator[Problem]:
    """No sentence is said under two keys."""
    short, first = label_keys(script, entries), dict[tuple[str, str], str]()
    for entry in entries.values():
        for sentence in {one for form in entry.forms for one in sentences(form)}:
            other = first.setdefault((_voice(entry.key), sentence), entry.key)
            if other != entry.key and not {other, entry.key} <= short and not ALIKE.match(sentence):
                yield _problem(entry, f"says the same as `{other}`: “{sentence}”", "Say it in other words.")
