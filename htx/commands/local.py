"""`htx example`, `htx run`, `htx serve` and `htx drill`: the example province, and Airflow on this machine."""

import json
from pathlib import Path

import click

from htx import environment


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
    click.echo("\n".join(["", "Báo cáo đã phát hành", *(f"  {document}" for document in documents)]))


@click.command()
def serve() -> None:
    """Keep Airflow and the warehouse up until Ctrl-C."""
    from htx.local import demo

    demo.serve(environment.home())


@click.command()
@click.option("--year", type=int, help="A report year of the example; the last one by default.")
@click.option("--seed", default=1, show_default=True, help="Each seed gives another province.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object: year, events, failures.")
def drill(year: int | None, seed: int, as_json: bool) -> None:
    """Rehearse a year of the example province day by day, and report each step that fails.

    It runs in a scratch database, dropped at the end; the warehouse is not touched. It takes some minutes. Exit code 1
    when a step failed."""
    from htx.local import rehearsal

    played = rehearsal.rehearse(environment.warehouse_url(), environment.home(), year, seed)
    if as_json:
        click.echo(json.dumps(played, ensure_ascii=False))
    else:
        for event in played["events"]:
            click.echo(f"{event['on']}  {event['what']:<12} {'FAILED: ' if event['failed'] else ''}{event['message']}")
        click.echo(f"{len(played['failures'])} failures in the year {played['year']}")
    raise SystemExit(1 if played["failures"] else 0)
