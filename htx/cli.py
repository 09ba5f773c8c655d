"""The command line `htx`: data on stdout, progress and logs on stderr."""

import logging
import sys

import click

from htx import environment
from htx.commands import (
    builds,
    db,
    exit_codes,
    explain,
    intake,
    local,
    mail,
    papers,
    plan,
    report,
    units,
)


@click.group(cls=exit_codes.Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="htx-warehouse", prog_name="htx", message="%(prog)s %(version)s")
@click.option("-v", "--verbose", is_flag=True, help="Log each step.")
def main(verbose: bool) -> None:
    """The warehouse of women-managed cooperatives: from the units' workbooks to the plan's targets."""
    environment.silence()
    environment.keep_private()
    # On the handler, since some libraries set the level of their own loggers.
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.INFO if verbose else logging.WARNING)
    logging.basicConfig(handlers=[handler], level=logging.INFO, format="%(levelname)s %(message)s")


COMMANDS = (
    intake.form,
    intake.check,
    intake.load,
    intake.pull_registry,
    intake.receipts,
    intake.late_permits,
    units.status,
    units.remind,
    units.notices,
    units.health,
    mail.mail,
    plan.lint,
    plan.preview,
    plan.season,
    plan.form_version,
    builds.build,
    builds.roll_back,
    explain.explain,
    report.report,
    report.export,
    papers.publications,  # with what papers.py adds to them
    builds.docs,
    db.backup,
    db.restore,
    db.roles,
    db.db,
    local.example,
    local.run,
    local.serve,
    local.dashboards,
    local.preflight,
)
for command in COMMANDS:
    main.add_command(command)
