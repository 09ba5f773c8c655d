"""`htx db` and `htx roles`: the embedded server, the schema of the warehouse, and who has which rights."""

import sys

import click

from htx import environment
from htx.commands.output import print_found

GROUPS = ("ingestion", "transformation", "analyst", "bi")


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


@click.command()
@click.option("--login", metavar="NAME", help="A login to create, or to move to this group.")
@click.option("--group", type=click.Choice(GROUPS), help="The group of the login.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object: the logins by group.")
def roles(login: str | None, group: str | None, as_json: bool) -> None:
    """Grant each group its rights; with --login, create a login.

    ingestion reads and writes raw and quality, transformation reads raw and owns what builds make, analyst reads
    marts and reports, bi reads bi. Run it as the owner of the database, again after each upgrade and after logins
    were created by other means. The password of a login is prompted for, or read from the first line of standard
    input; an empty line leaves it unchanged."""
    if (login is None) != (group is None):
        raise click.UsageError("--login and --group go together.")
    from htx import steps

    password = _password() if login else None
    found = steps.apply_roles(environment.warehouse_url(), login, group, password)
    print_found(found, as_json, [f"{name:<16}{', '.join(logins) or '-'}" for name, logins in found.items()])


def _password() -> str | None:
    if sys.stdin.isatty():
        return click.prompt("Password", default="", show_default=False, hide_input=True, err=True) or None
    return sys.stdin.readline().rstrip("\r\n") or None
