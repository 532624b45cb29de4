"""What is meant, taken out of the words it is told in: a kind of work, an advice, an offer."""

from conversations.hearing import after, untailed
from conversations.readers import Unclear, some_words
from conversations.steps import Here

LONGEST_FIELD = 40
_QUOTES = '"“”„«»'


def a_field(here: Here, words: str) -> str:
    """The work the seeker wants, in their words; short enough to fit every message."""
    kept = some_words(here, after(here, untailed(here, words), "toward")).rstrip(".")
    if len(kept) > LONGEST_FIELD:
        raise Unclear("unclear.field_long")
    return kept


def what_was_said(here: Here, words: str) -> str:
    """`She said “start small”` is start small: a message puts it in quotation marks."""
    kept = after(here, some_words(here, words), "said")
    return some_words(here, kept.strip(_QUOTES) if kept[:1] in _QUOTES and kept[-1:] in _QUOTES else kept)


def an_offer(here: Here, words: str) -> str:
    """`Yes, he offered me his old books` is his old books: a message says who offered what to whom."""
    return some_words(here, after(here, some_words(here, words), "offered"))
