"""A page that a real browser looks at: the coach behind it is the whole one, the hands are words."""

import asyncio
import json
import os
import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Locator, Request, async_playwright, expect
from playwright.async_api import Page as Tab

from bot.bell import Bell
from bot.building import build
from bot.clock import WallClock
from bot.local.flood import NONE
from bot.local.people import Person
from bot.local.server import StandIn
from bot.page.address import HOST
from bot.page.passing import Passage
from bot.page.trying import opened
from bot.page.view import things
from bot.service import Service
from bot.store import Store
from bot.words import Words
from conversations import Script

Built = tuple[Script, Words]
MONDAY: Final = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
ZONE: Final = "America/Chicago"
TOOLS, BACK = "Help and tools", "Back to the phone"
HOW, FAULTS, REQUESTS = "How this works", "Let something go wrong", "Between the coach and Telegram"
WIDE, PHONE = (1280, 800), (390, 760)
PATIENCE: Final = 20.0
BROWSERS: Final = ("chromium-headless-shell", "chromium", "chrome", "google-chrome")
REMEDY: Final = (
    "There is no Chromium here to look at the page with. On Debian: "
    "apt-get install chromium-headless-shell fonts-noto-core fonts-noto-color-emoji"
)
#: What turns the direction of words and is not seen itself.
_UNSEEN: Final = "\u200e\u200f\u202a-\u202e\u2066-\u2069"
_TURNS: Final = re.compile(f"[{_UNSEEN}]")

expect.set_options(timeout=PATIENCE * 1000)


def chromium() -> str:
    """The path of a Chromium. Skips the test where there is none; fails it where CI runs."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    if os.environ.get("CI"):
        pytest.fail(REMEDY)
    pytest.skip(REMEDY)


def said(words: str, *, whole: bool = False) -> re.Pattern[str]:
    """These words as they stand on the page: in any direction, and however the lines break."""
    signs = (r"\s+" if sign == " " else re.escape(sign) for sign in words)
    anywhere = f"[{_UNSEEN}]*".join(signs)
    return re.compile(rf"^[\s{_UNSEEN}]*{anywhere}[\s{_UNSEEN}]*$" if whole else anywhere)


def straight(words: str) -> str:
    """Words without the signs that turn them."""
    return _TURNS.sub("", words)


@asynccontextmanager
async def browser_running() -> AsyncIterator[Browser]:
    """A browser without a window."""
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Phone:
    """One seeker's phone on the page: what a hand does there, and what an eye finds."""

    page: "Page"
    name: str

    @property
    def box(self) -> Locator:
        """All of it."""
        return self.page.tab.get_by_role("region", name=f"{self.name}’s phone")

    @property
    def lock(self) -> Locator:
        """Its locked screen."""
        return self.box.locator(".lock")

    @property
    def line(self) -> Locator:
        """The line that words are written in."""
        return self.box.get_by_role("textbox", name="Message")

    @property
    def person(self) -> Person:
        """Who it belongs to, on the side of Telegram."""
        return next(one for one in self.page.people.values() if one.user["first_name"] == self.name)

    def message(self, words: str) -> Locator:
        """The newest message with these words, or with a button of that name."""
        return self.box.locator(".message", has_text=said(words)).last

    def own(self, words: str) -> Locator:
        """The newest of the seeker's own messages with these words."""
        return self.box.locator(".message.out", has_text=said(words)).last

    def sent(self) -> dict[str, Any]:
        """What the seeker sent last, as Telegram keeps it."""
        return next(one for one in self.person.chat.newest() if not one["from"]["is_bot"])

    def key(self, label: str) -> Locator:
        """The newest button with this label."""
        return self.box.get_by_role("button", name=said(label, whole=True)).last

    async def press(self, *labels: str) -> None:
        """Presses the newest button of each label, one after the other."""
        for label in labels:
            await self.key(label).click()

    async def write(self, words: str) -> None:
        """Writes in the line and sends it."""
        await self.line.fill(words)
        await self.box.get_by_role("button", name="Send", exact=True).click()

    async def sees(self, *words: str) -> None:
        """Waits until these words stand in the chat and can be seen."""
        for one in words:
            await expect(self.message(one)).to_be_visible()

    async def misses(self, words: str) -> None:
        """Waits until no message has these words."""
        await expect(self.box.locator(".message", has_text=said(words))).to_have_count(0)

    async def says(self, line: str, then: str) -> None:
        """One line of a transcript: `[Button]` is pressed, anything else written; then these words come."""
        if line == "/start":
            await self.press("Start")
        elif line.startswith("["):
            await self.press(line[1:-1])
        else:
            await self.write(line)
        await self.sees(then)

    async def plays(self, lines: tuple[tuple[str, str], ...]) -> None:
        """Several such lines."""
        for line, then in lines:
            await self.says(line, then)

    async def words(self) -> list[str]:
        """The words of its messages, in order, as they can be read, without the times of day."""
        texts = await self.box.locator(".message .text").all_inner_texts()
        return [straight(one) for one in texts]


@dataclass
class Page:
    """The page in a browser, and the local Telegram behind it."""

    tab: Tab
    standin: StandIn
    people: dict[int, Person]
    passage: Passage
    wrong: list[str] = field(default_factory=list)
    #: What the console may say, where a test means it to.
    expected: str = ""

    def phone(self, name: str = "Dana") -> Phone:
        """The phone of a seeker."""
        return Phone(self, name)

    def button(self, label: str) -> Locator:
        """A button of the page with this label."""
        return self.tab.get_by_role("button", name=label, exact=True)

    async def press(self, *labels: str) -> None:
        """Presses buttons of the page, one after the other."""
        for label in labels:
            await self.button(label).click()

    async def opens(self, title: str) -> None:
        """Opens a part of the tools, or closes it."""
        await self.tab.locator("summary", has_text=title).click()

    async def fills(self, **fields: str) -> None:
        """Fills the dialog that is open, each field by its label (`first_name` is “First name”)."""
        dialog = self.tab.get_by_role("dialog")
        for name, value in fields.items():
            one = dialog.get_by_label(name.replace("_", " ").capitalize())
            if await one.evaluate("one => one.tagName") == "SELECT":
                await one.select_option(value)
            else:
                await one.fill(value)

    async def told(self, words: str) -> None:
        """Waits until the page says this at its lower edge."""
        await expect(self.tab.locator("#told.shown")).to_contain_text(words)

    async def comes(self, holds: Callable[[], object], what: str) -> None:
        """Waits for something to be so on the side of Telegram."""
        end = monotonic() + PATIENCE
        while not holds():
            assert monotonic() < end, f"never came: {what}"
            await asyncio.sleep(0.01)

    async def bot(self, method: str, phone: Phone, **params: Any) -> Any:
        """What a coach may ask of Telegram, asked by hand; the result."""
        params["chat_id"] = phone.person.chat.id
        answer = await self.standin.answered(self.standin.token, method, params)
        told = json.loads(answer.body)
        assert told["ok"], told
        return told["result"]

    async def violations(self, within: str = "html") -> list[str]:
        """What axe finds that keeps people out: its serious and critical violations, with the place."""
        found = (await Axe().run(self.tab, within)).response["violations"]
        return [
            f"{one['id']} ({one['impact']}): {node['target'][0]}: {node['failureSummary']}"
            for one in found if one["impact"] in ("serious", "critical") for node in one["nodes"]
        ]  # fmt: skip

    async def focus(self) -> str:
        """What has the focus: its role or element, and its name; “body” where nothing has."""
        return str(await self.tab.evaluate(FOCUS))

    async def stands_somewhere(self, within: Phone | None = None) -> None:
        """Fails where the focus is lost, or is not within this phone."""
        stands = await self.focus()
        assert not stands.startswith("body"), "the focus is lost"
        if within is not None:
            assert await within.box.locator(":focus").count() == 1, f"the focus left the phone: {stands}"

    async def rests(self) -> None:
        """Waits until the coach has said all it has to say, and it is drawn."""
        await self.passage.settled()
        names = list(things(self.passage.scene))
        for kind, place in (("message:", ".message"), ("call:", "#calls > li")):
            count = sum(name.startswith(kind) for name in names)
            await expect(self.tab.locator(place)).to_have_count(count)
        await self.settles()

    async def settles(self) -> None:
        """Waits until two pictures in a row were drawn."""
        await self.tab.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )


TWO_FRAMES: Final = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
FOCUS: Final = """() => {
  const one = document.activeElement;
  const name = one.getAttribute("aria-label") || one.textContent || one.value || "";
  return `${one.tagName.toLowerCase()} ${name.trim().slice(0, 60)}`.trim();
}"""


@asynccontextmanager
async def playing(
    browser: Browser, built: Built, size: tuple[int, int] = WIDE, *, paced: bool = False, **looks: Any
) -> AsyncIterator[Page]:
    """The page with one seeker, Dana, and the coach behind it, until the block ends.

    The coach writes as fast as it can; `paced`: one message a second, as Telegram wants it. Fails
    where the page made an error, asked another machine for anything, or the coach asked something
    against the rules of the Bot API.
    """
    async with _coach(built, paced) as (standin, people, passage):
        options = {"locale": "en-US", "timezone_id": ZONE, "reduced_motion": "reduce", **looks}
        context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        await context.grant_permissions(["clipboard-read", "clipboard-write"], origin=standin.address)
        context.set_default_timeout(PATIENCE * 1000)
        page = Page(await context.new_page(), standin, people, passage)
        _watch(page)
        await page.tab.goto(f"{standin.address}/", wait_until="commit")
        await expect(page.phone().box).to_be_visible()
        try:
            yield page
        finally:
            await context.close()
        assert not page.wrong, "\n".join(page.wrong)


def _watch(page: Page) -> None:
    own = urlsplit(page.standin.address).netloc

    def asked(request: Request) -> None:
        told = urlsplit(request.url)
        if told.scheme not in ("blob", "data") and told.netloc != own:
            page.wrong.append(f"fetched from elsewhere: {request.url}")

    def spoken(message: ConsoleMessage) -> None:
        if message.type == "error" and not (page.expected and page.expected in message.text):
            page.wrong.append(f"on the console: {message.text}")

    page.tab.on("pageerror", lambda error: page.wrong.append(f"an error of the page: {error}"))
    page.tab.on("console", spoken)
    page.tab.context.on("request", asked)


@asynccontextmanager
async def _coach(built: Built, paced: bool) -> AsyncIterator[tuple[StandIn, dict[int, Person], Passage]]:
    """The coach and its local Telegram, put together as `python -m bot try` does it."""
    clock, (script, words) = WallClock(), built
    clock.set(MONDAY)
    standin, passage = await opened(clock, words, HOST, 0)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        if not paced:
            patch.setattr("bot.telegram.pacing.BURST", 10**6)
            standin.flood.limits = NONE
        store = await Store.open(Path(folder) / "coach.db")
        service = Service(standin.token, standin.address, script, words, store, clock)
        passage.begin(service, store)
        stop, bell = asyncio.Event(), Bell()
        task = asyncio.create_task(service.run(bell, stop))
        try:
            yield standin, passage.scene.people, passage
        finally:
            stop.set()
            passage.end()
            standin.faults.clear()
            code = await asyncio.wait_for(task, 2 * PATIENCE)
            bell.stop()
            await standin.close()
            await store.close()
    assert code == 0
    assert not standin.broken_rules, standin.broken_rules


@cache
def built_with_pseudo() -> Built:
    """The conversation, with the language that is written from right to left."""
    return build(pseudo=True)
