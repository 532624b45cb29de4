"""What one turn wants sent becomes rows, and each row knows whether it is the first word of them."""

import pytest

from bot.channel import Outgoing
from bot.outgoing import to_rows

ANSWER, TEXT, EDIT = (
    Outgoing(method, {}) for method in ("answerCallbackQuery", "sendMessage", "editMessageText")
)
NUDGE = Outgoing("sendMessage", {}, kind="nudge")


@pytest.mark.parametrize(
    ("said", "follows"),
    [
        ((TEXT, TEXT, TEXT), [False, True, True]),
        ((ANSWER, EDIT, TEXT), [False, False, True]),  # a press is answered without a word
        ((NUDGE, NUDGE), [False, False]),  # the two parts of a nudge stay together
        ((), []),
    ],
)
def test_only_the_first_word_of_a_turn_goes_before_others(
    said: tuple[Outgoing, ...], follows: list[bool]
) -> None:
    rows = to_rows(said, 7, 7, 3)

    assert [row.follows for row in rows] == follows
    assert [row.method for row in rows] == [one.method for one in said]
