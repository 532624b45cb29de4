"""A line that names people, taken apart: who is named, and what is told of whom."""

import re
from dataclasses import dataclass, field

from conversations.hearing import after, means
from conversations.readers import folded, line
from conversations.steps import Here

MOST_PARTS = 100
MOST_BEFORE, MOST_SMALL = 12, 5  # words before a name, and of one without a capital
_COMMA = re.compile(r"\s*[,，、،]\s*")
_MARK = re.compile(r"\s+[-–—]\s+|\s*[:：]\s+")
_END = re.compile(r"(\w{3,})[.!]+\s+")
_SIGNS = ("&", "+", "/")
_FIRST = re.compile(r"^\w|(?<=-)\w|(?<=^[od]['’])\w")  # of maria-jose, of o'brien
_QUESTION = ("?", "؟", "？")
_ANSWERS = ("yes", "no", "none", "unsure", "sent", "enough", "polite")


@dataclass
class Group:
    """People named in one breath, and what was told of all of them. `marked`: after a dash or colon."""

    heads: list[str]
    told: list[str] = field(default_factory=list)
    marked: bool = False


def groups(here: Here, words: str) -> list[Group]:
    """Who is named by a line, and what it tells of them: parts between commas and full stops."""
    found = list[Group]()
    parted = _COMMA.split(_END.sub(lambda stop: _ended(here, stop), words))
    parts = [line(part) for part in parted[:MOST_PARTS]]
    first = [part for part in parts if not _goes_on(here, part)]
    several = _are_names(here, [one for part in first for one in joined(here, part)])
    for part in parts:
        head, told = (*_MARK.split(part, maxsplit=1), "")[:2]
        people = joined(here, head)
        if not people and told:  # two names: Bob and Sue
            people, told = joined(here, told), ""
        if people and (several or not found or _begins(here, part, people[0], found[-1])):
            found.append(Group(people, [told] if told else [], bool(told)))
        elif found and not is_an_answer(here, part):
            found[-1].told.append(part)
    return found


def joined(here: Here, words: str) -> list[str]:
    """The parts around each `and`, where every one of them can be a name; without what leads to them."""
    pieces, placed = [list[str]()], False
    for word in words.split():
        placed = placed or _is(here, word, "from")
        small = word.islower() or (words.isupper() and len(word) > 1)
        if (word in _SIGNS and not placed) or (small and _is(here, word, "and")):
            pieces.append([])
        else:
            pieces[-1].append(word)
    lines = [" ".join(piece) for piece in pieces]
    bared = [(after(here, line, "leads", numbers=True), line) for line in lines]
    named = [one for one, _ in bared if one and not is_an_answer(here, one)]
    sure = {one for one, line in bared if one != line and looks_like_a_name(here, one)}  # a lady named Ana
    doubtful = [one for at, one in enumerate(named)
                if one not in sure and not _can_be_a_name(here, one, named[:at])]  # fmt: skip
    return [after(here, words, "leads", numbers=True)] if len(named) > 1 and doubtful else named


def is_an_answer(here: Here, words: str) -> bool:
    """Whether this is a whole answer of another kind, such as `yes` or `thank you`."""
    return means(here, words, *_ANSWERS)


def is_no_name(here: Here, words: str) -> bool:
    """Whether this names nobody: a question, an answer, or begun as no name is, as `I don't remember`."""
    starts = here.script.phrases("sentence", here.seeker.language)
    begun = any(f"{folded(words)} ".startswith(f"{one} ") for one in starts)
    begun = begun or (words.islower() and len(words.split()) > MOST_SMALL)
    begun = begun or any(_is(here, word, "nobody") for word in words.split())
    return begun or words.endswith(_QUESTION) or is_an_answer(here, words) or not any(map(str.isalpha, words))


def is_nameless(here: Here, name: str) -> bool:
    """Whether nobody would be greeted so, such as `my old boss`; `My Linh Tran` has a name."""
    words = name.split()
    if len(words) < 2 or not _is(here, words[0], "mine"):
        return False
    return not all(word[0].isupper() for word in words)


def turned(here: Here, words: str) -> tuple[str, str]:
    """`my sister Lucy` as the name and what was said before it; `my Aunt Linda` is Aunt Linda."""
    first = words.split()
    if not first or not _is(here, first[0], "mine"):
        return words, ""
    at = next((place for place, word in enumerate(first) if place and word[0].isupper()), 0)
    article = at > 0 and first[at - 1].islower() and _is(here, first[at - 1], "article")
    if article and not (at > 1 and _is(here, first[at - 2], "particles")):
        return " ".join(first[at:]), " ".join(first[: at - 1])  # el Chuy, mi prima la Yesenia
    if at > 1 and _is(here, first[at - 1], "particles"):
        return words, ""  # la mamá de Kevin
    if at == 1:
        return (" ".join(first[1:]), "") if _is(here, first[1].strip("."), "titles") else (words, "")
    return (" ".join(first[at:]), " ".join(first[:at])) if at else (words, "")


def introduced(here: Here, words: str) -> tuple[str, str]:
    """`a lady at work named Ana` as the name and what was said before it."""
    parts = words.split()
    for at in range(1, min(len(parts), MOST_BEFORE)):
        name = after(here, " ".join(parts[at:]), "named")
        if len(name.split()) < len(parts) - at and looks_like_a_name(here, written(here, name)):
            return name, " ".join(parts[:at])
    return words, ""


def cut(here: Here, words: str) -> tuple[str, str]:
    """`Ana Ruiz from Mercy` and `tasha my cousin` cut into the name and what is told of her."""
    parts = words.split()
    ends = (at for at, word in enumerate(parts) if at and _tells(here, word, words, parts[at + 1 : at + 3]))
    at = next(ends, len(parts))
    return " ".join(parts[:at]), " ".join(parts[at:])


def _tells(here: Here, word: str, words: str, then: list[str]) -> bool:
    """Whether a word within a line tells that no name goes on: `from`, `my`, `de` before `la iglesia`."""
    if not (word.islower() or words.isupper()):
        return False
    if _is(here, word, "particles"):
        return any(_is(here, one, "places") for one in then) or _is(here, word, "from")
    return _is(here, word, "from") or (_is(here, word, "mine") and not _is(here, words.split()[0], "mine"))


def written(here: Here, name: str) -> str:
    """A name that was typed in small letters, with capitals: `maria de la cruz` is Maria de la Cruz."""
    if not name.islower() or is_nameless(here, name):
        return name
    words = (word if at and _is(here, word, "particles") else _FIRST.sub(lambda one: one[0].upper(), word)
             for at, word in enumerate(name.split()))  # fmt: skip
    return " ".join(words)


def looks_like_a_name(here: Here, words: str) -> bool:
    """Whether these are up to three words with capitals, and no place of work."""
    parts = _lettered(words)
    capital = all(word[0].isupper() and not (word.isupper() and len(word) in (2, 3)) for word in parts)
    return capital and 0 < len(parts) < 4 and not any(_is(here, word, "places") for word in parts)


def _lettered(words: str) -> list[str]:
    return [word for word in words.split() if any(map(str.isalpha, word))]


def _is(here: Here, word: str, kind: str) -> bool:
    return folded(word) in here.script.phrases(kind, here.seeker.language)


def _ended(here: Here, stop: re.Match[str]) -> str:
    """A full stop parts sentences; that of Sgt. Miller does not."""
    return stop[0] if _is(here, stop[1], "titles") else f"{stop[1]}, "


def _goes_on(here: Here, part: str) -> bool:
    """Whether a part after a comma begins with `and`."""
    return bool(part) and _is(here, part.split()[0], "and")


def _begins(here: Here, part: str, head: str, last: Group) -> bool:
    """Whether a part after a comma names somebody new, and does not tell more of the last ones."""
    (name, place), before = cut(here, head), last.heads[-1]
    person = turned(here, name)[0]
    named = looks_like_a_name(here, person)
    if _goes_on(here, part):
        return named or (_is(here, name.split()[0], "mine") and not last.told)
    if _MARK.search(part) and last.marked:
        return named
    alike = cut(here, before)[1] if place else person != name and turned(here, before)[0] != before
    return named and bool(alike)


def _can_be_a_name(here: Here, words: str, before: list[str]) -> bool:
    """Whether a part beside an `and` is more than a title, and begins as a name or `her boss`, or is short.

    In `Maria from church and school`, as in `Bob from Barnes and Noble`, it tells more of the first; in
    `mike from work and tasha my cousin` it does not.
    """
    parts, placed = words.split(), any(cut(here, one)[1] for one in before)
    if len(parts) == 1 and _is(here, parts[0].strip("."), "titles"):
        return False
    if parts[0][0].isupper():
        return not placed or len(parts) > 1
    if any(_is(here, word, "places") for word in cut(here, words)[0].split()):
        return False
    kin = any(_is(here, word, "mine") and not _is(here, word, "particles") for word in parts[1:-1])
    return _is(here, parts[0], "mine") or kin or (len(parts) <= 2 and not placed)


def _are_names(here: Here, parts: list[str]) -> bool:
    """Whether parts are all names: several, alike in shape, none of them a place of work."""
    sizes = {min(len(_lettered(part)), 2) for part in parts}
    return len(parts) > 1 and len(sizes) == 1 and all(looks_like_a_name(here, part) for part in parts)
