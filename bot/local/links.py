"""Addresses as Telegram checks them in links and buttons."""

from typing import Final
from urllib.parse import parse_qs, urlsplit

_OWN: Final = ("tg", "ton", "tonsite")


def checked_link(url: str) -> str:
    """The address as Telegram keeps it; empty for what it does not take for one."""
    try:
        return _kept(url.strip())
    except ValueError:  # an address that cannot be split, such as one with half a bracket
        return ""


def _kept(url: str) -> str:
    if url.partition(":")[0].lower() in _OWN and len(url.partition(":")[2].strip("/")) > 0:
        return url
    parts = urlsplit(url if "://" in url else f"http://{url}")
    host = parts.hostname or ""
    if parts.scheme.lower() not in ("http", "https") or "." not in host.strip(".") or " " in parts.netloc:
        return ""
    return parts._replace(scheme=parts.scheme.lower(), path=parts.path or "/").geturl()


def user_of(url: str) -> int | None:
    """The person whom `tg://user?id=` means; None for any other address."""
    parts = urlsplit(url) if url.startswith("tg:") else None
    if parts is None or (parts.netloc or parts.path) != "user":
        return None
    [number] = parse_qs(parts.query).get("id", [""])[:1]
    return int(number) if number.isdigit() and int(number) > 0 else None
