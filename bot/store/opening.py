"""Opens a file as the store: whose it is, which schema it has, whether it is sound."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.failpoints import passing

from .driver import Driver, statements
from .errors import Corrupt, NewerSchema, NotOurs
from .queries import HERE, QUERIES, read_sql

APPLICATION = int.from_bytes(b"TwMn", "big")


@dataclass(frozen=True)
class Migration:
    """One step from an older schema: its number, which the file has afterwards, and its script."""

    number: int
    script: str


def read_migrations(folder: Path = HERE / "migrations") -> tuple[Migration, ...]:
    """The migrations of a folder, `0001_words.sql` first."""
    return tuple(
        Migration(int(path.name.split("_")[0]), path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.sql"))
    )


MIGRATIONS = read_migrations()


def newest_schema() -> int:
    """The newest schema that this coach knows."""
    return MIGRATIONS[-1].number


async def number(driver: Driver, question: str) -> int:
    """The one number that a named query answers."""
    return int((await driver.rows(QUERIES[question].sql))[0][0])


async def inspect(driver: Driver, known: int) -> None:
    """Refuse a database of somebody else, and one that a newer coach wrote."""
    if await number(driver, "tables") == 0:
        return
    if await number(driver, "application") != APPLICATION:
        raise NotOurs(driver.file)
    found = await number(driver, "schema_version")
    if found > known:
        raise NewerSchema(driver.file, found=found, known=known)


async def in_one(driver: Driver, script: str) -> None:
    """Run a whole script in one transaction: all of it or nothing."""
    await driver.rows(QUERIES["begin"].sql)
    try:
        for statement in statements(script):
            await driver.rows(statement)
            passing("migration.step")
        await driver.rows(QUERIES["commit"].sql)
    except BaseException:
        await driver.rollback()
        raise


async def upgrade(driver: Driver, migrations: Sequence[Migration] | None = None) -> None:
    """Build a new house, or bring an old one to the newest schema, one transaction a step."""
    migrations = MIGRATIONS if migrations is None else migrations
    if await number(driver, "tables") == 0:
        await in_one(driver, read_sql("sql/schema.sql"))
    found = await number(driver, "schema_version")
    for migration in migrations:
        if migration.number > found:
            await in_one(driver, migration.script)


async def sound(driver: Driver) -> None:
    """Refuse a file in which SQLite finds damage."""
    if await driver.rows(QUERIES["quick_check"].sql) != [("ok",)]:
        raise Corrupt(driver.file)


async def make_ready(driver: Driver) -> None:
    """Settings, a look for damage, the newest schema, and references enforced from here on."""
    await driver.script(read_sql("sql/settings.sql"))
    await sound(driver)
    await upgrade(driver)
    await _writable(driver)
    await driver.rows(QUERIES["keep_rules"].sql)


async def _writable(driver: Driver) -> None:
    """Refuse a file that may only be read: it is found out now, and not by a seeker."""
    try:
        await driver.rows(QUERIES["begin"].sql)
        await driver.rows(QUERIES["set_note"].sql, {"key": "opened", "value": ""})
    finally:
        await driver.rollback()


async def peek(file: str) -> None:
    """Look whose an existing file is, without changing a byte of it."""
    # A journal that a crash left behind must be rolled back first, which a reader cannot do.
    left = Path(f"{file}-journal").exists()
    driver = await Driver.connect(file, read_only=not left)
    try:
        await inspect(driver, newest_schema())
    finally:
        await driver.close()


async def open_driver(file: str, *, existing: bool) -> Driver:
    """The connection, ready to serve; closed again where it cannot be."""
    if existing:
        await peek(file)
    driver = await Driver.connect(file)
    try:
        await make_ready(driver)
    except BaseException:
        await driver.close()
        raise
    return driver
