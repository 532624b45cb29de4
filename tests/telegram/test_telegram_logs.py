"""The token and people's words never reach a log, at any level."""

import io
import logging
from collections.abc import Iterator

import pytest

from bot.local import faults
from bot.local.server import TOKEN, StandIn
from bot.telegram.client import Client, make_bot
from bot.telegram.logs import RedactToken, guard, redacted
from tests.telegram.telegram_kit import MemoryOutbox, a_bot, deliver, said


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything the root logger writes at DEBUG, through the guard."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    guard(handler)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


async def test_a_run_with_every_fault_logs_neither_token_nor_words(log: io.StringIO) -> None:
    async with StandIn() as standin:
        alice, outbox = standin.person(), MemoryOutbox()
        script = [faults.broken(502), faults.blocked(), faults.dropped(acts=True)]
        script += [faults.broken(200, body="secret words"), faults.broken(500, body="secret words")]
        for fault in script:
            standin.faults.next("sendMessage", fault)
        outbox.add(alice.chat.id, *(said("secret words", alice.chat.id) for _ in script))
        await deliver(standin, outbox)

    assert not outbox.open
    assert TOKEN not in log.getvalue()
    assert "secret words" not in log.getvalue()


async def test_a_traceback_of_a_failed_request_holds_no_token(log: io.StringIO) -> None:
    async with StandIn() as standin, a_bot(standin) as bot:
        standin.faults.next("getMe", faults.dropped(acts=False))
        try:
            await bot.call("getMe")
        except Exception:
            logging.getLogger("app").exception("failed at %s with %r", bot.base_url, bot)

    assert "failed at" in log.getvalue()
    assert "Traceback" in log.getvalue()
    assert TOKEN not in log.getvalue()


def test_token_in_message_arguments_traceback_and_stack_is_taken_out(log: io.StringIO) -> None:
    try:
        raise RuntimeError(f"https://api.telegram.org/bot{TOKEN}/getMe")
    except RuntimeError:
        logging.error("%s and %s", TOKEN, {"url": f"/bot{TOKEN}/x"}, exc_info=True, stack_info=True)
    logging.error("broken %d", TOKEN)
    logging.error(f"plain {TOKEN} 100%")

    assert TOKEN not in log.getvalue()
    assert "<token> and" in log.getvalue()
    assert "Traceback" in log.getvalue()
    assert "plain <token> 100%" in log.getvalue()


def test_other_records_pass_unchanged() -> None:
    record = logging.LogRecord("n", logging.INFO, "f", 1, "%s of %d", ("one", 2), None)

    assert RedactToken().filter(record)
    assert record.args == ("one", 2)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"/bot{TOKEN}/getMe", "/bot<token>/getMe"),
        ("/botshort:odd/getMe", "/bot<token>/getMe"),
        (TOKEN.replace(":", "%3A"), "<token>"),
        ("at 12:30 see 123456:abc", "at 12:30 see 123456:abc"),
    ],
)
def test_tokens_are_found(text: str, clean: str) -> None:
    assert redacted(text) == clean


def test_the_bot_does_not_show_its_token() -> None:
    bot = make_bot(TOKEN)

    assert isinstance(bot, Client)
    assert TOKEN not in f"{bot!r} {bot}"
