"""From /start to the first finished ask takes at most twelve inputs, in every situation."""

import pytest

from bot.content import load
from bot.terminal.channel import SEEKER
from bot.words import Words
from conversations import Script
from tests.shell.shell_kit import heard, talking

MOST_INPUTS = 12
CHANNELS = ("Text or chat message", "E-mail", "LinkedIn note", "Phone call", "In person")


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("situation", list(load().content.situations))
async def test_the_first_ask_takes_at_most_twelve_inputs(
    situation: str, channel: str, script: Script, words: Words
) -> None:
    """Counted with a name typed by hand; the message goes out with the last input."""
    label = words.form(f"situations.{situation}.label", "en")
    sent = {"Phone call": "[I called]", "In person": "[I asked]"}.get(channel, "[Sent]")
    inputs = ["/start", f"[{label}]", "[Not yet]", "Maria Lopez", "[Enough for now]", "[Very well]",
              "[Ask Maria]", f"[{channel}]", "Dana", sent]  # fmt: skip

    async with talking(script, words) as talk:
        said = await heard(talk, *inputs)
        seeker = await talk.coach.load(SEEKER)

    assert not [line for line in said if line.startswith("-- no button")]
    assert seeker is not None
    assert seeker.people[0].ask.sent is not None
    assert len(inputs) <= MOST_INPUTS
