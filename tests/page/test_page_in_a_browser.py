"""The page as a newcomer meets it, in a real browser with the real coach behind it."""

import json
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.page.browser_kit import (
    BACK,
    FAULTS,
    PHONE,
    REQUESTS,
    TOOLS,
    Page,
    built_with_pseudo,
    playing,
    straight,
)  # fmt: skip
from tests.page.small_pictures import png
from tests.telegram.test_telegram_journey import FIRST_ASK

pytestmark = pytest.mark.asyncio(loop_scope="session")
SENT = (("[Sent]", "Chicago"), ("[Chicago]", "That is all for today"))
WHOLE_ASK = (*FIRST_ASK, *SENT)
AS_FAR_AS_PEOPLE = FIRST_ASK[:3]
NOON = 1795456800  # Monday, November 23, 2026, noon in Chicago
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter(one => one.checkVisibility() && !one.closest(".skip, .unseen, #told"))
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1)
  .map(one => one.outerHTML.slice(0, 90))"""


def plain_picture(width: int, height: int) -> bytes:
    """A picture of one colour."""
    return png(width, height, (b"\0" + b"\x1c\x6f\xb0" * width) * height)


async def left(one: Locator) -> float:
    """Where something begins, from the left edge of the page."""
    box = await one.bounding_box()
    assert box is not None
    return box["x"]


async def colour(one: Locator) -> str:
    """What something is painted with."""
    return str(await one.evaluate("one => getComputedStyle(one).backgroundColor"))


# -- the first ask


async def test_the_first_ask_from_start_to_sent_at_the_pace_of_telegram(browser: Browser) -> None:
    """A newcomer presses Start, answers, copies the finished message, says it is sent, names a city."""
    async with playing(browser, built_with_pseudo(), paced=True) as page:
        dana = page.phone()

        await dana.plays(FIRST_ASK)
        await dana.press("Copy")
        await page.told("Copied.")
        copied = await page.tab.evaluate("navigator.clipboard.readText()")
        await dana.plays(SENT)

        assert copied.startswith("Hi Maria,")
        assert copied.endswith("Dana")
        await expect(page.tab.locator("#refused")).to_have_text("nothing refused")
        await expect(page.tab.locator("#due")).to_contain_text("Next nudge: Fri, Nov 27")


async def test_the_first_ask_from_right_to_left(page: Page) -> None:
    """The phone is mirrored as Telegram mirrors it, and everything can be done as in English."""
    dana = page.phone()
    await dana.press("Dana’s phone: name, language and time zone")
    await page.fills(language_of_the_phone="ar")
    await page.press("Done")

    await expect(dana.box).to_have_attribute("dir", "rtl")
    await dana.plays(WHOLE_ASK)

    own, coachs = dana.box.locator(".out .bubble").last, dana.box.locator(".in .bubble").last
    assert await left(own) < await left(coachs) + 20 < await left(dana.box) + 120
    header = dana.box.locator("header")
    assert await left(header.locator(".owner")) < await left(header.locator(".names"))
    assert await left(header.locator(".names")) < await left(header.locator(".avatar"))
    assert await left(dana.key("Home")) < await left(dana.key("Back"))
    assert await left(dana.key("Send")) < await left(dana.line) < await left(dana.key("Menu"))


async def test_the_first_ask_on_a_narrow_phone(browser: Browser) -> None:
    """Nothing is wider than the screen, and the tools are one press away."""
    async with playing(browser, built_with_pseudo(), PHONE, has_touch=True) as page:
        dana = page.phone()

        for line, then in WHOLE_ASK:
            await dana.says(line, then)
            assert await page.tab.evaluate(TOO_WIDE) == [], f"after {line}"

        await page.press(TOOLS)
        await page.opens(REQUESTS)
        await expect(page.tab.locator("#calls summary").first).to_be_visible()
        assert await page.tab.evaluate(TOO_WIDE) == []
        await page.press(BACK)
        await dana.sees("That is all for today")


async def test_the_first_ask_with_the_keyboard_alone(page: Page) -> None:
    """Tab, Enter and words; the focus always stands where somebody would look next."""
    dana, keyboard = page.phone(), page.tab.keyboard

    async def goes_to(label: str) -> None:
        """By Tab to something with this name: onwards, or backwards out of the line at the bottom."""
        await expect(dana.line if label == "Message" else dana.key(label)).to_be_visible()
        key = "Shift+Tab" if (await page.focus()).startswith("textarea") else "Tab"
        for _ in range(60):
            if straight(await page.focus()) in (f"button {label}", f"textarea {label}"):
                return
            await keyboard.press(key)
            await page.stands_somewhere()
        raise AssertionError(f"Tab never came to {label}, but ended at {await page.focus()}")

    for line, then in WHOLE_ASK:
        if line.startswith(("[", "/start")):
            await goes_to("Start" if line == "/start" else line[1:-1])
        elif not (await page.focus()).startswith("textarea"):
            await goes_to("Message")
        if not line.startswith(("[", "/start")):
            await keyboard.type(line)
        await keyboard.press("Enter")
        await dana.sees(then)
        await page.settles()
        await page.stands_somewhere(within=dana)


async def test_arrows_go_from_message_to_message_and_into_the_menu(page: Page) -> None:
    """Up and down in the chat; a slash offers commands, Escape puts them away."""
    dana, keyboard = page.phone(), page.tab.keyboard
    await dana.plays(AS_FAR_AS_PEOPLE)
    await dana.box.get_by_role("log").focus()

    await keyboard.press("ArrowUp")
    await keyboard.press("ArrowUp")
    assert "nursing" in await page.focus()
    await keyboard.press("ArrowDown")
    assert "Twenty Minutes:" in await page.focus()
    await dana.line.focus()
    await keyboard.type("/he")
    await keyboard.press("ArrowDown")
    assert "/help" in await page.focus()
    await keyboard.press("Escape")
    assert "Menu" in await page.focus()
    await keyboard.press("Enter")
    assert "/next" in await page.focus()
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await dana.sees("/people")


# -- time


async def test_a_nudge_comes_after_days_to_a_locked_phone(page: Page) -> None:
    """Three days are silent. On the fourth the locked phone shows a preview; a press opens the nudge."""
    dana = page.phone()
    await dana.plays(WHOLE_ASK)

    for day in ("Tue, Nov 24", "Wed, Nov 25", "Thu, Nov 26"):
        await page.press("+1 day")
        await expect(page.tab.locator("#now")).to_contain_text(day)
        await expect(page.button("+1 day")).to_be_enabled()
    await expect(dana.lock).to_be_hidden()
    await page.press("Until the next nudge")

    card = dana.lock.get_by_role("button")
    await expect(card).to_contain_text("Twenty Minutes")
    await expect(card).to_contain_text("Maria Lopez")
    await expect(card).to_be_focused()
    await card.click()
    await expect(dana.lock).to_be_hidden()
    await dana.sees("Why now?")
    await expect(dana.box.locator(".day").last).to_have_text("Friday, November 27")


async def test_no_nudge_is_waited_for_where_none_is_planned(page: Page) -> None:
    """The page says so, and what would bring one."""
    page.expected = "409"

    await page.press("Until the next nudge")

    await page.told("No nudge is planned.")
    await expect(page.tab.locator("#due")).to_have_text("No nudge is planned yet.")


# -- people, files, pictures


async def test_a_shared_contact_becomes_a_person_on_the_list(page: Page) -> None:
    """From the address book of the phone, as with the paper clip of Telegram."""
    dana = page.phone()
    await dana.plays(AS_FAR_AS_PEOPLE)

    await dana.press("Attach", "Contact")
    await page.fills(first_name="Rosa", last_name="Diaz", phone_number="+1 555 0123")
    await page.press("Share")

    await dana.sees("+1 555 0123", "I wrote down: • Rosa Diaz")
    await dana.press("Enough for now", "Very well")
    await dana.sees("Ask Rosa")


async def test_a_keyboard_that_asks_for_people_is_answered_by_choosing_them(page: Page) -> None:
    """No more can be chosen than are asked for; the coach hears who it was."""
    dana = page.phone()
    await dana.plays(AS_FAR_AS_PEOPLE)
    key = {"text": "Choose people", "request_users": {"request_id": 1, "max_quantity": 2}}
    await page.bot(
        "sendMessage", dana, text="Whom?", reply_markup={"keyboard": [[key]], "resize_keyboard": True}
    )

    await dana.press("Choose people")
    for name in ("Sam Chen", "Aunt Rosa"):
        await page.tab.get_by_label(name).check()
    await expect(page.tab.get_by_label("Maria Lopez")).to_be_disabled()
    await page.press("Choose")

    await dana.sees("Chosen: Sam Chen, Aunt Rosa", "I wrote down: • Sam Chen")
    assert dana.sent()["users_shared"]["request_id"] == 1


async def test_a_keyboard_that_asks_for_the_own_number_asks_once_more_first(page: Page) -> None:
    """Telegram does not give a number away by one press."""
    dana = page.phone()
    await dana.plays(AS_FAR_AS_PEOPLE)
    key = {"text": "My number", "request_contact": True}
    await page.bot(
        "sendMessage", dana, text="Which?", reply_markup={"keyboard": [[key]], "one_time_keyboard": True}
    )

    await dana.press("My number")
    await expect(page.tab.get_by_role("dialog")).to_contain_text("Share your phone number?")
    await page.press("Cancel")
    await dana.misses(dana.person.phone)
    await dana.press("My number")
    await page.press("Share")

    await dana.sees(dana.person.phone)


async def test_the_export_opens_as_a_document_and_can_be_saved(page: Page) -> None:
    """What is read on the page is what is saved, byte for byte."""
    dana = page.phone()
    await dana.plays(AS_FAR_AS_PEOPLE)
    await dana.write("/export")

    await dana.message("twenty-minutes.json").get_by_role("button", name="twenty-minutes.json").click()
    viewer = page.tab.get_by_role("dialog", name="twenty-minutes.json")
    read = await viewer.locator("pre").inner_text()
    async with page.tab.expect_download() as saving:
        await viewer.get_by_role("link", name="Save the file").click()
    saved = await (await saving.value).path()

    assert json.loads(read)["seeker"]["first_name"] == "Dana"
    assert saved.read_text(encoding="utf-8") == read
    await page.press("Close")
    await expect(viewer).to_be_hidden()


async def test_the_calendar_file_of_a_talk_opens(page: Page) -> None:
    """Maria says yes, a time is set, and the file for the calendar comes along."""
    dana = page.phone()
    await dana.plays(WHOLE_ASK)
    await dana.plays((
        ("[They answered]", "Yes"), ("[Yes]", "By phone"), ("[By phone]", "When?"),
        ("2026-12-04 15:00", "Yes, that is right"), ("[Yes, that is right]", "Who calls"),
        ("Maria calls me", "talk.ics"),
    ))  # fmt: skip

    await dana.message("talk.ics").get_by_role("button", name="talk.ics").click()

    await expect(page.tab.get_by_role("dialog", name="talk.ics")).to_contain_text("BEGIN:VCALENDAR")


async def test_a_picture_is_sent_by_dropping_it_and_opens(page: Page) -> None:
    """It stands in the chat in its own shape and opens in its own size."""
    dana = page.phone()
    await dana.plays(FIRST_ASK[:1])
    drop = await page.tab.evaluate_handle(DROPPED, list(plain_picture(120, 60)))

    await dana.box.dispatch_event("drop", {"dataTransfer": drop})
    await dana.box.get_by_role("button", name="Open the picture").click()

    shown = page.tab.get_by_role("dialog", name="Picture").locator("img")
    await expect(shown).to_have_js_property("naturalWidth", 120)
    assert dana.sent()["photo"][-1]["height"] == 60


DROPPED = """bytes => {
  const given = new DataTransfer();
  given.items.add(new File([new Uint8Array(bytes)], "card.png", { type: "image/png" }));
  return given;
}"""


async def test_a_file_is_sent_by_button(page: Page) -> None:
    """It stands in the chat with its name, and opens as it was."""
    dana = page.phone()
    await dana.plays(FIRST_ASK[:1])

    async with page.tab.expect_file_chooser() as choosing:
        await dana.press("Attach", "File")
    await (await choosing.value).set_files(
        {"name": "resume.txt", "mimeType": "text/plain", "buffer": b"Nurse"}
    )

    await dana.message("resume.txt").get_by_role("button", name="resume.txt").click()
    await expect(page.tab.get_by_role("dialog", name="resume.txt").locator("pre")).to_have_text("Nurse")


# -- what a message can look like

FORMATTED = f"""<b>bold</b> <i>italic</i> <u>underlined</u> <s>struck</s>
<tg-spoiler>hidden <b>deep</b></tg-spoiler>
<code>one_line()</code> <a href="https://example.org/a">a link</a> /help or https://example.org/b.
<pre><code class="language-python">print("hello")</code></pre>
<blockquote>said by others</blockquote>
<blockquote expandable>{"a long story, told slowly. " * 40}the end</blockquote>
At <tg-time unix="{NOON}" format="t">noon</tg-time>, on <tg-time unix="{NOON}" format="wDT">Monday</tg-time>,
<tg-time unix="{NOON}" format="r">soon</tg-time>, or <tg-time unix="{NOON}">as written</tg-time>."""


async def formatted(page: Page) -> Locator:
    """A message with everything in it, from the coach."""
    dana = page.phone()
    await dana.plays(FIRST_ASK[:1])
    await page.bot("sendMessage", dana, text=FORMATTED, parse_mode="HTML")
    await dana.sees("said by others")
    return dana.message("said by others")


async def test_every_kind_of_formatting_is_shown(page: Page) -> None:
    """Each has its own element; times stand in the zone of the phone."""
    message = await formatted(page)

    for element, words in (("strong", "bold"), ("em", "italic"), ("u", "underlined"), ("s", "struck"),
                           ("code", "one_line()"), ("blockquote", "said by others")):  # fmt: skip
        await expect(message.locator(element, has_text=words).first).to_be_visible()
    await expect(message.locator(".pre .head")).to_contain_text("python")
    await expect(message.locator(".pre pre")).to_have_text('print("hello")')
    times = [straight(one) for one in await message.locator(".moment").all_inner_texts()]
    assert times == ["12:00 PM", "Monday, November 23, 2026 at 12:00:00 PM", "in 2 hours", "as written"]


async def test_formatting_that_can_be_pressed_works(page: Page) -> None:
    """A spoiler tells, code copies, a quote unfolds, a time says when, a command is sent."""
    message = await formatted(page)
    quote = message.locator(".expandable")

    spoiler = message.get_by_role("button", name="Hidden words.")
    await spoiler.click()
    await expect(spoiler).to_have_count(0)
    await expect(message.locator("strong", has_text="deep")).to_be_visible()
    folded = await quote.bounding_box()
    await quote.get_by_role("button", name="Show all").click()
    unfolded = await quote.bounding_box()
    assert folded and unfolded and unfolded["height"] > folded["height"] + 40
    await message.get_by_role("button", name="one_line()").click()
    assert await page.tab.evaluate("navigator.clipboard.readText()") == "one_line()"
    await message.get_by_role("button", name="as written").click()
    await page.told("Monday, November 23, 2026 at 12:00 PM")
    await message.get_by_role("button", name="/help", exact=True).click()
    await page.phone().sees("/help")


async def test_a_link_is_shown_before_it_is_opened(page: Page) -> None:
    """Nothing is fetched from elsewhere unless somebody means it."""
    message = await formatted(page)

    for name, address in (
        ("a link", "https://example.org/a"),
        ("https://example.org/b", "https://example.org/b"),
    ):
        await message.get_by_role("link", name=name).click()
        await expect(page.tab.locator("#ask-words")).to_have_text(address)
        await page.press("Cancel")


async def test_buttons_have_styles_copy_and_lead_out(page: Page) -> None:
    """The three styles look different; a copy button copies, a link button asks first."""
    dana = page.phone()
    await dana.plays(FIRST_ASK[:1])
    styled = [{"text": one, "style": one, "callback_data": one} for one in ("primary", "success", "danger")]
    others = [{"text": "Copy it", "copy_text": {"text": "twenty minutes"}},
              {"text": "Write it", "url": "https://wa.me/15550100"}]  # fmt: skip
    await page.bot("sendMessage", dana, text="Choose", reply_markup={"inline_keyboard": [styled, others]})
    await dana.sees("Copy it")

    assert len({await colour(dana.key(one)) for one in ("primary", "success", "danger", "Copy it")}) == 4
    await dana.press("Copy it")
    await page.told("Copied.")
    assert await page.tab.evaluate("navigator.clipboard.readText()") == "twenty minutes"
    await dana.press("Write it")
    await expect(page.tab.locator("#ask-words")).to_have_text("https://wa.me/15550100")


# -- what changes in the chat


async def test_an_edit_keeps_its_place_and_a_deleted_message_goes(page: Page) -> None:
    """Messages stand in the order in which they came, whatever becomes of them."""
    dana = page.phone()
    await dana.plays(FIRST_ASK[:1])
    one, two = [await page.bot("sendMessage", dana, text=text) for text in ("first", "second")]
    await dana.sees("first", "second")

    await page.bot("editMessageText", dana, message_id=one["message_id"], text="first, mended")
    await dana.sees("first, mended")
    assert (await dana.words())[-2:] == ["first, mended", "second"]
    await page.bot("deleteMessage", dana, message_id=two["message_id"])
    await dana.misses("second")

    assert (await dana.words())[-1] == "first, mended"


async def test_own_words_can_be_changed_in_their_place(page: Page) -> None:
    """As with Edit in Telegram: the line is filled with them, and the coach hears of it."""
    dana = page.phone()
    await dana.plays(AS_FAR_AS_PEOPLE)

    await dana.own("nursing").get_by_role("button", name="Change").click()
    await expect(dana.line).to_have_value("nursing")
    await dana.write("carpentry")

    await expect(dana.own("carpentry")).to_contain_text("changed")
    await expect(page.tab.locator("#calls")).to_contain_text("edited_message")


async def test_typing_and_notices_are_shown(page: Page) -> None:
    """The coach types; a press on a button of long ago is answered by a line that goes away."""
    dana = page.phone()
    await dana.plays(FIRST_ASK[:1])
    old = {"inline_keyboard": [[{"text": "Long ago", "callback_data": "1:gone:gone"}]]}
    await page.bot("sendMessage", dana, text="Once upon a time", reply_markup=old)

    await page.bot("sendChatAction", dana, action="typing")
    await expect(dana.box.locator("header .status")).to_have_text("typing…")
    await dana.press("Long ago")

    await page.told("That button")
    await expect(dana.key("Long ago")).not_to_have_attribute("aria-busy", "true")


# -- what can go wrong


async def test_out_of_reach_the_coach_answers_once_it_is_back(page: Page) -> None:
    """What was written meanwhile waits, with one tick, and is answered once."""
    dana = page.phone()
    await page.opens(FAULTS)
    await page.tab.get_by_label("Telegram is out of reach").check()

    await dana.press("Start")
    await expect(dana.box.get_by_role("img", name="not read yet")).to_be_visible()
    await page.tab.get_by_label("Telegram is out of reach").uncheck()

    await dana.sees("I just finished college or training")
    await expect(dana.box.get_by_role("img", name="read by the coach")).to_be_visible()
    assert sum("Hello." in one for one in await dana.words()) == 1


async def test_the_last_update_again_has_no_second_effect(page: Page) -> None:
    """The coach fetches it twice and says nothing twice."""
    dana = page.phone()
    await dana.plays(AS_FAR_AS_PEOPLE)
    before, fetched = await dana.words(), len(page.standin.called("getUpdates"))
    await page.opens(FAULTS)

    await page.press("Bring the last update again")
    await page.comes(lambda: len(page.standin.called("getUpdates")) > fetched, "the coach fetching it")
    await dana.says("/help", "What would help now?")

    assert (await dana.words())[: len(before)] == before
    assert (await dana.words())[len(before)] == "/help"


async def test_a_blocked_coach_is_let_in_again(page: Page) -> None:
    """While it is blocked the line is gone; unblocked, the talk goes on where it was."""
    dana = page.phone()
    await dana.plays(AS_FAR_AS_PEOPLE)
    await page.opens(FAULTS)

    await page.press("Block the coach")
    await expect(dana.line).to_be_hidden()
    await expect(dana.box.locator("header .status")).to_have_text("blocked")
    await dana.press("Unblock")

    await dana.says("Maria Lopez", "(2 of")
    await expect(page.button("Block the coach")).to_have_attribute("aria-pressed", "false")


async def test_a_refused_request_is_listed_as_refused(page: Page) -> None:
    """With its arguments and the words of Telegram, and apart from the others where asked."""
    dana = page.phone()
    await dana.plays(FIRST_ASK[:1])
    page.standin.expects_refusals()
    with pytest.raises(AssertionError):
        await page.bot("sendMessage", dana, text="<b>never closed", parse_mode="HTML")

    await expect(page.tab.locator("#refused")).to_have_text("1 refused")
    await page.opens(REQUESTS)
    await page.tab.get_by_label("Only what was refused").check()
    calls = page.tab.locator("#calls > li:visible")
    await expect(calls).to_have_count(1)
    await calls.locator("summary").click()

    await expect(calls).to_contain_text("never closed")
    await expect(calls).to_contain_text("can't parse entities")


# -- several seekers


async def test_two_seekers_beside_one_another_do_not_mix(page: Page) -> None:
    """Each has a phone of their own, with their own name, language and words."""
    dana = page.phone()
    await dana.plays(FIRST_ASK)

    await page.press("Add a seeker")
    await page.fills(first_name="Omar", language_of_the_phone="es", time_zone_of_the_phone="Europe/Madrid")
    await page.press("Done")
    omar = page.phone("Omar")
    await omar.press("Start")
    await omar.sees("Hola")

    await dana.misses("Hola")
    await omar.misses("nursing")
    await dana.press("Sent")
    await dana.sees("Chicago")
    await omar.misses("Chicago")
    assert await left(omar.box) > await left(dana.box)


# -- usable by everybody


async def test_nothing_keeps_people_out_where_seekers_spend_their_time(page: Page) -> None:
    """No serious violation on the new page, in a chat, in the dark, on a locked phone."""
    dana = page.phone()
    assert await page.violations() == [], "the new page"
    await formatted(page)
    assert await page.violations() == [], "every formatting"
    await page.tab.get_by_label("Light or dark").select_option("dark")
    assert await page.violations() == [], "in the dark"
    await dana.plays(WHOLE_ASK[1:])
    assert await page.violations() == [], "a chat with buttons, in the dark"
    await page.press("Until the next nudge")
    await expect(dana.lock).to_be_visible()
    assert await page.violations() == [], "a locked phone, in the dark"
    await page.tab.get_by_label("Light or dark").select_option("light")
    assert await page.violations() == [], "a locked phone"


async def test_nothing_keeps_people_out_of_dialogs_menu_and_tools(page: Page) -> None:
    """No serious violation in what opens over the page or beside it."""
    dana = page.phone()
    await dana.plays(AS_FAR_AS_PEOPLE)

    async def closes() -> None:
        await page.tab.keyboard.press("Escape")

    openings: tuple[tuple[str, Callable[[], Awaitable[None]]], ...] = (
        ("dialog[open]", lambda: page.press("Add a seeker")),
        (".menu:not([hidden])", lambda: dana.press("Menu")),
        (".attach:not([hidden])", lambda: dana.press("Attach")),
        ("dialog[open]", lambda: dana.press("Attach", "Contact")),
        (".wrong[open]", lambda: page.opens(FAULTS)),
        (".wire[open]", lambda: page.opens(REQUESTS)),
        ("#calls details[open]", lambda: page.tab.locator("#calls summary").first.click()),
    )
    for place, opens in openings:
        await opens()
        assert await page.violations(place) == [], place
        await closes()


async def test_nothing_keeps_people_out_from_right_to_left_on_a_narrow_phone(browser: Browser) -> None:
    """No serious violation in a mirrored chat on a narrow screen, and with the tools open there."""
    async with playing(browser, built_with_pseudo(), PHONE) as page:
        dana = page.phone()
        await dana.press("Dana’s phone: name, language and time zone")
        await page.fills(language_of_the_phone="ar")
        await page.press("Done")
        await dana.plays(AS_FAR_AS_PEOPLE)
        assert await page.violations() == [], "the chat"
        await page.press(TOOLS)
        assert await page.violations() == [], "the tools"
