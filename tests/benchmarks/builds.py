"""What a build costs when one year changed, beside what all years cost. `make bench` runs it.

It measures and asserts nothing. The example province at many times its size is loaded for 1, 3 and 10 report years,
each into a scratch server of its own and by reference data of its own: a copy of the project with other seeds. Then
one unit corrects its report of the last year, and one of the first. What is printed of each build is how many
contributions it made, and the seconds of building (dbt, and the options of decisions), of the gate and of publishing.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import click

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ("htx", "ingestion", "expectations", "reporting", "warehouse", "dbt_project", "tests")


@click.command()
@click.option("--years", multiple=True, default=(1, 3, 10), show_default=True, help="Report years of history.")
@click.option("--times", default=34, show_default=True, help="How many times the example's organisations.")
@click.option("--measure", is_flag=True, hidden=True, help="In the copy of the project: one history, to stdout.")
def main(years: tuple[int, ...], times: int, measure: bool) -> None:
    if measure:
        _measure(years[0], times)
        return
    first = None
    for each in years:
        with _copy_of_the_project(each, times) as copy:
            program = [sys.executable, "-m", "tests.benchmarks.builds", "--measure"]
            done = subprocess.run(
                [*program, "--years", str(each), "--times", str(times)],
                cwd=copy,
                env={**os.environ, "PYTHONPATH": str(copy)},
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
        click.echo(f"{each:2} years at {times} times the size")
        measured = {name: Measured(**fields) for name, fields in json.loads(done.stdout).items()}
        for name, build in measured.items():
            click.echo(f"   {name:10} {build}")
        last = measured["last year"]
        first = first or last
        click.echo(
            f"   a correction of the last year takes {last.seconds / measured['all years'].seconds:.2f} of all years,"
            f" {last.seconds / first.seconds:.2f} of that in a history of {years[0]};"
            f" it makes {last.rows / first.rows:.2f} times the rows"
        )


@dataclass(frozen=True)
class Measured:
    """A build: contributions that it made (rows), and seconds."""

    rows: int
    build: float
    gate: float
    publish: float

    @property
    def seconds(self) -> float:
        return self.build + self.gate + self.publish

    def __str__(self) -> str:
        parts = f"build {self.build:.0f}, gate {self.gate:.0f}, publish {self.publish:.0f}"
        return f"{self.seconds:4.0f} s ({parts}), {self.rows:9,} rows made"


@contextmanager
def _copy_of_the_project(years: int, times: int) -> Iterator[Path]:
    from tests.growth.growth import write_reference

    with tempfile.TemporaryDirectory(prefix="htx-bench-") as folder:
        copy = Path(folder)
        copy.chmod(0o755)  # as root the server runs as another user, who must reach it
        for room in ROOMS:
            shutil.copytree(PROJECT / room, copy / room, ignore=shutil.ignore_patterns("target", "logs", "__pycache__"))
        seeds = copy / "dbt_project" / "seeds"
        write_reference(seeds, years, times, PROJECT / "dbt_project" / "seeds")
        yield copy


def _measure(years: int, times: int) -> None:
    import logging

    from htx import steps
    from htx.example.deliveries import read_deliveries
    from tests.growth.growth import write_grown_example
    from warehouse.server import embedded

    logging.disable(logging.WARNING)
    home = Path("home").resolve()
    url = embedded.start(home, durable=False)
    try:
        folder = Path("province").resolve()
        write_grown_example(folder, years, times, steps.SEEDS)
        deliveries = read_deliveries(folder)
        for each in deliveries:
            if each.kind == "registry":
                steps.pull_registry(url, f"sqlite:///{each.path}", each.path.stem)
        files = [each.received() for each in deliveries if each.kind == "file"]
        for start in range(0, len(files), steps.FILES_IN_A_BATCH):
            steps.load_files(url, files[start : start + steps.FILES_IN_A_BATCH])
        measured = {"all years": asdict(_build(url))}
        reported = sorted({each.report_year for each in deliveries if each.kind == "file"})
        for name, year in (("last year", reported[-1]), ("first year", reported[0])):
            of_year = [
                each for each in deliveries
                if each.report_year == year and each.expected_verdict == "accepted" and each.folder.isdigit()
            ]  # fmt: skip
            steps.load_files(url, [_corrected(of_year[-1].received())])
            measured[name] = asdict(_build(url))
        click.echo(json.dumps(measured))
    finally:
        embedded.remove(home)


def _build(url: str) -> Measured:
    """A build from dbt on: the gate before it is the batch's, and Great Expectations' import."""
    from htx import steps
    from warehouse.connection import connect

    build = steps.validate_batch(url)
    instants = [time.monotonic()]
    for step in (partial(steps.build_marts, output=Path("dbt").resolve()), steps.validate_marts, steps.promote_marts):
        step(url, build)
        instants.append(time.monotonic())
    with connect(url) as connection:
        [rows] = connection.execute("select count(*) from next_marts.fct_indicator_contributions").fetchone()
    return Measured(rows, *(after - before for before, after in pairwise(instants)))


def _corrected(file):
    """The same report as a full replacement, received a minute later, with one more woman in a stable job gone."""
    from dataclasses import replace
    from datetime import timedelta

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(file.content))
    for row in book["00_BIA"].iter_rows():
        if row[0].value == "submission_kind":
            row[2].value = "full_replacement"
    lists = book["01_HTX"]
    stable_jobs = next(cell.column for cell in lists[1] if cell.value == "women_stable_jobs")
    row_number = next(
        number for number in range(3, lists.max_row + 1) if (lists.cell(number, stable_jobs).value or 0) > 0
    )
    lists.cell(row_number, stable_jobs).value -= 1
    content = io.BytesIO()
    book.save(content)
    return replace(file, content=content.getvalue(), received_at=file.received_at + timedelta(minutes=1))


if __name__ == "__main__":
    main()
