"""Publications: kept permanently, recomputed from history, and compared with today's figures."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import psycopg
import pytest
from click.testing import CliRunner

from htx import steps
from htx.cli import main
from htx.editions import papers
from tests.datasets import CORRECTED_AT, rows
from tests.life import UNIT, course, received, workbook
from warehouse import roles
from warehouse.build import input_fingerprints
from warehouse.connection import connect
from warehouse.editions.deliveries import record_sending
from warehouse.editions.editions import VERDICTS, record
from warehouse.editions.records import Publication, PublicationRefused, publications
from warehouse.editions.reference_changes import changes
from warehouse.editions.reproducibility import summary, verify_publications
from warehouse.reference.reference_data import SEEDS, read_reference
from warehouse.restate import build_inputs
from warehouse.restate.as_of import CLOCK, PUBLICATIONS, SENDINGS, STATES, VALUES
from warehouse.restate.compiled_sql import render
from warehouse.restate.stored_sql import texts_of

SENT_AT = datetime(2023, 12, 20, 2, 0, tzinfo=UTC)  # three units send their final figures in January
PROVINCE = "unit_uid = 'province' and breakdown = 'total' and basis = 'as_reported' and measure_code = 'value'"
A2_CHANGED = "decisions.csv: decision_code=A2: value any_manager → leads"


@pytest.fixture(scope="module")
def sent(copy_of_province) -> tuple[str, Publication]:
    """The URL of a warehouse that published the yearly report of the first year, to be copied, and that report."""
    url = copy_of_province()
    with connect(url) as connection:
        return url, record(connection, "annual", 2023, "W-CENTRAL", SENT_AT)


@pytest.fixture
def url(request, copy_of_province, new_database) -> str:
    if "published" in request.fixturenames:
        return new_database(request.getfixturevalue("sent")[0])
    return copy_of_province()


@pytest.fixture
def played(url):
    with connect(url) as connection:
        yield connection


@pytest.fixture(scope="module")
def later(copy_of_province):
    """A connection to a warehouse in which reports are recorded that change nothing of each other."""
    with connect(copy_of_province()) as connection:
        yield connection


@pytest.fixture
def published(sent) -> Publication:
    """The yearly report of the first year."""
    return sent[1]


def send_courses(url: str, people: int, at: datetime) -> None:
    """A unit adds a course to its report; the file is loaded now, with an earlier or later receipt."""
    row = {**course("L-99", people), "members_and_workers": people}
    content = workbook(read_reference(SEEDS), {"04_DAO_TAO": [row]}, {"submission_kind": "partial_correction"})
    [loaded] = steps.load_files(url, [received(content, at, name=f"bổ sung {people}.xlsx")])
    assert loaded.verdict == "accepted"


def decide(connection: psycopg.Connection, province, code: str, value: str) -> None:
    """What the next build keeps when somebody has edited a row of decisions.csv."""
    connection.execute("update reference.decisions set value = %s where decision_code = %s", [value, code])
    build_id = rows(connection, "select build_id from quality.builds where outcome = 'promoted'")[0][0]
    build_inputs.keep_versions(connection, province.output, build_id)
    connection.commit()


def figure(connection: psycopg.Connection, indicator: str) -> Decimal:
    return rows(connection, f"select value from raw.publication_figures where {PROVINCE} and indicator_code = %s",
                indicator)[0][0]  # fmt: skip


def moves(found, indicator: str, column: str = "value", figure: str = "value") -> list[tuple]:
    """The steps of the province's figure: old value, new value, reason."""
    return [
        (Decimal(each["old_value"]), Decimal(each["new_value"]), each["reason"])
        for each in found
        if (each["figure"], each["key"]["indicator_code"], each["column"]) == (figure, indicator, column)
        and each["key"].get("unit_uid", "province") == "province"
        and each["key"].get("breakdown", "total") == "total"
        and each["key"].get("basis", "as_reported") == "as_reported"
        and each["key"].get("measure_code", "value") == "value"
    ]


def test_nothing_is_published_of_a_year_of_which_nothing_is_known(later):
    with pytest.raises(PublicationRefused, match="no data of report year 2024 had been received"):
        record(later, "annual", 2024, "W-CENTRAL", SENT_AT)
    assert publications(later) == []


def test_the_figures_kept_are_those_that_were_known_at_the_instant(later, province):
    kept = record(later, "annual", 2023, "W-CENTRAL", CORRECTED_AT)
    columns = "indicator_code, measure_code, breakdown, breakdown_code, report_year, unit_uid, basis, numerator"
    columns += ", denominator, value, value_low, value_high, value_status"
    found = rows(later, f"select {columns} from raw.publication_figures where publication_id = %s"
                 " order by 1, 2, 3, 4, 5, 6, 7", kept.publication_id)  # fmt: skip
    assert found == province.known(CORRECTED_AT, columns)
    assert rows(later, "select count(*) from raw.publication_verdicts") == [(18,)]


def test_a_review_of_a_phase_has_the_figures_of_all_its_years(later):
    kept = record(later, "phase_review", 1, "PPC", datetime(2025, 12, 31, tzinfo=UTC))
    of_each = (
        "select report_year, count(*) from raw.publication_verdicts where publication_id = %s group by 1 order by 1"
    )
    assert rows(later, of_each, kept.publication_id) == [(2023, 18), (2024, 18), (2025, 18)]


def test_with_groups_a_publication_is_restated_by_the_role_that_may_only_read(played, published):
    roles.apply_rights(played)
    played.commit()
    assert texts_of(played, "select current_user::text") == ["htx_reader"]
    assert verify_publications(played) == []


def test_where_nothing_changed_a_report_is_kept_once_and_its_figures_are_what_they_were_to_the_last_digit(
    played, published
):
    assert record(played, "annual", 2023, "W-CENTRAL", SENT_AT) == published
    # the final figures of January are in the warehouse, but were not known when the report was sent
    assert rows(played, "select count(*) > 2 from raw.received_files where report_year = 2023 and received_at > %s",
                SENT_AT) == [(True,)]  # fmt: skip
    assert verify_publications(played) == []
    assert publications(played) == [published]
    assert rows(played, "select count(*) from quality.publication_differences") == [(0,)]


def test_a_file_received_in_time_and_seen_late_is_named_with_what_it_moves(played, published, url):
    before = figure(played, "T06")
    send_courses(url, 25, SENT_AT - timedelta(days=5))

    found = verify_publications(played)

    assert moves(found, "T06") == [(before, before + 25, "late_data")]
    assert {each["reason"] for each in found} == {"late_data"}
    [cause] = {each["cause"] for each in found}
    assert f"{UNIT}/bổ sung 25.xlsx, received 2023-12-15 02:00 UTC, first seen" in cause
    assert {each["key"].get("unit_uid") for each in found if each["figure"] == "value"} == {
        f"{UNIT}@2023", "province", "unplaced",
    }  # fmt: skip
    assert moves(found, "T06", figure="verdict") == [(before, before + 25, "late_data")]
    figures = {(each["figure"], *each["key"].values()) for each in found}
    said = f"{published.publication_id}: {len(figures)} figures would differ: late_data: {cause}"
    assert summary(found) == [said]


def test_a_correction_received_after_the_report_was_sent_is_no_difference(played, published, url):
    send_courses(url, 25, SENT_AT + timedelta(microseconds=1))
    assert verify_publications(played) == []


def test_an_edited_decision_is_named_by_its_row(played, published, province):
    decide(played, province, "A2", "leads")

    found = verify_publications(played)

    assert {(each["reason"], each["cause"]) for each in found} == {("changed_reference", A2_CHANGED)}
    [(old, new, _)] = moves(found, "T01")
    assert old == figure(played, "T01") > new
    assert moves(found, "T06") == []
    told = rows(played, "select old_value::numeric, new_value::numeric from quality.publication_differences"
                f" where indicator_code = 'T01' and column_name = 'value' and {PROVINCE}")  # fmt: skip
    assert told == [(old, new)]


def test_of_two_causes_each_has_its_step_and_the_last_is_the_figure_of_today(played, published, province, url):
    before = figure(played, "T06")
    send_courses(url, 25, SENT_AT - timedelta(days=5))
    send_courses(url, 4, SENT_AT - timedelta(days=4))  # the same course once more: the later row counts
    decide(played, province, "A2", "leads")

    found = verify_publications(played)

    assert [cause for _, _, cause in moves(found, "T01")] == ["changed_reference"]
    path = moves(found, "T06")
    assert {reason for _, _, reason in path} == {"late_data"}
    assert (path[0][0], path[-1][1]) == (before, before + 4)
    assert all(path[i][1] == path[i + 1][0] for i in range(len(path) - 1))


def test_other_models_are_named(played, published):
    [(build_id, models)] = rows(played, "select build_id, models_sha256 from quality.builds where outcome = 'promoted'")
    recipe = build_inputs.recipe_of(played, models)
    sql = recipe.models[VALUES].sql
    changed = re.sub(r"(\w+\.value)::numeric as value,", r"(\1 + 1)::numeric as value,", sql)
    assert changed != sql
    recipe = replace(recipe, models={**recipe.models, VALUES: replace(recipe.models[VALUES], sql=changed)})
    played.execute("insert into raw.model_versions values (%s, %s)", [recipe.sha256, recipe.as_json()])
    played.execute("update quality.builds set models_sha256 = %s where build_id = %s", [recipe.sha256, build_id])

    found = verify_publications(played)

    before = figure(played, "T01")
    assert moves(found, "T01") == [(before, before + 1, "changed_code")]
    assert {each["cause"] for each in found} == {"models: fct_indicator_values"}


def test_what_was_published_never_changes(connection):
    for name in (
        "publications", "publication_figures", "publication_verdicts", "publication_inputs", "publication_sendings",
    ):  # fmt: skip
        for change in ("update {} set publication_id = 'x'", "delete from {}", "truncate {} cascade"):
            with pytest.raises(psycopg.errors.RestrictViolation, match="keeps what was published"):
                connection.execute(change.format(f"raw.{name}"))
            connection.rollback()


def test_figures_changed_behind_our_back_are_noticed(played, published):
    played.execute("alter table raw.publication_figures disable trigger refuse_change")
    played.execute(f"update raw.publication_figures set value = value + 1 where indicator_code = 'T01' and {PROVINCE}")
    found = verify_publications(played)
    assert {each["reason"] for each in found} == {"unexplained"}
    assert [(each["figure"], each["column"]) for each in found] == [("all", "figures_sha256"), ("value", "value")]


def test_a_report_sent_in_time_counts_for_the_years_to_come(played, published):
    """It was published before it was sent: what nobody has sent counts for nothing."""
    sent_at = SENT_AT + timedelta(hours=3)
    assert record_sending(played, published.publication_id, "CENTRAL_UNION", sent_at, "Chánh Văn phòng", "mail")
    assert not record_sending(played, published.publication_id, "CENTRAL_UNION", sent_at + timedelta(days=1), None)
    known = f"select value from reports.indicator_values_as_known_at(%s) where {PROVINCE} and indicator_code = 'T17'"
    assert rows(played, f"{known} and report_year = 2023", sent_at - timedelta(seconds=1)) == [(None,)]
    assert rows(played, f"{known} and report_year = 2023", sent_at) == [(1,)]
    # what is in the report itself was worked out before it was sent
    assert figure(played, "T17") is None
    # nor does it count against the report, or for it, when that is worked out again
    assert verify_publications(played) == []
    again = record(played, "annual", 2023, "W-CENTRAL", sent_at + timedelta(days=1))
    inputs = "select kind, input_id from raw.publication_inputs where publication_id = %s and input_id like 'P-%%'"
    assert rows(played, f"{inputs} order by 1", again.publication_id) == [
        ("publication", published.publication_id), ("sending", f"{published.publication_id} CENTRAL_UNION"),
    ]  # fmt: skip
    assert rows(played, f"select value from raw.publication_figures where {PROVINCE} and indicator_code = 'T17'"
                " and publication_id = %s", again.publication_id) == [(1,)]  # fmt: skip


def test_a_report_counts_from_its_recorded_day_of_issue_and_a_mailed_copy_issues_nothing(url, played, published):
    id, midnight = published.publication_id, datetime(2023, 12, 31, 17, tzinfo=UTC)
    record_sending(played, id, "CENTRAL_UNION", SENT_AT, "Chánh Văn phòng", "mail", is_copy=True)
    played.commit()
    in_2023 = f"select value from reports.indicator_as_known_at('T17', %s) where {PROVINCE} and report_year = 2023"
    before, now = input_fingerprints.read_fingerprint(played), datetime.now(UTC)
    assert rows(played, in_2023, now) == [(None,)]

    papers.sign(url, id, {"W-CENTRAL": "12/BC-BTV"}, date(2023, 12, 29), "Ngô Thị Mẫu", "Lan", now)
    assert input_fingerprints.read_fingerprint(played) == before  # what is signed is not issued yet
    papers.issue(url, id, date(2023, 12, 31), "post", "Lan", now)
    assert rows(played, in_2023, now) == [(0,)]  # the plan says: before 31 December
    corrected = {"correction": "ghi nhầm ngày"}
    papers.issue(url, id, date(2023, 12, 30), "post", "Lan", now, **corrected)
    assert rows(played, in_2023, now) == [(1,)]
    assert rows(played, in_2023, midnight - timedelta(days=1, seconds=1)) == [(None,)]  # the day is not over
    assert rows(played, in_2023, midnight - timedelta(days=1)) == [(1,)]
    assert input_fingerprints.read_fingerprint(played) != before

    played.commit()
    again = record(played, "annual", 2023, "W-CENTRAL", midnight + timedelta(days=1))
    kinds = "select kind, input_id from raw.publication_inputs where publication_id = %s and kind = 'issue' order by 2"
    assert rows(played, kinds, again.publication_id) == [("issue", f"{id} W-CENTRAL 2"), ("issue", f"{id} W-CENTRAL 3")]
    assert rows(played, f"select value from raw.publication_figures where {PROVINCE} and indicator_code = 'T17'"
                " and publication_id = %s", again.publication_id) == [(1,)]  # fmt: skip
    assert verify_publications(played) == []


def test_a_report_that_nobody_recorded_is_open_until_its_date_has_passed_and_missed_when_it_was_sent_later(played):
    def verdicts(passed_until: str) -> list[str]:
        recipe = build_inputs.recipe_of(played, build_inputs.published_versions(played).models_sha256)
        seen = {name: f"select * from {name}" for name in (PUBLICATIONS, SENDINGS, STATES, VALUES)}
        seen[CLOCK] = f"select timestamptz '{passed_until}' as passed_until"
        query = f"select indicator_code, verdict from ({render(recipe, VERDICTS, seen)}) as seen"
        found = rows(played, f"{query} where report_year = 2025 and indicator_code in ('T17', 'T18') order by 1")
        return [verdict for _, verdict in found]

    assert verdicts("2024-12-30 17:00Z") == ["in_progress", "in_progress"]
    assert verdicts("2025-12-30 17:00Z") == ["not_recorded", "in_progress"]
    published = record(played, "annual", 2025, None, datetime(2026, 1, 2, tzinfo=UTC))
    assert verdicts("2025-12-30 17:00Z") == ["not_recorded", "in_progress"]
    record_sending(played, published.publication_id, "CENTRAL_UNION", datetime(2026, 1, 3, tzinfo=UTC), None)
    assert verdicts("2025-12-30 17:00Z") == ["not_met", "in_progress"]


def test_the_command_line_adds_lists_and_verifies(url, province, monkeypatch):
    monkeypatch.setenv("WAREHOUSE_URL", url)
    asked = ["publications", "add", "--kind", "annual", "--year", "2023", "--recipient", "W-CENTRAL"]
    added = CliRunner().invoke(main, [*asked, "--at", SENT_AT.isoformat(), "--json"], catch_exceptions=False)
    kept = json.loads(added.stdout)
    assert (kept["kind"], kept["report_year"], kept["recipient"]) == ("annual", 2023, "W-CENTRAL")
    with connect(url) as connection:
        sent = "select publication_id, recipient, sent_at, channel from raw.publication_sendings where decided_by <> ''"
        assert rows(connection, sent) == [(kept["publication_id"], "W-CENTRAL", SENT_AT, "recorded")]
    line = f"{kept['publication_id']}  annual 2023  W-CENTRAL  2023-12-20 02:00 UTC  {kept['figures_sha256']}\n"
    assert CliRunner().invoke(main, ["publications", "list"]).stdout == line
    assert CliRunner().invoke(main, ["publications", "verify"]).stdout == "every figure is what it was\n"
    with connect(url) as connection:
        decide(connection, province, "A2", "leads")
    said = CliRunner().invoke(main, ["publications", "verify"])
    assert (said.exit_code, said.stdout.count(A2_CHANGED) > 10) == (0, True)
    assert CliRunner().invoke(main, ["publications", "verify", "P-NONE"]).exit_code == 2
    wrong = ["publications", "add", "--kind", "phase", "--year", "1", "--recipient", "W-CENTRAL"]
    assert CliRunner().invoke(main, wrong).exit_code == 2


def test_rows_of_reference_data_are_distinguished_by_their_first_columns():
    old = [{"list": "a", "code": "1", "flag": None}, {"list": "a", "code": "2", "flag": "x"}]
    new = [{"list": "a", "code": "1", "flag": "y"}, {"list": "b", "code": "2", "flag": "x"}]
    assert changes(old, new, ["list", "code", "flag"]) == [
        "list=a, code=1: flag (blank) → y",
        "list=b, code=2: added",
        "list=a, code=2: removed",
    ]
