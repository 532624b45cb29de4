"""`python -m bot try`: where it may be served, which port, how it ends, and what it tells nobody."""

import asyncio
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.clock import WallClock
from bot.commands import main
from bot.local.server import TOKEN, StandIn
from bot.page import trying
from bot.page.address import refusal_of
from bot.settings import BAD_SETTINGS
from bot.words import Words
from tests.page.page_kit import PATIENCE, Watcher

ROOT = Path(__file__).resolve().parents[2]
#: A process that starts on a busy machine.
UP, ENDED = 60.0, 30.0
#: From the start of the process to a page that answers, and its end as well.
CPU_SECONDS = 3.0
SECRETS = ("Quetzalcoatlina", "umbrageous hippopotamus", "+1 555 0148", "xylophone.pdf")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_this_machine_is_always_allowed(host: str) -> None:
    assert refusal_of(host, "") == ""


OPEN = ["192.168.1.5", "10.0.0.1", "fe80::1", "2001:db8::1"]
NONE = ["", "0.0.0.0", "::", "example.org", "127.0.0.1.example.org", "localhost.example.org", "127.1", "0"]


@pytest.mark.parametrize("host", OPEN)
def test_another_address_is_refused_with_the_reason_and_the_remedy(host: str) -> None:
    told = refusal_of(host, "")

    assert "other machines" in told and "read every conversation" in told
    assert f"--host {host} --open-to {host}" in told


@pytest.mark.parametrize("host", OPEN)
def test_another_address_is_allowed_to_whoever_names_it_twice(host: str) -> None:
    assert refusal_of(host, host) == ""
    assert refusal_of(host, "127.0.0.1") != ""


@pytest.mark.parametrize("host", NONE)
def test_every_address_at_once_and_a_name_are_refused_even_where_they_are_named_twice(host: str) -> None:
    """Nobody could be told from a stranger there, by what they ask for."""
    assert "no single address" in refusal_of(host, host)


@pytest.mark.parametrize(
    ("host", "told"), [("0.0.0.0", "no single address"), ("192.168.1.5", "other machines")]
)
def test_the_command_ends_with_78_and_serves_nothing(
    host: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    served: list[Any] = []
    monkeypatch.setattr("bot.app.try_out", lambda *given: served.append(given))

    code = main(["try", "--host", host])

    assert code == BAD_SETTINGS == 78
    assert told in capsys.readouterr().err
    assert not served


def test_the_command_serves_what_was_named_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other side of it: it is the address that is refused, and nothing else."""
    served: list[Any] = []

    async def serves(*given: Any) -> int:
        served.append(given)
        return 0

    monkeypatch.setattr("bot.app.try_out", serves)

    assert main(["try", "--host", "192.168.1.5", "--open-to", "192.168.1.5", "--port", "1"]) == 0
    assert served[0][:2] == ("192.168.1.5", 1)


@contextmanager
def taken() -> Iterator[int]:
    """A port that somebody else has."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


async def test_the_usual_port_gives_way_where_it_is_taken(
    words: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    with taken() as port:
        monkeypatch.setattr(trying, "PORT", port)

        standin, _ = await trying._opened(WallClock(), words, "127.0.0.1", 0)

        assert standin.is_open
        assert standin.address != f"http://127.0.0.1:{port}"
        await standin.close()


@pytest.mark.parametrize("asked", ["taken", "at an address of nobody here"])
async def test_a_port_that_was_asked_for_does_not(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    with taken() as port:
        host = "127.0.0.1" if asked == "taken" else "192.0.2.1"

        code = await trying.try_out(host, port, None)

        told = capsys.readouterr()
        assert code == 78
        assert f"{host}, port {port} (" in told.err
        assert told.out == ""


@pytest.mark.parametrize("port", ["-1", "65536", "99999", "eighty"])
def test_a_port_that_is_none_is_told_so(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["try", "--port", port])

    assert ended.value.code == 2
    assert "is not a port" in capsys.readouterr().err


def test_a_moment_before_the_coach_was_built_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """It would wait for its clock to be right, for ever."""
    assert main(["try", "--start", "2020-01-01T09:00"]) == 78
    assert "trusts no clock" in capsys.readouterr().err


async def test_an_address_of_another_machine_has_a_remedy_that_helps(
    capsys: pytest.CaptureFixture[str],
) -> None:
    await trying.try_out("192.0.2.1", 0, None)

    told = capsys.readouterr().err
    assert "192.0.2.1" in told
    assert "--host 127.0.0.1" in told and "port 0" not in told


async def test_nobody_else_knows_the_code_of_the_bot(words: Words) -> None:
    """Any page in the same browser can send a form here, and can have its own name point here to read."""
    standin, _ = await trying._opened(WallClock(), words, "127.0.0.1", 0)
    async with httpx.AsyncClient(base_url=standin.address, verify=False, trust_env=False) as http:
        dana = standin.person("Dana")
        dana.types("in confidence")
        strange = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}

        read = await http.get(f"/bot{TOKEN}/getUpdates", headers={"host": "evil.example"})
        sent = await http.post(
            f"/bot{TOKEN}/sendMessage",
            data={"chat_id": dana.chat.id, "text": "from a stranger"},
            headers=strange,
        )

    await standin.close()
    assert "in confidence" not in read.text
    assert dana.received() == []
    assert (read.status_code, sent.status_code) == (401, 401)


class Process:
    """The command in a process of its own; what it leaves in its temporary directory."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path, address: str) -> None:
        self.process, self.folder, self.address = process, folder, address
        self._out = ""

    @property
    def said(self) -> str:
        """Everything it said so far, after the line with its address."""
        return self._out + (self.folder / "log").read_text(encoding="utf-8")

    @property
    def left(self) -> list[str]:
        """What is in the temporary directory."""
        return [one.name for one in (self.folder / "tmp").iterdir()]

    async def runs(self) -> None:
        """Waits until the coach speaks."""
        async with asyncio.timeout(UP):
            while "speaking as" not in self.said:
                assert self.process.returncode is None, self.said
                await asyncio.sleep(0.02)

    async def ends(self, how: signal.Signals) -> int:
        """Its exit code, after this signal."""
        self.process.send_signal(how)
        out, _ = await asyncio.wait_for(self.process.communicate(), ENDED)
        self._out += out.decode()
        assert self.process.returncode is not None
        return self.process.returncode


@asynccontextmanager
async def process(folder: Path) -> AsyncIterator[Process]:
    """The page as somebody starts it, away from any .env, on a free port."""
    with taken() as port:
        pass
    (folder / "tmp").mkdir()
    own = {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "tmp"), "TWENTY_MINUTES_LOG": "DEBUG"}
    words = ("-m", "bot", "try", "--port", str(port))
    with (folder / "log").open("wb") as log:
        made = await asyncio.create_subprocess_exec(
            sys.executable, *words, cwd=folder, env={**os.environ, **own},
            stdout=asyncio.subprocess.PIPE, stderr=log,
        )  # fmt: skip
    try:
        yield Process(made, folder, await _address(made, folder))
    finally:
        if made.returncode is None:
            made.kill()
            await made.communicate()


async def _address(made: asyncio.subprocess.Process, folder: Path) -> str:
    assert made.stdout is not None
    line = b""
    async with asyncio.timeout(UP):
        while b"http://" not in line:
            line = await made.stdout.readline()
            assert line, (folder / "log").read_text(encoding="utf-8")
    return line.decode().split()[-1].rstrip("/")


@asynccontextmanager
async def browser(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """Asks the page as it asks itself."""
    own = {"origin": address, "sec-fetch-site": "same-origin"}
    async with httpx.AsyncClient(
        base_url=address, headers=own, timeout=PATIENCE * 2, verify=False, trust_env=False
    ) as http:
        yield http


async def does(http: httpx.AsyncClient, act: str, /, **given: Any) -> None:
    """An act; fails where it is not done."""
    answer = await http.post("/acts", content=json.dumps({"do": act, **given}))
    assert answer.status_code == 200, answer.text


async def plays(http: httpx.AsyncClient, watcher: Watcher) -> None:
    """A seeker tells secrets in every way there is, and the coach answers."""
    name, words, phone, file = SECRETS
    await does(http, "begin", first_name=name, language="en", zone="UTC")
    await does(http, "write", seeker=1001, text="/start")
    await does(http, "write", seeker=1001, text=words)
    await does(http, "contact", seeker=1001, first_name=name, phone=phone)
    await http.post("/files", params={"seeker": 1001, "name": file}, content=words.encode())
    while sum("callback_data" in json.dumps(one) for one in watcher.things.values()) < 2:
        await watcher.hears()
    await http.post("/acts", content=f'{{"do": "fly", "text": "{words}"')
    await http.get(f"/files/{words}")


def cpu() -> float:
    """The seconds of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def test_it_is_soon_there_ends_with_a_page_open_leaves_nothing_and_tells_no_words(
    tmp_path: Path,
) -> None:
    before = cpu()
    async with process(tmp_path) as it, browser(it.address) as http:
        await it.runs()
        async with http.stream("GET", "/events") as events:
            watcher = Watcher(events)
            first = await watcher.hears()
            await plays(http, watcher)
            assert first["begins"]
            assert it.left == []  # nothing is on the disk while it runs either

            code = await it.ends(signal.SIGINT)

    assert code == 0
    assert it.left == []
    assert cpu() - before < CPU_SECONDS
    assert "speaking as" in it.said
    for secret in (*SECRETS, *" ".join(SECRETS).split(), TOKEN.partition(":")[2]):
        assert secret not in it.said


async def test_it_ends_while_telegram_is_out_of_reach_and_something_waits(tmp_path: Path) -> None:
    async with process(tmp_path) as it, browser(it.address) as http:
        await it.runs()
        await does(http, "begin", first_name="Dana", language="en", zone="UTC")
        await does(http, "faults", away=True)
        await does(http, "write", seeker=1001, text="/start")
        passing = asyncio.create_task(http.post("/acts", content='{"do": "pass", "seconds": 86400}'))
        await asyncio.sleep(0)

        code = await it.ends(signal.SIGTERM)

        assert code == 0
        assert it.left == []
        await asyncio.gather(passing, return_exceptions=True)


async def test_it_ends_well_as_soon_as_its_address_stands_there(tmp_path: Path) -> None:
    async with process(tmp_path) as it:
        code = await it.ends(signal.SIGTERM)

        assert (code, it.left) == (0, [])


async def test_a_terminal_that_is_closed_leaves_nothing_behind(tmp_path: Path) -> None:
    async with process(tmp_path) as it:
        await it.runs()

        await it.ends(signal.SIGHUP)

        assert it.left == []


def test_a_word_in_the_log_would_be_seen() -> None:
    """The known-bad twin: what the test above looks for is found where it stands."""
    log = f"2026-11-23 WARNING: could not keep {SECRETS[1]}"

    assert any(secret in log for secret in SECRETS)


async def test_the_coach_that_is_tried_speaks_to_the_page_that_is_served(words: Words) -> None:
    """One server for both, so that what is seen is what went over the wire."""
    standin, passage = await trying._opened(WallClock(), words, "127.0.0.1", 0)

    async with browser(standin.address) as http, http.stream("GET", "/events") as events:
        first = await Watcher(events).hears()

    await standin.close()
    assert isinstance(standin, StandIn) and await passage.next_due() is None
    assert first["set"]["clock"]["next_due"] is None
    assert first["set"]["languages"] == dict(words.languages)
