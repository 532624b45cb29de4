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
NO_ADDRESS: Final = (
    "“{host}” is no single address. Name the one that is to be opened: python -m bot try --host 127.0.0.1"
)


def refusal_of(host: str, open_to: str) -> str:
    """Why the page is not served at this address; empty where it is."""
    if host == "localhost":
        return ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return NO_ADDRESS.format(host=host)
    if address.is_unspecified:
        return NO_ADDRESS.format(host=host)
    return "" if address.is_loopback or host == open_to else NOT_HERE.format(host=host)
