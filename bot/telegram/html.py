"""Markup of messages: what Telegram's HTML needs escaped, and how it shows a moment."""

from datetime import datetime
from html import escape, unescape
from re import compile as pattern
from typing import Final, Protocol

from conversations.effects import Value

_TAG: Final = pattern(r"<[^<>]*>")


class Markup(Protocol):
    """How a channel writes words that were typed or translated, and moments."""

    def escape(self, words: str) -> str:
        """The words, so that no sign of it is read as markup."""

    def moment(self, at: datetime, words: str) -> str:
        """A moment (aware) already said in `words`."""


class Words(Protocol):
    """Says values in a language; `bot.words` is the one in use."""

    def say(self, value: Value, language: str, markup: Markup) -> str:
        """The words for a value."""


class Html:
    """Telegram's HTML: the reader's own client shows a moment in the reader's own zone."""

    def escape(self, words: str) -> str:
        """The words with `&`, `<` and `>` made harmless."""
        return escape(storable(words), quote=False)

    def moment(self, at: datetime, words: str) -> str:
        """A `<tg-time>` with the words as what older clients show."""
        return f'<tg-time unix="{int(at.timestamp())}">{self.escape(words)}</tg-time>'


class Unmarked:
    """No markup at all: for labels, copies and passing notices."""

    def escape(self, words: str) -> str:
        """The words as they are, without what cannot be sent."""
        return storable(words)

    def moment(self, at: datetime, words: str) -> str:
        """The words as they are."""
        return self.escape(words)


HTML: Final = Html()
UNMARKED: Final = Unmarked()


def storable(text: str) -> str:
    """The text without halves of surrogate pairs and NUL, which no database or request takes."""
    if text.isascii() and "\0" not in text:
        return text
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "")


def units(text: str) -> int:
    """The length as Telegram counts it: UTF-16 code units."""
    return len(text) if text.isascii() else len(text) + sum(sign > "\uffff" for sign in text)


def unmarked(html: str) -> str:
    """The plain text of an HTML message."""
    return unescape(_TAG.sub("", html))
