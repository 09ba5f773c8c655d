"""`htx lint`: check the plan's reference data for consistency."""

import json
import sys
from dataclasses import asdict

import click

from warehouse.reference.reference_data import SEEDS

LABELS = {"error": "LỖI", "warning": "LƯU Ý"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per finding.")
def lint(as_json: bool) -> None:
    """Check targets, indicators, decisions, cycles and roster against each other, from the CSV files alone.

    Errors block the next build. Checks that need the registry are in reports.rpt_plan_lint."""
    from expectations.reference.reference_checks import lint_plan

    findings = lint_plan(SEEDS)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in findings], ensure_ascii=False))
    else:
        for each in findings:
            click.echo(f"{LABELS[each.level]} {each.place} [{each.check_code}]")
            click.echo(f"  {each.message_vi}\n  {each.message_en}")
        errors = sum(each.level == "error" for each in findings)
        click.echo(f"{errors} lỗi, {len(findings) - errors} lưu ý")
    sys.exit(any(each.level == "error" for each in findings))
