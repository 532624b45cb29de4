"""The kit of the browser tests notices what it is there to notice."""

import pytest
from playwright.async_api import Browser

from tests.page.browser_kit import REMEDY, built_with_pseudo, chromium, playing, said
from tests.page.screenshots import masked

pytestmark = pytest.mark.asyncio(loop_scope="session")
ERRORS = {
    "an error of the page": "setTimeout(() => { throw new Error('astray'); })",
    "on the console": "console.error('astray')",
    "fetched from elsewhere": "{ const one = new Image(); one.src = 'http://127.0.0.1:9/astray.png'; }",
}


@pytest.mark.parametrize("kind", ERRORS)
async def test_what_goes_wrong_on_the_page_fails_its_test(kind: str, browser: Browser) -> None:
    """An error, a line on the console, a request to another machine."""
    with pytest.raises(AssertionError, match=kind if "elsewhere" not in kind else "astray"):
        async with playing(browser, built_with_pseudo()) as page:
            await page.tab.evaluate(ERRORS[kind])
            await page.comes(lambda: page.wrong, kind)


async def test_axe_finds_a_field_without_a_name(browser: Browser) -> None:
    """The judge is awake: the wrong way is found."""
    async with playing(browser, built_with_pseudo()) as page:
        await page.tab.evaluate("document.querySelector('main').append(document.createElement('input'))")

        assert any("label" in one for one in await page.violations())


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
async def test_without_a_browser_a_test_is_skipped_but_fails_where_ci_runs(
    ci: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either way it says what to install."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CI", ci)

    with pytest.raises(outcome, match="apt-get install chromium-headless-shell"):
        chromium()
    assert "fonts-noto-core" in REMEDY


async def test_words_are_found_in_any_direction() -> None:
    """Overrides between words do not hide them; other words are not taken for them."""
    turned = "\u200f\u202eHi\u202c\u200f Maria"

    assert said("Hi Maria").search(turned)
    assert said("Hi Maria", whole=True).search(f" {turned}\n")
    assert not said("Hi", whole=True).search(turned)


async def test_the_words_of_a_picture_do_not_change_with_the_time_of_day() -> None:
    """Times are masked, everything else is kept."""
    assert masked("Fri 10:00 AM\n\n17:00 \u202eand\u202c 9:05:59") == ["Fri …", "… and …"]
