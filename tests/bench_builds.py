"""What a build costs when one year changed, beside what all years cost. `make bench` runs it.

It measures and asserts nothing. The example province at many times its size is loaded for 1, 3 and 10 report years,
each into a scratch server of its own and by reference data of its own: a copy of the project with other seeds. Then
one unit corrects its report of the last year, and one of the first. What is printed is the time of dbt, of the gate
and of publishing, each in seconds, and how a correction of the last year compares with that of a history of one year.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

PROJECT = Path(__file__).resolve().parents[1]
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
            done = subprocess.run(
                [sys.executable, "-m", "tests.bench_builds", "--measure", "--years", str(each), "--times", str(times)],
                cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)}, stdout=subprocess.PIPE, text=True, check=True,
            )  # fmt: skip
        seconds = {name: float(text) for name, text in (line.split("\t") for line in done.stdout.splitlines())}
        first = first or seconds["last year"]
        shown = "   ".join(f"{name} {each_of:.0f} s" for name, each_of in seconds.items())
        click.echo(f"{each:2} years at {times} times the size: {shown}")
        click.echo(f"   a correction of the last year takes {seconds['last year'] / first:.2f} of that in one year")


@contextmanager
def _copy_of_the_project(years: int, times: int) -> Iterator[Path]:
    from htx.example.growth import write_reference

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
    from htx.example import write_example
    from tests.example_province import read_csv, received
    from warehouse import server

    logging.disable(logging.WARNING)
    home = Path("home").resolve()
    url = server.start(home, durable=False)
    try:
        folder = Path("province").resolve()
        write_example(folder, 1, steps.SEEDS, years=years, times=times)
        deliveries = read_csv(folder / "deliveries.csv")
        for each in deliveries:
            if each["kind"] == "registry":
                steps.pull_registry(url, f"sqlite:///{folder / each['path']}", Path(each["path"]).stem)
        files = [received(folder, each) for each in deliveries if each["kind"] == "file"]
        for start in range(0, len(files), steps.FILES_IN_A_BATCH):
            steps.load_files(url, files[start : start + steps.FILES_IN_A_BATCH])
        click.echo(f"all years\t{_build(url)}")
        reported = sorted({each["report_year"] for each in deliveries if each["kind"] == "file"})
        for name, year in (("last year", reported[-1]), ("first year", reported[0])):
            of_year = [
                each for each in deliveries
                if each["report_year"] == year and each["expected_verdict"] == "accepted" and each["folder"].isdigit()
            ]  # fmt: skip
            steps.load_files(url, [_corrected(received(folder, of_year[-1]))])
            click.echo(f"{name}\t{_build(url)}")
    finally:
        server.stop(home)


def _build(url: str) -> float:
    """Seconds of a build, from dbt on: the gate before it is the batch's, and Great Expectations' import."""
    import time

    from htx import steps

    build = steps.validate_batch(url)
    began = time.monotonic()
    steps.build_marts(url, build, Path("dbt").resolve())
    steps.validate_marts(url, build)
    steps.publish_marts(url, build)
    return time.monotonic() - began


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
