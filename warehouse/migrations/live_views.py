"""What readers see that no build makes: bi.freshness, and comments on it and on the schemas.

It is true at the instant of a query, also while a build runs or after one failed. The Vietnamese is in phrases.csv and
descriptions.csv.
"""

import psycopg
from psycopg.sql import SQL, Composable, Identifier, Literal

from warehouse.reference.csv_rows import read_rows
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import plan_folder

FRESHNESS = """
    create view bi.freshness as
    select event, event_vi, event_en, happened_at, what, sort_order
    from quality.last_events
    inner join (values {}) as names (event, event_vi) using (event)
"""
EVENTS = ("received", "registry_pulled", "build_started", "promoted", "issued")
SCHEMAS = ("marts", "reports", "bi")


def create_live_views(connection: psycopg.Connection) -> None:
    """Create bi.freshness, which must not exist, and the schemas of readers where they do not; comment on them."""
    for schema in SCHEMAS:
        connection.execute(SQL("create schema if not exists {}").format(Identifier(schema)))
    names = [SQL("({}, {})").format(Literal(event), Literal(phrase(f"freshness.{event}"))) for event in EVENTS]
    connection.execute(SQL(FRESHNESS).format(SQL(", ").join(names)))
    commented = {f"schema {schema}": SQL("schema {}").format(Identifier(schema)) for schema in SCHEMAS}
    for row in read_rows(plan_folder() / "descriptions.csv"):
        item: Composable
        if row["table_name"] == "freshness" and row["column_name"]:
            item = SQL("column {}").format(Identifier("bi", "freshness", row["column_name"]))
        elif row["table_name"] == "freshness":
            item = SQL("view bi.freshness")
        elif row["table_name"] in commented:
            item = commented[row["table_name"]]
        else:
            continue
        words = Literal(f"{row['description_en']} / {row['description_vi']}")
        connection.execute(SQL("comment on {} is {}").format(item, words))
