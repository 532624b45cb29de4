"""PTB's request layer on aiohttp: a third of the CPU of its own, and no address in any error."""

import json
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, FormData, TCPConnector
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

Observer = Callable[[datetime], None]
Body = tuple[bytes | FormData | None, dict[str, str]]
_JSON: Final = {"Content-Type": "application/json"}
_UNSAID: Final = BaseRequest.DEFAULT_NONE


class Patience(NamedTuple):
    """How long to wait for each part of a request, in seconds; None is for ever.

    `media_write` is for requests with a file. The whole takes at most the sum of all four.
    """

    pool: float | None = 10.0
    connect: float | None = 10.0
    write: float | None = 30.0
    media_write: float | None = 30.0
    read: float | None = 30.0

    def limits(
        self, pool: object, connect: object, write: object, read: object, files: bool
    ) -> ClientTimeout:
        """These as aiohttp takes them; what was said with a request goes before the usual."""
        pool, connect = _chosen(pool, self.pool), _chosen(connect, self.connect)
        write, read = _chosen(write, self.media_write if files else self.write), _chosen(read, self.read)
        # aiohttp counts the wait for a free connection as connecting, and does not limit writing:
        # the whole bounds it.
        before = _sum(pool, connect)
        return ClientTimeout(_sum(before, write, read), before, sock_connect=connect, sock_read=read)


class ShutDown(Exception):
    """The layer was shut down before this was asked of it."""


class AioRequest(BaseRequest):
    """One session, opened in the running loop at the first request; usable before `initialize`.

    What it raises names the class of what happened, as its cause, and nothing else: not the
    address, which holds the token, and not what was to be sent. A POST is made once: aiohttp
    repeats by itself only what may be repeated, and no redirect is followed.
    """

    __slots__ = ("_on_date", "_patience", "_pool_size", "_proxies", "_session", "_shut")

    def __init__(
        self, pool_size: int = 16, patience: Patience | None = None, on_date: Observer | None = None
    ) -> None:
        self._pool_size, self._patience, self._on_date = pool_size, patience or Patience(), on_date
        self._session: ClientSession | None = None
        self._proxies: dict[str, str | None] = {}
        self._shut = False

    @property
    def read_timeout(self) -> float | None:
        """Seconds until an answer counts as lost."""
        return self._patience.read

    async def initialize(self) -> None:
        """Let a layer that was shut down be used again."""
        self._shut = False

    async def shutdown(self) -> None:
        """Close the connections. Doing it twice is harmless."""
        session, self._session, self._shut = self._session, None, True
        if session is not None:
            await session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as a dict. Raises TelegramError, without its contents."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response") from None
        return answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = _UNSAID,
        write_timeout: object = _UNSAID,
        connect_timeout: object = _UNSAID,
        pool_timeout: object = _UNSAID,
    ) -> tuple[int, bytes]:
        """The status and the answer. Raises TimedOut or NetworkError, caused by what happened."""
        try:
            files = request_data is not None and request_data.contains_files
            limits = self._patience.limits(pool_timeout, connect_timeout, write_timeout, read_timeout, files)
            code, answer, date = await self._exchange(method, url, _body(request_data), limits)
        except Exception as error:
            failure = _told(error)
        else:
            self._tell(date)
            return code, answer
        # Raised out here, what was caught, with the address in it, is not even its context.
        raise failure

    async def _exchange(
        self, method: str, url: str, body: Body, limits: ClientTimeout
    ) -> tuple[int, bytes, str | None]:
        data, headers = body
        async with self._opened().request(
            method, url, data=data, headers=headers, timeout=limits, proxy=self._proxy(url),
            allow_redirects=False,
        ) as answer:  # fmt: skip
            return answer.status, await answer.read(), answer.headers.get("Date")

    def _opened(self) -> ClientSession:
        if self._shut:
            raise ShutDown
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(limit=self._pool_size, ssl=_trust()),
                cookie_jar=DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )
        return self._session

    def _proxy(self, url: str) -> str | None:
        """HTTPS_PROXY and its kin, looked up once a host: aiohttp would start two threads a request."""
        parts = urlsplit(url)
        if parts.netloc not in self._proxies:
            known = {} if proxy_bypass(parts.hostname or "") else getproxies()
            self._proxies[parts.netloc] = known.get(parts.scheme) or known.get("all")
        return self._proxies[parts.netloc]

    def _tell(self, date: str | None) -> None:
        if date is None or self._on_date is None:
            return
        with suppress(Exception):  # the request was answered, whatever becomes of its date
            moment = parsedate_to_datetime(date)
            self._on_date(moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))


def _chosen(given: object, usual: float | None) -> float | None:
    return given if given is None or isinstance(given, (int, float)) else usual


def _sum(*parts: float | None) -> float | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _body(request: RequestData | None) -> Body:
    if request is None:
        return None, {}
    if not request.contains_files:
        # Half a surrogate pair cannot be written: it is refused here, before anything leaves.
        return json.dumps(request.parameters, ensure_ascii=False).encode(), _JSON
    form = FormData(quote_fields=False)  # Telegram does not undo percent signs in file names
    for name, value in request.json_parameters.items():
        value.encode()  # half a surrogate pair is refused as what it is, here as above
        form.add_field(name, value)
    for name, (file_name, content, kind) in (request.multipart_data or {}).items():
        form.add_field(name, content, filename=file_name, content_type=kind)
    return form, {}


def _told(error: Exception) -> NetworkError:
    name = type(error).__name__
    failure = TimedOut(name) if isinstance(error, TimeoutError) else NetworkError(name)
    # The name is all that is sorted by; the error itself may hold the address or the message.
    failure.__cause__ = type(name, (Exception,), {})()
    return failure


def _trust() -> ssl.SSLContext | bool:
    """The machine's certificates; where it has none, as a new Python on a Mac, those of certifi."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile or (paths.capath and any(Path(paths.capath).iterdir())):
        return True
    return ssl.create_default_context(cafile=certifi.where())
