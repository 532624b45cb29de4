"""The pictures in the README show the page as it is."""

import json

import pytest
from playwright.async_api import Browser

from tests.page.screenshots import LARGEST, MOMENTS, PICTURES, WORDS, played

pytestmark = pytest.mark.asyncio(loop_scope="session")
OLD = "The picture {name}.png shows other words than the page does now. Draw it again: make screenshots"


@pytest.mark.parametrize("name", MOMENTS)
async def test_a_picture_shows_what_the_page_shows(name: str, browser: Browser) -> None:
    """The same moment, played again, has the same words on the page."""
    drawn = json.loads(WORDS.read_text(encoding="utf-8"))

    now = await played(browser, MOMENTS[name])

    assert now == drawn.get(name), OLD.format(name=name)


async def test_the_pictures_are_there_and_small() -> None:
    """One file for each moment, none left over."""
    sizes = {one.stem: one.stat().st_size for one in PICTURES.glob("*.png")}

    assert sizes.keys() == MOMENTS.keys()
    assert max(sizes.values()) < LARGEST
