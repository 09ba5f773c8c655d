"""`htx docs`: the documentation of dbt as one page."""

from pathlib import Path

import click

from htx import environment


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write into; docs/ in HTX_HOME by default.",
)
def docs(output: Path | None) -> None:
    """Write all models and columns with their lineage and exposures as one page, static_index.html."""
    from warehouse.build import dbt

    folder = output or environment.home() / "docs"
    folder.mkdir(parents=True, exist_ok=True)
    click.echo(dbt.write_docs(environment.warehouse_url(), folder.resolve()))
