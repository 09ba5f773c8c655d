"""`htx example`, `htx run`, `htx serve`, `htx preflight`, `htx dashboards`: the example, services of this machine."""

from pathlib import Path

import click

from htx import environment
from warehouse.reference.phrases import phrase


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--seed", default=1, show_default=True, help="Each seed gives another province.")
def example(folder: Path, seed: int) -> None:
    """Write the example province: inbox, registry, answer key."""
    from htx.example import write_example

    write_example(folder, seed)
    click.echo(folder)


@click.command()
def run() -> None:
    """Run the example's years through Airflow, and print the targets and where the reports are.

    This is what `make run` does."""
    from htx.local import demo, targets

    documents = demo.run(environment.home())
    click.echo(targets.as_text(environment.warehouse_url()))
    click.echo("\n".join(["", phrase("reports_published"), *(f"  {document}" for document in documents)]))


@click.command()
def serve() -> None:
    """Keep Airflow and the warehouse up until Ctrl-C."""
    from htx.local import demo

    demo.serve(environment.home())


@click.command()
@click.option(
    "--superset",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The environment in which Superset is installed.",
)
def dashboards(superset: Path) -> None:
    """Keep Superset with the dashboards up until Ctrl-C, and say where to open them.

    This is what `make dashboards` does, which installs Superset first."""
    from htx.local.superset import serve_dashboards

    serve_dashboards(
        environment.home(),
        environment.warehouse_url(),
        superset.resolve() / "bin",
        progress=lambda line: click.echo(line, err=True),
    )


@click.command()
@click.pass_context
def preflight(ctx: click.Context) -> None:
    """Check folders, secrets, drivers and the warehouse before anything starts: a sentence for each fault."""
    from htx.preflight import faults

    found = list(faults())
    for sentence in found:
        click.echo(sentence)
    ctx.exit(1 if found else 0)
