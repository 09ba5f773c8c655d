"""The year at a glance: a page of what waits for whom, who has reported, and what became of each year's report."""

from collections import defaultdict
from datetime import datetime

import psycopg
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from psycopg.rows import dict_row

from htx import matters
from htx.mail import notices
from htx.mail.notices import Notice, Waiting
from htx.operations.places import Places
from reporting.documents.template_files import template_folders
from warehouse.connection import scalar
from warehouse.editions import papers, records
from warehouse.migrations import open_warehouse
from warehouse.reference.dates_vi import day_vi, instant_vi
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import plan_folder, read_reference

EVENTS = "select event_vi, happened_at, what from bi.freshness order by sort_order"
REPORTED = """
    select report_year, count(*) as expected, count(received_at) as reported,
        count(*) filter (where on_time) as on_time, coalesce(sum(open_queries), 0) as open_queries
    from reports.rpt_reporting_status where expected group by report_year order by report_year desc
"""


def page(warehouse_url: str, at: datetime, places: Places) -> str:
    """The page as HTML, true at an instant. Certificates of the servers that `places` names are read."""
    reference = read_reference(plan_folder())
    with open_warehouse(warehouse_url) as connection:
        events = connection.execute(EVENTS).fetchall()
        years = _years(connection)
        waiting, unknown = matters.look(connection, reference, places, at)
        due = notices.notices(connection, reference, waiting, at)
    told: dict[tuple[str, str], list[Notice]] = defaultdict(list)
    for each in due:
        told[each.waiting.step, each.waiting.cause].append(each)
    environment = Environment(
        loader=FileSystemLoader(template_folders()), undefined=StrictUndefined, autoescape=True, trim_blocks=True
    )
    return environment.get_template("overview.html").render(
        at=instant_vi(at),
        events=[(name, instant_vi(happened), what or "") for name, happened, what in events],
        years=years,
        waiting=[_shown(each, told[each.step, each.cause]) for each in sorted(waiting, key=lambda each: each.since)],
        unknown=unknown,
    )


def _years(connection: psycopg.Connection) -> list[dict]:
    """Of each report year who has reported, and the newest edition of its report; none before the first build."""
    if scalar(connection, "select to_regclass('reports.rpt_reporting_status')") is None:
        return []
    newest = {each.period: each for each in records.publications(connection) if each.kind == "annual" and each.version}
    rows = connection.cursor(row_factory=dict_row).execute(REPORTED).fetchall()
    return [{**row, "edition": _edition(connection, newest.get(row["report_year"]))} for row in rows]


def _edition(connection: psycopg.Connection, publication: records.Publication | None) -> str:
    if publication is None:
        return ""
    state = papers.state_of(papers.states_of(connection, publication.publication_id))
    return f"{publication.version}: {phrase(f'paper_state.{state}')}"


def _shown(waiting: Waiting, told: list[Notice]) -> dict:
    """A row of what waits: what, since when, who was to hear of it and on which day, what to do."""
    words = waiting.words
    title = words.get("title") or phrase(f"paper_step.{waiting.step}", name=words["name"])
    return {
        "title": title,
        "since": instant_vi(waiting.since),
        "lines": words.get("lines", ()),
        "roles": [f"{each.role.name_vi} ({day_vi(each.due_on)})" for each in told],
        "link": words.get("link"),
        "runbook": words.get("runbook"),
    }
