"""Writes the example's folder: inbox, registry, answer key and the list of deliveries."""

import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

from htx.example.answer_key import write_answer_key
from htx.example.dirt import RATE, Soiled, soil
from htx.example.growth import multiply, prolong
from htx.example.organisations.draws import YEARS
from htx.example.organisations.province import Province, make_province
from htx.example.registry import make_snapshots, write_registry
from htx.example.reports.declarations import with_declarations
from htx.example.reports.deliberate_findings import DeliberateFinding, deliberate_findings
from htx.example.reports.deliveries import make_deliveries
from htx.example.reports.report import LOCAL_TIME, Report, Snapshot
from htx.example.reports.reported_rows import open_books
from htx.example.reports.schedule import make_schedule
from htx.example.seeds import SEEDS_FOLDER, Seeds, read_seeds
from htx.example.tables import write_csv
from ingestion.template.form_workbook import write_workbook
from warehouse.reference.catalogue import Reference, read_reference

DELIVERIES = (
    "stage", "kind", "path", "folder", "file_name", "received_at", "reporting_unit_code", "report_year",
    "expected_verdict", "note",
)  # fmt: skip
DIRT = (
    "path", "dirt_class", "sheet_code", "row_number", "field_code", "cell", "written", "outcome", "expected_value",
    "expected_findings", "verdict",
)  # fmt: skip
FORM_YEAR = YEARS[0]
"""the example is filled in on the first version of the form, whatever came after it"""
PULLED_AT = time(23, 0, tzinfo=LOCAL_TIME)
"""the registry is pulled in the evening of the day that it speaks of"""


def write_example(
    folder: Path,
    seed: int = 1,
    reference_folder: Path = SEEDS_FOLDER,
    years: int = len(YEARS),
    times: int = 1,
    dirt: Collection[str] = (),
    dirt_rate: float = RATE,
) -> None:
    """Writes the example province of a seed as `folder`; the same arguments give the same bytes.

    What stands there already is replaced. Everything is written beside it first and moved at the end, so that an
    interrupted run leaves nothing half done. `reference_folder`: the folder of seeds. `dirt`: classes of dirt
    (htx.example.dirt.CLASSES) that are put into this part of the files; files that come back because of it count
    for nothing in the answer key, which of the others gives what their senders meant.

    For benchmarks: `years` report years with `times` as many organisations, by reference data that
    `growth.write_reference` made. Such an example has no answer key, but figures to be measured on.
    """
    folder = Path(folder)
    reference = read_reference(reference_folder)  # first, since it says in a sentence what is wrong with a file
    seeds = read_seeds(reference_folder)
    province = make_province(seeds, seed)
    snapshots = make_snapshots(seeds, province)
    is_the_story = (years, times) == (len(YEARS), 1)
    if is_the_story:
        reports, findings = make_reports(seeds, seed, province, snapshots)
    else:
        reports = make_deliveries(seeds, seed, province, make_schedule(seeds, seed))
        reports, snapshots = multiply(seeds, *prolong(seeds, reports, snapshots, years), times)
        reports, findings = list(with_declarations(seeds, reports, snapshots)), []
    soiled = soil(seeds, seed, reports, lambda report: clean_workbook(reference, report), dirt, dirt_rate)
    reports = [replace(each, accepted=each.accepted and each.path not in soiled.rejected) for each in reports]

    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        beside.chmod(0o755)
        _write_inbox(beside, reference, reports, soiled)
        _write_registries(beside, snapshots)
        _write_deliveries(beside / "deliveries.csv", seeds, reports, snapshots)
        if is_the_story:
            books = open_books(seeds, reports, snapshots)
            write_answer_key(beside / "answer_key", books, soiled.standing(findings))
            if dirt:
                write_csv(beside / "answer_key" / "dirt.csv", DIRT, _dirt_lines(seeds, soiled))
        _put_in_place(beside, folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def make_reports(
    seeds: Seeds, seed: int, province: Province, snapshots: Sequence[Snapshot]
) -> tuple[list[Report], list[DeliberateFinding]]:
    """All files of a seed as their senders mean them, in order of arrival, and what is wrong with them on purpose."""
    reports = make_deliveries(seeds, seed, province, make_schedule(seeds, seed))
    reports = list(with_declarations(seeds, reports, snapshots))
    return reports, deliberate_findings(seeds, province, reports)


def _put_in_place(beside: Path, folder: Path) -> None:
    if folder.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
        folder.rename(old / folder.name)
        beside.rename(folder)
        shutil.rmtree(old)
    else:
        beside.rename(folder)


def _write_inbox(folder: Path, reference: Reference, reports: Sequence[Report], soiled: Soiled) -> None:
    for report in reports:
        path = folder / report.path
        path.parent.mkdir(parents=True, exist_ok=True)
        content = soiled.contents.get(report.path)
        path.write_bytes(clean_workbook(reference, report) if content is None else content)
        _stamp(path, report.received_at)


def clean_workbook(reference: Reference, report: Report) -> bytes:
    """The workbook of a report, as somebody fills it in who does all as the form asks."""
    unit = reference.roster[report.report_year, report.unit_code]
    form = reference.form_for(FORM_YEAR)
    cover = {
        "report_kind": report.report_kind,
        "submission_kind": report.submission_kind,
        "data_from": report.data_from,
        "data_to": report.data_to,
        "value_kind": report.value_kind,
        "document_number": report.document_number,
        "signed_on": report.signed_on,
        "signer_title": report.signer_title,
        "data_scope": report.data_scope,
    }
    if report.submission_kind != "partial_correction":
        cover |= {
            f"nil_{sheet}": sheet in report.nil for sheet in report.sheets if f"nil_{sheet}" in form.cover.by_code
        }
    return write_workbook(form, reference, cover, report.sheets, unit)


def _stamp(path: Path, instant: datetime) -> None:
    os.utime(path, (instant.timestamp(), instant.timestamp()))


def _pulled_at(snapshot: Snapshot) -> datetime:
    return datetime.combine(snapshot.speaks_of, PULLED_AT)


def _registry_path(snapshot: Snapshot) -> str:
    return f"registry/{snapshot.speaks_of}.sqlite"


def _write_registries(folder: Path, snapshots: Sequence[Snapshot]) -> None:
    (folder / "registry").mkdir()
    for snapshot in snapshots:
        path = folder / _registry_path(snapshot)
        write_registry(path, snapshot)
        _stamp(path, _pulled_at(snapshot))
    shutil.copy2(folder / _registry_path(snapshots[-1]), folder / "registry.sqlite")


def _write_deliveries(path: Path, seeds: Seeds, reports: Sequence[Report], snapshots: Sequence[Snapshot]) -> None:
    """One line per file and per state of the registry, in order of arrival; `stage` is the year it belongs to."""
    lines = []
    for report in reports:
        year, at = report.report_year, report.received_at
        named = (report.path, report.folder, report.file_name, _utc(at), report.unit_code, year)
        lines.append((at, (year, "file", *named, _verdict(report), report.note)))
    for snapshot in snapshots:
        stage = min(year for year, cycle in seeds.cycles.items() if snapshot.speaks_of <= cycle.registry_cut_off)
        at, name = _pulled_at(snapshot), _registry_path(snapshot)
        lines.append((at, (stage, "registry", name, "", Path(name).name, _utc(at), "", "", "", "")))
    write_csv(path, DELIVERIES, (line for _, line in sorted(lines)))


def _dirt_lines(seeds: Seeds, soiled: Soiled) -> Iterator[Iterable[object]]:
    for each in soiled.truth:
        yield (
            each.path, each.dirt_class, each.sheet_code, each.row_number, each.field_code, each.cell,
            _legible(each.written), each.outcome, each.value, each.said(seeds.rule_severities),
            "rejected" if each.path in soiled.rejected else "accepted",
        )  # fmt: skip


def _legible(written: str) -> str:
    """Signs that nobody sees, by their numbers."""
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in written)


def _verdict(report: Report) -> str:
    return "accepted" if report.accepted else "rejected"


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
