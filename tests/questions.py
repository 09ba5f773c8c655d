"""The page of questions: its SQL run, and its answers written as tables."""

import re
from pathlib import Path

import psycopg

PAGE = Path(__file__).parents[1] / "docs" / "questions.md"
BLOCK = re.compile(r"```sql\n(?P<sql>.*?)```\n(?P<answer>\n(?:\|[^\n]*\n)+)?", re.DOTALL)


def answered(page: str, connection: psycopg.Connection) -> str:
    """The page with the answer of each block of SQL below it, in place of the one that stands there."""
    return BLOCK.sub(lambda block: f"```sql\n{block['sql']}```\n\n{_table(connection, block['sql'])}", page)


def _table(connection: psycopg.Connection, sql: str) -> str:
    cursor = connection.execute(sql)
    names = [column.name for column in cursor.description]
    lines = [names, ["---"] * len(names), *(map(_text, row) for row in cursor)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _text(value: object) -> str:
    return "" if value is None else str(value)
