"""`htx db`: the embedded server and the schema of the warehouse."""

import click

from htx import environment


@click.group()
def db() -> None:
    """The embedded server, and the schema of the warehouse."""


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


@db.command("migrate")
def db_migrate() -> None:
    """Bring the schema of the warehouse to this version.

    Every command that works on the warehouse does it by itself; this one needs nothing but the database. Once, it also
    searches what an earlier version kept for personal data, and removes it; loading does so too."""
    from ingestion.intake.kept_files import remove_personal_data_once
    from warehouse.connection import connect
    from warehouse.migrations import migrate
    from warehouse.reference.reference_data import SEEDS, read_reference

    with connect(environment.warehouse_url()) as connection:
        click.echo("migrated" if migrate(connection) else "up to date")
        connection.commit()
        if removed := remove_personal_data_once(connection, read_reference(SEEDS)):
            click.echo(f"{removed} files with personal data were kept before: their bytes are removed")


@db.command("url")
def db_url() -> None:
    """Print the URL of the warehouse."""
    click.echo(environment.warehouse_url())


@db.command("shell")
@click.argument("sql", required=False)
def db_shell(sql: str | None) -> None:
    """Run SQL on the warehouse: the argument, or lines from standard input, each statement ended by a semicolon."""
    from htx.commands import sql_shell

    sql_shell.run(environment.warehouse_url(), sql)
