"""Where the page may be served: on this machine only, unless somebody says by name that others may come."""

import ipaddress
from typing import Final

HOST: Final = "127.0.0.1"
LOCAL: Final = ("localhost", "127.0.0.1", "::1")
NOT_HERE: Final = (
    "{host} can be reached from other machines, and whoever reaches this page can read every "
    "conversation on it and write as anybody. If you mean it, say so: "
    "python -m bot try --host {host} --open-to {host}"
)


def refusal_of(host: str, open_to: str) -> str:
    """Why the page is not served at this address; empty where it is."""
    if _is_loopback(host) or host == open_to:
        return ""
    return NOT_HERE.format(host=host)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
