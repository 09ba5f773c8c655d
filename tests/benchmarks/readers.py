"""What readers wait for: every query of the dashboards, sent as a login of `bi`, and what analysts ask most."""

import secrets
import time

from sqlalchemy import make_url

from htx import steps
from tests.reporting.dashboards.chart_queries import CHARTS, FILTERS, options_of, query_of
from warehouse.connection import connect, scalar

TIMES = 40
QUESTIONS = {
    "bi": {
        "a unit of bi": "select * from bi.unit_figures_communes_2025 where unit_uid = '25210@2025'",
        "a year of bi": "select * from bi.unit_figures_communes_2025"
        " where report_year = 2025 and indicator_code = 'T03'",
    },
    "analyst": {
        "evidence of a figure": "select * from marts.fct_indicator_evidence where indicator_code = 'T03'"
        " and measure_code = 'value' and report_year = 2025 and unit_uid = 'province' and basis = 'communes_2025'",
        "one indicator as known": "select * from reports.indicator_as_known_at('T03', '2025-06-01 00:00+07')",
        "all indicators as known": "select * from reports.indicator_values_as_known_at('2025-06-01 00:00+07')",
    },
}
MOST_MS = {"evidence of a figure": 50, "one indicator as known": 1000}
MOST_MS_OF_A_DASHBOARD = 50
"""what 95 of 100 times may take"""


def asked(url: str) -> dict[str, tuple[float, float]]:
    """Milliseconds of each query, sent as one of its readers: the least, and what 95 of 100 stay below.

    `url`: of a login that may make others."""
    with connect(url) as connection:
        year = scalar(connection, "select max(report_year) from bi.province_figures")
    charts = {f"chart {name}": query_of(name, year) for name in sorted(CHARTS)}
    filters = {f"filter {each['name']}": options_of(each) for each in FILTERS}
    queries = {"bi": charts | filters | QUESTIONS["bi"], "analyst": QUESTIONS["analyst"]}
    return {name: took for group, asked in queries.items() for name, took in _asked_as(url, group, asked).items()}


def _asked_as(url: str, group: str, queries: dict[str, str]) -> dict[str, tuple[float, float]]:
    login, password = f"bench_{group}", secrets.token_urlsafe(12)
    steps.apply_roles(url, login, group, password)
    found = {}
    reader = make_url(url).set(username=login, password=password).render_as_string(hide_password=False)
    with connect(reader) as connection:
        for name, query in queries.items():
            took = []
            for _ in range(3 if name.endswith("known") else TIMES):
                began = time.perf_counter()
                connection.execute(query, prepare=False).fetchall()  # Superset prepares nothing: each time is planned
                took.append(1000 * (time.perf_counter() - began))
            found[name] = (min(took), sorted(took)[-1 - len(took) // 20])
    return found


def lines_of(measured: dict[str, tuple[float, float]]) -> list[str]:
    """The report: each query, with what it may take, and the slowest one of the dashboards."""
    lines = []
    for name, (fastest, p95) in measured.items():
        most = MOST_MS_OF_A_DASHBOARD if name.startswith(("chart", "filter")) else MOST_MS.get(name)
        beside = "" if most is None else f" ({'at most' if p95 <= most else 'MORE THAN'} {most})"
        lines.append(f"{name:32} {fastest:7.1f} ms at best, {p95:7.1f} ms in 95 of 100{beside}")
    of_dashboards = {name: p95 for name, (_, p95) in measured.items() if name.startswith(("chart", "filter"))}
    slowest = max(of_dashboards, key=lambda name: of_dashboards[name])
    number = sum(p95 <= MOST_MS_OF_A_DASHBOARD for p95 in of_dashboards.values())
    return [
        *lines,
        f"dashboards: {number} of {len(of_dashboards)} queries within {MOST_MS_OF_A_DASHBOARD} ms in 95 of 100;"
        f" the slowest is {slowest}, {of_dashboards[slowest]:.1f} ms",
    ]
