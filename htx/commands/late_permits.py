"""`htx late-permit`: permits for a unit to submit to a locked year."""

from datetime import datetime

import click

from htx import environment
from htx.commands.instants import LAST_DAY, YEAR, as_of
from htx.commands.output import print_found


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
