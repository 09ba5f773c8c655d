"""Read workbooks of other projects as a sender's would be, and count the answers: `make foreign DIR=folder`.

The folder may hold source packages as they are (tar.gz, tar.xz, zip): workbooks are found inside. Suites of libraries
that read or write workbooks hold thousands, damaged ones among them: source packages of PyPI (`pip download --no-deps
--no-binary :all: xlrd`) and of Debian (`apt-get source`). They are licensed in many ways, so none is kept here.

Prints the number of workbooks for each answer with an example, and the slowest; each answer, as CSV, to answers.csv in
the folder. Exits with 1 if a file took longer than 20 s, a worker crashed or raised, or an annotated copy is not read;
the workers bound the memory.
"""

import csv
import logging
import sys
import tarfile
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from htx import steps
from ingestion.feedback.annotated_workbook import annotate_all
from ingestion.workbook.reader import read_workbook
from ingestion.workbook.received_file import ReceivedFile
from warehouse.reference.reference_data import read_reference

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
EXTENSIONS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam", ".xlsb", ".xls", ".xlt", ".ods", ".ots", ".fods")
RECEIVED_AT = datetime(2024, 11, 29, 2, tzinfo=UTC)
LONGEST_SECONDS, LARGEST_FILE = 20, 25_000_000


def main(folder: Path) -> int:
    reference = read_reference(SEEDS)
    raised = _Counter()
    logging.getLogger("ingestion.sandbox").addHandler(raised)
    answers, faults = [], []
    steps.review([], reference)  # imports what is used
    for name, content in workbooks_in(folder):
        began = time.monotonic()
        (reviewed,) = steps.review([ReceivedFile("union", Path(name).name, RECEIVED_AT, content)], reference)
        (copy,) = annotate_all([reviewed], reference)
        seconds = time.monotonic() - began
        first = reviewed.findings[0] if reviewed.findings else None
        reason = (reviewed.rejection.details.get("reason", "") if reviewed.rejection else "") or ""
        answers.append((first.rule_code if first else "", reason, f"{seconds:.1f}", name, first and first.message_vi))
        if seconds > LONGEST_SECONDS or reason == "unreadable" or raised.count:
            faults.append(name)
            raised.count = 0
        if copy and read_workbook(copy.content)[0].name != "00_KET_QUA":
            faults.append(name)
    _report(answers, faults)
    with (folder / "answers.csv").open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([("rule", "reason", "seconds", "file", "message"), *answers])
    return int(bool(faults))


def workbooks_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each different workbook, in the folder and in the archives that lie in it."""
    seen = set()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        for name, content in _contents(path):
            if name.lower().endswith(EXTENSIONS) and len(content) < LARGEST_FILE and content not in seen:
                seen.add(content)
                yield name, content


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    if ".tar" in path.name or path.suffix == ".tgz":
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile() and member.name.lower().endswith(EXTENSIONS):
                    yield f"{path.name}/{member.name}", archive.extractfile(member).read()
    elif path.suffix in (".zip", ".whl"):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.lower().endswith(EXTENSIONS):
                    yield f"{path.name}/{name}", archive.read(name)
    elif path.suffix.lower() in EXTENSIONS:
        yield str(path), path.read_bytes()


class _Counter(logging.Handler):
    """Counts what workers raised."""

    count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += record.levelno >= logging.ERROR


def _report(answers: list[tuple], faults: list[str]) -> None:
    by_answer = defaultdict(list)
    for rule, reason, _, name, _ in answers:
        by_answer[rule, reason].append(name)
    for (rule, reason), names in sorted(by_answer.items(), key=lambda each: -len(each[1])):
        click.echo(f"{len(names):5} {rule} {reason:15} such as {names[0]}")
    click.echo(f"{len(answers)} workbooks; the slowest:")
    for _, _, seconds, name, _ in sorted(answers, key=lambda each: -float(each[2]))[:5]:
        click.echo(f"{seconds:>6} s {name}")
    for name in faults:
        click.echo(f"FAULT {name}")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
