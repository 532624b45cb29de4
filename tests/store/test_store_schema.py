"""Schema, migrations, register and queries say the same."""

import sqlite3
from pathlib import Path

import pytest

from bot.store import Store
from bot.store import seal as seals
from bot.store.driver import Driver, statements
from bot.store.errors import NotSaved
from bot.store.opening import MIGRATIONS, Migration, number, upgrade
from bot.store.queries import read_sql
from bot.store.register import KEPT, REGISTER, problems

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def built(*scripts: str) -> sqlite3.Connection:
    """A database that these scripts build."""
    database = sqlite3.connect(":memory:", isolation_level=None)
    for script in scripts:
        for statement in statements(script):
            database.execute(statement)
    return database


def columns(database: sqlite3.Connection) -> dict[str, list[str]]:
    """Tables and their columns."""
    names = [row[0] for row in database.execute(TABLES)]
    ask = "SELECT name FROM pragma_table_xinfo(?)"
    return {name: [row[0] for row in database.execute(ask, (name,))] for name in names}


def shape(database: sqlite3.Connection) -> dict[str, object]:
    """All that makes two schemas equal, whatever the order in which they came about."""
    tables: dict[str, object] = {
        name: [
            sorted(database.execute(f"SELECT * FROM pragma_{what}(?)", (name,)).fetchall(), key=str)
            for what in ("table_xinfo", "foreign_key_list")
        ]
        for name in columns(database)
    }
    others = "SELECT name, sql FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL"
    words = {name: " ".join(sql.split()) for name, sql in database.execute(others)}
    stamps = [database.execute(f"PRAGMA {of}").fetchone() for of in ("user_version", "application_id")]
    flags = sorted(database.execute("SELECT name, wr, strict FROM pragma_table_list").fetchall())
    return {"tables": tables, "others": words, "stamps": stamps, "flags": flags}


def test_a_new_house_equals_one_built_by_all_migrations() -> None:
    new = built(read_sql("sql/schema.sql"))

    old = built(*(migration.script for migration in MIGRATIONS))

    assert shape(new) == shape(old)


def test_each_migration_stamps_its_own_number() -> None:
    for index, migration in enumerate(MIGRATIONS, start=1):
        assert migration.number == index
        assert f"PRAGMA user_version = {index};" in migration.script


@pytest.mark.parametrize("position", range(4))
@pytest.mark.asyncio
async def test_a_migration_that_breaks_anywhere_leaves_the_old_schema(position: int) -> None:
    store = await Store.open(":memory:")
    newest = MIGRATIONS[-1].number
    steps = [
        "ALTER TABLE seekers ADD COLUMN colour TEXT;",
        "CREATE INDEX seekers_colour ON seekers (colour);",
        f"PRAGMA user_version = {newest + 1};",
    ]
    steps.insert(position, "INSERT INTO nowhere VALUES (1);")
    broken = Migration(newest + 1, "\n".join(steps))

    with pytest.raises(NotSaved):
        await upgrade(store._driver, (*MIGRATIONS, broken))

    found = await store._driver.rows("SELECT count(*) FROM pragma_table_xinfo('seekers')")
    assert found == [(8,)]
    assert await number(store._driver, "schema_version") == newest
    assert not store.in_transaction
    await store.close()


@pytest.mark.asyncio
async def test_an_older_house_is_brought_up_to_date(tmp_path: Path) -> None:
    driver = await Driver.connect(str(tmp_path / "coach.db"))
    await upgrade(driver)
    newest = MIGRATIONS[-1].number
    next_one = Migration(
        newest + 1,
        f"ALTER TABLE seekers ADD COLUMN colour TEXT;\nPRAGMA user_version = {newest + 1};",
    )

    await upgrade(driver, (*MIGRATIONS, next_one))
    await upgrade(driver, (*MIGRATIONS, next_one))

    assert await number(driver, "schema_version") == newest + 1
    await driver.close()


def test_every_column_has_a_rule() -> None:
    schema = columns(built(read_sql("sql/schema.sql")))

    assert problems(schema) == []


def test_a_new_column_without_a_rule_is_told_what_to_write() -> None:
    schema = columns(built(read_sql("sql/schema.sql")))
    schema["seekers"].append("colour")

    (words,) = problems(schema)

    assert "seekers.colour has no rule" in words
    assert "bot/store/register.py" in words


def test_a_rule_without_a_column_is_told_apart() -> None:
    schema = columns(built(read_sql("sql/schema.sql")))
    schema["seekers"].remove("screen")

    (words,) = problems(schema)

    assert "seekers.screen has a rule and is not in the schema" in words


def test_what_is_sealed_belongs_to_seekers() -> None:
    for table, names in seals.SEALED.items():
        for name in names:
            assert REGISTER[table][name].whose == "seeker"
    assert set(KEPT) <= set(REGISTER)
