"""`htx lint`, `htx preview`, `htx season`, `htx form-version`: check the plan's folder, begin a year or a form."""

import sys
from dataclasses import asdict
from datetime import datetime

import click

from htx import environment
from htx.commands.instants import YEAR, as_of
from htx.commands.output import print_found
from warehouse.connection import WarehouseUnreachable
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import plan_folder
from warehouse.reference.time_zone import VIET_NAM


@click.command()
@as_of("The instant by which the roster of the next year may be overdue", only_looks=True)
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per finding.")
def lint(as_of: datetime, as_json: bool) -> None:
    """Check targets, indicators, decisions, cycles and roster against each other.

    Where there is a warehouse already, it also names verdicts of years whose report was issued that an edited file
    would move. Errors block the next build. Checks that need the registry are in reports.rpt_plan_lint."""
    from expectations.reference.reference_checks import lint_plan

    findings = lint_plan(plan_folder(), as_of.astimezone(VIET_NAM).date())
    if environment.has_warehouse() and not any(each.level == "error" for each in findings):
        findings += _moved()
    errors = sum(each.level == "error" for each in findings)
    lines = [
        f"{phrase(f'severity.{each.level}')} {each.place} [{each.check_code}]\n  {each.message_vi}\n  {each.message_en}"
        for each in findings
    ]
    lines.append(phrase("findings_counted", errors=errors, warnings=len(findings) - errors))
    print_found([asdict(each) for each in findings], as_json, lines)
    sys.exit(errors > 0)


def _moved() -> list:
    from htx import steps

    try:
        return steps.moved_by_reference_data(environment.warehouse_url())
    except WarehouseUnreachable as error:
        click.echo(f"verdicts of issued years were not compared: {error}", err=True)
        return []


@click.command()
@click.option("--json", "as_json", is_flag=True, help="A JSON object, with each figure, unit and part that moves.")
def preview(as_json: bool) -> None:
    """Show which figures and verdicts the plan's folder (HTX_PLAN), as it is now, would move.

    A copy of the warehouse is built with it in a server of its own, compared with what is public, and removed: nothing
    is written to the warehouse. It takes as long as a backup, a restore and a build, and needs a login that may make
    backups. Exit code 1 where the plan has errors, or what was built would not be promoted."""
    from htx.plan.preview import preview as made
    from htx.plan.preview_text import as_lines

    found = made(environment.warehouse_url(), environment.home() / "preview", environment.dbt_output() / "preview")
    print_found(found.as_dict(), as_json, as_lines(found))
    sys.exit(bool(found.refused))


@click.group()
def season() -> None:
    """The plan's rows of a report year."""


@season.command("open")
@click.argument("year", type=YEAR)
def open_(year: int) -> None:
    """Carry roster and cycle of the year before forward into YEAR, in the plan's folder (HTX_PLAN).

    Prints what a person must look at before the rows are committed. Refuses a year that has a roster."""
    from htx.plan import seasons

    click.echo("\n".join([*seasons.open_season(plan_folder(), year), "Then: htx lint"]))


@click.group("form-version")
def form_version() -> None:
    """The versions of the form."""


@form_version.command("new")
@click.argument("code")
@click.option("--from", "earlier", required=True, help="The newest version, which the new one differs from.")
@click.option("--first-year", required=True, type=YEAR, help="The first report year for which units use it.")
def new(code: str, earlier: str, first_year: int) -> None:
    """Begin the form version CODE in the plan's folder (HTX_PLAN), as differences from another.

    Prints which files take the differences."""
    from htx.plan import seasons

    click.echo("\n".join([*seasons.new_form_version(plan_folder(), code, earlier, first_year), "Then: htx lint"]))
