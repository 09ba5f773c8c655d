"""Writes the example's folder: inbox, registry, answer key and the list of deliveries."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from htx.example.answer_key import write_answer_key
from htx.example.organisations.draws import YEARS
from htx.example.organisations.province import make_province
from htx.example.registry import make_snapshots, write_registry
from htx.example.reports.declarations import with_declarations
from htx.example.reports.deliberate_findings import DeliberateFinding, deliberate_findings
from htx.example.reports.deliveries import make_deliveries
from htx.example.reports.report import Report, Snapshot, Value
from htx.example.reports.reported_rows import ReportedRows
from htx.example.reports.schedule import make_schedule
from htx.example.seeds import SEEDS_FOLDER, Seeds, read_seeds
from htx.example.tables import write_csv
from ingestion.template.form_workbook import write_workbook
from warehouse.reference.reference_data import Reference, read_reference

DELIVERIES = (
    "stage", "kind", "path", "folder", "file_name", "received_at", "reporting_unit_code", "report_year",
    "expected_verdict", "note",
)  # fmt: skip
OF_THE_COVER = (
    "report_kind", "submission_kind", "data_from", "data_to", "value_kind", "document_number", "signed_on",
    "signer_title", "data_scope",
)  # fmt: skip
FORM_YEAR = YEARS[0]
"""the example is filled in on the first version of the form, whatever came after it"""


@dataclass(frozen=True)
class Example:
    """The example of a seed before it is written: all files as their senders mean them and the registry's snapshots, in
    order of arrival, and the findings that are put in on purpose."""

    seeds: Seeds
    reports: list[Report]
    snapshots: list[Snapshot]
    findings: list[DeliberateFinding]


def write_example(folder: Path, seed: int = 1, reference_folder: Path = SEEDS_FOLDER) -> None:
    """Write the example province of a seed as `folder`, in place of what is there; a seed always gives the same bytes.

    `reference_folder`: the folder of seeds.
    """
    reference = read_reference(reference_folder)  # first: it names the line of a file that is wrong
    example = make_example(read_seeds(reference_folder), seed)
    with replaced(folder) as draft:
        write_deliveries(draft, reference, example.seeds, example.reports, example.snapshots)
        reported = ReportedRows(example.seeds, example.reports, example.snapshots)
        write_answer_key(draft / "answer_key", reported, example.findings)


def make_example(seeds: Seeds, seed: int = 1) -> Example:
    province = make_province(seeds, seed)
    snapshots = make_snapshots(seeds, province)
    deliveries = make_deliveries(seeds, seed, province, make_schedule(seeds, seed))
    reports = list(with_declarations(seeds, deliveries, snapshots))
    return Example(seeds, reports, snapshots, deliberate_findings(seeds, province, reports))


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """A draft beside the folder, which replaces it at the end; an interrupted run leaves the folder as it was."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
        draft = Path(beside) / "draft"
        draft.mkdir()
        yield draft
        if folder.exists():
            folder.rename(Path(beside) / "old")
        draft.rename(folder)


def write_deliveries(
    folder: Path, reference: Reference, seeds: Seeds, reports: Sequence[Report], snapshots: Sequence[Snapshot]
) -> None:
    """Write the inbox, the registry as it stood on each day of `snapshots`, and deliveries.csv, which lists both."""
    for report in reports:
        path = folder / report.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(clean_workbook(reference, report))
        _stamp(path, report.received_at)
    (folder / "registry").mkdir()
    for snapshot in snapshots:
        write_registry(folder / snapshot.path, snapshot)
        _stamp(folder / snapshot.path, snapshot.pulled_at)
    shutil.copy2(folder / snapshots[-1].path, folder / "registry.sqlite")
    _write_list(folder / "deliveries.csv", seeds, reports, snapshots)


def clean_workbook(reference: Reference, report: Report) -> bytes:
    """The workbook of a report, as somebody fills it in who does all as the form asks."""
    unit = reference.roster[report.report_year, report.unit_code]
    form = reference.form_for(FORM_YEAR)
    cover: dict[str, Value] = {field_code: getattr(report, field_code) for field_code in OF_THE_COVER}
    if report.submission_kind != "partial_correction":
        cover |= {
            f"nil_{sheet}": sheet in report.nil for sheet in report.sheets if f"nil_{sheet}" in form.cover.by_code
        }
    return write_workbook(form, reference, cover, report.sheets, unit)


def _stamp(path: Path, instant: datetime) -> None:
    os.utime(path, (instant.timestamp(), instant.timestamp()))


def _write_list(path: Path, seeds: Seeds, reports: Sequence[Report], snapshots: Sequence[Snapshot]) -> None:
    """One line per file and per state of the registry, in order of arrival; `stage` is the year it belongs to."""
    lines: list[tuple[datetime, tuple]] = []
    for report in reports:
        year, at = report.report_year, report.received_at
        named = (report.path, report.folder, report.file_name, _utc(at), report.unit_code, year)
        lines.append((at, (year, "file", *named, report.verdict, report.note)))
    for snapshot in snapshots:
        stage = min(year for year, cycle in seeds.cycles.items() if snapshot.speaks_of <= cycle.registry_cut_off)
        at, name = snapshot.pulled_at, snapshot.path
        lines.append((at, (stage, "registry", name, "", Path(name).name, _utc(at), "", "", "", "")))
    write_csv(path, DELIVERIES, (line for _, line in sorted(lines)))


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
