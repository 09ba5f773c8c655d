"""docs/cli.md, generated from the commands themselves: `make docs-cli` writes it, a test compares it."""

from collections.abc import Iterator
from pathlib import Path

import click

from htx.cli import main

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
HEAD = """# Command line

`.venv/bin/htx`, written here as `htx`. Data goes to stdout, progress and logs to stderr. Exit codes: 0 done, 1 the
input has errors, 2 wrong use, 3 the warehouse cannot be reached. An INSTANT is written `2025-11-28T16:30:00+07:00`;
without a time zone it is of Viet Nam. This page is generated from the commands by `make docs-cli`.
"""


def commands(group: click.Group, parent: click.Context) -> Iterator[click.Context]:
    """The context of each command below a group, in alphabetical order."""
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=parent, terminal_width=100, max_content_width=100)
        if isinstance(command, click.Group):
            yield from commands(command, context)
        else:
            yield context


def cli_page() -> str:
    """The text of docs/cli.md."""
    found = list(commands(main, click.Context(main, info_name="htx", **main.context_settings)))
    table = [f"| `{each.command_path}` | {each.command.get_short_help_str(200)} |" for each in found]
    sections = [f"## {each.command_path}\n\n```\n{each.command.get_help(each)}\n```" for each in found]
    return "\n".join([HEAD, "| command | does |", "|---|---|", *table, "", "\n\n".join(sections), ""])


if __name__ == "__main__":
    PAGE.write_text(cli_page(), encoding="utf-8")
