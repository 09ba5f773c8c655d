"""`htx docs`: the warehouse as a page."""

from pathlib import Path

import click

from htx import environment


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write into; docs/ in HTX_HOME when not given.",
)
def docs(output: Path | None) -> None:
    """Write all models and columns, what they come from and who reads them as one page, static_index.html."""
    from warehouse.build import dbt

    folder = output or environment.home() / "docs"
    folder.mkdir(parents=True, exist_ok=True)
    click.echo(dbt.write_docs(environment.warehouse_url(), folder.resolve()))
