"""What the seeker's words mean before they are read: despair, a hard day, a common whole answer."""

import re
from collections.abc import Mapping

from conversations.readers import folded
from conversations.steps import Here


def bare(words: str) -> str:
    """Words for comparing, without marks: `Yes, that is right.` is `yes that is right`."""
    return " ".join(re.sub(r"[^\w/]+", " ", folded(words)).split())


def means(here: Here, words: str, *kinds: str) -> bool:
    """Whether the whole answer is a common one of one of these kinds, such as `nobody`."""
    plain = bare(words)
    return any(plain in here.script.phrases(kind, here.seeker.language) for kind in kinds)


def sounds_low(here: Here, words: str) -> bool:
    """Whether the words tell of a hard day, short of despair."""
    bare = " " + re.sub(r"[^\w]+", " ", folded(words)) + " "
    return any(f" {phrase} " in bare for phrase in here.script.phrases("low", here.seeker.language))


def sounds_like_despair(words: str, alarms: Mapping[str, tuple[str, ...]], language: str) -> bool:
    """Whether the words hold a phrase of despair, in the seeker's language or in English."""
    bare = " " + re.sub(r"[^\w]+", " ", folded(words)) + " "
    phrases = (*alarms.get(language.partition("-")[0], ()), *alarms.get("en", ()))
    return any(f" {phrase} " in bare for phrase in phrases)
