"""Every query is explained, used, kept to one seeker, and answered from an index."""

import re
import sqlite3

import pytest

from bot.store.driver import statements
from bot.store.queries import HERE, QUERIES, read_queries, read_sql


def built(*scripts: str) -> sqlite3.Connection:
    """A database that these scripts build."""
    database = sqlite3.connect(":memory:", isolation_level=None)
    for script in scripts:
        for statement in statements(script):
            database.execute(statement)
    return database


def plan(name: str) -> list[str]:
    """How SQLite answers a query, a line for each table."""
    database = built(read_sql("sql/schema.sql"))
    asked = set(re.findall(r":(\w+)", QUERIES[name].sql))
    rows = database.execute("EXPLAIN QUERY PLAN " + QUERIES[name].sql, dict.fromkeys(asked, 1))
    return [row[3] for row in rows]


def test_every_query_is_used_and_every_use_is_written() -> None:
    code = "".join(path.read_text() for path in HERE.glob("*.py"))

    unused = [name for name in QUERIES if f'"{name}"' not in code]
    asked = re.findall(r'_ask(?:_each)?\(\s*"(\w+)"|QUERIES\["(\w+)"\]', code)

    assert unused == []
    assert {first or second for first, second in asked} <= set(QUERIES)


def test_a_query_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a comment line"):
        read_queries("-- silent --\nSELECT 1;")
    with pytest.raises(ValueError, match="twice"):
        read_queries("-- a --\n-- b\nSELECT 1;\n-- a --\n-- b\nSELECT 1;")


def test_queries_of_a_seekers_rows_take_the_seekers_id() -> None:
    # These look over all seekers, for the bell and for the operator, and give numbers only.
    of_the_house = {"due_nudges", "next_due", "totals", "nudged_after", "newest_of_all", "claim"}
    of_the_house.add("forget_newest")  # after a restore: of everybody

    for query in QUERIES.values():
        if re.search(r"\b(seekers|nudges|counts)\b", query.sql) and query.name not in of_the_house:
            assert ":seeker" in query.sql, query.name


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("due_nudges", "nudges_due (due<?)"),
        ("next_due", "nudges_due"),
        ("nudges_of", "PRIMARY KEY (seeker=?)"),
        ("forget_plans", "PRIMARY KEY (seeker=?)"),
        ("nudged_after", "PRIMARY KEY (seeker>?)"),
        ("doubtful", "outbox_of_chat (chat=?"),
        ("to_settle", "outbox_unsure (settled<?)"),
        ("blank_inbox", "inbox_of_chat (chat=?)"),
        ("parted", "outbox_of_chat (chat=? AND state=?"),
        ("under_way", "outbox_of_chat (chat=? AND state=?"),
        ("newest_of_all", "COVERING INDEX seekers_newest"),
        ("tidy_inbox", "inbox_received (received<?)"),
        ("tidy_outbox", "outbox_made (made<?)"),
        ("cancel_all", "outbox_seeker (seeker=? AND state=?)"),
        ("withdraw", "INTEGER PRIMARY KEY (rowid=?)"),
        ("is_overtaken", "outbox_of_chat (chat=?"),
        ("recorded_numbers", "outbox_of_chat (chat=?"),
        ("next_number", "INTEGER PRIMARY KEY (rowid>?)"),
        ("claim", "INTEGER PRIMARY KEY (rowid=?)"),
        ("seekers", "INTEGER PRIMARY KEY (rowid=?)"),
        ("recover_again", "outbox_sending"),
        ("recover_unsure", "outbox_sending"),
    ],
)
def test_what_is_asked_often_is_found_by_an_index(name: str, index: str) -> None:
    lines = plan(name)

    assert index in lines[0], lines
    assert not [
        line for line in lines if re.fullmatch(r"SCAN (inbox|outbox|nudges|seekers|one|older|flying)", line)
    ]


def test_what_waits_is_read_in_order_from_an_index_of_only_that() -> None:
    pending, waiting = plan("pending"), plan("waiting_updates")

    assert pending[0] == "SEARCH one USING INDEX outbox_ready (kind=? AND follows<?)"
    one_chat = "USING COVERING INDEX outbox_of_chat (chat=? AND state=?"
    assert f"SEARCH older {one_chat} AND rowid<?)" in pending
    assert f"SEARCH flying {one_chat})" in pending
    assert waiting == ["SCAN inbox USING INDEX inbox_waiting"]
    assert not [line for line in pending + waiting if "TEMP B-TREE" in line]


def test_a_number_that_the_seeker_lacks_is_looked_for_in_one_chat_newest_first() -> None:
    lines = plan("claim")

    assert "SEARCH known USING INDEX outbox_of_chat (chat=? AND state=?)" in lines
    assert not [line for line in lines if "TEMP B-TREE" in line or "SCAN outbox" in line]
