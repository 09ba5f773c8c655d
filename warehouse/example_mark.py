"""The mark of a warehouse that holds the example province, where times of receipt may be declared and the clock be set.

Only `htx run` sets it, in a warehouse that has received nothing: a trigger refuses it in any other."""

import psycopg

from warehouse.connection import scalar


def is_example(connection: psycopg.Connection) -> bool:
    """Whether the warehouse is marked."""
    return scalar(connection, "select exists (select from raw.example_mark)")


def mark_as_example(connection: psycopg.Connection) -> None:
    """Mark an empty warehouse; idempotent. psycopg.errors.RestrictViolation where files were received."""
    if not is_example(connection):
        connection.execute("insert into raw.example_mark default values on conflict do nothing")
