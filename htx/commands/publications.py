"""`htx publications`: published reports, and whether their figures can be reproduced today."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from htx import environment
from htx.commands.builds import login
from htx.commands.instants import instant_of

if TYPE_CHECKING:
    from warehouse.editions.records import Publication

KINDS = {"annual": "annual", "phase": "phase_review"}


@contextmanager
def refusals() -> Iterator[None]:
    """A refused publication is wrong use of a command."""
    from warehouse.editions.records import PublicationRefused

    try:
        yield
    except PublicationRefused as error:
        raise click.UsageError(str(error)) from error


@click.group("publications")
def publications() -> None:
    """List, register, compare and verify published reports."""


@publications.command("add")
@click.option("--kind", required=True, type=click.Choice(list(KINDS)), help="A yearly report, or a review of a phase.")
@click.option("--year", type=int, help="Report year of a yearly report.")
@click.option("--phase", type=int, help="Phase of a review.")
@click.option("--recipient", required=True, metavar="CODE", help="The recipient it was sent to.")
@click.option("--at", "instant", help="The instant of its figures; now by default.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object.")
def add(kind: str, year: int | None, phase: int | None, recipient: str, instant: str | None, as_json: bool) -> None:
    """Register a report that was sent outside this system, with its figures as of an instant.

    The figures are never changed."""
    from htx.editions import workflow

    period = year if kind == "annual" else phase
    if period is None or (year is not None and phase is not None):
        raise click.UsageError("Give --year with --kind annual, or --phase with --kind phase.")
    at = instant_of(instant) or datetime.now(UTC)
    with refusals():
        kept = workflow.record_publication(environment.warehouse_url(), KINDS[kind], period, recipient, at, login())
    click.echo(json.dumps(asdict(kept), default=str, ensure_ascii=False) if as_json else _line(kept))


@publications.command("list")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per publication.")
def listed(as_json: bool) -> None:
    """List all publications in the order of their instants."""
    from warehouse.editions.records import publications as read
    from warehouse.migrations import open_warehouse

    with open_warehouse(environment.warehouse_url()) as connection:
        found = read(connection)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], default=str, ensure_ascii=False))
        return
    for each in found:
        click.echo(_line(each))


@publications.command("show")
@click.argument("publication_id")
@click.option("--json", "as_json", is_flag=True, help="A JSON object.")
def show(publication_id: str, as_json: bool) -> None:
    """Show one publication: its versions and inputs, documents and deliveries."""
    from htx.editions import workflow

    with refusals():
        found = workflow.described(environment.warehouse_url(), publication_id)
    if as_json:
        click.echo(json.dumps(found, default=str, ensure_ascii=False))
        return
    for name, value in found.items():
        if not isinstance(value, list | dict):
            click.echo(f"{name:<17} {'–' if value is None else value}")
    click.echo(f"{'missing_units':<17} {'; '.join(found['missing_units']) or '–'}")
    for each in found["documents"]:
        place = f"{each['recipient']}/{each['file_name']}"
        click.echo(f"document          {place}  {each['byte_count']} bytes  {each['sha256']}")
    for each in found["sendings"]:
        click.echo(f"sent              {each['recipient']}  {each['sent_at']}  {each['decided_by'] or '–'}")


@publications.command("changes")
@click.argument("publication_id")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per change.")
def changes(publication_id: str, as_json: bool) -> None:
    """List the differences between an edition and the previous one, with their causes, in Vietnamese."""
    from htx.editions import workflow

    with refusals():
        found = workflow.changes(environment.warehouse_url(), publication_id)
    if as_json:
        click.echo(json.dumps(found, default=str, ensure_ascii=False))
        return
    for each in found:
        click.echo(each["sentence_vi"])
    if not found:
        click.echo("không có thay đổi so với phiên bản trước")


@publications.command("verify")
@click.argument("publication_id", required=False)
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per figure, column and step.")
def verify(publication_id: str | None, as_json: bool) -> None:
    """Recompute all publications, or one, and print each figure that would differ today.

    The result is also in quality.publication_differences."""
    from htx.editions import workflow

    try:
        found = workflow.verify_publications(environment.warehouse_url(), publication_id)
    except LookupError as error:
        raise click.UsageError(str(error.args[0])) from error
    if as_json:
        click.echo(json.dumps(found, default=str, ensure_ascii=False))
        return
    for each in found:
        key = " ".join(map(str, each["key"].values()))
        change = f"{each['column']} {each['old_value'] or '–'} → {each['new_value'] or '–'}"
        click.echo(f"{each['publication_id']} {key}: {change} [{each['reason']}: {each['cause']}]")
    if not found:
        click.echo("every figure is what it was")


def _line(each: "Publication") -> str:
    at = f"{each.published_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    called = each.version or each.recipient or "–"
    return f"{each.publication_id}  {each.kind} {each.period}  {called}  {at}  {each.figures_sha256 or '–'}"
