"""`htx publications`: published reports, and whether their figures can be reproduced today."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from htx import environment
from htx.commands.builds import login
from htx.commands.instants import INSTANT, PHASE, YEAR
from htx.commands.output import print_found
from warehouse.reference.phrases import phrase

if TYPE_CHECKING:
    from warehouse.editions.records import Publication

KINDS = {"annual": "annual", "phase": "phase_review"}


@click.group("publications")
def publications() -> None:
    """List, register, compare and verify published reports."""


@publications.command("add")
@click.option("--kind", required=True, type=click.Choice(list(KINDS)), help="A yearly report, or a review of a phase.")
@click.option("--year", type=YEAR, help="Report year of a yearly report.")
@click.option("--phase", type=PHASE, help="Phase of a review.")
@click.option("--recipient", required=True, metavar="CODE", help="The recipient it was sent to.")
@click.option("--at", type=INSTANT, help="The instant of its figures; now by default.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object.")
def add(kind: str, year: int | None, phase: int | None, recipient: str, at: datetime | None, as_json: bool) -> None:
    """Register a report that was sent outside this system, with its figures as of an instant.

    The figures are never changed."""
    from htx.editions import workflow

    period = year if kind == "annual" else phase
    if period is None or (year is not None and phase is not None):
        raise click.UsageError("Give --year with --kind annual, or --phase with --kind phase.")
    at = at or datetime.now(UTC)
    kept = workflow.record_publication(environment.warehouse_url(), KINDS[kind], period, recipient, at, login())
    print_found(asdict(kept), as_json, [_line(kept)])


@publications.command("list")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per publication.")
def listed(as_json: bool) -> None:
    """List all publications in the order of their instants."""
    from warehouse.editions.records import publications as read
    from warehouse.migrations import open_warehouse

    with open_warehouse(environment.warehouse_url()) as connection:
        found = read(connection)
    print_found([asdict(each) for each in found], as_json, map(_line, found))


@publications.command("show")
@click.argument("publication_id")
@click.option("--json", "as_json", is_flag=True, help="A JSON object.")
def show(publication_id: str, as_json: bool) -> None:
    """Show one publication: its versions and inputs, documents and deliveries."""
    from htx.editions import workflow

    found = workflow.described(environment.warehouse_url(), publication_id)
    lines = [
        f"{name:<17} {'–' if value is None else value}"
        for name, value in found.items()
        if not isinstance(value, list | dict)
    ]
    for name in ("missing_units", "missing_sections"):
        lines.append(f"{name:<17} {'; '.join(found[name]) or '–'}")
    for each in found["documents"]:
        place = f"{each['recipient']}/{each['file_name']}"
        lines.append(f"document          {place}  {each['byte_count']} bytes  {each['sha256']}")
    for each in found["papers"]:
        about = [each["state"], each["number"], each["signed_on"], each["signer"], each["issued_on"], each["channel"]]
        lines.append(f"paper             {each['recipient']}  {'  '.join(filter(None, about))}")
        if each["words_missing"]:
            lines.append(f"words missing     {each['recipient']}  {'; '.join(each['words_missing'])}")
        for file in each["files"]:
            lines.append(f"{file['kind']:<17} {each['recipient']}/{file['file_name']}  {file['sha256']}")
    for each in found["sendings"]:
        lines.append(f"sent              {each['recipient']}  {each['sent_at']}  {each['decided_by'] or '–'}")
    print_found(found, as_json, lines)


@publications.command("changes")
@click.argument("publication_id")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per change.")
def changes(publication_id: str, as_json: bool) -> None:
    """List the differences between an edition and the previous one, with their causes, in Vietnamese."""
    from htx.editions import workflow

    found = workflow.changes(environment.warehouse_url(), publication_id)
    sentences = [each["sentence_vi"] for each in found]
    print_found(found, as_json, sentences or [phrase("no_changes")])


@publications.command("verify")
@click.argument("publication_id", required=False)
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per figure, column and step.")
def verify(publication_id: str | None, as_json: bool) -> None:
    """Recompute all publications, or one, and print each figure that would differ today.

    The result is also in quality.publication_differences."""
    from htx.editions import workflow

    found = workflow.verify_publications(environment.warehouse_url(), publication_id)
    lines = []
    for each in found:
        key = " ".join(map(str, each["key"].values()))
        change = f"{each['column']} {each['old_value'] or '–'} → {each['new_value'] or '–'}"
        lines.append(f"{each['publication_id']} {key}: {change} [{each['reason']}: {each['cause']}]")
    print_found(found, as_json, lines or ["every figure is what it was"])


def _line(each: "Publication") -> str:
    at = f"{each.published_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    called = each.version or each.recipient or "–"
    return f"{each.publication_id}  {each.kind} {each.period}  {called}  {at}  {each.figures_sha256 or '–'}"
