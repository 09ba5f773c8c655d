"""What readers see that no build makes: bi.freshness, reports.rpt_gate_results, and comments on them and on the
schemas.

They are true at the instant of a query, also while a build runs or after one failed. The Vietnamese is in phrases.csv,
gates.csv and descriptions.csv.
"""

from pathlib import Path

import psycopg
from psycopg.sql import SQL, Composable, Identifier, Literal

from warehouse.reference.csv_rows import read_rows
from warehouse.reference.phrases import PHRASES, phrase
from warehouse.reference.reference_data import SEEDS

FRESHNESS = """
    create view bi.freshness as
    select event, event_vi, event_en, happened_at, what, sort_order
    from quality.last_events
    inner join (values {}) as names (event, event_vi) using (event)
"""
GATE_RESULTS = """
    create view reports.rpt_gate_results as
    select stage, gate, level, outcome, sentence_vi, sentence as sentence_en, checked_at, build_id
    from quality.gate_results as results
    where checked_at = (select max(checked_at) from quality.gate_results as last where last.stage = results.stage)
"""
DESCRIPTIONS = SEEDS / "descriptions.csv"
"""those of the release, as the views are: a migration needs no plan"""
MADE_FROM = (Path(__file__), PHRASES, DESCRIPTIONS)
LIVE = {"freshness": "bi", "rpt_gate_results": "reports"}
"""view: its schema"""
EVENTS = ("received", "registry_pulled", "build_started", "promoted", "issued")
SCHEMAS = ("marts", "reports", "bi")


def create_live_views(connection: psycopg.Connection) -> None:
    """Create the views, which must not exist, and the schemas of readers where they do not; comment on them."""
    for schema in SCHEMAS:
        connection.execute(SQL("create schema if not exists {}").format(Identifier(schema)))
    names = [SQL("({}, {})").format(Literal(event), Literal(phrase(f"freshness.{event}"))) for event in EVENTS]
    connection.execute(SQL(FRESHNESS).format(SQL(", ").join(names)))
    connection.execute(GATE_RESULTS)
    commented = {f"schema {schema}": SQL("schema {}").format(Identifier(schema)) for schema in SCHEMAS}
    for row in read_rows(DESCRIPTIONS):
        item: Composable
        name = row["table_name"]
        if name in LIVE and row["column_name"]:
            item = SQL("column {}").format(Identifier(LIVE[name], name, row["column_name"]))
        elif name in LIVE:
            item = SQL("view {}").format(Identifier(LIVE[name], name))
        elif name in commented:
            item = commented[name]
        else:
            continue
        words = Literal(f"{row['description_en']} / {row['description_vi']}")
        connection.execute(SQL("comment on {} is {}").format(item, words))
