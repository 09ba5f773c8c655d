"""`htx lint`: check the plan's reference data for consistency."""

import sys
from dataclasses import asdict

import click

from htx import environment
from htx.commands.output import print_found
from warehouse.connection import WarehouseUnreachable
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import plan_folder


@click.command()
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per finding.")
def lint(as_json: bool) -> None:
    """Check targets, indicators, decisions, cycles and roster against each other.

    Where there is a warehouse already, it also names verdicts of years whose report was issued that an edited file
    would move. Errors block the next build. Checks that need the registry are in reports.rpt_plan_lint."""
    from expectations.reference.reference_checks import lint_plan

    findings = lint_plan(plan_folder())
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
