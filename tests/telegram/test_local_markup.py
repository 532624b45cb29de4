"""Telegram's HTML as the local Telegram reads it: each tag, nesting, references, offsets and faults."""

from typing import Any

import pytest

from bot.local.markup import TAGS, parse
from bot.local.refusal import Refusal
from bot.local.texts import read

Json = dict[str, Any]
LANGUAGE = '<pre><code class="language-python">g</code></pre>'


def one(kind: str, offset: int = 0, length: int = 1, **more: Any) -> list[Json]:
    """A single entity."""
    return [{"type": kind, "offset": offset, "length": length, **more}]


@pytest.mark.parametrize(
    ("html", "plain", "entities"),
    [
        ("x", "x", []),
        ("<b>x</b>", "x", one("bold")),
        ("<strong>x</strong>", "x", one("bold")),
        ("<i>x</i>", "x", one("italic")),
        ("<em>x</em>", "x", one("italic")),
        ("<u>x</u>", "x", one("underline")),
        ("<ins>x</ins>", "x", one("underline")),
        ("<s>x</s>", "x", one("strikethrough")),
        ("<strike>x</strike>", "x", one("strikethrough")),
        ("<del>x</del>", "x", one("strikethrough")),
        ("<tg-spoiler>x</tg-spoiler>", "x", one("spoiler")),
        ('<span class="tg-spoiler">x</span>', "x", one("spoiler")),
        ("<code>x</code>", "x", one("code")),
        ("<pre>x</pre>", "x", one("pre")),
        (LANGUAGE, "g", one("pre", language="python")),
        ("<blockquote>x</blockquote>", "x", one("blockquote")),
        ("<blockquote expandable>x</blockquote>", "x", one("expandable_blockquote")),
        ('<a href="https://example.org/">x</a>', "x", one("text_link", url="https://example.org/")),
        ("<B>x</B>", "x", one("bold")),
        ("<b>x</>", "x", one("bold")),
        ("<b></b>x", "x", []),
        ("😀<b>😀</b>", "😀😀", one("bold", 2, 2)),
        ("é<b>я</b>", "éя", one("bold", 1, 1)),
        ("&lt;&gt;&amp;&quot;", '<>&"', []),
        ("&#60;&#x1F600;&nbsp;&", "<😀&nbsp;&", []),
        ("<b>&amp;</b>", "&", one("bold")),
        ("<b>a<i>b</i></b>", "ab", [*one("bold", 0, 2), *one("italic", 1, 1)]),
    ],
)
def test_each_tag_becomes_its_entity(html: str, plain: str, entities: list[Json]) -> None:
    assert parse(html) == (plain, entities)


def test_a_time_becomes_an_entity_with_its_moment() -> None:
    plain, [entity] = parse('<tg-time unix="1795000000">noon</tg-time>')

    assert plain == "noon"
    assert (entity["type"], entity["unix_time"]) == ("date_time", 1_795_000_000)


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("é😀<x>", 'Unsupported start tag "x" at byte offset 6'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a ="x">x</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
    ],
)
def test_what_is_wrong_is_told_with_its_place_in_bytes(html: str, fault: str) -> None:
    with pytest.raises(Refusal) as told:
        parse(html)

    assert told.value.code == 400
    assert told.value.description == f"Bad Request: can't parse entities: {fault}"


def test_every_tag_of_telegram_is_known_and_no_other() -> None:
    listed = "a b strong i em s strike del u ins tg-spoiler tg-emoji tg-time span pre code blockquote"

    assert set(listed.split()) == TAGS


def test_space_around_a_text_goes_and_its_entities_move() -> None:
    assert read(" \n<b>x</b> y \n", "HTML", None) == ("x y", one("bold", 0, 1))
    assert read("x <b>y </b>", "HTML", None) == ("x y", one("bold", 2, 1))


def test_no_more_than_a_hundred_entities_are_shown() -> None:
    _, entities = read("<b>x</b> " * 101, "HTML", None)

    assert len(entities) == 100


def test_without_a_parse_mode_nothing_is_markup() -> None:
    assert read("<b>x &amp;", None, None) == ("<b>x &amp;", [])
    assert read("xy", None, one("bold", 1, 1)) == ("xy", one("bold", 1, 1))
