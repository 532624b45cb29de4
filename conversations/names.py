"""Names as people type them: one or several, with what is known of each, and one's own."""

import re
from dataclasses import dataclass

from conversations.hearing import after, untailed
from conversations.name_parts import (
    cut,
    groups,
    introduced,
    is_an_answer,
    is_nameless,
    is_no_name,
    looks_like_a_name,
    turned,
    written,
)
from conversations.readers import LONGEST_LINE, Unclear, line
from conversations.steps import Here

LONGEST_NAME = 64
LONGEST_ROW = 1000  # of what is written on one line
MOST_NAMES = 20
_BREAK = re.compile(r"[\n;；؛]+|\s+(?=\d{1,2}[.)]\s+[^\W\d])")
_BULLET = re.compile(r"^\s*(?:[-*•·–]+|\d{1,2}[.)])\s*")
_STOP = re.compile(r"(?<=\w\w\w)[.!]+$")
#: Seven digits and more that are no date and no years.
_PHONE = r"(?<![\d-])\+?\(?(?!(?:19|20)\d\d\b)(?!\d\d?-\d\d?-\d{4})\d(?:[ ().-]{0,2}\d){6,14}(?!\w)"
#: What stands beside a name wherever it is written: a number, an address, words in brackets.
_ASIDE = re.compile(
    rf"(?P<phone>{_PHONE})|(?P<mail>(?<![^\s,;()])[^\s,;()@]{{1,64}}@[^\s,;()]+)|\((?P<told>[^()]*)\)?"
)
_PLACES = [chr(0xE000 + number) for number in range(60)]  # signs that nobody can have typed


@dataclass(frozen=True)
class Named:
    """A name as it was typed or shared, with what was said about the person."""

    name: str
    how: str = ""
    phone: str = ""


def a_name(here: Here, words: str) -> str:
    """One name."""
    kept = line(words, LONGEST_LINE)
    if not any(one.isalpha() for one in kept):
        raise Unclear("unclear.name")
    if len(kept) > LONGEST_NAME:
        raise Unclear("unclear.name_long")
    return kept


def own_name(here: Here, words: str) -> str:
    """The seeker's own name, without the words one says before it."""
    name = after(here, untailed(here, words), "iam").rstrip(".")
    if is_an_answer(here, name):
        raise Unclear("unclear.name")
    return written(here, a_name(here, name))


def a_greeting(here: Here, words: str) -> str:
    """What somebody is called; an answer of another kind is no name."""
    name = untailed(here, line(words))
    for kind in ("no", "polite", "leads"):
        name = after(here, name.lstrip(" ,"), kind)
    name = _STOP.sub("", name)
    if is_no_name(here, name):
        raise Unclear("unclear.name")
    return written(here, a_name(here, name))


def names(here: Here, words: str) -> list[Named]:
    """One or several people, a line each: a name, then what is known of them.

    What is known follows a comma, a colon, a dash, an open bracket or a word such as `from`;
    `my sister Lucy` is Lucy, my sister. Parts of one shape, such as `Maria Lopez, Sam Chen`, and
    what stands around an `and` are several people. A line that names nobody spoils no other line.
    """
    found, unclear = list[Named](), Unclear("unclear.name")
    for one in _lines(words):
        try:
            found += _names_in(here, one[:LONGEST_ROW])
        except Unclear as why:
            unclear = why
        if len(found) > MOST_NAMES:
            raise Unclear("unclear.names_many")
    if not found:
        raise unclear
    return found


def _lines(words: str) -> list[str]:
    """A line for each person; a number on a line of its own belongs to the line before."""
    found = list[str]()
    for one in _BREAK.split(words):
        bare = _BULLET.sub("", one).strip()
        if found and not any(map(str.isalpha, bare)):
            found[-1] += f", {bare}"
        else:
            found.append(bare)
    return found


def _names_in(here: Here, words: str) -> list[Named]:
    asides = list[re.Match[str]]()

    def put_aside(aside: re.Match[str]) -> str:
        asides.append(aside)
        return f"{_PLACES[(len(asides) - 1) % len(_PLACES)]} "

    put = _ASIDE.sub(put_aside, words)
    return [_one(here, head, group.told, asides) for group in groups(here, put) for head in group.heads]


def _one(here: Here, head: str, told: list[str], asides: list[re.Match[str]]) -> Named:
    """One person: the words of the name, what was told of them, and what stood beside it."""
    aside = [one for sign, one in zip(_PLACES, asides, strict=False) if sign in "".join((head, *told))]
    words = _without(head).split()
    first = next((at for at, word in enumerate(words) if any(map(str.isalpha, word))), len(words))
    name, before = introduced(here, " ".join(words[first:]))
    name, place = cut(here, name)
    name, before = (name, before) if before else turned(here, name)
    name = _STOP.sub("", untailed(here, name))
    told = [_without(one) for one in told]
    other = next((one for one in told if looks_like_a_name(here, after(here, one, "named"))), "")
    if is_nameless(here, name) and other:  # my cousin, Rick
        name, before = after(here, other, "named"), ", ".join(part for part in (before, name) if part)
        told.remove(other)
    if is_no_name(here, name):
        raise Unclear("unclear.name")
    if len(name) > LONGEST_NAME:
        raise Unclear("unclear.name_long")
    kept = (before, place, *told, *(one["told"] or one["mail"] for one in aside))
    known = ", ".join(part for part in kept if part and not is_an_answer(here, part))
    phone = next((one["phone"] for one in aside if one["phone"]), "")
    return Named(written(here, name), line(known), line(phone))


def _without(words: str) -> str:
    """Words without what was put aside."""
    return line("".join(" " if one in _PLACES else one for one in words))
