"""The page of questions: its SQL run, and its answers written as tables."""

import re
from pathlib import Path

import psycopg

PAGE = Path(__file__).parents[1] / "docs" / "questions.md"
BLOCK = re.compile(r"```sql\n(?P<sql>.*?)```\n(?P<answer>\n(?:\|[^\n]*\n)+)?", re.DOTALL)


OF_EDITIONS = "## Between editions"
"""the title after which questions are about editions of a report"""
FOR_ANALYSTS = re.compile(r"\b(marts|reports)\.")


def answered(text: str, connection: psycopg.Connection, are_analysts: bool) -> str:
    """A part of the page with the answer of each block of SQL below it, in place of the one that stands there; what
    analysts alone may read stays as it is for others."""

    def answer(block: re.Match[str]) -> str:
        if FOR_ANALYSTS.search(block["sql"]) and not are_analysts:
            return block[0]
        return f"```sql\n{block['sql']}```\n\n{_table(connection, block['sql'])}"

    return BLOCK.sub(answer, text)


def parts() -> tuple[str, str]:
    """The page up to the questions about editions, and from there."""
    before, title, after = PAGE.read_text(encoding="utf-8").partition(OF_EDITIONS)
    return before, title + after


def _table(connection: psycopg.Connection, sql: str) -> str:
    cursor = connection.execute(sql)
    names = [column.name for column in cursor.description]
    lines = [names, ["---"] * len(names), *(map(_text, row) for row in cursor)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _text(value: object) -> str:
    return "" if value is None else str(value)
