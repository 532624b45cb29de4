"""What the tests in a browser share: one browser for each process, and a page for each test."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.page.browser_kit import Page, browser_running, built_with_pseudo, playing


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A browser without a window; skips where there is none."""
    async with browser_running() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """The page as wide as a desk has it, with one new seeker, Dana."""
    async with playing(browser, built_with_pseudo()) as shown:
        yield shown
