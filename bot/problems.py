"""What the checks find: something an author should mend, where, and how."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Something an author should mend: in which file, what it is, and what to write there."""

    file: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what} {self.remedy}"
