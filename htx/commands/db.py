"""`htx db`, `htx roles`, `htx backup` and `htx restore`: server, schema, rights and backups of the warehouse."""

import sys
from collections.abc import Iterator

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

    Every command that works on the warehouse does it by itself; this one needs nothing but the database. Once, with the
    plan's folder, it also searches what an earlier version kept for personal data, and removes it; so does loading."""
    from ingestion.intake.kept_files import remove_personal_data_once, was_searched
    from warehouse.connection import connect
    from warehouse.migrations import migrate
    from warehouse.reference.reference_data import plan_folder, read_reference

    with connect(environment.warehouse_url()) as connection:
        click.echo("migrated" if migrate(connection) else "up to date")
        connection.commit()
        if was_searched(connection):
            return
        if removed := remove_personal_data_once(connection, read_reference(plan_folder())):
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
    marts, reports and bi, bi reads bi. Run it as the owner of the database, again after each upgrade and after logins
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


@click.command()
@click.argument("dest", required=False)
@click.option("--check", is_flag=True, help="Make none: read all that are there, and compare them with their sums.")
@click.option("--prune", is_flag=True, help="Afterwards delete those that BACKUP_KEEP does not keep.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object: the manifest; with --check, an array.")
@click.pass_context
def backup(context: click.Context, dest: str | None, check: bool, prune: bool, as_json: bool) -> None:
    """Write a backup of the whole warehouse into the folder DEST, any fsspec URL; BACKUP_URL by default.

    It waits for a running build, is of one instant, and is read back after it was written. With --check, exit code 1
    and the name of the file where one is damaged. What is not in it: logins of the database, Airflow's own database."""
    from htx.backups import backup as making
    from htx.backups.retention import Retention

    url = dest or environment.backup_url()
    if check:
        checked = making.check(url)
        found = [{"name": name, "wrong": wrong} for name, wrong in checked]
        print_found(found, as_json, [f"{name}  {wrong or 'ok'}" for name, wrong in checked])
        context.exit(int(any(wrong for _, wrong in checked)))
    try:
        retention = Retention.of(environment.backup_keep()) if prune else None
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    made = making.back_up(environment.warehouse_url(), url, retention)
    print_found(made, as_json, _lines_of_backup(made))


@click.command()
@click.argument("source", required=False)
@click.option("--replace", is_flag=True, help="Let it take the place of a database that is not empty, which is kept.")
@click.option("--rehearse", is_flag=True, help="Restore into a new server, prove it, and remove that server.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object.")
def restore(source: str | None, replace: bool, rehearse: bool, as_json: bool) -> None:
    """Restore a backup, or the newest one of a folder, into the empty database of WAREHOUSE_URL.

    SOURCE is any fsspec URL; BACKUP_URL by default. It is proved before it is used: all rows are there, and the figures
    of every publication are computed again. With --replace that happens in a new database, and at the end the two
    change names: sessions of readers are ended, and their next ones read what was restored. Stop Airflow first."""
    from htx.backups import restore as restoring

    if replace and rehearse:
        raise click.UsageError("A rehearsal replaces nothing: give --replace or --rehearse.")
    url = source or environment.backup_url()
    if rehearse:
        found = restoring.rehearse(url, environment.home() / "rehearsal")
        if environment.has_warehouse():
            restoring.record_rehearsal(environment.warehouse_url(), found)
    else:
        found = restoring.restore(url, environment.warehouse_url(), replace)
    print_found(found, as_json, _lines_of_restore(found))


def _lines_of_backup(made: dict) -> Iterator[str]:
    yield f"{made['place']}  {_megabytes(made['dump_bytes'])}  in {made['seconds']} s"
    a_year = made["raw_bytes_a_year"]
    grows = "known after four weeks of backups" if a_year is None else f"{_megabytes(a_year)} a year"
    yield f"raw holds {_megabytes(made['raw_bytes'])}, growth: {grows}"
    for name in made["deleted"]:
        yield f"deleted {name}"


def _lines_of_restore(found: dict) -> Iterator[str]:
    yield f"{found['backup']}: {found['rows']} rows of raw in {found['seconds_to_restore']} s"
    yield f"publications that give their figures again: {found['publications']}, in {found['seconds_to_prove']} s"
    if found["before"]:
        yield f"what was there before is the database {found['before']}: drop it when it is not needed any more"
    for group, logins in found["logins"].items():
        for login in logins:
            yield f"where it is missing: htx roles --login {login} --group {group}"


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"
