"""Superset with the dashboards, in Chromium: no chart fails, and the numbers on the screen are those of SQL.

The pictures are kept in .local/dashboards. Needs .superset (`make soak-dashboards` installs it) and Debian's chromium.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from tests.datasets import first_seed, rows
from tests.reporting.dashboards.chart_queries import CHARTS
from warehouse.connection import connect

pytestmark = pytest.mark.soak("dashboards")
PROJECT = Path(__file__).parents[3]
SUPERSET = PROJECT / ".superset"
PICTURES = PROJECT / ".local" / "dashboards"
ADDRESS = re.compile(r"(http://[\d.:]+)/superset/dashboard")
LONGEST_S = 1200


@dataclass(frozen=True)
class Superset:
    """One that runs, and the URL of the warehouse that it reads."""

    url: str
    passwords: dict[str, str]
    warehouse: str


@pytest.fixture(scope="module")
def superset(played, new_database, tmp_path_factory) -> Iterator[Superset]:
    home, warehouse = tmp_path_factory.mktemp("home"), new_database(played[1])
    log = home / "dashboards.log"
    command = [sys.executable, "-c", "from htx.cli import main; main()", "dashboards", "--superset", str(SUPERSET)]
    environment = {**os.environ, "HTX_HOME": str(home), "WAREHOUSE_URL": warehouse}
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=output, stderr=output)
    try:
        url = _wait_until_up(process, log)
        passwords = json.loads((home / "superset" / "passwords.json").read_text())
        yield Superset(url, passwords, warehouse)
    finally:
        process.terminate()
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_until_up(process: subprocess.Popen, log: Path) -> str:
    deadline = time.monotonic() + LONGEST_S
    while process.poll() is None and time.monotonic() < deadline:
        if found := ADDRESS.search(log.read_text(encoding="utf-8")):
            try:
                urllib.request.urlopen(f"{found[1]}/health", timeout=10).close()
                return found[1]
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pass  # it has said where it will be, and is starting
        time.sleep(0.5)
    raise AssertionError(log.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def seen(superset) -> dict:
    """What browser.py gives, as the viewer sees it."""
    chromium = shutil.which("chromium")
    assert chromium, "install Debian's package chromium"
    PICTURES.mkdir(parents=True, exist_ok=True)
    given = {"url": superset.url, "login": "viewer", "password": superset.passwords["viewer"], "chromium": chromium}
    program = [SUPERSET / "bin" / "python", Path(__file__).with_name("browser.py"), PICTURES]
    done = subprocess.run(program, input=json.dumps(given), capture_output=True, text=True, timeout=LONGEST_S)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def bi(superset) -> Iterator[psycopg.Connection]:
    with connect(superset.warehouse) as connection:
        connection.execute("set role htx_bi")
        yield connection


@first_seed
def test_every_chart_is_drawn_and_nothing_leaves_the_machine(seen):
    assert set(seen["charts"]) == {chart["slice_name"] for chart in CHARTS.values()}
    assert seen["errors"] == []
    empty = [title for title, text in seen["charts"].items() if "No results were returned" in text]
    assert empty == [CHARTS["last_change"]["slice_name"]], "no edition was issued yet"
    assert seen["left"] == []
    assert len(list(PICTURES.glob("tab*.png"))) == 6


ON_THE_SCREEN = [
    (
        "targets_reached",
        r"(\S+)\nchỉ tiêu trong năm",
        "select count(*) from bi.annual_targets where report_year = 2025 and verdict in ('met', 'exceeded')",
    ),
    (
        "targets_not_reached",
        r"(\S+)\nchỉ tiêu trong năm",
        "select count(*) from bi.annual_targets where report_year = 2025"
        " and verdict in ('not_met', 'undecided', 'not_recorded')",
    ),
    (
        "reports_received",
        r"(\S+)\n% báo cáo phải gửi",
        "select 100.0 * count(received_at) / count(*) from bi.reporting_status where report_year = 2025 and expected",
    ),
    (
        "targets",
        r"T03 [^\t\n]*\s+người\s+(\S+)",
        "select value from bi.annual_targets where indicator_code = 'T03' and report_year = 2025",
    ),
    (
        "targets",
        r"T06 [^\t\n]*\s+lượt người\s+(\S+)",
        "select value from bi.annual_targets where indicator_code = 'T06' and report_year = 2025",
    ),
    (
        "figures_by_year",
        r"T01 [^\t\n]*\tHTX\t\S+\t(\S+)",
        "select value from bi.province_figures where indicator_code = 'T01' and report_year = 2024",
    ),
    (
        "communes_ranked",
        r"Xã Đồng Phú\s+\d+, \d+\s+(\S+)",
        "select value from bi.unit_figures_communes_2025"
        " where indicator_code = 'T03' and report_year = 2025 and unit_name_vi = 'Xã Đồng Phú'",
    ),
    (
        "communes_matrix",
        r"Phường Bình Long\t(?:[^\t\n]*\t){4}([^\t\n]+)",
        "select value from bi.unit_figures_communes_2025"
        " where indicator_code = 'T05' and report_year = 2025 and unit_name_vi = 'Phường Bình Long'",
    ),
    (
        "reports_by_kind",
        r"Xã, phường(?:\s+\S+){4}\s+(\S+)",
        "select 100.0 * count(*) filter (where on_time) / count(*) from bi.reporting_status"
        " where report_year = 2025 and expected and unit_kind = 'commune'",
    ),
    (
        "funds_by_source",
        r"Ngân sách địa phương(?:\s+\S+){2}\s+(\S+)",
        "select value from bi.breakdown_figures where indicator_code = 'C23' and measure_code = 'disbursed'"
        " and breakdown = 'funding_source' and breakdown_code_vi = 'Ngân sách địa phương' and report_year = 2025",
    ),
    (
        "funds_by_source",
        r"Ngân sách Trung ương(?:\s+\S+){3}\s+(\S+)",
        "select 100 * max(value) filter (where measure_code = 'disbursed')"
        " / max(value) filter (where measure_code = 'allocated') from bi.breakdown_figures"
        " where breakdown_code_vi = 'Ngân sách Trung ương' and indicator_code = 'C23' and report_year = 2025",
    ),
    (
        "open_queries",
        r"Xã Đồng Phú\s+(\S+)",
        "select open_queries from bi.reporting_status where unit_name_vi = 'Xã Đồng Phú' and report_year = 2025",
    ),
]
"""(chart, where the number is in its text, SQL that gives it)"""


def number(text: str) -> Decimal | None:
    """A number as it is written in Viet Nam; None for the sign of a missing one."""
    return None if text == "N/A" else Decimal(text.replace(".", "").replace(",", "."))


@first_seed
def test_twelve_numbers_on_the_screen_are_those_of_sql(seen, bi):
    assert len(ON_THE_SCREEN) == 12
    for chart, pattern, query in ON_THE_SCREEN:
        text = seen["charts"][CHARTS[chart]["slice_name"]]
        found = re.search(pattern, text)
        assert found, f"{chart}: {pattern}\n{text}"
        [(figure,)] = rows(bi, f"select round(({query})::numeric, 1)")
        assert number(found[1]) == figure, (chart, pattern)


@first_seed
def test_somebody_new_who_forgets_the_year_gets_right_figures(seen, bi):
    latest = "report_year = 2025"
    targets = rows(
        bi, f"select indicator_code, round(value, 1), round(target, 1) from bi.annual_targets where {latest}"
    )
    shown = [(row[0].split()[0], number(row[1]), number(row[2])) for row in seen["answers"]["targets"]]
    assert sorted(shown) == sorted(targets)
    assert sorted(seen["answers"]["trend"]) == [["2023", "129"], ["2024", "237"], ["2025", "471"]]
    ranking = seen["answers"]["ranking"]
    figures = "from bi.unit_figures_communes_2025 where indicator_code = 'T03' and value is not null"
    ranked = dict(rows(bi, f"select unit_name_vi, value {figures} and {latest}"))
    assert {name: number(value) for name, value in ranking if name in ranked} == ranked
    assert {value for _, value in ranking[len(ranked) :]} == {"N/A"}, "what is blank comes last"
    assert ranking[:3] == [["Xã Đồng Phú", "82"], ["Xã Tân Quan", "44"], ["Phường Phước Bình", "41"]]
    assert sorted(seen["answers"]["reported"]) == [["2023", "100"], ["2024", "95,2"], ["2025", "97,9"]]


@first_seed
def test_no_metrics_but_the_saved_ones_are_offered(seen):
    assert seen["offered"] == {"Saved": True, "Simple": False, "Custom SQL": False}


SUM = {"expressionType": "SIMPLE", "column": {"column_name": "value"}, "aggregate": "SUM", "label": "a sum"}
SQL = {"expressionType": "SQL", "sqlExpression": "sum(value)", "label": "SQL"}
AXIS = {"expressionType": "SQL", "sqlExpression": "report_year", "label": "Năm", "columnType": "BASE_AXIS"}
ASKED = [
    ({"columns": [AXIS, "indicator_code"], "metrics": ["value"], "orderby": [["value", False]]}, 200),
    ({"columns": ["report_year"], "metrics": [SUM]}, 403),
    ({"columns": ["report_year"], "metrics": [SQL]}, 403),
    ({"columns": ["report_year"], "metrics": ["value"], "orderby": [[SUM, False]]}, 403),
    ({"columns": ["report_year"], "metrics": ["value"], "series_limit_metric": SUM}, 403),
    ({"columns": [SQL]}, 403),
]
"""(query, status that Superset's REST API answers it with)"""


@first_seed
def test_the_rest_api_takes_no_metrics_but_the_saved_ones_either(superset):
    login = {"username": "viewer", "password": superset.passwords["viewer"], "provider": "db"}
    _, answer = _sent(superset, "security/login", {}, login)
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    _, datasets = _sent(superset, "dataset/?q=(page_size:100)", bearer)
    [number] = [each["id"] for each in datasets["result"] if each["table_name"] == "province_figures"]
    asked = {"datasource": {"id": number, "type": "table"}}
    answers = [_sent(superset, "chart/data", bearer, {**asked, "queries": [query]})[0] for query, _ in ASKED]
    assert answers == [status for _, status in ASKED]


def _sent(superset: Superset, place: str, headers: dict[str, str], content: dict | None = None) -> tuple[int, dict]:
    request = urllib.request.Request(
        f"{superset.url}/api/v1/{place}",
        None if content is None else json.dumps(content).encode(),
        {**headers, "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, {}
