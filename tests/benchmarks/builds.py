"""What a build costs, and what readers of it wait for. `make bench` runs it; it measures and asserts nothing.

Printed are the processor time of importing Great Expectations, to compare with on any machine; the nodes of dbt by
kind; and for the example, and for ten report years at 34 times its organisations, the first build, which dbt runs,
`htx build` after one more file, and what readers wait for. With --readers that is all, after one build of the larger
province. Each size is loaded into a scratch server of its own, in a copy of the project with reference data of its own.
Processor time is the client's; PostgreSQL's comes on top.
"""

import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import click
import openpyxl

from tests.benchmarks import readers
from warehouse.reference.reference_data import SEEDS

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ("htx", "ingestion", "expectations", "reporting", "warehouse", "dbt_project", "tests")


@dataclass(frozen=True)
class Cost:
    """Seconds of a program."""

    wall: float
    processor: float


@click.command()
@click.option("--years", default=10, show_default=True, help="Report years of history of the larger provinces.")
@click.option("--times", multiple=True, default=(34,), show_default=True, help="Times the example's organisations.")
@click.option("--readers", "of_readers", is_flag=True, help="What readers wait for alone: one build of each size.")
@click.option("--measure", is_flag=True, hidden=True, help="In the copy of the project: one province, to stdout.")
def main(years: int, times: tuple[int, ...], of_readers: bool, measure: bool) -> None:
    if measure:
        _measure(years, times[0], of_readers)
        return
    imported = min(
        (_run("-c", "import great_expectations.expectations") for _ in range(3)), key=lambda run: run.processor
    )
    click.echo(f"import great_expectations.expectations: {imported.processor:.1f} s of processor time")
    if not of_readers:
        _print_size("the example", 3, 1, imported)
    for each in times:
        _print_size(f"{years} years at {each} times the size", years, each, imported, of_readers)


def _print_size(name: str, years: int, times: int, imported: Cost, of_readers: bool = False) -> None:
    with _copy_of_the_project(years, times) as copy:
        program = [sys.executable, "-m", "tests.benchmarks.builds", "--measure"]
        done = subprocess.run(
            [*program, "--years", str(years), "--times", str(times), *(["--readers"] if of_readers else [])],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy)},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    measured = json.loads(done.stdout)
    if times == 1:
        click.echo("dbt: " + ", ".join(f"{count} {kind}s" for kind, count in sorted(measured["nodes"].items())))
    click.echo(name)
    for build, took in measured["builds"].items():
        cost = Cost(*took)
        click.echo(
            f"   {build:13} {cost.wall:5.0f} s, {cost.processor:5.1f} s of processor time,"
            f" {cost.processor / imported.processor:.1f} times the import"
        )
    for line in readers.lines_of(measured["readers"]):
        click.echo(f"   {line}")


@contextmanager
def _copy_of_the_project(years: int, times: int) -> Iterator[Path]:
    from tests.growth.growth import write_reference

    with tempfile.TemporaryDirectory(prefix="htx-bench-") as folder:
        copy = Path(folder)
        copy.chmod(0o755)  # as root the server runs as another user, who must reach it
        for room in ROOMS:
            shutil.copytree(PROJECT / room, copy / room, ignore=shutil.ignore_patterns("target", "logs", "__pycache__"))
        write_reference(copy / "dbt_project" / "seeds", years, times, PROJECT / "dbt_project" / "seeds")
        yield copy


def _measure(years: int, times: int, of_readers: bool) -> None:
    import logging

    from htx import steps
    from htx.example.deliveries import read_deliveries
    from tests.growth.growth import write_grown_example
    from warehouse.server import embedded

    logging.disable(logging.WARNING)
    home, folder = Path("home").resolve(), Path("province").resolve()
    url = embedded.start(home, durable=False)
    try:
        write_grown_example(folder, years, times, SEEDS)
        deliveries = read_deliveries(folder)
        for each in deliveries:
            if each.kind == "registry":
                steps.pull_registry(url, f"sqlite:///{each.path}", each.path.stem)
        files = [each.received() for each in deliveries if each.kind == "file"]
        for start in range(0, len(files), steps.FILES_IN_A_BATCH):
            steps.load_files(url, files[start : start + steps.FILES_IN_A_BATCH])
        command = ("-c", "from htx.cli import main; main()", "build")
        environment = {"WAREHOUSE_URL": url, "HTX_HOME": str(home)}
        builds = {"first build": _run(*command, **environment)}
        if not of_readers:
            accepted = [each for each in deliveries if each.expected_verdict == "accepted" and each.folder.isdigit()]
            steps.load_files(url, [_corrected(accepted[-1].received())])
            builds["one more file"] = _run(*command, **environment)
        nodes = _nodes(next(home.rglob("manifest.json")))
        costs = {name: (cost.wall, cost.processor) for name, cost in builds.items()}
        click.echo(json.dumps({"nodes": nodes, "builds": costs, "readers": readers.asked(url)}))
    finally:
        embedded.remove(home)


def _run(*arguments: str, **environment: str) -> Cost:
    """What a Python program costs, its children included. Its output goes to stderr where it fails."""

    def processor() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    began, before = time.monotonic(), processor()
    done = subprocess.run(
        [sys.executable, *arguments], env={**os.environ, **environment}, capture_output=True, text=True
    )
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        done.check_returncode()
    return Cost(time.monotonic() - began, processor() - before)


def _nodes(manifest: Path) -> Counter[str]:
    read = json.loads(manifest.read_text(encoding="utf-8"))
    kinds = Counter(
        f"{node['config']['materialized']} model" if node["resource_type"] == "model" else node["resource_type"]
        for node in read["nodes"].values()
    )
    return kinds + Counter({"unit test": len(read["unit_tests"])})


def _corrected(file):
    """The same report as a full replacement, received a minute later, with one more woman in a stable job gone."""
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
