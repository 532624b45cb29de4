"""What an operator may set, from the environment and a `.env`; every mistake named at once."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{30,}")
BAD_SETTINGS = 78  # EX_CONFIG of sysexits.h


class BadSettings(Exception):
    """Settings that cannot be used; the message has a line with a remedy for each."""


class Settings(BaseSettings):
    """All settings. Names in the environment are these in capitals."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore")

    telegram_bot_token: Annotated[
        SecretStr | None,
        Field(description="The token from BotFather. Without it there is a local Telegram, in a browser."),
    ] = None
    twenty_minutes_db: Annotated[
        Path, Field(description="The file everything is kept in; its folder must exist, but for the default.")
    ] = Path("data/coach.db")
    twenty_minutes_log: Annotated[
        str, Field(description="How much is logged: DEBUG, INFO, WARNING or ERROR. Never any words.")
    ] = "INFO"
    twenty_minutes_settle: Annotated[
        str,
        Field(description="Whether Telegram is asked after a message that may or may not have arrived: yes "
                          "or no. Without, it stays in doubt, and its seeker is told."),
    ] = "yes"  # fmt: skip
    telegram_api_url: Annotated[
        str, Field(description="The address of the Bot API; change it only for a local server.")
    ] = "https://api.telegram.org"

    @field_validator("telegram_bot_token", mode="before")
    @classmethod
    def _looks_like_a_token(cls, value: object) -> object:
        words = str(value).strip() if value else ""
        if words and not TOKEN.fullmatch(words):
            raise ValueError("copy the token whole from BotFather; it looks like 123456:AbC…")
        return words or None

    @field_validator("twenty_minutes_log")
    @classmethod
    def _is_a_level(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("it must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @field_validator("twenty_minutes_settle")
    @classmethod
    def _is_yes_or_no(cls, value: str) -> str:
        if value.lower() not in ("yes", "no"):
            raise ValueError("it must be yes or no")
        return value.lower()

    @property
    def settles(self) -> bool:
        """Whether Telegram is asked after what may or may not have arrived."""
        return self.twenty_minutes_settle == "yes"

    @field_validator("telegram_api_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not re.match(r"https?://", value):
            raise ValueError("it must begin with https:// (or http:// for a server on this machine)")
        return value.rstrip("/")


def read_settings(env_file: Path | None = Path(".env")) -> Settings:
    """The settings as they are; BadSettings names each wrong one. No value is ever shown."""
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]  # a setting of pydantic-settings itself
    except ValidationError as error:
        lines = (f"{'.'.join(str(part) for part in one['loc']).upper()}: {_remedy(one['msg'])}"
                 for one in error.errors(include_input=False, include_context=False))  # fmt: skip
        raise BadSettings("\n".join(sorted(lines))) from None


def _remedy(message: str) -> str:
    return message.removeprefix("Value error, ") + "."
