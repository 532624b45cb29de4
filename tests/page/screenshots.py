"""Six moments of the page, drawn for the README: `make screenshots`, or python -m tests.page.screenshots.

Beside the pictures lie the words that stood on the page, without the times of day, so that a test
can tell without looking at a pixel that a picture has become old.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, expect

from tests.page.browser_kit import (
    HOW,
    REQUESTS,
    Page,
    Phone,
    browser_running,
    built_with_pseudo,
    playing,
    straight,
)  # fmt: skip
from tests.page.small_pictures import smaller
from tests.telegram.test_telegram_journey import FIRST_ASK

PICTURES: Final = Path(__file__).resolve().parents[2] / "docs" / "pictures"
WORDS: Final = PICTURES / "words.json"
LARGEST: Final = 150_000
WHOLE_ASK: Final = (*FIRST_ASK, ("[Sent]", "Chicago"), ("[Chicago]", "That is all for today"))
TALL: Final = (390, 1050)
_TIME: Final = re.compile(r"\b\d{1,2}:\d\d(:\d\d)?(\s?[AP]M\b)?")
_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True)
class Moment:
    """What is played until the picture is taken, and how large the window is.

    `part`: what is drawn, as a selector; all of the page where there is none.
    """

    plays: Callable[[Page], Awaitable[Any]]
    size: tuple[int, int] = TALL
    part: str = ".phone.current"
    looks: dict[str, Any] = field(default_factory=dict)


async def _welcome(page: Page) -> None:
    await page.phone().plays(FIRST_ASK[:1])


async def _message(page: Page) -> None:
    await page.phone().plays(FIRST_ASK)


async def _locked(page: Page) -> None:
    await page.phone().plays(WHOLE_ASK)
    await page.press("Until the next nudge")
    await expect(page.phone().lock).to_be_visible()


async def _nudge(page: Page) -> None:
    await _locked(page)
    await page.phone().lock.get_by_role("button").click()
    await page.phone().sees("Why now?")


async def _turned(page: Page) -> None:
    await speaks(page.phone(), "ar")
    await page.phone().plays(FIRST_ASK)


async def _whole(page: Page) -> None:
    await page.press("Add a seeker")
    await page.fills(first_name="Omar", language_of_the_phone="es", time_zone_of_the_phone="Europe/Madrid")
    await page.press("Done")
    await page.phone("Omar").press("Start")
    await page.phone("Omar").sees("Hola")
    await page.phone().plays(FIRST_ASK)
    await page.opens(HOW)
    await page.opens(REQUESTS)


async def speaks(phone: Phone, language: str) -> None:
    """From now on the phone is in this language."""
    await phone.press(f"{phone.name}’s phone: name, language and time zone")
    await phone.page.fills(language_of_the_phone=language)
    await phone.page.press("Done")


MOMENTS: Final = {
    "welcome": Moment(_welcome),
    "first-message": Moment(_message),
    "nudge-on-a-locked-phone": Moment(_locked),
    "nudge-opened": Moment(_nudge),
    "right-to-left": Moment(_turned, looks={"color_scheme": "dark"}),
    "whole-page": Moment(_whole, size=(1280, 920), part="body", looks={"device_scale_factor": 1.25}),
}


async def played(browser: Browser, moment: Moment, picture: Path | None = None) -> list[str]:
    """Plays a moment, draws it where told to, and gives the words that stand there, line by line."""
    looks = {"color_scheme": "light", "device_scale_factor": 2, **moment.looks}
    async with playing(browser, built_with_pseudo(), moment.size, **looks) as page:
        await moment.plays(page)
        await page.rests()
        shown = page.tab.locator(moment.part)
        if picture is not None:
            picture.write_bytes(await smaller(browser, await shown.screenshot()))
        words, calls = await shown.inner_text(), await page.tab.locator("#calls").inner_text()
        methods = await shown.locator("#calls b").all_inner_texts()
        # What crosses on the wire may do so in another order.
        return masked("\n".join([words.replace(calls, ""), *sorted(set(methods))]))


def masked(words: str) -> list[str]:
    """The lines without the times of day, and without the signs that only turn words."""
    lines = (_SPACE.sub(" ", _TIME.sub("…", straight(line))).strip() for line in words.split("\n"))
    return [line for line in lines if line]


async def draw() -> None:
    """All six, with their words."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    words: dict[str, list[str]] = {}
    async with browser_running() as browser:
        for name, moment in MOMENTS.items():
            picture = PICTURES / f"{name}.png"
            words[name] = await played(browser, moment, picture)
            size = picture.stat().st_size
            assert size < LARGEST, f"{picture.name} has {size} bytes: draw it smaller"
            print(f"{picture.relative_to(PICTURES.parents[1])}  {size // 1000} kB")
    WORDS.write_text(json.dumps(words, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(draw())
