"""Days and zones that are easily reckoned wrongly, each with the one right answer."""

import csv
import os
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import zones_age
from bot.calendars import WorldCalendar
from bot.zones_age import TOO_OLD_DAYS, Age, tzdata_age, use_newest
from conversations import plan
from conversations.calendar import a_month_after, after_business_days, at_wall, next_at
from tests.conversations.core_kit import the_script
from tests.fire.time_kit import clockwork, weekly

HOME = Path(__file__).parent
TODAY, DAY = date(2026, 11, 22), timedelta(days=1)


def rows(name: str) -> list[dict[str, str]]:
    """A table beside this test."""
    with (HOME / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


DAYS, FAR = rows("calendar_days.csv"), rows("far_zones.csv")


def names(table: list[dict[str, str]], *columns: str) -> list[str]:
    """What each row of a table is called."""
    return [" ".join(one[column] for column in columns) for one in table]


def weekly_days(row: Mapping[str, str]) -> str:
    """The two weekly moments to come, at nine, of a plan made at noon in London."""
    made = datetime.combine(date.fromisoformat(row["start"]), time(12), tzinfo=UTC)
    start = made.date() + DAY * ((int(row["number"]) - made.weekday()) % 7)
    seeker = weekly("Europe/London", start, time(9), made)
    due = [one.due for one in plan(the_script(), seeker, made) if one.rule == "weekly"]
    return " ".join(f"{one.astimezone(ZoneInfo('Europe/London')):%Y-%m-%d}" for one in due)


def reckoned(row: Mapping[str, str]) -> str:
    """The day that the coach comes to."""
    start = date.fromisoformat(row["start"])
    if row["kind"] == "month":
        return a_month_after(start).isoformat()
    if row["kind"] == "weekly":
        return weekly_days(row)
    calendar = WorldCalendar()
    return after_business_days(start, int(row["number"]), row["country"], calendar).isoformat()


@pytest.mark.holds("S15")
@pytest.mark.parametrize("row", DAYS, ids=names(DAYS, "kind", "start", "number", "country"))
def test_each_day_of_the_calendar_is_the_one_of_the_table(row: dict[str, str]) -> None:
    assert reckoned(row) == row["expected"], row["why"]


@pytest.mark.holds("S15")
def test_the_table_of_days_is_long_enough_and_has_every_kind() -> None:
    kinds = Counter(one["kind"] for one in DAYS)

    assert kinds.total() >= 60
    assert min(kinds[one] for one in ("month", "business", "weekly")) >= 10


@pytest.mark.holds("S15")
def test_thirty_days_are_not_a_month() -> None:
    """The known-bad twin: most rows of the table catch it."""
    months = [one for one in DAYS if one["kind"] == "month"]

    wrong = [one for one in months
             if (date.fromisoformat(one["start"]) + 30 * DAY).isoformat() != one["expected"]]  # fmt: skip

    assert len(wrong) > len(months) // 2


class Misread(tzinfo):
    """A zone as somebody reads it who believes less of offsets than is so."""

    def __init__(self, name: str, read: Callable[[timedelta], timedelta]) -> None:
        self._zone, self._read = ZoneInfo(name), read

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """What is made of the offset."""
        assert moment is not None
        offset = moment.replace(tzinfo=self._zone).utcoffset()
        assert offset is not None
        return self._read(offset)

    def dst(self, moment: datetime | None) -> timedelta:
        """Nobody asks."""
        return timedelta()

    def tzname(self, moment: datetime | None) -> str:
        """Such as +05."""
        return str(self.utcoffset(moment))

    def fromutc(self, moment: datetime) -> datetime:
        """The moment here: its offset is that of the moment, and not of the hour on the wall."""
        offset = moment.replace(tzinfo=UTC).astimezone(self._zone).utcoffset()
        assert offset is not None
        return moment + self._read(offset)


def whole_hours(offset: timedelta) -> timedelta:
    """No zone is half an hour from another."""
    return timedelta(hours=-(-offset // timedelta(hours=1)))


def half_a_day(offset: timedelta) -> timedelta:
    """No zone is more than twelve hours from UTC."""
    return max(min(offset, timedelta(hours=12)), timedelta(hours=-12))


def far_away(row: Mapping[str, str], zone: tzinfo) -> list[datetime]:
    """The moment of a wall time far away, and the next one when that is asked for right before it."""
    wall, moment = time.fromisoformat(row["wall"]), datetime.fromisoformat(row["expected_utc"])
    found = at_wall(date.fromisoformat(row["day"]), wall, zone)
    asked = next_at((moment - timedelta(minutes=1)).astimezone(zone), wall)
    return [found.astimezone(UTC), asked.astimezone(UTC)]


@pytest.mark.holds("S16")
@pytest.mark.parametrize("row", FAR, ids=names(FAR, "zone", "day"))
def test_each_wall_time_far_away_is_the_moment_of_the_table(row: dict[str, str]) -> None:
    moment = datetime.fromisoformat(row["expected_utc"])

    assert far_away(row, ZoneInfo(row["zone"])) == [moment, moment], row["why"]


@pytest.mark.holds("S16")
@pytest.mark.parametrize(
    ("read", "caught"),
    [
        (whole_hours, {
            "Asia/Kolkata", "Asia/Colombo", "Asia/Kabul", "Asia/Tehran", "Asia/Yangon", "Asia/Kathmandu",
            "Asia/Pyongyang", "Australia/Eucla", "Australia/Darwin", "Australia/Adelaide",
            "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Marquesas", "America/St_Johns",
            "America/Caracas"}),
        (half_a_day, {
            "Pacific/Kiritimati", "Etc/GMT-14", "Pacific/Tongatapu", "Pacific/Apia", "Pacific/Fakaofo",
            "Pacific/Chatham"}),
    ],
)  # fmt: skip
def test_a_calendar_that_believes_less_of_offsets_is_caught_wherever_that_matters(
    read: Callable[[timedelta], timedelta], caught: set[str]
) -> None:
    """The known-bad twins; elsewhere they come to the moments of the table."""
    wrong = set()
    for row in FAR:
        moment = datetime.fromisoformat(row["expected_utc"])
        if far_away(row, Misread(row["zone"], read)) != [moment, moment]:
            wrong.add(row["zone"])

    assert wrong == caught


def three_days(zone: tzinfo, first: datetime) -> list[str]:
    """Three daily moments at ten, asked for one after another: day and hour in UTC."""
    moments, asked = list[str](), first
    for _ in range(3):
        moment = next_at(asked.astimezone(zone), time(10)).astimezone(UTC)
        moments.append(f"{moment:%d %H}")
        asked = moment + timedelta(seconds=1)
    return moments


@pytest.mark.holds("S16")
@pytest.mark.parametrize(
    ("zone", "first", "fired"),
    [
        ("Pacific/Apia", datetime(2011, 12, 29, 19, tzinfo=UTC), ["29 20", "30 20", "31 20"]),
        ("Pacific/Kwajalein", datetime(1993, 8, 20, 21, tzinfo=UTC), ["20 22", "21 22", "22 22"]),
        ("Pacific/Kiritimati", datetime(1994, 12, 30, 19, tzinfo=UTC), ["30 20", "31 20", "01 20"]),
    ],
)
def test_over_a_day_that_never_was_a_daily_moment_goes_on_every_24_hours(
    zone: str, first: datetime, fired: list[str]
) -> None:
    assert three_days(ZoneInfo(zone), first) == fired


@pytest.mark.holds("S16")
def test_whoever_believes_that_no_zone_is_fourteen_hours_ahead_speaks_twice_within_two_hours() -> None:
    """The known-bad twin: Samoa went from ten hours behind to fourteen ahead."""
    moments = three_days(Misread("Pacific/Apia", half_a_day), datetime(2011, 12, 29, 19, tzinfo=UTC))

    assert moments == ["29 20", "30 20", "30 22"]


async def rung_at_its_minute(zone: str, calendar: WorldCalendar) -> tuple[int, int]:
    """How many were said a minute before a weekly moment at ten past nine, and how many at it."""
    day = date(2027, 6, 16)
    due = at_wall(day, time(9, 10), ZoneInfo(zone)).astimezone(UTC)
    made = due - timedelta(hours=20)
    async with clockwork(made, replace(the_script(), calendar=calendar)) as work:
        await work.keep(1, weekly(zone, day, time(9, 10), made))

        early = await work.ring(due - timedelta(minutes=1))
        said = await work.ring(due)

    return len(early), len(said)


@pytest.mark.holds("S16")
@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Australia/Eucla", "Pacific/Kiritimati", "Etc/GMT+12"])
async def test_a_weekly_moment_far_away_is_said_at_its_minute(zone: str) -> None:
    assert await rung_at_its_minute(zone, WorldCalendar()) == (0, 1)


@pytest.mark.holds("S16")
async def test_a_coach_that_knows_whole_hours_only_is_a_quarter_early_in_kathmandu() -> None:
    """The known-bad twin."""

    class Whole(WorldCalendar):
        def zone(self, name: str) -> tzinfo:
            return Misread(name, whole_hours)

    assert await rung_at_its_minute("Asia/Kathmandu", Whole()) == (1, 0)
    assert await rung_at_its_minute("Etc/GMT+12", Whole()) == (0, 1)


def zones(folder: Path, head: str = "", updated: date | None = None) -> Path:
    """A folder of time zones with one zone, and the files that tell its age."""
    (folder / "Europe").mkdir(parents=True)
    (folder / "Europe" / "London").write_bytes(b"TZif")
    if head:
        (folder / "tzdata.zi").write_text(f"# version {head}\n# This zic input\n", encoding="utf-8")
    if updated:
        since = int(datetime.combine(updated, time(), tzinfo=UTC).timestamp())
        text = f"# Leap seconds\n#updated {since} ({updated})\n"
        (folder / "leapseconds").write_text(text, encoding="utf-8")
    return folder


Release = tuple[str, date | None, date, int | None]
#: The version, the day its leap seconds were written, today, and how many days old it is then.
RELEASES: tuple[Release, ...] = (
    ("2026f", None, TODAY, 25),
    ("2025b", date(2025, 1, 7), TODAY, 609),
    ("2027a", date(2027, 1, 9), date(2027, 3, 1), 51),
    ("2027a", None, date(2027, 3, 1), 59),
    ("2019c", date(2019, 7, 2), TODAY, 2700),
    ("", date(2026, 7, 6), TODAY, None),
)


def in_use(folder: Path, release: Release) -> tuple[Age, bool]:
    """The age of the zones of a release that was unpacked today; whether there is no warning."""
    version, updated, today, _ = release
    unpacked = datetime.combine(today, time(12), tzinfo=UTC).timestamp()
    for file in zones(folder, version, updated).rglob("*"):
        os.utime(file, (unpacked, unpacked))
    age = tzdata_age(today, [str(folder)])
    return age, age.warning() is None


@pytest.mark.holds("S19")
@pytest.mark.parametrize("release", RELEASES, ids=lambda one: f"{one[0] or 'none'} {one[1]}")
def test_the_age_of_the_zones_is_told_from_their_own_files(tmp_path: Path, release: Release) -> None:
    version, _, _, days = release

    age, silent = in_use(tmp_path / "zones", release)

    assert (age.folder, age.version, age.days) == (tmp_path / "zones", version, days)
    assert silent == (days is not None and days <= TOO_OLD_DAYS)


@pytest.mark.holds("S19")
def test_an_age_told_from_when_files_were_unpacked_hides_every_old_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known-bad twin: an image built today, with the rules of seven years ago."""

    def unpacked(folder: Path, version: str) -> date:
        return datetime.fromtimestamp((folder / zones_age.PROBE).stat().st_mtime, UTC).date()

    monkeypatch.setattr(zones_age, "_released", unpacked)
    found = {one: in_use(tmp_path / str(number), one) for number, one in enumerate(RELEASES)}

    assert {age.days for age, _ in found.values()} == {0}
    hidden = [one[0] for one, (_, silent) in found.items() if silent and (one[3] or 9999) > TOO_OLD_DAYS]
    assert hidden == ["2025b", "2019c", ""]


@pytest.mark.holds("S19")
def test_zones_are_old_the_day_after_half_a_year(tmp_path: Path) -> None:
    folder = zones(tmp_path / "zones", "2026f")
    last = date(2026, 10, 28) + TOO_OLD_DAYS * DAY

    told = [tzdata_age(day, [str(folder)]).warning() for day in (last, last + DAY)]

    assert told[0] is None
    assert told[1] is not None
    assert "2026f" in told[1]
    assert "pip install --upgrade tzdata" in told[1]


@pytest.mark.holds("S19")
def test_the_folder_that_comes_first_counts_and_not_the_newest(tmp_path: Path) -> None:
    """As `zoneinfo` looks for zones: the system's first, then the package."""
    system, package = zones(tmp_path / "system", "2025b"), zones(tmp_path / "package", "2026f")

    both = tzdata_age(TODAY, [str(tmp_path / "none"), str(system)], package)
    alone = tzdata_age(TODAY, [str(tmp_path / "none")], package)

    assert both.folder == system
    assert alone.folder == package


@pytest.mark.holds("S19")
def test_a_machine_without_zones_is_told_how_to_get_them(tmp_path: Path) -> None:
    warning = tzdata_age(TODAY, [str(tmp_path)]).warning()

    assert warning is not None
    assert "pip install --upgrade tzdata" in warning


@pytest.fixture
def path_kept() -> Iterator[None]:
    """Zones are looked for as before, afterwards."""
    path = zoneinfo.TZPATH
    yield
    zoneinfo.reset_tzpath(path)
    ZoneInfo.clear_cache()


@pytest.mark.holds("S19")
@pytest.mark.usefixtures("path_kept")
@pytest.mark.parametrize(("system", "package", "changed"), [
    ("2025b", "2026f", True), ("2026f", "2026f", False), ("2026g", "2026f", False), ("", "2026f", True),
])  # fmt: skip
def test_newer_rules_of_the_package_go_before_older_ones_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, package: str, changed: bool
) -> None:
    zoneinfo.reset_tzpath([str(zones(tmp_path / "system", system))])
    own = zones(tmp_path / "package", package)
    monkeypatch.setattr(zones_age, "_package", lambda: own)

    took = use_newest()

    assert took == changed
    assert (zoneinfo.TZPATH == ()) == changed


@pytest.mark.holds("S19")
@pytest.mark.usefixtures("path_kept")
def test_old_zones_are_still_right_where_the_law_is_the_same() -> None:
    """Whichever rules are in use, those of London have not changed in thirty years."""
    found = set()
    for path in (zoneinfo.TZPATH, ()):
        zoneinfo.reset_tzpath(path)
        zone = ZoneInfo.no_cache("Europe/London")
        found.add(at_wall(date(2027, 7, 1), time(10), zone).astimezone(UTC))

    assert found == {datetime(2027, 7, 1, 9, tzinfo=UTC)}
