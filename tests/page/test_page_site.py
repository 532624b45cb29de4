"""The page over HTTP: only for whoever sees it, kind to what it does not understand, and live."""

import asyncio
import json
from typing import Any

import pytest
from starlette.datastructures import Headers

from bot.page.address import LOCAL
from bot.page.site import STATIC, is_own
from tests.page.page_kit import PATIENCE, Page, page

HOSTS = frozenset(LOCAL)


HTML = b"<!doctype html><script>parent.postMessage('I ran', '*')</script>\x00\xff"
NOBODY = "nothing-of-this-kind"
GETS = ("/", "/static/page.js", "/events", "/files/x")
POSTS = ("/acts", "/files?seeker=1001&name=x.txt")
STRANGERS = {
    "another name that points here": {"host": "evil.example"},
    "another name and our port": {"host": "evil.example:{port}"},
    "a name that begins as ours": {"host": "127.0.0.1.evil.example"},
    "a name that ends as ours": {"host": "evil.localhost"},
    "our name as somebody's user": {"host": "127.0.0.1@evil.example"},
    "no name": {"host": ""},
}
FORMS = {
    "a form elsewhere": {"origin": "https://evil.example"},
    "no origin": {},
    "an origin that is kept back": {"origin": "null"},
    "another server on this machine": {"origin": "http://127.0.0.1:1"},
    "our address as somebody's user": {"origin": "http://127.0.0.1:{port}@evil.example"},
    "a name that points here": {"host": "evil.example:{port}", "origin": "http://evil.example:{port}"},
}
ACT = '{"do": "add", "first_name": "Eve", "language": "en", "zone": "UTC"}'


def of(it: Page, headers: dict[str, str]) -> dict[str, str]:
    """The headers with the port of this page in them."""
    port = it.standin.address.rpartition(":")[2]
    return {name: value.replace("{port}", port) for name, value in headers.items()}


def happened(it: Page) -> tuple[int, int]:
    """How many seekers there are, and how often they did something."""
    return len(it.scene.people), len(it.standin.updates.held)


async def raw(it: Page, line: str) -> bytes:
    """The answer to a request line, sent as it stands: a client would tidy it."""
    host, port = it.standin.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"{line}\r\nhost: {host}:{port}\r\nconnection: close\r\n\r\n".encode())
    async with asyncio.timeout(PATIENCE):
        answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize("headers", STRANGERS.values(), ids=STRANGERS)
@pytest.mark.parametrize("path", GETS)
async def test_nobody_reads_it_by_another_name(path: str, headers: dict[str, str]) -> None:
    async with page() as it:
        answer = await it.http.get(path, headers=of(it, headers))

        assert answer.status_code == 403
        assert "address that was printed" in answer.text


@pytest.mark.parametrize("headers", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("path", POSTS)
async def test_nobody_writes_from_another_page(path: str, headers: dict[str, str]) -> None:
    async with page() as it:
        it.newcomer()
        before = happened(it)

        answer = await it.http.post(path, content=ACT, headers=of(it, headers))

        assert answer.status_code == 403
        assert happened(it) == before


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", ["/events", "/files/x"])
async def test_another_page_hears_nothing_and_shows_no_file(path: str, site: str) -> None:
    async with page() as it:
        answer = await it.http.get(path, headers={"sec-fetch-site": site})

        assert answer.status_code == 403


async def test_without_the_look_at_its_headers_a_stranger_would_write(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The known-bad twin: the same request, and nobody looks who makes it."""
    monkeypatch.setattr("bot.page.site.is_own", lambda *_: True)
    async with page() as it:
        answer = await it.http.post("/acts", content=ACT, headers={"host": "evil.example"})

        assert answer.status_code == 200
        assert happened(it) == (1, 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8020", "localhost:1", "[::1]", "[::1]:8020"])
def test_it_is_used_by_every_name_of_this_machine(host: str) -> None:
    asked = Headers({"host": host, "origin": f"http://{host}", "sec-fetch-site": "same-origin"})

    assert is_own(asked, "GET", HOSTS)
    assert is_own(asked, "POST", HOSTS)


@pytest.mark.parametrize("host", ["[", "[::1", "a]b"])
async def test_a_name_that_is_none_is_refused_like_any_other(host: str) -> None:
    async with page() as it:
        read = await it.http.get("/", headers={"host": host})
        written = await it.http.post("/acts", content=ACT, headers={"origin": f"http://{host}"})

        assert (read.status_code, written.status_code) == (403, 403)
        assert happened(it) == (0, 0)


async def test_every_answer_says_that_nothing_strange_may_run() -> None:
    async with page() as it:
        asked = [it.http.get(path) for path in ("/", "/static/page.css", f"/static/{NOBODY}", "/files/x")]
        asked += [it.does("begin", first_name="Dana", zone="UTC"), it.does(NOBODY), it.http.post("/acts")]

        answers = await asyncio.gather(*asked)

        assert [one.status_code for one in answers] == [200, 200, 404, 404, 200, 409, 403]
        for one in answers:
            rules = one.headers["content-security-policy"]
            assert "default-src 'self'" in rules and "frame-ancestors 'none'" in rules
            assert "unsafe" not in rules
            assert one.headers["x-content-type-options"] == "nosniff"


async def test_its_own_files_are_given_with_their_kind() -> None:
    async with page() as it:
        for path in sorted(STATIC.iterdir()):
            answer = await it.http.get(f"/static/{path.name}")

            assert answer.content == path.read_bytes()
            assert answer.headers["content-type"].partition(";")[0] in (
                "text/html", "text/css", "text/javascript", "image/svg+xml",
            )  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["../site.py", "%2e%2e%2fsite.py", "..%5csite.py", "..\\site.py", "%2e%2e", ".", "", "/etc/passwd",
     "page.js%00", "page.js%00.css", "PAGE.JS", "page", "%F0%9F%8C%B1.js", "con.js"],
)  # fmt: skip
async def test_no_other_file_is_given(name: str) -> None:
    async with page() as it:
        answer = await raw(it, f"GET /static/{name} HTTP/1.1")

        assert answer.startswith(b"HTTP/1.1 404")
        assert b"import" not in answer


async def test_a_name_longer_than_any_file_has_is_not_there_either() -> None:
    async with page() as it:
        answer = await it.http.get(f"/static/{'a' * 5000}.js")

        assert answer.status_code == 404


@pytest.mark.parametrize(
    "body",
    [b"", b"no json", b"[]", b"1", b'"x"', b"null", b"\xff\xfe", b"{", b"{}", b'{"do": "fly"}',
     b'{"do": null}', b'{"do": ["write"]}', b'{"do": "write"}', b" " * 70_000, b"1" * 6000,
     b"[" * 60_000,
     b'{"do": "once", "what": []}'],
    ids=lambda body: repr(body[:24]),
)  # fmt: skip
async def test_what_it_does_not_understand_gets_a_kind_answer_and_nothing_is_lost(body: bytes) -> None:
    async with page() as it:
        dana = it.newcomer()

        answer = await it.post(body)

        assert answer.status_code == 409
        told = answer.json()["told"]
        assert told.endswith(".") and told[0].isupper() and "!" not in told
        await it.done("write", seeker=dana.chat.id, text="still here")
        assert [one["message"]["text"] for one in it.standin.updates.held] == ["still here"]


async def test_the_stream_tells_everything_first_and_then_only_what_differs() -> None:
    async with page() as it:
        dana = it.newcomer()
        dana.types("before")
        async with it.watched() as watcher:
            first = await watcher.hears()
            await it.done("write", seeker=dana.chat.id, text="after")
            second = await watcher.hears()

        chat = dana.chat.id
        assert first["begins"] and {"faults", f"seeker:{chat}", f"message:{chat}:1"} <= set(first["set"])
        assert not second["begins"]
        assert set(second["set"]) == {f"message:{chat}:2", "clock"}
        assert second["set"][f"message:{chat}:2"]["text"] == "after"


async def test_what_is_gone_is_told_to_be_gone() -> None:
    async with page() as it, it.watched() as watcher:
        dana = it.newcomer()
        dana.types("a slip")
        it.scene.tell()
        await watcher.until(f"message:{dana.chat.id}:1")

        dana.deletes(1)
        it.scene.tell()

        while not (told := await watcher.hears())["gone"]:
            pass
        assert told["gone"] == [f"message:{dana.chat.id}:1"]


async def test_two_who_watch_both_hear_and_are_told_the_same() -> None:
    async with page() as it, it.watched() as one, it.watched() as other:
        await one.hears(), await other.hears()
        await it.done("begin", first_name="Dana", language="en", zone="UTC")
        [chat] = it.scene.people
        await it.done("write", seeker=chat, text="hello")

        seen = [await watcher.until(f"message:{chat}:1") for watcher in (one, other)]

        assert seen[0] == seen[1]
        assert seen[0]["text"] == "hello"


async def test_whoever_goes_away_leaves_nothing_behind() -> None:
    async with page() as it:
        before = len(asyncio.all_tasks())
        for _ in range(10):
            async with it.watched() as watcher:
                await watcher.hears()
        it.scene.tell()

        async with asyncio.timeout(PATIENCE):
            while len(asyncio.all_tasks()) > before:
                await asyncio.sleep(0.01)
        async with it.watched() as watcher:
            assert (await watcher.hears())["begins"]


async def test_it_closes_at_once_while_somebody_watches() -> None:
    async with page() as it, it.watched() as watcher:
        await watcher.hears()

        await asyncio.wait_for(it.standin.close(), PATIENCE / 2)

        assert not it.standin.is_open


async def test_half_an_emoji_stops_nobody_from_watching() -> None:
    """A browser can cut a sign in two, and JSON carries the half."""
    async with page() as it, it.watched() as before:
        dana = it.newcomer()
        await before.hears()

        await it.post(f'{{"do": "write", "seeker": {dana.chat.id}, "text": "half \\ud83d of it"}}')
        await it.done("write", seeker=dana.chat.id, text="and on")

        name = f"message:{dana.chat.id}:2"
        assert (await before.until(name))["text"] == "and on"
        async with it.watched() as after:
            assert (await after.until(name))["text"] == "and on"


async def kept(it: Page, content: bytes, name: str, kind: str) -> Any:
    """The answer to whoever opens a file that Dana sent."""
    dana = it.newcomer()
    sent = await it.http.post(
        "/files", params={"seeker": dana.chat.id, "name": name}, content=content,
        headers={**it.own, "content-type": kind},
    )  # fmt: skip
    assert sent.status_code == 200, sent.text
    document = it.standin.updates.held[-1]["message"]["document"]
    return await it.http.get(f"/files/{document['file_id']}")


async def test_a_file_is_given_back_as_it_was_and_only_to_be_saved() -> None:
    async with page() as it:
        answer = await kept(it, HTML, 'Ma"ria\n; 🌱.html', "text/html")

        assert answer.status_code == 200
        assert answer.content == HTML
        [how] = answer.headers.get_list("content-disposition")
        assert how == "attachment; filename*=UTF-8''Ma%22ria%0A%3B%20%F0%9F%8C%B1.html"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("x.html", "text/html"), ("x.svg", "image/svg+xml"), ("x.js", "text/javascript"), ("x", ""),
     ("x.html", "application/octet-stream"), ("x.xhtml", "application/xhtml+xml")],
)  # fmt: skip
async def test_nothing_in_a_file_can_run(name: str, kind: str) -> None:
    """Not even for whoever opens its address: no script, no frame, no other kind than it was sent as."""
    async with page() as it:
        answer = await kept(it, HTML, name, kind)

        rules = [part.strip() for part in answer.headers["content-security-policy"].split(";")]
        assert rules == ["sandbox", "default-src 'none'"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-disposition"].startswith("attachment")


async def test_a_picture_comes_as_one_and_is_given_back() -> None:
    async with page() as it:
        dana = it.newcomer()
        asked = {"seeker": dana.chat.id, "name": "a.png", "width": 3, "height": 2}
        await it.http.post("/files", params=asked, content=b"\x89PNG", headers=it.own)

        [size] = it.standin.updates.held[-1]["message"]["photo"]

        assert (size["width"], size["height"], size["file_size"]) == (3, 2, 4)
        answer = await it.http.get(f"/files/{size['file_id']}")
        assert (answer.content, answer.headers["content-type"]) == (b"\x89PNG", "image/png")


@pytest.mark.parametrize(
    ("asked", "content", "why"),
    [({"seeker": 1001, "name": "x"}, b"", "empty"), ({"seeker": 1001, "name": "x"}, b"x" * 2000, "large"),
     ({"seeker": 7, "name": "x"}, b"x", "seeker"), ({"seeker": "²", "name": "x"}, b"x", "seeker"),
     ({"name": "x"}, b"x", "seeker"), ({"seeker": "1001; x"}, b"x", "seeker")],
)  # fmt: skip
async def test_a_file_that_cannot_be_sent_is_told_so(
    asked: dict[str, Any], content: bytes, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.page.site.LARGEST_UP", 1000)
    async with page() as it:
        it.newcomer()
        before = happened(it)

        answer = await it.http.post("/files", params=asked, content=content, headers=it.own)

        assert answer.status_code == 409
        assert why in answer.json()["told"]
        assert happened(it) == before


async def test_the_coach_is_asked_neither_for_a_name_nor_for_an_origin() -> None:
    """What goes over the Bot API is as strict as Telegram is, and no stricter."""
    async with page() as it:
        dana = it.newcomer()
        path, asked = f"/bot{it.standin.token}/sendMessage", {"chat_id": dana.chat.id, "text": "hello"}

        sent = await it.http.post(path, json=asked, headers={"host": "api.example"})
        wrong = await it.http.post(path.replace("bot1", "bot9"), json=asked, headers=it.own)

        assert (sent.status_code, wrong.status_code) == (200, 401)
        assert "content-security-policy" not in sent.headers
        assert dana.received() == ["hello"]


async def test_a_request_over_the_wire_is_shown_without_the_token() -> None:
    async with page() as it, it.watched() as watcher:
        await it.http.post(f"/bot{it.standin.token}/getMe")

        call = await watcher.until("call:0")

        assert (call["method"], call["status"], call["answer"]["ok"]) == ("getMe", 200, True)
        assert it.standin.token not in json.dumps(watcher.told)
