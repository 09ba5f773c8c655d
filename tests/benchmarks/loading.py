"""How fast workbooks are read, checked and loaded, beside two programs that only load them. `make bench` runs it.

It measures and asserts nothing. The files are the example province's, each several times with another byte in it.
All three programs load them into databases of one scratch server, in one process, once their libraries are imported
(how long that takes is printed). The machine's noise is great: each program has several turns, the best counts.
"""

import io
import logging
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
from psycopg.types.json import Jsonb

from warehouse.connection import connect
from warehouse.migrations import migrate
from warehouse.server import embedded


@click.command()
@click.option("--files", "count", default=500, show_default=True, help="How many workbooks; as many as a batch holds.")
@click.option("--turns", default=3, show_default=True, help="Turns of each program; the best counts.")
@click.option("--pandas-files", default=40, show_default=True, help="How many of them pandas reads, being slow.")
def main(count: int, turns: int, pandas_files: int) -> None:
    logging.disable(logging.WARNING)  # the rejected files among them
    with tempfile.TemporaryDirectory(prefix="htx-bench-") as folder:
        home = Path(folder)
        embedded.start(home, durable=False)
        try:
            files = _files(home, count)
            programs = {
                "htx": (_load_with_htx, files),
                "python-calamine and COPY, no checks": (_load_with_calamine, files),
                "pandas.read_excel with openpyxl, and to_sql": (_load_with_pandas, files[:pandas_files]),
            }
            seconds = dict.fromkeys(programs, float("inf"))
            for turn in range(turns):  # of each in its turn: what else the machine does should hit all of them
                for name, (load, some) in programs.items():
                    seconds[name] = min(seconds[name], _seconds_of(home, turn, load, some) / len(some))
        finally:
            embedded.remove(home)
        own, bare, pandas = seconds.values()
        for name, each in seconds.items():
            click.echo(f"{name:45} {1000 * each:8.2f} ms a workbook")
        click.echo(f"{pandas / own:.1f} times as fast as pandas.read_excel with openpyxl plus to_sql (to hold: 10)")
        click.echo(f"{bare / own:.2f} of the speed of python-calamine plus COPY with no checks (to hold: 0.33)")
        _time_check([path for path, _ in files])


def _files(home: Path, count: int) -> list[tuple[Path, bytes]]:
    """The example province's workbooks, over and over, no two the same."""
    from htx.example import write_example

    write_example(home / "example", seed=1)
    originals = sorted((home / "example" / "inbox").rglob("*.xlsx"))
    (home / "files").mkdir()
    found = []
    for number in range(count):
        target = io.BytesIO(originals[number % len(originals)].read_bytes())
        with zipfile.ZipFile(target, "a") as archive:
            archive.comment = f"{number}".encode()
        path = home / "files" / f"{number}.xlsx"
        path.write_bytes(target.getvalue())
        arrived = originals[number % len(originals)].stat().st_mtime
        os.utime(path, (arrived, arrived))
        found.append((path, target.getvalue()))
    return found


def _seconds_of(home: Path, turn: int, load: Callable[[str, list], None], files: list[tuple[Path, bytes]]) -> float:
    """Of one turn, into a database of its own."""
    name = f"{load.__name__.strip('_')}_{turn}"
    with connect(embedded.url(home, "postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}")
    url = embedded.url(home, name)
    with connect(url) as connection:
        migrate(connection)
    began = time.monotonic()
    load(url, files)
    return time.monotonic() - began


def _load_with_htx(url: str, files: list[tuple[Path, bytes]]) -> None:
    from htx import steps
    from ingestion.workbook.received_file import ReceivedFile

    received = [
        ReceivedFile("union", path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC), path.read_bytes())
        for path, _ in files
    ]
    steps.load_files(url, received)


def _load_with_calamine(url: str, files: list[tuple[Path, bytes]]) -> None:
    from python_calamine import CalamineWorkbook

    with connect(url) as connection:
        connection.execute("create table cells (file text, sheet text, row_number integer, cells jsonb)")
        with connection.cursor() as cursor, cursor.copy("copy cells from stdin") as copy:
            for path, _ in files:
                workbook = CalamineWorkbook.from_path(str(path))
                for name in workbook.sheet_names:
                    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                    for number, row in enumerate(rows, start=1):
                        values = [cell if isinstance(cell, (str, float, bool)) else str(cell) for cell in row]
                        copy.write_row((path.name, name, number, Jsonb(values)))


def _load_with_pandas(url: str, files: list[tuple[Path, bytes]]) -> None:
    import pandas
    from sqlalchemy import create_engine

    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    for path, _ in files:
        sheets = pandas.read_excel(path, sheet_name=None, header=None, engine="openpyxl", dtype=str)
        for name, frame in sheets.items():
            frame.assign(file=path.name).to_sql(f"{len(frame.columns)} {name}"[:60], engine, if_exists="append")
    engine.dispose()


def _time_check(paths: list[Path]) -> None:
    """`htx check` as a person runs it, of one workbook and of more."""
    import_alone = _seconds("import great_expectations")
    program = "import sys; from htx.cli import main; sys.argv[0] = 'htx'; main()"
    one = _seconds(program, "check", paths[0])
    more = _seconds(program, "check", *paths[:21])
    click.echo(f"importing Great Expectations {import_alone:.1f} s; htx check of one workbook {one:.1f} s")
    click.echo(f"each further workbook of the call {(more - one) / 20:.3f} s (to hold: 0.3)")


def _seconds(program: str, *arguments: object) -> float:
    took = []
    for _ in range(2):
        began = time.monotonic()
        subprocess.run([sys.executable, "-c", program, *map(str, arguments)], capture_output=True, check=False)
        took.append(time.monotonic() - began)
    return min(took)


if __name__ == "__main__":
    # what each program imports is not what is measured
    import great_expectations  # noqa: F401
    import pandas  # noqa: F401

    main()
