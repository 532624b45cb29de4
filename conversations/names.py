"""Names as people type them: one or several, with what is known of each, and one's own."""

import re
from dataclasses import dataclass, replace

from conversations.hearing import bare, means
from conversations.readers import LONGEST_LINE, Unclear, folded, line
from conversations.steps import Here

LONGEST_NAME = 64
_COMMA = re.compile(r"[,，、،]")
_TOLD = re.compile(r"\s+[-–—]\s+|\s*[()]\s*|\s*[:：]\s+")
_BREAK = re.compile(r"[\n;；؛]+|\s+(?=\d{1,2}[.)]\s+[^\W\d])")
_END = re.compile(r"(?<=[.!])\s+")
_STOP = re.compile(r"(?<=\w\w\w)[.!]+$")
_PHONE = re.compile(r"(?<!\d)\+?\(?(?!(?:19|20)\d\d\b)\d(?:[ ()/.-]{0,2}\d){5,14}")  # years are none
_SIGNS = ("&", "+", "/")
_BULLET = re.compile(r"^\s*(?:[-*•·–]+|\d{1,2}[.)])\s*")
_QUESTION = ("?", "؟", "？")
MOST_NAMES = 20


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
    return a_name(here, _after(here, words, "iam").rstrip("."))


def names(here: Here, words: str) -> list[Named]:
    """One or several people, a line each: a name, then what is known of them.

    What is known follows a comma, a colon, a dash, an open bracket or a word such as `from`;
    `my sister Lucy` is Lucy, my sister. Parts of one shape, such as `Maria Lopez, Sam Chen`, and
    what stands around an `and` are several people. A number of six digits and more is a phone's.
    """
    lines = (_BULLET.sub("", one).strip() for one in _BREAK.split(words))
    told = [one for one in lines if one and not _is_an_answer(here, one)]
    found = [named for one in told for named in _names_in(here, one)]
    if not found:
        raise Unclear("unclear.name")
    if len(found) > MOST_NAMES:
        raise Unclear("unclear.names_many")
    return found


def _names_in(here: Here, words: str) -> list[Named]:
    phone = _PHONE.search(words)
    if phone:
        words = f"{words[: phone.start()]}, {words[phone.end() :]}"
    parts = _parts(here, words)
    pieces = [piece for part in parts for piece in _joined(here, part)]
    if len(pieces) > 1 and _are_names(here, pieces):
        found = [Named(piece) for piece in pieces]
    else:
        heads = _joined(here, parts[0]) if parts else [""]
        found = [_one(here, head, parts[1:]) for head in heads]
    return [replace(found[0], phone=line(phone[0])), *found[1:]] if phone else found


def _parts(here: Here, words: str) -> list[str]:
    """The parts between commas, without words that only lead to a name or end the answer."""
    *first, last = _END.split(words)
    words = " ".join(first) if first and _is_an_answer(here, last) else words
    joiners = "|".join(re.escape(one) for one in here.script.phrases("and", here.seeker.language))
    words = re.sub(rf"[,，、،]\s*(?=(?:{joiners})\s)", " ", words) if joiners else words
    parts = [line(part) for part in _COMMA.split(_TOLD.sub(", ", words)) if part.strip()]
    while parts and (means(here, parts[0], "leads") or _is_an_answer(here, parts[0])):
        parts = parts[1:]
    return [_after(here, parts[0], "leads"), *parts[1:]] if parts else []


def _one(here: Here, head: str, told: list[str]) -> Named:
    """One person: the words of the name, and what was told after a comma."""
    name, before = _turned(here, head)
    name, place = _cut(here, _STOP.sub("", name))
    if not any(one.isalpha() for one in name) or _is_a_sentence(here, name) or _is_an_answer(here, name):
        raise Unclear("unclear.name")
    if len(name) > LONGEST_NAME:
        raise Unclear("unclear.name_long")
    known = ", ".join(part for part in (before, place, *told) if part)
    return Named(name, known[:LONGEST_LINE])


def _after(here: Here, words: str, kind: str) -> str:
    """What comes after words of this kind: `maybe my cousin Rick` without the maybe."""
    starts = sorted(here.script.phrases(kind, here.seeker.language), key=len, reverse=True)
    while start := next((one for one in starts if bare(words).startswith(f"{one} ")), ""):
        words = " ".join(words.split()[len(start.split()) :])
    return words


def _joined(here: Here, words: str) -> list[str]:
    """The parts around each `and`, where every one of them can be a name."""
    parts = [list[str]()]
    for word in words.split():
        if word in _SIGNS or (_is(here, word, "and") and (word.islower() or words.isupper())):
            parts.append([])
        else:
            parts[-1].append(word)
    apart = all(_can_be_a_name(here, part, before) for part, before in zip(parts, [[], *parts], strict=False))
    return [" ".join(part) for part in parts] if apart else [words]


def _can_be_a_name(here: Here, words: list[str], before: list[str]) -> bool:
    """Whether a part is more than a title, and begins as a name or `her boss`, or is short.

    In `Maria from church and school` the second part tells more of the first.
    """
    if not words or (len(words) == 1 and _is(here, words[0].strip("."), "titles")):
        return False
    if words[0][0].isupper() or _is(here, words[0], "mine"):
        return True
    return len(words) <= 2 and not any(_is(here, word, "from") for word in before)


def _is(here: Here, word: str, kind: str) -> bool:
    return folded(word) in here.script.phrases(kind, here.seeker.language)


def _is_a_sentence(here: Here, words: str) -> bool:
    """Whether these begin as no name does, such as `I don't remember`, or are a question."""
    starts = here.script.phrases("sentence", here.seeker.language)
    return words.endswith(_QUESTION) or any(folded(words).startswith(f"{one} ") for one in starts)


def _is_an_answer(here: Here, words: str) -> bool:
    """Whether this is a whole answer of another kind, such as `yes` or `thank you`."""
    return any(means(here, words, kind) for kind in ("yes", "no", "none", "sent", "enough", "polite"))


def _are_names(here: Here, parts: list[str]) -> bool:
    """Whether comma-separated parts are all names: alike in shape, none of them a place of work."""
    pieces = [part.split() for part in parts]
    words = [word for one in pieces for word in one]
    capital = all(word[0].isupper() and not (word.isupper() and len(word) in (2, 3)) for word in words)
    alike = all(len(one) == 1 for one in pieces) or all(len(one) in (2, 3) for one in pieces)
    return capital and alike and not any(_is(here, word, "places") for word in words)


def _turned(here: Here, words: str) -> tuple[str, str]:
    """`my sister Lucy` turned into the name and what was said before it."""
    first = words.split()
    if len(first) < 3 or not _is(here, first[0], "mine"):
        return words, ""
    at = next((place for place, word in enumerate(first) if place and word[0].isupper()), 0)
    return (" ".join(first[at:]), " ".join(first[:at])) if at else (words, "")


def _cut(here: Here, words: str) -> tuple[str, str]:
    """`Ana Ruiz from Mercy` cut into the name and where she is from."""
    parts = words.split()
    at = next((place for place, word in enumerate(parts) if place and _is(here, word, "from")), len(parts))
    return " ".join(parts[:at]), " ".join(parts[at:])
