"""A prompt for SQL, on machines that have no psql."""

import sys
from collections.abc import Iterator

import psycopg

from warehouse.connection import connect


def run(url: str, sql: str | None) -> None:
    """Run statements and print their rows, tab-separated under a line of names."""
    with connect(url, autocommit=True) as connection:
        for statement in [sql] if sql else _statements():
            try:
                cursor = connection.execute(statement)
            except psycopg.Error as error:
                print(f"error: {error}", file=sys.stderr)
                if not sys.stdin.isatty() or sql:
                    sys.exit(1)
                continue
            if cursor.description:
                print("\t".join(column.name for column in cursor.description))
                for row in cursor:
                    print("\t".join("" if value is None else str(value) for value in row))


def _statements() -> Iterator[str]:
    gathered = ""
    while line := _line("...> " if gathered else "htx> "):
        gathered += line
        if line.rstrip().endswith(";"):
            yield gathered
            gathered = ""
    if gathered.strip():
        yield gathered


def _line(prompt: str) -> str:
    if sys.stdin.isatty():
        print(prompt, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline()
