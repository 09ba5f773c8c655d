"""The command line `htx`: data on stdout, progress and logs on stderr.

Exit codes: 0 done, 1 the input has errors, 2 wrong use, 3 the warehouse cannot be reached.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from htx import environment
from htx.commands.builds import build, roll_back
from htx.commands.docs import docs
from htx.commands.drill import drill
from htx.commands.exception import lock_exception
from htx.commands.explain import explain
from htx.commands.instants import instant_of
from htx.commands.lint import lint
from htx.commands.publications import publications
from htx.commands.remind import remind
from htx.commands.report import report
from htx.commands.roles import roles


class Commands(click.Group):
    """Commands whose known errors end with a sentence and a documented exit code."""

    def invoke(self, ctx: click.Context):
        from warehouse.connection import WarehouseUnreachable

        try:
            return super().invoke(ctx)
        except WarehouseUnreachable as error:
            click.echo(f"htx: {error}", err=True)
            ctx.exit(3)
        except _input_errors() as error:
            click.echo(f"htx: {error}", err=True)
            ctx.exit(1)


def _input_errors() -> tuple[type[Exception], ...]:
    from expectations.errors import GateFailed
    from htx.explain import NothingPublished
    from htx.local.airflow import RunFailed, ServicesFailed
    from htx.mail.reminders import RemindersFailed
    from ingestion.intake.registry_snapshots import RegistryShrunk, RegistryUnreadable
    from reporting.content.recipients import LetterheadMissing
    from reporting.documents.about import TemplateBroken
    from warehouse.build.builds import BuildForbidden, BuildOvertaken, BuildRolledBack
    from warehouse.build.dbt import DbtFailed
    from warehouse.promote.promote import ReadersInTheWay
    from warehouse.promote.rollback import RollbackRefused
    from warehouse.reference.csv_rows import InvalidReferenceData
    from warehouse.roles import RolesRefused

    of_data = (GateFailed, InvalidReferenceData, RegistryShrunk, RegistryUnreadable)
    of_builds = (BuildForbidden, BuildOvertaken, BuildRolledBack, DbtFailed, ReadersInTheWay)
    of_reports = (LetterheadMissing, NothingPublished, RemindersFailed, TemplateBroken)
    others = (RolesRefused, RollbackRefused, RunFailed, ServicesFailed)
    return (*of_data, *of_builds, *of_reports, *others)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-v", "--verbose", is_flag=True, help="Log each step.")
def main(verbose: bool) -> None:
    """The warehouse of women-managed cooperatives: from the units' workbooks to the plan's targets."""
    environment.silence()
    # On the handler, since some libraries set the level of their own loggers.
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.INFO if verbose else logging.WARNING)
    logging.basicConfig(handlers=[handler], level=logging.INFO, format="%(levelname)s %(message)s")


@main.command()
@click.option("--unit", required=True, help="Code of the reporting unit, as on the roster.")
@click.option("--year", required=True, type=int, help="Report year.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The workbook to write.")
def form(unit: str, year: int, output: Path | None) -> None:
    """Write the form of a unit for a year, prefilled with what the warehouse already has."""
    from htx import steps

    try:
        content = steps.prefilled_form(environment.warehouse_url(), unit, year)
    except LookupError as error:
        raise click.UsageError(str(error.args[0])) from error
    output = output or Path(f"{year}-{unit}.xlsx")
    try:
        output.write_bytes(content)
    except OSError as error:
        raise click.UsageError(f"{output} cannot be written: {error.strerror}") from error
    click.echo(output)


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--received-at", help="When the files count as received; the time of storage by default.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per file.")
@click.option("--marked-copy", "marked", metavar="DIR", type=click.Path(file_okay=False, path_type=Path),
              help="Write the annotated copy of each workbook into this folder.")  # fmt: skip
def check(files: tuple[Path, ...], received_at: str | None, as_json: bool, marked: Path | None) -> None:
    """Read and validate workbooks as loading would, without touching the warehouse's data.

    Late permits and earlier submissions are not taken into account."""
    from htx import steps
    from warehouse.reference.catalogue import read_reference

    instant = instant_of(received_at)
    reference = read_reference(steps.SEEDS)
    reviewed = steps.review([_received(path, instant) for path in files], reference)
    for each in reviewed:
        _print_review(each, as_json)
    if marked:
        steps.write_answers(reviewed, reference, marked.absolute().as_uri())
    sys.exit(any(each.verdict == "rejected" for each in reviewed))


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--received-at", help="When the files were received, such as 2025-11-28T16:30:00+07:00.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per file.")
def load(files: tuple[Path, ...], received_at: str | None, as_json: bool) -> None:
    """Load workbooks by hand, in the order given, as the Union's office.

    With --received-at, each counts as received a microsecond after the one before it."""
    from htx import steps
    from ingestion.intake.inbox import MOMENT

    instant = instant_of(received_at)
    received = [_received(path, instant and instant + place * MOMENT) for place, path in enumerate(files)]
    reviewed = steps.load_files(environment.warehouse_url(), received, outbox_url=environment.outbox_url())
    for each in reviewed:
        _print_review(each, as_json)
    sys.exit(any(each.verdict == "rejected" for each in reviewed))


@main.command("pull-registry")
@click.option("--url", help="SQLAlchemy URL of the registry; REGISTRY_URL by default.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day that it describes; today by default.")
@click.option("--allow-shrink", metavar="REASON", help="Accept fewer than 95 % of the previous rows, for this reason.")
def pull_registry(url: str | None, as_of: datetime | None, allow_shrink: str | None) -> None:
    """Pull a snapshot of the provincial registry."""
    from htx import steps

    day = as_of.date() if as_of else None
    pulled = steps.pull_registry(environment.warehouse_url(), url or environment.registry_url(), day, allow_shrink)
    click.echo(json.dumps(pulled, default=str, ensure_ascii=False))


@main.command()
@click.option("--year", required=True, type=int, help="Report year.")
@click.option("--as-of", help="The instant to judge by; now by default.")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per unit.")
def status(year: int, as_of: str | None, as_json: bool) -> None:
    """List who has reported for a year, when, the status of the files, and open queries."""
    from htx import submission_status as reporting_status

    rows = reporting_status.of_year(environment.warehouse_url(), year, instant_of(as_of) or datetime.now(UTC))
    if not rows:
        raise click.UsageError(f"The roster (reporting_roster.csv) has no units for {year}.")
    click.echo(json.dumps(rows, default=str, ensure_ascii=False) if as_json else reporting_status.as_table(rows))


main.add_command(build)
main.add_command(docs)
main.add_command(drill)
main.add_command(remind)
main.add_command(roll_back)
main.add_command(explain)
main.add_command(lint)
main.add_command(roles)
main.add_command(lock_exception)
main.add_command(publications)
main.add_command(report)


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--seed", default=1, show_default=True, help="Each seed gives another province.")
def example(folder: Path, seed: int) -> None:
    """Write the example province: inbox, registry, answer key."""
    from htx.example import write_example

    write_example(folder, seed)
    click.echo(folder)


@main.command()
def run() -> None:
    """Run the example's years through Airflow, and print the targets and where the reports are.

    This is what `make run` does."""
    from htx.local import demo, targets

    documents = demo.run(environment.home())
    click.echo(targets.as_text(environment.warehouse_url()))
    click.echo("\n".join(["", "Báo cáo đã phát hành", *(f"  {document}" for document in documents)]))


@main.command()
def serve() -> None:
    """Keep Airflow and the warehouse up until Ctrl-C."""
    from htx.local import demo

    demo.serve(environment.home())


@main.group()
def db() -> None:
    """The embedded server."""


@db.command("start")
def db_start() -> None:
    """Start the server if it is not running."""
    from warehouse.server import embedded

    click.echo(embedded.start(environment.home()))


@db.command("stop")
def db_stop() -> None:
    """Stop the server."""
    from warehouse.server import embedded

    embedded.stop(environment.home())


@db.command("url")
def db_url() -> None:
    """Print the URL of the warehouse."""
    click.echo(environment.warehouse_url())


@db.command("shell")
@click.argument("sql", required=False)
def db_shell(sql: str | None) -> None:
    """Run SQL on the warehouse: the argument, or lines from standard input, each statement ended by a semicolon."""
    from htx.local import shell

    shell.run(environment.warehouse_url(), sql)


def _received(path: Path, received_at: datetime | None):
    from ingestion.intake.inbox import plain_name, read_bytes
    from ingestion.workbook.received_file import ReceivedFile

    stored = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    with path.open("rb") as opened:
        return ReceivedFile("union", plain_name(path.name), received_at or stored, read_bytes(opened))


def _print_review(reviewed, as_json: bool) -> None:
    file, findings = reviewed.file, reviewed.findings
    if as_json:
        click.echo(
            json.dumps(
                {
                    "file": file.file_name,
                    "submission_id": file.submission_id,
                    "receipt_number": reviewed.receipt_number,
                    "verdict": reviewed.verdict,
                    "repeats": vars(reviewed.duplicate) if reviewed.duplicate else None,
                    "findings": [vars(each) for each in findings],
                },
                ensure_ascii=False,
            )
        )
        return
    said = {"accepted": "tiếp nhận", "rejected": "trả lại"}[reviewed.verdict]
    click.echo(f"{file.file_name}: {said} (biên nhận {reviewed.receipt_number})")
    if reviewed.duplicate:
        click.echo(f"  {reviewed.duplicate.sentence}")
    for each in findings:
        kind = {"error": "LỖI", "query": "CẦN GIẢI TRÌNH", "info": "LƯU Ý"}[each.severity]
        place = " ".join(filter(None, [each.sheet_code, each.cell]))
        click.echo(f"  {kind} {each.rule_code} {place}: {each.message_vi} [{each.finding_id}]")
