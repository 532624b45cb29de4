"""Makes the template for translators and keeps every catalogue in step with the English.

The key of a text is its context, its note is the translator's comment. Where the English of a
text has changed, the older translation stays, marked fuzzy, with the older English beside it.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from bot.content import Entry
from bot.languages import found, is_known, locale_of, read_catalog
from bot.words import LOCALES
from conversations.content import ContentError

_GAP_OR_STRETCH = re.compile(r"\{\w+\}|[^{}\n]+")
HEADER = """\
# Translations of Twenty Minutes.
# Contexts are the keys of the texts; comments are notes from their authors.
#"""


def template(entries: Iterable[Entry]) -> Catalog:
    """Every text in English, with its note; nothing in it depends on the day it is made."""
    catalog = Catalog(project="Twenty Minutes", charset="utf-8", header_comment=HEADER)
    for entry in entries:
        for context, source in entry.parts():
            catalog.add(
                source,
                context=context,
                auto_comments=[entry.note] if entry.note else [],
                locations=[(f"conversations/{entry.file}", None)],  # type: ignore[list-item]  # Babel takes a file without a line
            )
    return catalog


def right_to_left(entries: Iterable[Entry]) -> Catalog:
    """A language nobody speaks, to see how one that is written from right to left will look.

    Its words are the English ones, backwards to the eye: overrides turn each stretch between gaps.
    """
    catalog = template(entries)
    catalog.project = "Pseudo (right to left)"
    for message in catalog:
        if message.id:
            forms = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            turned = tuple(_GAP_OR_STRETCH.sub(_turned, form) for form in forms)
            message.string = turned[0] if isinstance(message.id, str) else turned
    return catalog


def _turned(found: re.Match[str]) -> str:
    words = found[0].strip()
    if words.startswith("{") or not any(sign.isalpha() for sign in words):
        return found[0]
    # A mark at either end, because what stands inside an override does not count for the direction.
    return found[0].replace(words, f"\u200f\u202e{words}\u202c\u200f", 1)


def in_step(old: Catalog, entries: Iterable[Entry]) -> Catalog:
    """A catalogue with exactly the texts of now: kept, marked fuzzy where English changed, or new."""
    new = Catalog(locale=old.locale, project="Twenty Minutes", charset="utf-8",
                  header_comment=old.header_comment)  # fmt: skip
    before = {message.context: message for message in old if message.context}
    for message in template(entries):
        if message.id:
            _carry(new, message, before.get(str(message.context)))
    return new


def _carry(new: Catalog, message: Message, old: Message | None) -> None:
    changed = old is not None and old.id != message.id
    flags = set(old.flags) if old else set()
    previous = list(old.previous_id) if old else []
    if old and changed and _is_translated(old):
        flags.add("fuzzy")
        previous = [old.id] if isinstance(old.id, str) else list(old.id)
    made = new.add(
        message.id, old.string if old else None, context=message.context, flags=flags,
        auto_comments=message.auto_comments, locations=message.locations, previous_id=previous,
        user_comments=old.user_comments if old else (),
    )  # fmt: skip
    if made.pluralizable and not isinstance(made.string, (list, tuple)):
        made.string = [""] * new.num_plurals


def _is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return any(strings)


def with_translations(catalog: Catalog, said: Mapping[str, str | list[str]]) -> Catalog:
    """The catalogue with these translations by context; they are no longer fuzzy."""
    for message in catalog:
        if message.context in said:
            message.string = said[str(message.context)]
            message.flags.discard("fuzzy")
            message.previous_id = []
    return catalog


def begin(code: str, entries: Mapping[str, Entry], locales: Path = LOCALES) -> Path:
    """An empty catalogue for a new language; the path of it. Nothing is overwritten."""
    if not re.fullmatch(r"[a-z]{2,3}(_[A-Za-z]{2,4})?(@[a-z]+)?", code) or not is_known(code):
        raise ContentError(f"{code} is no language code: write one such as pt, pt_BR or fr@tu.")
    path = locales / code / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write(in_step(Catalog(locale=locale_of(code)), entries.values()), path)
    return path


def written(entries: Mapping[str, Entry], locales: Path = LOCALES) -> dict[Path, str]:
    """What the template and every catalogue should contain, by path."""
    made = {locales / "messages.pot": text_of(template(entries.values()))}
    for _, path in found(locales):
        made[path] = text_of(in_step(read_catalog(path), entries.values()))
    return made


def write(catalog: Catalog, path: Path) -> None:
    """Write a catalogue to its file."""
    path.write_text(text_of(catalog), encoding="utf-8")


def text_of(catalog: Catalog) -> str:
    """A catalogue as text, without dates that change by themselves."""
    from io import BytesIO

    file = BytesIO()
    write_po(file, catalog, width=100, include_lineno=False, include_previous=True, omit_header=False)
    lines = file.getvalue().decode().split("\n")
    dated = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Last-Translator")
    return "\n".join(line for line in lines if not line.lstrip('"').startswith(dated))
