"""`htx form`, `check`, `load`, `receipts`, `late-permit` and `pull-registry`: what comes into the warehouse."""

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from htx import environment
from htx.commands.instants import INSTANT, LAST_DAY, YEAR, as_of
from htx.commands.output import print_found
from warehouse.reference.reference_data import plan_folder

if TYPE_CHECKING:
    from ingestion.feedback.reviewed_file import ReviewedFile
    from ingestion.workbook.received_file import ReceivedFile


@click.command()
@click.option("--unit", required=True, help="Code of the reporting unit, as on the roster.")
@click.option("--year", required=True, type=YEAR, help="Report year.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The workbook to write.")
def form(unit: str, year: int, output: Path | None) -> None:
    """Write the form of a unit for a year, prefilled with what the warehouse already has."""
    from htx import steps

    output = output or Path(f"{year}-{unit}.xlsx")
    output.write_bytes(steps.prefilled_form(environment.warehouse_url(), unit, year))
    click.echo(output)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--received-at", type=INSTANT, help="When the files count as received; the time of storage by default.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per file.")
@click.option("--marked-copy", "marked", metavar="DIR", type=click.Path(file_okay=False, path_type=Path),
              help="Write the annotated copy of each workbook into this folder.")  # fmt: skip
def check(files: tuple[Path, ...], received_at: datetime | None, as_json: bool, marked: Path | None) -> None:
    """Read and validate workbooks as loading would, without touching the warehouse's data.

    History, the registry and other units are queried too where marts were promoted. Late permits are not taken into
    account."""
    from htx import steps
    from warehouse.reference.reference_data import read_reference

    reference = read_reference(plan_folder())
    received = [_received(path, received_at) for path in files]
    find_warehouse = environment.warehouse_url if environment.has_warehouse() else None
    reviewed = steps.check_files(received, reference, find_warehouse)
    for each in reviewed:
        _print_review(each, as_json)
    if marked:
        steps.write_answers(reviewed, reference, marked.absolute().as_uri())
    sys.exit(any(each.verdict == "rejected" for each in reviewed))


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--received-at", type=INSTANT, help="When the files were received, such as 2025-11-28T16:30:00+07:00.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per file.")
def load(files: tuple[Path, ...], received_at: datetime | None, as_json: bool) -> None:
    """Load workbooks by hand, in the order given, as the Union's office.

    With --received-at, each counts as received a microsecond after the one before it."""
    from htx import steps
    from ingestion.intake.looks import MOMENT

    received = [_received(path, received_at and received_at + place * MOMENT) for place, path in enumerate(files)]
    reviewed = steps.load_files(environment.warehouse_url(), received, outbox_url=environment.outbox_url())
    for each in reviewed:
        _print_review(each, as_json)
    sys.exit(any(each.verdict == "rejected" for each in reviewed))


@click.command("pull-registry")
@click.option("--url", help="SQLAlchemy URL of the registry; REGISTRY_URL by default.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day that it describes; today by default.")
@click.option(
    "--allow-change",
    "--allow-shrink",
    "allow_because",
    metavar="REASON",
    help="Accept fewer than 95 % of the previous rows, or more than 150 % of the cooperatives, for this reason.",
)
def pull_registry(url: str | None, as_of: datetime | None, allow_because: str | None) -> None:
    """Pull a snapshot of the provincial registry."""
    from htx import steps

    day = as_of.date() if as_of else None
    pulled = steps.pull_registry(environment.warehouse_url(), url or environment.registry_url(), day, allow_because)
    click.echo(json.dumps(pulled, default=str, ensure_ascii=False))


@click.group("receipts")
def receipts() -> None:
    """Times of receipt: what the Union's office knows better than the inbox."""


@receipts.command("amend")
@click.argument("id", metavar="ID")
@click.option("--received-at", required=True, type=INSTANT, help="When it was received, 2025-11-28T16:30.")
@click.option("--reason", required=True, help="Why its time of receipt was wrong.")
@click.option("--by", "amended_by", required=True, help="Who corrects it.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object.")
def amend(id: str, received_at: datetime, reason: str, amended_by: str, as_json: bool) -> None:
    """Correct the time of receipt of a file, accepted or rejected. ID is its receipt number or submission_id.

    The old time is kept beside it; the marts follow at the next build."""
    from ingestion.intake.receipts import amend_receipt
    from warehouse.migrations import open_warehouse
    from warehouse.reference.dates_vi import instant_vi

    with open_warehouse(environment.warehouse_url()) as connection:
        amended = amend_receipt(connection, id, received_at, reason, amended_by)
    line = f"{id}: {instant_vi(amended.old_received_at)} → {instant_vi(amended.received_at)}"
    print_found(asdict(amended), as_json, [line])


@click.group("late-permit")
def late_permits() -> None:
    """Late permits: which unit may still submit files for a locked year, until when, and why."""


@late_permits.command("grant")
@click.option("--unit", required=True, help="Code of the reporting unit, as on the roster.")
@click.option("--year", required=True, type=YEAR, help="Report year.")
@click.option("--reason", required=True, help="Why the unit may still submit files.")
@click.option("--by", "granted_by", required=True, help="Who grants it.")
@click.option(
    "--until",
    required=True,
    type=LAST_DAY,
    help="The last day (2026-03-15) or the instant until which files are accepted.",
)
@as_of("The instant from which files are accepted")
@click.option("--json", "as_json", is_flag=True, help="A JSON object.")
def grant(unit: str, year: int, reason: str, granted_by: str, until: datetime, as_of: datetime, as_json: bool) -> None:
    """Accept the files that a unit sends for a locked year, from now until a day.

    Files that the lock rejected and that are still in the inbox are read again by the next ingest."""
    from htx import late_submission_permits

    granted = late_submission_permits.grant(environment.warehouse_url(), unit, year, reason, granted_by, as_of, until)
    print_found(granted, as_json, late_submission_permits.as_table([granted]))


@late_permits.command("list")
@click.option("--unit", help="Only this unit's.")
@click.option("--year", type=YEAR, help="Only this year's.")
@as_of("The instant to judge by")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per permit.")
def list_permits(unit: str | None, year: int | None, as_of: datetime, as_json: bool) -> None:
    """List all permits ever granted, with the files that each admitted."""
    from htx import late_submission_permits

    found = late_submission_permits.listed(environment.warehouse_url(), unit, year, as_of)
    print_found(found, as_json, late_submission_permits.as_table(found))


@late_permits.command("revoke")
@click.argument("exception_id", metavar="PERMIT_ID")
@click.option("--by", "revoked_by", required=True, help="Who revokes it.")
@as_of("The instant from which files are rejected again")
@click.option("--json", "as_json", is_flag=True, help="A JSON object.")
def revoke(exception_id: str, revoked_by: str, as_of: datetime, as_json: bool) -> None:
    """End a permit before its time. Files that it admitted stay accepted."""
    from htx import late_submission_permits

    revoked = late_submission_permits.revoke(environment.warehouse_url(), exception_id, revoked_by, as_of)
    print_found(revoked, as_json, late_submission_permits.as_table([revoked]))


def _received(path: Path, received_at: datetime | None) -> "ReceivedFile":
    from ingestion.intake.inbox import plain_name, read_bytes, time_of
    from ingestion.intake.looks import clamped
    from ingestion.workbook.received_file import UNION_FOLDER, ReceivedFile

    stored = time_of(path.stat().st_mtime)
    with path.open("rb") as opened:
        content = read_bytes(opened)
    if received_at:
        return ReceivedFile(UNION_FOLDER, plain_name(path.name), received_at, content)
    at, doubt = clamped(stored, None, datetime.now(UTC), ())
    return ReceivedFile(UNION_FOLDER, plain_name(path.name), at, content, stored_at=stored, doubt=doubt)


def _print_review(reviewed: "ReviewedFile", as_json: bool) -> None:
    from ingestion.feedback.findings import worst_first
    from ingestion.feedback.sentences import vietnamese

    file, duplicate = reviewed.file, reviewed.duplicate
    found = {
        "file": file.file_name,
        "submission_id": file.submission_id,
        "receipt_number": reviewed.receipt_number,
        "verdict": reviewed.verdict,
        "receipt": reviewed.receipt,
        "repeats": vars(duplicate) if duplicate else None,
        "awaits_build": reviewed.awaits_build,
        "findings": [vars(each) for each in reviewed.findings],
    }
    lines = [reviewed.receipt]
    if duplicate:
        lines.append(f"  {duplicate.sentence}")
    if reviewed.awaits_build:
        lines.append(f"  {vietnamese('awaits_build')}")
    for each in worst_first(reviewed.findings):
        place = " ".join(filter(None, [each.sheet_code, each.cell]))
        lines.append(f"  {vietnamese(each.severity)}, {place}: {each.message_vi} [{each.finding_id}]")
    print_found(found, as_json, lines)
