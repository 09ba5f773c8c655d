"""What a command prints: JSON for a program, lines for a person."""

import json
from collections.abc import Iterable

import click


def print_found(found: object, as_json: bool, lines: Iterable[str]) -> None:
    """Print what was found: as one JSON value, or its lines."""
    if as_json:
        lines = [json.dumps(found, default=str, ensure_ascii=False)]
    for line in lines:
        click.echo(line)
