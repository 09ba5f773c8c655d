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
    interactive = sys.stdin.isatty()
    gathered: list[str] = []
    while True:
        if interactive:
            print("htx> " if not gathered else "...> ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            break
        gathered.append(line)
        if line.rstrip().endswith(";"):
            yield "".join(gathered)
            gathered = []
    if "".join(gathered).strip():
        yield "".join(gathered)
