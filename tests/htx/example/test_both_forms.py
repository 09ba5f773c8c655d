"""Two communes say the same for 2027, one on the form 2023.1, one on 2027.1, which lists what need not be filled in."""

from datetime import UTC, date, datetime, timedelta

import pytest

from htx import steps
from htx.example.answer_key import indicator_values
from htx.example.reports.report import Report
from htx.example.reports.reported_rows import ReportedRows
from htx.example.seeds import SEEDS_FOLDER, read_seeds
from ingestion.template.form_workbook import write_workbook
from ingestion.template.prefill import listed_rows
from ingestion.workbook.received_file import ReceivedFile
from tests.datasets import rows
from warehouse.connection import connect

YEAR = 2027
OLD, NEW = ("25195", "3892095395"), ("25210", "3892401652")
"""commune and cooperative of the sender on 2023.1, and of the one on 2027.1"""
SENT_AT = datetime(2027, 11, 20, 3, tzinfo=UTC)
LATEST = ("07_KINH_PHI", "08_HOAT_DONG", "09_UU_TIEN")
"""the sheets whose rows the form 2027.1 lists, with one mark for all others"""
COVER = {"value_kind": "actual", "document_number": "12/BC-UBND", "signed_on": date(2027, 11, 18)}
TOTALS = """
    select unit_uid, indicator_code, value from next_marts.fct_indicator_values
    where report_year = 2027 and breakdown = 'total' and measure_code = 'value' and basis = 'as_reported'
        and (indicator_code, unit_uid) in (select unnest(%s::text[]), unnest(%s::text[]))
    order by 2, 1
"""


def filled_in(commune: str, number: str) -> dict[str, list[dict]]:
    """What a commune fills in; the sheets of LATEST with other rows only where it must say that there is nothing."""
    return {
        "01_HTX": [
            {
                "registration_number": number, "cooperative_name": f"HTX {number}", "commune_code": commune,
                "registered_on": date(2020, 5, 1), "sector": "crop", "status": "active",
                "union_supported_founding": True, "members": 30, "women_members": 12, "workers": 20,
                "women_workers": 10, "managers": 3, "women_managers": 2, "woman_leads": False,
                "women_managers_trained": 1, "women_managers_certified": 0, "women_in_cooperative": 15,
                "women_stable_jobs": 8, "women_new_jobs": 2, "women_vocational_trained": 5,
                "members_ecommerce_trained": 10,
            }
        ],
        "03_HO_TRO": [
            {
                "organisation_code": number, "support_kind": "strengthening", "started_on": date(2027, 3, 1),
                "supporting_agency": "PC-C",
            }
        ],
        "05_CAN_BO_HOI": [
            {
                "union_level": "commune", "officers": 6, "officers_skilled": 3, "assigned_officers": 2,
                "assigned_officers_trained": 1,
            },
            {
                "union_level": "branch", "officers": 9, "officers_skilled": 0, "assigned_officers": 0,
                "assigned_officers_trained": 0,
            },
        ],
        "07_KINH_PHI": [{"funding_source": "local", "planned": 20, "allocated": 15, "disbursed": 12}],
        "08_HOAT_DONG": [{"duty_code": "IV.1.a", "duty_status": "continuous", "events": 3, "people": 100}],
        "09_UU_TIEN": [{"priority_group": "poor", "women_supported": 7, "women_employed": 6}],
    }  # fmt: skip


def in_full(reference, unit, sheets: dict[str, list[dict]]) -> dict[str, list[dict]]:
    """With every row that the form 2027.1 lists: nothing, or 0."""
    form = reference.forms["2027.1"]
    nothing = {
        "07_KINH_PHI": {"planned": 0, "allocated": 0, "disbursed": 0, "borrowers": 0, "outstanding_loans": 0},
        "08_HOAT_DONG": {"duty_status": "not_started", "events": 0, "people": 0},
        "09_UU_TIEN": {"women_supported": 0, "women_employed": 0},
    }
    full = dict(sheets)
    for code, listed in listed_rows(form, unit, reference).items():
        if code in nothing:
            key = form.sheets[code].key[0]
            given = {row[key]: row for row in sheets[code]}
            full[code] = [given.get(row[key]) or {**row, **nothing[code]} for row in listed]
    return full


@pytest.fixture(scope="module")
def both(built, new_database, reference):
    """The warehouse that has received both, and the same two reports as clean lists."""
    url, reports, files = new_database(built.template), [], []
    for place, ((commune, number), version) in enumerate(((OLD, "2023.1"), (NEW, "2027.1"))):
        unit, form, sheets = reference.roster[YEAR, commune], reference.forms[version], filled_in(commune, number)
        full = in_full(reference, unit, sheets)
        nil = {"nil_02_THT": True, "nil_04_DAO_TAO": True, "nil_06_NO": True}
        window = {"data_from": date(2026, 11, 1), "data_to": date(2027, 11, 18)}
        kinds = {"report_kind": "annual", "submission_kind": "first"}
        cover = {**kinds, **window, **COVER, **nil}
        if version == "2027.1":
            cover |= {f"rest_{code}": True for code in LATEST}
            given = {code: {row[form.sheets[code].key[0]]: row for row in sheets[code]} for code in LATEST}
            listed = listed_rows(form, unit, reference)
            written = sheets | {
                code: [given[code].get(row[form.sheets[code].key[0]], row) for row in listed[code]] for code in LATEST
            }
        else:
            written = full
        content = write_workbook(form, reference, cover, written, unit)
        sent_at = SENT_AT + timedelta(hours=place)
        files.append(ReceivedFile(commune, "bc.xlsx", sent_at, content))
        sheets_of_key = {**full, "02_THT": [], "04_DAO_TAO": [], "06_NO": []}
        reports.append(
            Report(
                commune,
                YEAR,
                sent_at,
                **window,
                sheets=sheets_of_key,
                value_kind="actual",
                nil=frozenset({"02_THT", "04_DAO_TAO", "06_NO"}),
            )
        )
    answers = steps.load_files(url, files)
    built.refill(url, "fct_indicator_values")
    return url, ReportedRows(read_seeds(SEEDS_FOLDER), reports, []), answers


def test_both_are_accepted_without_a_question(both):
    _, _, answers = both
    assert [(each.verdict, [found.rule_code for found in each.findings]) for each in answers] == [
        ("accepted", []),
        ("accepted", []),
    ]


def test_the_same_lists_give_the_same_figures_on_either_form(both):
    url, _, _ = both
    indicators = ["T01", "T03", "T05", "T09", "T10", "T12", "T14"]
    wanted = [(code, unit) for code in indicators for unit in ("25195@2025", "25210@2025", "province")]
    with connect(url) as connection:
        found = rows(connection, TOTALS, [code for code, _ in wanted], [unit for _, unit in wanted])
    values: dict[str, list[float]] = {}
    for _, code, value in found:
        values.setdefault(code, []).append(round(float(value), 2))
    assert values == {
        "T01": [1, 1, 2],
        "T03": [8, 8, 16],
        "T05": [50, 50, 50],
        "T09": [50, 50, 50],
        "T10": [50, 50, 50],
        "T12": [33.33, 33.33, 33.33],
        "T14": [33.33, 33.33, 33.33],
    }


def test_all_figures_of_both_agree_with_the_answer_key(both):
    url, reported, _ = both
    communes = {"25195@2025", "25210@2025"}
    expected = {
        (each.cell, each.unit_uid): (each.figure.value, each.value_status)
        for each in indicator_values(reported)
        if each.unit_uid in communes and each.basis == "as_reported" and each.report_year == YEAR and each.is_total
    }
    with connect(url) as connection:
        found = rows(
            connection,
            "select indicator_code, measure_code, unit_uid, value, value_status from next_marts.fct_indicator_values"
            " where report_year = 2027 and basis = 'as_reported' and breakdown = 'total' and unit_uid = any(%s)",
            sorted(communes),
        )
    given = {
        (code, measure, unit): (None if value is None else float(value), status)
        for code, measure, unit, value, status in found
    }
    key = {
        (cell.indicator_code, cell.measure_code, unit): (None if value is None else pytest.approx(float(value)), status)
        for (cell, unit), (value, status) in expected.items()
    }
    assert len(given) > 150
    assert given == key
