"""`htx drill`: rehearse a whole year on example data, day by day, in a scratch database."""

import json

import click

from htx import environment


@click.command()
@click.option("--year", type=int, help="A report year of the example; the last one by default.")
@click.option("--seed", default=1, show_default=True, help="Each seed gives another province.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object: year, events, failures.")
def drill(year: int | None, seed: int, as_json: bool) -> None:
    """Rehearse a year of the example province day by day, and report each step that fails.

    It runs in a scratch database, dropped at the end; the warehouse is not touched. It takes some minutes. Exit code 1
    when a step failed."""
    from htx.local import rehearsal as year_played

    played = year_played.play_in_scratch(environment.warehouse_url(), environment.home(), year, seed)
    if as_json:
        click.echo(json.dumps(played, ensure_ascii=False))
    else:
        for event in played["events"]:
            click.echo(f"{event['on']}  {event['what']:<12} {'FAILED: ' if event['failed'] else ''}{event['said']}")
        click.echo(f"{len(played['failures'])} failures in the year {played['year']}")
    raise SystemExit(1 if played["failures"] else 0)
