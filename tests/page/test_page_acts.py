"""What somebody does on the page: each act with good and bad input, and nothing is raised but NotDone."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

import pytest

from bot.local.api import Api
from bot.local.entities import utf16
from bot.local.people import Person
from bot.local.texts import LONGEST
from bot.page.acts import Acts, parts
from bot.page.scene import NotDone, Scene
from tests.page.page_kit import LANGUAGES
from tests.telegram.local_kit import NOON, Json, Time

HERE = {"first_name": "Dana", "language": "es", "zone": "America/Chicago"}
RUBBISH: tuple[Any, ...] = (
    None, True, False, -1, 0, 1, 7, 10**30, 1.5, float("nan"), float("inf"), "", " ", "\n", "x" * 70_000,
    "\x00", "🌱", [], [None], [[]], {}, {"a": []}, "1001", "../..", "Not/A_Zone",
)  # fmt: skip
FIELDS = ("seeker", "text", "message", "data", "first_name", "last_name", "phone", "language", "zone",
          "names", "request", "on", "seconds", "away", "slow", "what")  # fmt: skip
ACTS = ("begin", "add", "change", "write", "edit", "press", "letters", "contact", "pick", "unlock",
        "block", "pass", "next_nudge", "faults", "once")  # fmt: skip
ASKS = {"keyboard": [[{"text": "Somebody", "request_users": {"request_id": 7}}],
                     [{"text": "Some more", "request_users": {"request_id": 8}}],
                     [{"text": "Later"}]]}  # fmt: skip


class Told:
    """Time that is only told to pass."""

    def __init__(self) -> None:
        self.passed: list[timedelta] = []
        self.nudges = 0

    async def pass_(self, span: timedelta) -> None:
        """So much time goes by."""
        self.passed.append(span)

    async def to_next_nudge(self) -> None:
        """Time goes by until a nudge comes."""
        self.nudges += 1


class Stage:
    """Dana with a phone, who said a word, and whom the coach answered with a button; and Ana."""

    def __init__(self) -> None:
        self.api = Api(Time(NOON))
        self.scene, self.time = Scene(self.api), Told()
        self.acts = Acts(self.scene, self.time, LANGUAGES)
        self.dana = self.scene.newcomer("Dana", "en", "UTC")
        self.ana = self.scene.newcomer("Ana", "en", "UTC")
        self.dana.types("mine")
        self.sent("sendMessage", text="Hello.")

    def sent(self, method: str, **more: Any) -> None:
        """The coach writes to Dana."""
        self.api.methods.table[method.lower()]({"chat_id": self.dana.chat.id, **more})

    async def does(self, act: str, /, **given: Any) -> list[Json]:
        """Dana does this; the updates that come of it."""
        before = len(self.api.updates.held)
        await self.acts.do({"do": act, "seeker": self.dana.chat.id, **given})
        return self.api.updates.held[before:]

    def as_it_is(self) -> str:
        """Everything that an act could change."""
        people = [(one.user, one.chat) for one in self.scene.people.values()]
        faults = (self.scene.faults.as_json(), dict(self.api.faults._next))
        return repr((people, self.scene.zones, self.scene.locked, self.api.updates.held, faults,
                     self.time.passed, self.time.nudges))  # fmt: skip


def words_of(person: Person) -> list[str]:
    """What somebody wrote."""
    mine = (one for one in person.chat.messages.values() if not one["from"]["is_bot"])
    return [str(one["text"]) for one in mine]


async def test_somebody_comes_and_is_changed() -> None:
    stage = Stage()

    await stage.does("add", **{**HERE, "first_name": "  Maria  "})
    await stage.does("change", **HERE)

    maria = stage.scene.people[max(stage.scene.people)]
    assert (maria.user["first_name"], maria.user["language_code"]) == ("Maria", "es")
    assert stage.scene.zones[maria.chat.id] == "America/Chicago"
    assert (stage.dana.user["language_code"], stage.scene.zones[stage.dana.chat.id]) == (
        "es", "America/Chicago",
    )  # fmt: skip


async def test_a_page_that_is_loaded_twice_begins_once() -> None:
    stage = Stage()

    await stage.does("begin", **HERE)

    assert len(stage.scene.people) == 2


async def test_a_language_that_is_not_known_becomes_the_first() -> None:
    stage = Stage()

    await stage.does("change", **{**HERE, "language": "tlh"})

    assert stage.dana.user["language_code"] == "en"


async def test_words_and_a_change_of_them() -> None:
    stage = Stage()

    [written] = await stage.does("write", text="  /start now ")
    [edited] = await stage.does("edit", text=" mine, better ", message=1)

    assert written["message"]["text"] == "/start now"
    assert written["message"]["entities"][0]["type"] == "bot_command"
    assert edited["edited_message"]["message_id"] == 1
    assert words_of(stage.dana) == ["mine, better", "/start now"]


async def test_presses_of_every_kind() -> None:
    stage = Stage()
    keys = {"inline_keyboard": [[{"text": "Go", "callback_data": "a"}]]}
    stage.sent("sendMessage", text="Go?", reply_markup=keys)
    stage.sent("sendMessage", text="Who?", reply_markup=ASKS)

    [press] = await stage.does("press", message=3, data="a")
    [gone] = await stage.does("press", message=99, data="b")
    [letters] = await stage.does("letters", text="Later")
    [picked] = await stage.does("pick", names=["Maria Lopez", "Sam"], request=8)
    [first] = await stage.does("pick", names=["Li"])

    assert (press["callback_query"]["data"], press["callback_query"]["message"]["text"]) == ("a", "Go?")
    assert gone["callback_query"]["message"]["date"] == 0
    assert letters["message"]["text"] == "Later"
    assert first["message"]["users_shared"]["request_id"] == 7
    assert picked["message"]["users_shared"]["request_id"] == 8
    users = picked["message"]["users_shared"]["users"]
    assert [one["first_name"] for one in users] == ["Maria Lopez", "Sam"]
    assert len({one["user_id"] for one in users}) == 2


async def test_contacts_of_others_and_ones_own() -> None:
    stage = Stage()
    stage.sent(
        "sendMessage", text="You?", reply_markup={"keyboard": [[{"text": "Me", "request_contact": True}]]}
    )

    [other] = await stage.does("contact", first_name="Maria", last_name="", phone=" +1 312 ")
    [own] = await stage.does("letters", text="Me")

    assert other["message"]["contact"] == {"phone_number": "+1 312", "first_name": "Maria"}
    assert own["message"]["contact"]["user_id"] == stage.dana.chat.id


async def test_block_and_let_in_again() -> None:
    stage = Stage()

    for on in (True, False):
        [turn] = await stage.does("block", on=on)
        assert (turn["my_chat_member"]["new_chat_member"]["status"] == "kicked") is on
        assert stage.dana.chat.blocked is on


async def test_a_locked_phone_is_opened() -> None:
    stage = Stage()
    stage.scene.lock({stage.dana.chat.id: 0})
    assert stage.scene.locked

    await stage.does("unlock")
    await stage.does("unlock")

    assert not stage.scene.locked


async def test_time_passes_as_told() -> None:
    stage = Stage()

    await stage.does("pass", seconds=3600)
    await stage.does("next_nudge")

    assert (stage.time.passed, stage.time.nudges) == ([timedelta(hours=1)], 1)


async def test_faults_stand_until_they_are_taken_back() -> None:
    stage = Stage()

    await stage.does("faults", away=True, slow=True)
    away = stage.api.faults.take("getMe")
    await stage.does("faults", slow=True)
    slow = stage.api.faults.take("getMe")
    await stage.does("faults")

    assert away is not None and away.drops and not away.acts
    assert slow is not None and slow.seconds > 0 and slow.acts
    assert stage.api.faults.take("getMe") is None


async def test_faults_that_come_once() -> None:
    stage = Stage()

    await stage.does("once", what="lose")
    await stage.does("once", what="haste")
    await stage.does("once", what="repeat")

    lost, haste = (stage.api.faults.take("sendMessage") for _ in range(2))
    assert lost is not None and lost.drops and lost.acts
    assert haste is not None and haste.status == 429
    assert stage.api.faults.take("sendMessage") is None
    assert [one["update_id"] for one in stage.api.updates.waiting] == [1000, 1000]


BAD: list[tuple[str, Json]] = [
    ("fly", {}), ("", {}), ("__init__", {}), ("do", {}),
    ("add", {**HERE, "first_name": " "}), ("add", {**HERE, "first_name": "x" * 65}),
    ("add", {**HERE, "first_name": "🌱" * 33}), ("add", {**HERE, "first_name": ["Dana"]}),
    ("add", {**HERE, "zone": "Mars/Olympus"}), ("add", {**HERE, "zone": "../../etc/passwd"}),
    ("add", {**HERE, "zone": ""}), ("add", {}),
    ("change", {**HERE, "seeker": 7}), ("change", {**HERE, "first_name": ""}),
    ("write", {"text": ""}), ("write", {"text": " \n"}), ("write", {"text": 5}), ("write", {}),
    ("write", {"text": "x", "seeker": 7}), ("write", {"text": "x", "seeker": "1001"}),
    ("write", {"text": "x", "seeker": None}), ("write", {"text": "x", "seeker": 1001.0}),
    ("edit", {"text": "", "message": 1}), ("edit", {"text": "x" * 4097, "message": 1}),
    ("edit", {"text": "not mine", "message": 2}), ("edit", {"text": "x", "message": 99}),
    ("edit", {"text": "x", "message": -1}),
    ("letters", {"text": "Gone"}), ("letters", {}),
    ("contact", {"first_name": "", "phone": "1"}), ("contact", {"first_name": "Maria", "phone": " "}),
    ("contact", {"first_name": "Maria", "phone": 1312}), ("contact", {}),
    ("pick", {"names": ["Maria"]}), ("pick", {"names": []}), ("pick", {"names": "Maria"}), ("pick", {}),
    ("unlock", {"seeker": 7}), ("block", {"seeker": 7, "on": True}),
    ("press", {"seeker": {}, "message": 2, "data": "a"}),
    ("pass", {"seconds": 0}), ("pass", {"seconds": -5}), ("pass", {"seconds": "60"}), ("pass", {}),
    ("pass", {"seconds": 60.5}), ("pass", {"seconds": 10**12}), ("pass", {"seconds": float("nan")}),
    ("once", {"what": "fire"}), ("once", {}), ("once", {"what": None}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "given"), BAD, ids=lambda one: repr(one)[:60])
async def test_what_cannot_be_done_is_told_kindly_and_changes_nothing(what: str, given: Json) -> None:
    stage = Stage()
    before = stage.as_it_is()

    with pytest.raises(NotDone) as told:
        await stage.does(what, **given)

    words = str(told.value)
    assert words[0].isupper() and words.endswith(".") and "!" not in words
    assert "None" not in words and "Error" not in words
    assert stage.as_it_is() == before


@pytest.mark.parametrize("given", [{}, {"message": None}, {"message": "1"}, {"message": 0}], ids=repr)
async def test_a_change_says_which_message_it_means(given: Json) -> None:
    stage = Stage()

    with pytest.raises(NotDone):
        await stage.does("edit", text="something else", **given)

    assert words_of(stage.dana) == ["mine"]


@pytest.mark.parametrize("what", [[], {}], ids=repr)
async def test_a_fault_of_no_kind_is_none(what: Any) -> None:
    with pytest.raises(NotDone):
        await Stage().does("once", what=what)


@pytest.mark.parametrize("what", ACTS)
async def test_rubbish_raises_nothing_but_not_done(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each field of each act is every kind of rubbish, beside fields that are good."""
    monkeypatch.setattr("bot.page.acts.available_timezones", cache(available_timezones))
    good = {**HERE, "text": "x", "message": 1, "data": "a", "phone": "1", "names": ["Maria"], "seconds": 60,
            "what": "lose", "on": True}  # fmt: skip
    stage = Stage()
    stage.sent("sendMessage", text="Who?", reply_markup=ASKS)
    told = 0

    for name in FIELDS:
        for one in RUBBISH:
            if what == "once" and name == "what" and isinstance(one, (list, dict)):
                continue  # known, and held by a test of its own
            try:
                await stage.does(what, **{**good, name: one})
            except NotDone:
                told += 1

    assert told or what in ("begin", "next_nudge", "faults")


async def test_a_table_that_raises_something_else_would_be_seen() -> None:
    """The known-bad twin: an act that trusts what it is given."""
    stage = Stage()

    async def trusting(given: Any) -> None:
        stage.dana.types(given["text"].strip())

    stage.acts._by_name["write"] = trusting

    with pytest.raises(AttributeError):
        await stage.does("write", text=5)


async def test_five_thousand_signs_are_two_messages_that_hold_every_sign() -> None:
    stage = Stage()
    said = ("five " * 1000)[:5000]

    await stage.does("write", text=said)

    two = words_of(stage.dana)[1:]
    assert len(two) == 2
    assert all(0 < utf16(one) <= LONGEST for one in two)
    assert "".join("".join(two).split()) == "".join(said.split())


async def test_no_word_is_cut_in_two_that_could_stay_whole() -> None:
    said = "five " * 1000

    assert " ".join(parts(said.strip())).split() == said.split()


LONG = {
    "one kind": "x" * 5000, "just one message": "x" * 4096, "one too many": "x" * 4097,
    "emoji at the cut": "x" * 4095 + "🌱" * 500, "emoji all over": "🌱" * 5000,
    "odd emoji": "x" + "🌱" * 4096, "many": "🌱x" * 20_000, "blanks at the cut": "x" * 4090 + " " * 50 + "y",
    "lines": ("a line of words\n" * 600).strip(), "four": "x" * (3 * 4096 + 1),
}  # fmt: skip


def faults_of(made: list[str], said: str) -> list[str]:
    """What is wrong with messages that were made of words."""
    wrong = [f"{utf16(one)} units" for one in made if not 0 < utf16(one) <= LONGEST]
    wrong += ["half a sign" for one in made if any("\ud800" <= sign <= "\udfff" for sign in one)]
    wrong += ["signs are lost"] if "".join("".join(made).split()) != "".join(said.split()) else []
    fewest = -(-utf16(said) // LONGEST)
    return wrong + ([f"{len(made)} messages, {fewest} are enough"] if len(made) > fewest + 1 else [])


@pytest.mark.parametrize("said", LONG.values(), ids=LONG)
def test_what_is_longer_than_a_message_becomes_several(said: str) -> None:
    assert faults_of(parts(said), said) == []


def by_signs(said: str) -> list[str]:
    """Cuts after so many signs, as Python counts them."""
    return [said[at : at + LONGEST] for at in range(0, len(said), LONGEST)]


def by_units(said: str) -> list[str]:
    """Cuts after so many units, wherever that is."""
    units = said.encode("utf-16-le")
    pieces = (units[at : at + 2 * LONGEST] for at in range(0, len(units), 2 * LONGEST))
    return [one.decode("utf-16-le", "surrogatepass") for one in pieces]


def only_one(said: str) -> list[str]:
    """Sends what fits, and forgets the rest."""
    return [said[: LONGEST // 2]]


@pytest.mark.parametrize("wrong", [by_signs, by_units, only_one])
def test_other_ways_to_cut_would_be_seen(wrong: Callable[[str], list[str]]) -> None:
    """The known-bad twins."""
    said = LONG["emoji at the cut"]

    assert faults_of(wrong(said), said)
