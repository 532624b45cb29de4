"""How old the rules of the time zones are that this machine goes by, and the newest ones put to use.

`zoneinfo` takes the folder of the system where there is one, however old, and only then the tzdata
package. Governments change their clocks at a few weeks' notice; old rules are an hour wrong there.
"""

import re
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path

from bot import calendars

TOO_OLD_DAYS = 180
PROBE = Path("Europe", "London")
#: When a release came out, as far as known; for others the earliest day it can have been.
RELEASED = {
    "2025a": date(2025, 1, 21), "2025b": date(2025, 3, 23), "2025c": date(2025, 12, 13),
    "2026a": date(2026, 4, 3), "2026b": date(2026, 4, 24), "2026c": date(2026, 7, 10),
    "2026d": date(2026, 9, 12), "2026e": date(2026, 9, 30), "2026f": date(2026, 10, 28),
}  # fmt: skip
REMEDY = (
    "Get newer ones: pip install --upgrade tzdata (or the tzdata package of this system), then start again."
)
MISSING = (
    "There are no time zones on this machine: nudges would come at the hours of UTC. "
    "Install them: pip install --upgrade tzdata"
)


@dataclass(frozen=True)
class Age:
    """The zones in use: their folder and version, the day they came out, and how long that is ago.

    No `folder`: there are none. No `version`: nobody can tell.
    """

    folder: Path | None
    version: str = ""
    released: date | None = None
    days: int | None = None

    def warning(self) -> str | None:
        """What the operator should do about it, or None."""
        if self.folder is None:
            return MISSING
        if self.days is None:
            return f"Nobody can tell how old the time zones in {self.folder} are. {REMEDY}"
        if self.days <= TOO_OLD_DAYS:
            return None
        return (
            f"The time zones in use ({self.version}, in {self.folder}) are {self.days} days old: where a "
            f"law has changed since, nudges come at the wrong hour. {REMEDY}"
        )


def tzdata_age(today: date, path: Sequence[str] | None = None, package: Path | None = None) -> Age:
    """The age of the zones in use. `path` and `package`: other folders than this machine's."""
    folder = _in_use(path, package)
    if folder is None:
        return Age(None)
    version = _version(folder)
    released = _released(folder, version)
    return Age(folder, version, released, (today - released).days if released else None)


def zones_version(path: Sequence[str] | None = None, package: Path | None = None) -> str:
    """What tells the zones in use from others: where they are, their version, when they were written."""
    folder = _in_use(path, package)
    return f"{_version(folder)} {int((folder / PROBE).stat().st_mtime)}" if folder else ""


def forget_zones() -> None:
    """Read every zone anew when it is asked for next."""
    zoneinfo.ZoneInfo.clear_cache()
    calendars.forget()


def use_newest() -> bool:
    """Go by the tzdata package where its rules are newer than the system's; whether that was so.

    To be called at the start, before anybody asks for a zone.
    """
    package, used = _package(), _in_use(None, None)
    if package is None or used is None or used == package or _version(package) <= _version(used):
        return False
    zoneinfo.reset_tzpath(())
    zoneinfo.ZoneInfo.clear_cache()
    return True


def _in_use(path: Sequence[str] | None, package: Path | None) -> Path | None:
    """The first folder that zones are taken from, as `zoneinfo` looks for them."""
    if path is None and package is None:
        package = _package()
    folders = [Path(one) for one in (zoneinfo.TZPATH if path is None else path)]
    folders += [package] if package else []
    return next((one for one in folders if (one / PROBE).is_file()), None)


def _package() -> Path | None:
    spec = find_spec("tzdata")
    return Path(spec.origin).parent / "zoneinfo" if spec and spec.origin else None


def _version(folder: Path) -> str:
    """Such as 2026b, or an empty string: from the files that say so, wherever zones come from."""
    for name in ("tzdata.zi", "+VERSION", "version"):
        found = re.search(r"\b(\d{4}[a-z]{1,2})\b", _head(folder / name, 100))
        if found:
            return found[1]
    return ""


def _released(folder: Path, version: str) -> date | None:
    """The day, or the earliest it can have been: after its year began, and its leap seconds were known."""
    if version in RELEASED:
        return RELEASED[version]
    if not version:
        return None
    updated = re.search(r"^#updated (\d{9,11})\b", _head(folder / "leapseconds", 20_000), re.MULTILINE)
    year = date(int(version[:4]), 1, 1)
    return max(year, datetime.fromtimestamp(int(updated[1]), UTC).date()) if updated else year


def _head(file: Path, length: int) -> str:
    try:
        with file.open(encoding="utf-8", errors="replace") as text:
            return text.read(length)
    except OSError:
        return ""
