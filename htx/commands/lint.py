"""`htx lint`: check the plan's reference data for consistency."""

import sys
from dataclasses import asdict

import click

from htx.commands.output import print_found
from warehouse.reference.reference_data import SEEDS

LABELS = {"error": "LỖI", "warning": "LƯU Ý"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per finding.")
def lint(as_json: bool) -> None:
    """Check targets, indicators, decisions, cycles and roster against each other, from the CSV files alone.

    Errors block the next build. Checks that need the registry are in reports.rpt_plan_lint."""
    from expectations.reference.reference_checks import lint_plan

    findings = lint_plan(SEEDS)
    errors = sum(each.level == "error" for each in findings)
    lines = [
        f"{LABELS[each.level]} {each.place} [{each.check_code}]\n  {each.message_vi}\n  {each.message_en}"
        for each in findings
    ]
    lines.append(f"{errors} lỗi, {len(findings) - errors} lưu ý")
    print_found([asdict(each) for each in findings], as_json, lines)
    sys.exit(errors > 0)
