"""`htx build` and `htx rollback`: replace what readers see. `htx docs`: what is built."""

import getpass
from datetime import datetime
from pathlib import Path

import click

from htx import environment
from htx.commands.instants import as_of


@click.command()
@click.option("--again", is_flag=True, help="Build even if nothing changed, or if this state was rolled back.")
@as_of("The instant by which dates of the province's reports have passed")
@click.option("--accept", metavar="REASON", help="Why verdicts of years whose report was issued may move; it is kept.")
@click.option("--by", metavar="NAME", help="Who accepts that; your login on this machine by default.")
def build(again: bool, as_of: datetime, accept: str | None, by: str | None) -> None:
    """Validate the batch, build the marts, validate and promote them.

    Where an edited CSV file moves a verdict of a year whose report was issued, nothing is built without --accept.
    Files whose queries changed get a new annotated copy in the outbox. This is what the DAG build_warehouse does."""
    from htx import steps

    outbox_url = environment.outbox_url()
    built = steps.build_warehouse(
        environment.warehouse_url(), environment.dbt_output(), again, outbox_url, as_of, accept, by or login()
    )
    for warning in built["warnings"]:
        click.echo(f"warning: {warning}", err=True)
    click.echo(f"promoted {built['build_id']}" if built["changed"] else built["unchanged"])


@click.command("rollback")
@click.option("--because", metavar="TEXT", help="Why; kept in quality.builds.")
@click.option("--by", metavar="NAME", help="Who decided it; your login on this machine by default.")
def roll_back(because: str | None, by: str | None) -> None:
    """Restore the version that was public before the last promotion, in one transaction.

    One version is kept: a second rollback is refused. What was rolled back is promoted again when data, reference
    data or models change, or by `htx build --again`."""
    from htx import steps

    back = steps.roll_back(environment.warehouse_url(), by or login(), because)
    click.echo(f"back to {back['build_id']}: {back['rows']} rows of {back['tables']} tables changed")


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write into; docs/ in HTX_HOME by default.",
)
def docs(output: Path | None) -> None:
    """Write the page that explains the data, index.html: tables of readers, figures, the SQL behind both.

    It opens without network and server, has Vietnamese and English, and a search. Beside it stands dbt's own page of
    all models with their lineage, static_index.html."""
    from htx.catalogue import write_catalogue
    from warehouse.build import dbt

    folder = (output or environment.home() / "docs").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    dbt.write_docs(environment.warehouse_url(), folder)  # leaves an index.html too, which opens from a server only
    click.echo(write_catalogue(environment.warehouse_url(), folder))


def login() -> str:
    """The login name of the user on this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container whose user has no name
        return "unknown"
