"""What a build costs. `make bench` runs it; it measures and asserts nothing.

Printed are the processor time of importing Great Expectations, to compare with on any machine; the nodes of dbt by
kind; and for the example, and for ten report years at 10 and 34 times its organisations, the first build, which dbt
runs, `htx build` after one more file, and what readers wait for. Each size is loaded into a scratch server of its own,
in a copy of the project with reference data of its own. Processor time is the client's; PostgreSQL's comes on top.
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

from tests.reporting.dashboards.chart_queries import CHARTS, query_of
from warehouse.connection import connect, scalar
from warehouse.reference.reference_data import SEEDS

QUESTIONS = {
    "evidence of a figure": "select * from marts.fct_indicator_evidence where indicator_code = 'T03'"
    " and measure_code = 'value' and report_year = 2025 and unit_uid = 'province' and basis = 'communes_2025'",
    "a unit of bi": "select * from bi.unit_figures_communes_2025 where unit_uid = '25210@2025'",
    "a year of bi": "select * from bi.unit_figures_communes_2025 where report_year = 2025 and indicator_code = 'T03'",
    "one indicator as known": "select * from reports.indicator_as_known_at('T03', '2025-06-01 00:00+07')",
    "all indicators as known": "select * from reports.indicator_values_as_known_at('2025-06-01 00:00+07')",
}
PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ("htx", "ingestion", "expectations", "reporting", "warehouse", "dbt_project", "tests")


@dataclass(frozen=True)
class Cost:
    """Seconds of a program."""

    wall: float
    processor: float


@click.command()
@click.option("--years", default=10, show_default=True, help="Report years of history of the larger provinces.")
@click.option("--times", multiple=True, default=(10, 34), show_default=True, help="Times the example's organisations.")
@click.option("--measure", is_flag=True, hidden=True, help="In the copy of the project: one province, to stdout.")
def main(years: int, times: tuple[int, ...], measure: bool) -> None:
    if measure:
        _measure(years, *times)
        return
    imported = min(
        (_run("-c", "import great_expectations.expectations") for _ in range(3)), key=lambda run: run.processor
    )
    click.echo(f"import great_expectations.expectations: {imported.processor:.1f} s of processor time")
    _print_size("the example", 3, 1, imported)
    for each in times:
        _print_size(f"{years} years at {each} times the size", years, each, imported)


def _print_size(name: str, years: int, times: int, imported: Cost) -> None:
    with _copy_of_the_project(years, times) as copy:
        program = [sys.executable, "-m", "tests.benchmarks.builds", "--measure"]
        done = subprocess.run(
            [*program, "--years", str(years), "--times", str(times)],
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
    for build in ("first build", "one more file"):
        cost = Cost(*measured[build])
        click.echo(
            f"   {build:13} {cost.wall:5.0f} s, {cost.processor:5.1f} s of processor time,"
            f" {cost.processor / imported.processor:.1f} times the import"
        )
    for name, (fastest, p95) in measured["questions"].items():
        click.echo(f"   {name:25} {fastest:7.1f} ms at best, {p95:.1f} ms in 95 of 100")


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


def _measure(years: int, times: int) -> None:
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
        first = _run(*command, **environment)
        accepted = [each for each in deliveries if each.expected_verdict == "accepted" and each.folder.isdigit()]
        steps.load_files(url, [_corrected(accepted[-1].received())])
        again = _run(*command, **environment)
        nodes = _nodes(next(home.rglob("manifest.json")))
        costs = {"first build": (first.wall, first.processor), "one more file": (again.wall, again.processor)}
        click.echo(json.dumps({"nodes": nodes, **costs, "questions": _asked(url)}))
    finally:
        embedded.remove(home)


def _asked(url: str) -> dict[str, tuple[float, float]]:
    """Milliseconds of each question, and of each chart of the dashboards: the least, and what 95 of 100 stay below."""
    found = {}
    with connect(url) as connection:
        year = scalar(connection, "select max(report_year) from bi.province_figures")
        charts = {f"chart {name}": query_of(name, year) for name in sorted(CHARTS)}
        for name, query in (QUESTIONS | charts).items():
            times = []
            for _ in range(3 if name.endswith("known") else 40):
                began = time.perf_counter()
                connection.execute(query).fetchall()
                times.append(1000 * (time.perf_counter() - began))
            found[name] = (min(times), sorted(times)[-1 - len(times) // 20])
    return found


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
