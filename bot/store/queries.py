"""Reads SQL that lies in files: named queries, and scripts of several statements."""

import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
NAME = re.compile(r"^-- (\w+) --$", re.MULTILINE)


@dataclass(frozen=True)
class Query:
    """One named query: what it is for, and its SQL."""

    name: str
    about: str
    sql: str


def read_queries(text: str) -> dict[str, Query]:
    """The queries of some files: `-- name --`, comment lines that explain it, the SQL."""
    parts = NAME.split(text)[1:]
    queries: dict[str, Query] = {}
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        if name in queries:
            raise ValueError(f"bot/store/sql: {name} is written twice. Rename one of them.")
        lines = body.strip().splitlines()
        about = " ".join(line[2:].strip() for line in lines if line.startswith("--"))
        sql = "\n".join(line for line in lines if not line.startswith("--"))
        if not about or not sql:
            raise ValueError(f"bot/store/sql: {name} needs a comment line and SQL. Add them.")
        queries[name] = Query(name, about, sql)
    return queries


def read_sql(name: str) -> str:
    """The text of one file beside this module."""
    return (HERE / name).read_text(encoding="utf-8")


QUERIES = read_queries(read_sql("sql/queries.sql") + "\n" + read_sql("sql/house.sql"))
