"""What the seeker's words mean before they are read: despair, a hard day, a common whole answer."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from conversations.readers import folded
from conversations.steps import Here


def bare(words: str) -> str:
    """Words for comparing, without marks: `Yes, that is right.` is `yes that is right`."""
    return " ".join(re.sub(r"[^\w/]+", " ", folded(words)).split())


def after(here: Here, words: str, kind: str, numbers: bool = False) -> str:
    """What comes after words of this kind: `maybe my cousin Rick` without the maybe.

    With `numbers`, these go too: `2 names: Ana and Tom`.
    """
    kinds = _split(here.script.phrases(kind, here.seeker.language))
    rest, longest = words.split(), max(map(len, kinds), default=0)
    while rest:
        plain = [bare(word) for word in rest[:longest]]
        size = next((size for size in range(len(plain), 0, -1) if tuple(plain[:size]) in kinds), 0)
        if numbers and not size:
            size = int(rest[0].strip(".)").isdecimal())
        if not size or re.fullmatch(r"\w\.", rest[0]):
            break
        rest = rest[size:]
    return " ".join(rest)


def untailed(here: Here, words: str) -> str:
    """The words without a courtesy at their end: `nadie, gracias` is `nadie`."""
    ends = _split(here.script.phrases("tails", here.seeker.language))
    rest = words.split()
    while len(rest) > 1:
        sizes = (size for size in (3, 2, 1) if size < len(rest) and tuple(map(bare, rest[-size:])) in ends)
        size = next(sizes, 0)
        if not size:
            break
        rest = rest[:-size]
    return " ".join(rest).rstrip(" ,;.!") if len(rest) < len(words.split()) else words


def means(here: Here, words: str, *kinds: str) -> bool:
    """Whether the whole answer is a common one of one of these kinds, such as `nobody`."""
    plain = {bare(words), bare(untailed(here, words))}
    return any(not plain.isdisjoint(here.script.phrases(kind, here.seeker.language)) for kind in kinds)


def refuses(here: Here, words: str) -> bool:
    """Whether an answer begins with a no, and no but follows: `no, he did not offer a thing`."""
    first, *others = bare(words).split() or [""]
    taken_back = set(others) & set(here.script.phrases("but", here.seeker.language))
    return first in here.script.phrases("no", here.seeker.language) and not taken_back


def says_of(here: Here, words: str, kind: str) -> bool:
    """Whether a phrase of this kind stands anywhere in the words, and no `never` before it."""
    phrases = here.script.phrases(kind, here.seeker.language)
    taken_back = (f"{one} {phrase}" for one in here.script.phrases("never", here.seeker.language)
                  for phrase in phrases)  # fmt: skip
    return _holds(words, phrases) and not _holds(words, taken_back)


def sounds_low(here: Here, words: str) -> bool:
    """Whether the words tell of a hard day, short of despair."""
    return says_of(here, words, "low")


def sounds_like_despair(words: str, alarms: Mapping[str, tuple[str, ...]], language: str) -> bool:
    """Whether the words hold a phrase of despair, in the seeker's language or in English."""
    return _holds(words, (*alarms.get(language.partition("-")[0], ()), *alarms.get("en", ())))


def _holds(words: str, phrases: Iterable[str]) -> bool:
    plain = f" {bare(words).replace('/', ' ')} "
    return any(f" {phrase} " in plain for phrase in phrases)


@lru_cache(maxsize=64)
def _split(phrases: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(one.split()) for one in phrases)
