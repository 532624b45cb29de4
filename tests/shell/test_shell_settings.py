"""Settings: every mistake at once, with its remedy, and no secret shown."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bot.settings import BAD_SETTINGS, BadSettings, read_settings
from bot.store import Store

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def test_every_mistake_is_named_at_once_and_no_value_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four wrong settings, four lines."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "my secret")
    monkeypatch.setenv("TWENTY_MINUTES_LOG", "LOUD")
    monkeypatch.setenv("TWENTY_MINUTES_SETTLE", "perhaps")
    monkeypatch.setenv("TELEGRAM_API_URL", "ftp://elsewhere")

    with pytest.raises(BadSettings) as raised:
        read_settings(None)

    lines = str(raised.value).split("\n")
    assert [line.partition(":")[0] for line in lines] == [
        "TELEGRAM_API_URL", "TELEGRAM_BOT_TOKEN", "TWENTY_MINUTES_LOG", "TWENTY_MINUTES_SETTLE",
    ]  # fmt: skip
    assert "secret" not in str(raised.value)
    assert "BotFather" in lines[1]
    assert "yes or no" in lines[3]


def test_a_token_never_shows_in_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in repr nor in str."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)

    settings = read_settings(None)

    assert TOKEN not in repr(settings) + str(settings)
    assert settings.telegram_bot_token is not None


def test_settings_come_from_a_file_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `.env`, as the README says."""
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN", raising=False)
    (tmp_path / ".env").write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\n")

    settings = read_settings(tmp_path / ".env")

    assert settings.telegram_bot_token is not None
    assert settings.telegram_bot_token.get_secret_value() == TOKEN


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["talk", "--zone", "Nowhere"], "is not a time zone"),
        (["talk", "--start", "tomorrow"], "is not a moment"),
        (["talk", "--db", "/no/such/folder/coach.db"], "/no/such/folder"),
        (["talk", "--language", "xx"], "There is no language xx yet"),
    ],
    ids=["zone", "start", "db", "language"],
)
def test_what_an_operator_got_wrong_is_said_with_a_remedy(words: list[str], said: str) -> None:
    """Exit codes are not zero, and no traceback is shown."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words], cwd=ROOT, input="", capture_output=True, text=True, timeout=60
    )

    assert done.returncode in (2, BAD_SETTINGS)
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


async def test_a_second_coach_on_the_same_file_ends_with_75(tmp_path: Path) -> None:
    """The first one goes on undisturbed."""
    path = tmp_path / "coach.db"
    store = await Store.open(path)

    done = subprocess.run(
        [sys.executable, "-m", "bot", "talk", "--db", str(path)],
        cwd=ROOT, input="", capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    await store.close()
    assert done.returncode == 75
    assert "Traceback" not in done.stderr


def test_without_a_token_run_says_how_to_get_one_and_serves_the_local_telegram(tmp_path: Path) -> None:
    """One line, then the address of the page, which answers; a signal ends it in order."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TELEGRAM_BOT_TOKEN": ""}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env=environment,
    ) as running:  # fmt: skip
        assert running.stdout is not None and running.stderr is not None
        try:
            first = running.stderr.readline()
            address = next(line.split()[-1] for line in running.stdout if "http://" in line)
            page = httpx.get(address, timeout=20).text
        finally:
            running.send_signal(signal.SIGINT)
        code = running.wait(timeout=20)

    assert "BotFather" in first
    assert "Local Telegram" in page
    assert code == 0
