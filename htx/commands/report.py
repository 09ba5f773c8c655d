"""`htx report` and `htx export`: publish the province's reports, and their figures as open data."""

import sys
from datetime import datetime

import click

from htx import environment
from htx.commands.instants import PHASE, YEAR, as_of
from htx.commands.output import print_found
from htx.commands.publications import KINDS

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
    """Draft the budget estimate of a year, as Word and as a page: the last known amounts, dots where none is known."""
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


@click.command("export")
@click.argument("dest")
@click.option("--format", "formats", default="csv,parquet", show_default=True, help="One of these, or both.")
@click.option("--publication", metavar="ID", help="Export the figures of this edition instead of bi.")
@click.option("--kind", type=click.Choice(list(KINDS)), help="Export an edition by its report, with --year or --phase.")
@click.option("--year", type=YEAR, help="Report year of a yearly report.")
@click.option("--phase", type=PHASE, help="Phase of a review.")
@click.option("--version", metavar="X.Y.Z", help="Its version; the last one by default.")
@JSON
def export(
    dest: str,
    formats: str,
    publication: str | None,
    kind: str | None,
    year: int | None,
    phase: int | None,
    version: str | None,
    as_json: bool,
) -> None:
    """Write the tables of bi into the folder DEST, any fsspec URL, with a data package that describes them.

    CSV and Parquet, datapackage.json (Frictionless, with an entry for DCAT catalogues), all of one instant; written
    last, datapackage.json names files that are complete. Each edition needs a folder of its own: its figures are those
    that were published, whatever came since, and can be cited."""
    from htx.open_data import edition, export

    chosen = [each.strip() for each in formats.split(",")]
    if not set(chosen) <= set(export.FORMATS):
        raise click.UsageError(f"--format takes {' and '.join(export.FORMATS)}, not {formats!r}.")
    period = year if kind == "annual" else phase
    if (kind is None) != (period is None) or (publication and kind) or (version and not kind):
        raise click.UsageError("An edition is named by --publication, or by --kind with --year or --phase.")
    environment.open_to_others()
    url = environment.warehouse_url()
    if kind and period is not None:
        publication = edition.find_edition(url, KINDS[kind], period, version)
    if publication:
        made = edition.export_edition(url, publication, dest, chosen)
    else:
        made = export.export_bi(url, dest, chosen)
    print_found(made, as_json, [f"{made['place']}  {sum(made['tables'].values())} rows  {made['sha256']}"])


def _publish(kind: str, period: int, at: datetime, force: str | None, as_json: bool) -> None:
    from htx.editions import workflow

    if force is not None and not force.strip():
        raise click.UsageError("--force needs a reason: the report prints it.")
    url, reports_url = environment.warehouse_url(), environment.reports_url()
    answer = workflow.publish_report(url, kind, period, at, reports_url, force)
    print_found(answer, as_json, [answer["answer_vi"], *answer["documents"]])
    sys.exit(not answer["published"])
