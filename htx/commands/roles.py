"""`htx roles`: rights of the groups of people and programs that share a warehouse."""

import sys

import click

from htx import environment
from htx.commands.output import print_found

GROUPS = ("ingestion", "transformation", "analyst", "bi")


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
