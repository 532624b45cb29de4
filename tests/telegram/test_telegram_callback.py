"""Buttons travel as slugs and numbers, and nothing that comes back can do harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.callback import decode, encode
from conversations.effects import Button, Text
from conversations.events import Chose

slug = st.text("abcdefghijklmnopqrstuvwxyz0123456789._-", min_size=1, max_size=20)
number = st.integers(0, 10**9)


@given(slug, slug, number, number)
def test_what_is_encoded_is_decoded(step: str, option: str, person: int, entered: int) -> None:
    data = encode(Button(step, option, Text("label"), person, entered))

    assert decode(data) == Chose(step, option, person, entered)
    assert len(data.encode()) <= 64


@given(st.one_of(st.text(), st.binary(), st.none(), st.integers()))
def test_anything_else_decodes_to_nothing_or_to_itself(data: object) -> None:
    chose = decode(data)

    if chose is not None:
        again = encode(Button(chose.step, chose.option, "", chose.person, chose.entered))
        assert again == data


@pytest.mark.parametrize(
    "button",
    [
        Button("s" * 60, "option", ""),
        Button("step", "wörter", ""),
        Button("step", "a|b", ""),
        Button("step", "two words", ""),
        Button("", "option", ""),
        Button("step", "option", "", person=-1),
    ],
)
def test_a_button_that_does_not_fit_is_an_authors_mistake(button: Button) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        encode(button)


@pytest.mark.parametrize("data", ["a|b|1", "a|b|1|2|3", "a|b|-1|0", "a|b|01|0", "a|b|\u0661|0", "|b|1|1"])
def test_near_misses_are_refused(data: str) -> None:
    assert decode(data) is None
