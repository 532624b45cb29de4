"""The Bot API itself, without a network: requests in, answers out, every rule kept and counted."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final

from bot.clock import Clock
from bot.local import contract
from bot.local.faults import NONE, Fault, Faults
from bot.local.files import Files
from bot.local.flood import Flood, Limits
from bot.local.menu import Menu
from bot.local.methods import Methods
from bot.local.people import Person
from bot.local.refusal import Broken, Refusal
from bot.local.updates import Updates
from bot.local.webhooks import Webhooks
from bot.local.world import World

Json = dict[str, Any]
TOKEN: Final = "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
_JSON: Final = "application/json"


@dataclass(frozen=True)
class Call:
    """One request as it was read, when, and what it was answered (status 0: nothing)."""

    method: str
    params: Json
    status: int
    at: datetime
    answer: bytes


@dataclass(frozen=True)
class Answer:
    """What goes back: at once or late, or nothing at all."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    drops: bool = False
    silent: bool = False


class Api:
    """One bot, its chats and its people. All that happens is dated by `clock`."""

    def __init__(self, clock: Clock, token: str = TOKEN, limits: Limits | None = None) -> None:
        self.token, self.clock = token, clock
        self.world = World(clock, token)
        self.files = Files()
        self.methods = Methods(self.world, self.files)
        self.menu = Menu(self.world.bot["first_name"])
        self.updates = Updates(clock)
        self.webhooks = Webhooks(clock, self.updates)
        self.faults = Faults()
        self.flood = Flood(limits or Limits())
        self.calls: list[Call] = []
        #: What was asked against the rules of the Bot API, in Telegram's words.
        self.broken_rules: list[str] = []
        #: Who else hears that something was done: the page.
        self.on_change: Callable[[], None] = lambda: None
        self._refusals_expected = False
        self._waiting: dict[str, Callable[[Json], Awaitable[Any]]] = {"getupdates": self._get_updates}
        self._acts = {**self.methods.table, **self.menu.table, **self.webhooks.table}

    def person(self, name: str = "Alice", language: str = "en") -> Person:
        """A new person, whom the bot may write to."""
        return Person(self, self.world.new_chat(name), language)

    def called(self, method: str) -> list[Call]:
        """The calls of one method, in order."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    def expects_refusals(self) -> None:
        """Requests against the rules are meant: they are refused, and no fault of whoever asks."""
        self._refusals_expected = True

    async def answered(self, token: str, method: str, params: Mapping[str, Any] | Refusal) -> Answer:
        """What becomes of a request; `params` is a refusal where nothing could be read."""
        fault = self.faults.take(method) or NONE
        read, refusal = self._read(token, method, params)
        if not fault.acts:
            answer = Answer(0, b"")
        elif refusal:
            answer = _refused(refusal)
        else:
            answer = await self._acted(method, read)
            # A poll that waited while everything began to go wrong is no exception to it.
            if fault is NONE and method.lower() in self._waiting:
                fault = self.faults.standing(method)
        answer = self._spoilt(answer, fault)
        status, body = (0, b"") if fault.drops or fault.silent else (answer.status, answer.body)
        self.calls.append(Call(method, read, status, self.clock.now(), body))
        self.on_change()
        return answer

    def date(self) -> str:
        """The moment, as the `Date` of an answer has it."""
        return format_datetime(self.clock.now().astimezone(UTC), usegmt=True)

    def fetched(self, token: str, path: str) -> Answer:
        """A file, at the path that getFile told."""
        content = self.files.fetched(path) if token == self.token else None
        if content is None:
            return _refused(Refusal(404, "Not Found"))
        return Answer(200, content, {"content-type": "application/octet-stream"})

    def _read(
        self, token: str, method: str, params: Mapping[str, Any] | Refusal
    ) -> tuple[Json, Refusal | None]:
        if token != self.token:
            return {}, Refusal(401, "Unauthorized")
        if isinstance(params, Refusal):
            self._note(method, params)
            return {}, params
        try:
            return contract.checked(method, params), None
        except Refusal as refusal:
            self._note(method, refusal)
            return dict(params), refusal

    async def _acted(self, method: str, params: Json) -> Answer:
        try:
            result = await self._act(method.lower(), params)
        except Refusal as refusal:
            self._note(method, refusal)
            return _refused(refusal)
        return Answer(200, _encoded({"ok": True, "result": result}), {"content-type": _JSON})

    async def _act(self, method: str, params: Json) -> Any:
        if waiting := self._waiting.get(method):
            return await waiting(params)
        chat = self.world.chats.get(params.get("chat_id", 0))
        if chat is not None:
            self.flood.pass_(method, chat, self.clock.now())
        return self._acts[method](params)

    async def _get_updates(self, params: Json) -> list[Json]:
        self.webhooks.refuse_polls()
        return await self.updates.get(params)

    def _note(self, method: str, refusal: Refusal) -> None:
        if isinstance(refusal, Broken) and not self._refusals_expected:
            self.broken_rules.append(f"{method}: {refusal.description}")

    @staticmethod
    def _spoilt(answer: Answer, fault: Fault) -> Answer:
        if fault.body is not None:
            told = fault.body
            body = told.encode() if isinstance(told, str) else _encoded(told)
            answer = Answer(fault.status, body, {"content-type": _JSON, **_waits(told)})
        return replace(answer, seconds=fault.seconds, drops=fault.drops, silent=fault.silent)


def _refused(refusal: Refusal) -> Answer:
    told: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        told["parameters"] = refusal.parameters
    return Answer(refusal.code, _encoded(told), {"content-type": _JSON, **_waits(told)})


def _waits(told: object) -> dict[str, str]:
    parameters = told.get("parameters", {}) if isinstance(told, dict) else {}
    return {"retry-after": str(parameters["retry_after"])} if "retry_after" in parameters else {}


def _encoded(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
