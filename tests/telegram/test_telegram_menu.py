"""The menu is set where it differs, and left alone where it does not."""

import pytest

from bot.local import faults
from bot.local.server import StandIn
from bot.telegram.menu import set_menu
from tests.telegram.telegram_kit import a_bot

TEXTS = {
    "en": ([("next", "The next step"), ("help", "Help")], "About", "Short"),
    "pt_BR": ([("next", "O próximo passo")], "Sobre", "Curto"),
    "pt_PT": ([("next", "Outro")], "Outro", "Outro"),
}


async def test_a_menu_is_set_once_per_language_and_then_left_alone() -> None:
    async with StandIn() as standin, a_bot(standin) as bot:
        first = await set_menu(bot, TEXTS, name="Twenty Minutes")
        again = await set_menu(bot, TEXTS, name="Twenty Minutes")

    assert (first, again) == (10, 0)
    settings = standin.menu.settings
    assert settings["Commands", ""] == settings["Commands", "en"]
    assert settings["Description", "pt"] == "Sobre"
    assert settings["Name", ""] == "Twenty Minutes"


async def test_only_what_differs_is_set() -> None:
    async with StandIn() as standin, a_bot(standin) as bot:
        await set_menu(bot, TEXTS)
        standin.menu.settings["ShortDescription", "pt"] = "other"

        assert await set_menu(bot, TEXTS) == 1


async def test_a_menu_that_cannot_be_set_does_not_stop_the_coach() -> None:
    async with StandIn() as standin, a_bot(standin) as bot:
        standin.faults.next("setMyCommands", faults.too_many(600))

        assert await set_menu(bot, TEXTS) == 0


async def test_more_than_twelve_commands_are_an_authors_mistake() -> None:
    commands = [(f"c{n}", "x") for n in range(13)]
    async with StandIn() as standin, a_bot(standin) as bot:
        with pytest.raises(ValueError, match="13 commands"):
            await set_menu(bot, {"en": (commands, "", "")})
