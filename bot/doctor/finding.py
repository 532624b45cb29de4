"""What a check of an installation finds: one line, with the remedy where something is wrong."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "note", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, and what to do about it. `note`: worth knowing, not wrong."""

    about: str
    says: str
    remedy: str = ""
    state: State = "ok"

    def __str__(self) -> str:
        return f"{self.state:5}  {self.about}: {self.says} {self.remedy}".rstrip()


def ok(about: str, says: str) -> Finding:
    """As it should be."""
    return Finding(about, says)


def note(about: str, says: str, remedy: str = "") -> Finding:
    """Nothing wrong, but the operator should know."""
    return Finding(about, says, remedy, "note")


def wrong(about: str, says: str, remedy: str = "") -> Finding:
    """To be mended."""
    return Finding(about, says, remedy, "wrong")
