"""The reference data."""

from datetime import date

import pytest

from warehouse.reference.csv_rows import InvalidReferenceData
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.names import name_key
from warehouse.reference.reference_data import read_reference

BEFORE, AFTER = date(2024, 11, 30), date(2025, 11, 30)


def test_the_form_has_its_sheets_and_fields_in_order(reference):
    form = reference.form_for(2025)
    assert form.version == "2023.1"
    assert list(form.sheets) == [
        "00_BIA", "01_HTX", "02_THT", "03_HO_TRO", "04_DAO_TAO", "05_CAN_BO_HOI", "06_NO", "07_KINH_PHI",
        "08_HOAT_DONG", "09_UU_TIEN", "10_TONG_HOP", "11_GIAI_TRINH", "12_DANH_GIA",
    ]  # fmt: skip
    assert [field.field_code for field in form.sheets["06_NO"].fields] == [
        "registration_number", "debt_kind", "outstanding", "settled_in_year", "months_overdue",
    ]  # fmt: skip
    assert form.sheets["06_NO"].key == ("registration_number", "debt_kind")
    members = form.sheets["01_HTX"].by_code["members"]
    assert (members.header_vi, members.type, members.required, members.minimum) == (
        "Tổng số thành viên", "integer", True, 0.0,
    )  # fmt: skip


def test_no_form_is_published_for_a_year_before_the_first(reference):
    with pytest.raises(LookupError, match="2022"):
        reference.form_for(2022)


def test_a_sheet_applies_to_kinds_of_unit_or_to_one_unit(reference):
    sheets = reference.form_for(2024).sheets
    district, agency, union = (reference.roster[2024, code] for code in ("692", "DPI", "WU-P"))
    assert [reference.sheet_applies(sheets["05_CAN_BO_HOI"], unit) for unit in (district, agency, union)] == [
        True, False, True,
    ]  # fmt: skip
    assert reference.sheet_applies(sheets["04_DAO_TAO"], agency)
    assert not reference.sheet_applies(sheets["01_HTX"], agency)


def test_a_code_of_a_commune_means_what_it_meant_on_the_day(reference):
    assert reference.units[reference.units.commune_at("25195", BEFORE)].name_full == "Phường Tân Phú"
    assert reference.units[reference.units.commune_at("25195", AFTER)].name_full == "Phường Bình Phước"
    assert reference.units.commune_at("99999", AFTER) is None


@pytest.mark.parametrize(
    ("name", "unit_uid", "day", "expected"),
    [
        ("Xã Lộc Thạnh", "692@2023", BEFORE, "25280@2023"),
        ("X. Lộc Thành", "692@2023", BEFORE, "25294@2023"),
        ("Xa Loc Thanh", "692@2023", BEFORE, None),
        ("Xã Lộc Thạnh", "694@2023", BEFORE, None),
        ("Phường Tân Phú", "25195@2025", AFTER, None),
        ("Bình Phước", "25195@2025", AFTER, "25195@2025"),
        ("Xã Đắk Ơ", "25225@2025", AFTER, None),
        ("Đắk Ơ", "25225@2025", AFTER, "25225@2025"),
    ],
)
def test_a_commune_is_found_by_a_name_that_is_its_own_inside_the_unit(reference, name, unit_uid, day, expected):
    assert reference.units.commune_by_name(name, unit_uid, day) == expected


def test_communes_lie_inside_their_unit_and_agencies_have_no_ground(reference):
    assert reference.units.is_inside("25280@2023", "692@2023")
    assert not reference.units.is_inside("25280@2023", "694@2023")
    assert reference.units.is_inside("25195@2025", "25195@2025")
    assert not reference.units.is_inside("25195@2025", "DPI")


def test_an_old_commune_leads_to_the_one_that_took_it_over(reference):
    assert reference.units.successor_at("25198@2023", AFTER) == "25195@2025"
    assert reference.units.successor_at("25198@2023", BEFORE) == "25198@2023"
    assert reference.units.successor_at("25432@2021", AFTER) == "25432@2025"
    assert reference.units.last_successor("25432@2021") == "25432@2025"
    assert reference.units.successor_at("692@2023", AFTER) is None


def test_the_programmes_ground_has_111_communes_before_the_reform_and_40_after(reference):
    assert len(reference.codes("communes", day=BEFORE)) == 111
    assert len(reference.codes("communes", day=AFTER)) == 40
    assert len(reference.units.communes_at(BEFORE, "692@2023")) == 16


def test_a_unit_is_known_by_its_names_and_aliases_but_not_by_its_initials(reference):
    def known_as(code: str) -> set[str]:
        return {name_key(name) for name in reference.unit_names(reference.roster[2024, code])}

    for name in ("Thị xã Chơn Thành", "THỊ XÃ CHƠN THÀNH", "TX Chơn Thành", "Chơn Thành"):
        assert name_key(name) in known_as("697")
    assert name_key("Huyện Hớn Quản") not in known_as("697")
    assert name_key("BGM") not in known_as("691")
    assert name_key("sở tài chính") in known_as("DOF")


def test_the_roster_gives_the_units_of_a_year(reference):
    assert reference.roster[2025, "25195"] == RosterUnit(2025, "25195", "25195@2025", "commune", True, None)
    assert len(reference.codes("reporting_units", 2025)) == len(reference.roster_of(2025)) == 51
    assert reference.codes("reporting_units", 2024)["DPI"] == "Sở Kế hoạch và Đầu tư"


def test_cycles_rules_and_decisions_are_data(reference):
    cycle = reference.cycles[2024]
    assert (cycle.data_window_from, cycle.data_window_to) == (date(2023, 11, 1), date(2024, 12, 31))
    assert cycle.locked_from == date(2025, 3, 1)
    assert not cycle.deadline_is_inclusive
    assert reference.rules["V03"].severity == "query"
    assert reference.decided("women_managed_means", 2024) == "any_manager"
    assert reference.code_flags["cooperative_statuses"]["ineffective"] == {"failing"}


def test_any_changed_row_changes_the_hash(reference, seeds):
    assert read_reference(seeds).sha256 == reference.sha256
    path = seeds / "targets.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("T01,1,2025,20,", "T01,1,2025,21,"), encoding="utf-8")
    assert read_reference(seeds).sha256 != reference.sha256


CYCLE = "2025,1,2025-11-30,2025-12-31,no,no,2026-02-15,"
DATE = "must be a date written YYYY-MM-DD, or DD/MM/YYYY in the whole file"
TYPING_ERRORS = [
    (
        "report_cycles.csv", CYCLE, CYCLE.replace("2025-11-30", "11/30/2025"),
        f"report_cycles.csv, row 4: units_due_before {DATE}, but is «11/30/2025».",
    ),
    (
        "report_cycles.csv", CYCLE, CYCLE.replace("2025-11-30", "2025-11-31"),
        f"report_cycles.csv, row 4: units_due_before {DATE}, but is «2025-11-31».",
    ),
    (
        "report_cycles.csv", CYCLE, CYCLE.replace("2025-11-30", ""),
        f"report_cycles.csv, row 4: units_due_before {DATE}, but is empty.",
    ),
    (
        "report_cycles.csv", CYCLE, CYCLE.replace(",no,no,", ",Yes,no,"),
        "report_cycles.csv, row 4: deadline_is_inclusive must be yes or no, but is «Yes».",
    ),
    (
        "report_cycles.csv", CYCLE, CYCLE.replace(",no,no,", ",no,no ,"),
        "report_cycles.csv, row 4: moves_to_next_working_day must be yes or no, but is «no ».",
    ),
    (
        "report_cycles.csv", CYCLE, CYCLE.replace("2025,1,", "2025,I,"),
        "report_cycles.csv, row 4: phase must be a whole number, but is «I».",
    ),
    (
        "report_cycles.csv", CYCLE, '2025,1,"2025-11-30,2025-12-31,no,no,2026-02-15,',
        "report_cycles.csv, row 4: a quotation mark is not closed; inside a text it must be doubled.",
    ),
    (
        "reporting_roster.csv", "2023,689,689@2023,district,,yes", "2023,689,689@2023,district,,Có",
        "reporting_roster.csv, row 3: mandatory must be yes or no, but is «Có».",
    ),
    (
        "reporting_roster.csv", "2023,689,689@2023,district,,yes", "2023,689,689@2023,district,,",
        "reporting_roster.csv, row 3: mandatory must be yes or no, but is empty.",
    ),
    (
        "reporting_roster.csv", "2023,689,689@2023,district,,yes", "2023,689,689@2023,districts,,yes",
        "reporting_roster.csv, row 3: unit_kind must be district, commune or agency, but is «districts».",
    ),
    (
        "reporting_roster.csv", "2023,689,689@2023,district,,yes", "2023,689,689@2023,district,1.12.2023,yes",
        f"reporting_roster.csv, row 3: due_before {DATE}, but is «1.12.2023».",
    ),
    (
        "reporting_roster.csv", "unit_kind,due_before", "unit_kind,own_date",
        "reporting_roster.csv, row 1: the column due_before is missing; the file has «report_year»,"
        " «reporting_unit_code», «unit_uid», «unit_kind», «own_date», «mandatory».",
    ),
    (
        "form_versions.csv", "form_version,is_guided,note", "form_version is_guided note",
        "form_versions.csv, row 1: the names of the columns must be separated by commas, semicolons or tabs,"
        " but found is «form_version is_guided note».",
    ),
    (
        "form_versions.csv", "first form of the plan", "first form, of the plan",
        "form_versions.csv, row 2: 3 cells are allowed, one a column, but found are 4;"
        " a text with a comma must be in quotation marks.",
    ),
    (
        "form_fields.csv", "2023.1,00_BIA,4,report_year,Năm báo cáo,integer,", "2023.1,00_BIA,4,report_year,Năm,int,",
        "form_fields.csv, row 5: type must be text, code, integer, date, boolean, money, number or mark, but is «int».",
    ),
    (
        "form_fields.csv", "month,no,,stock,0,", "month,no,,stock,\"0,5\",",
        "form_fields.csv, row 111: minimum must be a number with a point before its decimals, but is «0,5».",
    ),
    (
        "administrative_unit_changes.csv", "1,true,NQ 570", "1,yes,NQ 570",
        "administrative_unit_changes.csv, row 2: is_default_successor must be true, false or empty, but is «yes».",
    ),
    (
        "rules.csv", "F02,error,", "F02,errors,",
        "rules.csv, row 3: severity must be error, query or info, but is «errors».",
    ),
    (
        "decisions.csv", "any_manager,any_manager | leads", "leaders,any_manager | leads",
        "decisions.csv, row 3: value must be any_manager or leads, but is «leaders».",
    ),
    (
        "decisions.csv", "honours_first_window,2024-2025", "honours_first_window,2024–2025",
        "decisions.csv, row 15: value must be two years written YYYY-YYYY, but is «2024–2025».",
    ),
    (
        "decisions.csv", "percent_decimals_shown,1", "percent_decimals_shown,one",
        "decisions.csv, row 18: value must be a whole number from 0 to 9, but is «one».",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("file_name", "before", "after", "sentence"), TYPING_ERRORS)
def test_a_typing_error_is_reported_with_file_row_column_and_what_is_allowed(seeds, file_name, before, after, sentence):
    path = seeds / file_name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    assert refusal(seeds) == sentence


def test_a_file_that_is_missing_is_reported(seeds):
    path = seeds / "form_versions.csv"
    path.unlink()
    assert refusal(seeds) == f"form_versions.csv: the file is missing in {seeds}."


def refusal(seeds) -> str:
    with pytest.raises(InvalidReferenceData) as refused:
        read_reference(seeds)
    return str(refused.value)
