"""`htx report`: publish the province's reports."""

import sys
from datetime import datetime

import click

from htx import environment
from htx.commands.instants import PHASE, YEAR, as_of
from htx.commands.output import print_found

AS_OF = as_of("The instant to publish at")
FORCE = click.option("--force", metavar="REASON", help="Publish a report that is not ready; it prints the reason.")
JSON = click.option("--json", "as_json", is_flag=True, help="A JSON object.")


@click.group("report")
def report() -> None:
    """Publish the province's reports: Word, Excel and a page with charts, for each recipient; draft papers on request.

    Publishing is idempotent: unchanged figures are the same publication. A report that is not ready is not published:
    the exit code is then 1, and the answer lists what is missing."""


@report.command()
@click.option("--year", required=True, type=YEAR, help="Report year.")
@AS_OF
@FORCE
@JSON
def annual(year: int, as_of: datetime, force: str | None, as_json: bool) -> None:
    """Publish the yearly report."""
    _publish("annual", year, as_of, force, as_json)


@report.command()
@click.option("--phase", required=True, type=PHASE, help="Phase of the plan.")
@AS_OF
@FORCE
@JSON
def phase(phase: int, as_of: datetime, force: str | None, as_json: bool) -> None:
    """Publish the review of a phase that has ended."""
    _publish("phase_review", phase, as_of, force, as_json)


@report.command()
@click.option("--year", required=True, type=YEAR, help="The year that the estimate is for.")
@AS_OF
@JSON
def budget(year: int, as_of: datetime, as_json: bool) -> None:
    """Draft the budget estimate of a year, as Word and as a page: what is not known is left as dots."""
    from htx import drafts

    files = drafts.draft_budget(environment.warehouse_url(), year, as_of, environment.reports_url())
    print_found({"documents": files}, as_json, files)


@report.command()
@AS_OF
@JSON
def adhoc(as_of: datetime, as_json: bool) -> None:
    """Draft the paper on reports asked for beside the yearly one: what was requested, what came, what is overdue."""
    from htx import drafts

    files = drafts.draft_adhoc(environment.warehouse_url(), as_of, environment.reports_url())
    print_found({"documents": files}, as_json, files)


def _publish(kind: str, period: int, at: datetime, force: str | None, as_json: bool) -> None:
    from htx.editions import workflow

    if force is not None and not force.strip():
        raise click.UsageError("--force needs a reason: the report prints it.")
    url, reports_url = environment.warehouse_url(), environment.reports_url()
    answer = workflow.publish_report(url, kind, period, at, reports_url, force)
    print_found(answer, as_json, [answer["answer_vi"], *answer["documents"]])
    sys.exit(not answer["published"])
