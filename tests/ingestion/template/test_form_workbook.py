"""The form as an officer sees it, opened again."""

import csv
import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from ingestion.form.submission import read_submission
from ingestion.template.form_workbook import write_workbook
from ingestion.template.shown_lists import shown_code
from tests.ingestion.filled_in import COOPERATIVE, COVER
from warehouse.reference.reference_data import read_reference


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def checks(sheet, place) -> list:
    return [check for check in sheet.data_validations.dataValidation if place in check.sqref]


def listed(workbook, check) -> list:
    """What a drop-down list offers."""
    sheet, _, cells = check.formula1.rpartition("!")
    return [cell.value for (cell,) in workbook[sheet.strip("'")][cells.replace("$", "")]]


def test_a_district_gets_every_sheet_and_an_agency_only_its_own(filled_form):
    assert opened(filled_form()).sheetnames == [
        "00_BIA", "01_HTX", "02_THT", "03_HO_TRO", "04_DAO_TAO", "05_CAN_BO_HOI", "06_NO", "07_KINH_PHI",
        "08_HOAT_DONG", "09_UU_TIEN", "10_TONG_HOP", "11_GIAI_TRINH", "12_DANH_GIA", "90_DANH_MUC",
    ]  # fmt: skip
    agency = filled_form(unit="DOIT", sheets={"01_HTX": [], "02_THT": []})
    assert opened(agency).sheetnames == [
        "00_BIA", "03_HO_TRO", "04_DAO_TAO", "07_KINH_PHI", "08_HOAT_DONG", "09_UU_TIEN", "11_GIAI_TRINH",
        "12_DANH_GIA", "90_DANH_MUC",
    ]  # fmt: skip


def test_codes_are_hidden_and_headers_are_vietnamese(filled_form, reference):
    workbook = opened(filled_form())
    sheet, fields = workbook["01_HTX"], reference.form_for(2023).sheets["01_HTX"].fields
    assert sheet.row_dimensions[1].hidden
    assert [cell.value for cell in sheet[1]] == [field.field_code for field in fields]
    assert [cell.value for cell in sheet[2]] == [field.header_vi for field in fields]
    cover = workbook["00_BIA"]
    assert cover.column_dimensions["A"].hidden
    assert [cell.value for cell in cover[5]][:3] == ["reporting_unit_code", "Mã đơn vị báo cáo", "692"]
    assert workbook["90_DANH_MUC"].sheet_state == "hidden"


def test_headers_stay_in_sight_and_on_every_printed_page(filled_form):
    workbook = opened(filled_form())
    wide, narrow = workbook["01_HTX"], workbook["06_NO"]
    assert (wide.freeze_panes, narrow.freeze_panes, workbook["00_BIA"].freeze_panes) == ("C3", "A3", "C4")
    assert (wide.print_title_rows, wide.print_title_cols) == ("$2:$2", "$A:$B")
    assert (wide.page_setup.orientation, wide.page_setup.fitToWidth, wide.page_setup.fitToHeight) == ("landscape", 4, 0)
    assert (narrow.page_setup.fitToWidth, narrow.print_title_cols) == (1, None)
    assert wide.sheet_properties.pageSetUpPr.fitToPage
    assert wide["A2"].alignment.wrap_text
    assert wide.row_dimensions[2].height >= 60
    assert wide.column_dimensions["B"].width == 24


def test_required_fields_are_marked_without_changing_their_headers(filled_form):
    sheet = opened(filled_form())["01_HTX"]
    required, optional = sheet["I2"], sheet["AA2"]
    assert (required.value, required.number_format) == ("Tổng số thành viên", '@" (người) *"')
    assert (optional.value, optional.number_format) == ("Doanh thu trong năm", '@" (triệu đồng)"')
    assert required.fill.fgColor.rgb != optional.fill.fgColor.rgb


def test_drop_down_lists_offer_labels_and_the_units_own_communes(filled_form):
    workbook = opened(filled_form())
    sheet = workbook["01_HTX"]
    (sector,), (commune,), (founding,), (stars,) = (checks(sheet, place) for place in ("F9", "C9", "H9", "AD9"))
    assert listed(workbook, sector)[:2] == ["Trồng trọt", "Chăn nuôi"]
    assert len(listed(workbook, commune)) == 16
    assert listed(workbook, commune)[0].endswith("Thị trấn Lộc Ninh")
    assert (founding.formula1, stars.formula1) == ('"C,K"', '"0,3,4,5"')
    assert (sector.type, sector.errorStyle) == ("list", "warning")
    (duty,) = checks(workbook["08_HOAT_DONG"], "A9")
    assert listed(workbook, duty)[2] == "IV.1.c - Tôn vinh, khen thưởng điển hình (02 năm/lần)"
    (kind,) = checks(workbook["00_BIA"], "C8")
    assert listed(workbook, kind) == ["Định kỳ năm", "Số liệu chính thức năm", "Đột xuất", "Sơ kết giai đoạn"]


def test_cells_take_only_their_type_within_their_bounds(filled_form):
    sheet = opened(filled_form())["01_HTX"]
    (members,), (registered,), (revenue,), (profit,) = (checks(sheet, place) for place in ("I9", "E9", "AA9", "AC9"))
    assert (members.type, members.operator, members.formula1) == ("whole", "greaterThanOrEqual", "0")
    assert (revenue.type, revenue.operator, revenue.formula1) == ("decimal", "greaterThanOrEqual", "0")
    assert (profit.type, profit.formula1) == ("decimal", "-1000000000000")
    assert (registered.type, registered.operator) == ("date", "between")
    # 1950-01-01, and the day from which the year is locked
    assert (registered.formula1, registered.formula2) == ("18264", "45352")
    assert members.errorStyle in (None, "stop")
    assert "Đơn vị: người. Từ 0 trở lên. Bắt buộc." in members.prompt
    assert all(check.allow_blank for check in (members, registered, revenue, profit))


def test_values_have_the_types_and_formats_of_their_fields(filled_form):
    sheet = opened(filled_form())["01_HTX"]
    assert (sheet["A3"].value, sheet["A3"].number_format) == ("3800100009", "@")
    assert (sheet["E3"].value, sheet["E3"].number_format) == (datetime(2019, 5, 6), "dd/mm/yyyy")
    assert (sheet["I3"].value, sheet["I3"].number_format) == (30, "#,##0")
    assert (sheet["AA3"].value, sheet["H3"].value) == (1234.5, "C")
    assert sheet["D3"].value is None


@pytest.mark.parametrize("text", ["=1+1", "+84 271", "-5", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1"])
def test_text_never_becomes_a_formula(filled_form, text):
    sheet = opened(filled_form(sheets={"01_HTX": [{**COOPERATIVE, "note": text}]}))["01_HTX"]
    cell = sheet["AN3"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_characters_that_a_workbook_cannot_hold_become_blanks(filled_form):
    sheet = opened(filled_form(sheets={"01_HTX": [{**COOPERATIVE, "note": "a\x00b\x0bc"}]}))["01_HTX"]
    assert sheet["AN3"].value == "a b c"


def test_what_is_written_is_read_back(filled_form, received, reference):
    rows = {
        "03_HO_TRO": [
            {"organisation_code": "3800100009", "support_kind": "strengthening", "started_on": date(2023, 5, 6),
             "supporting_agency": "WU-P", "cost": 12.25, "funding_source": "local"},
        ],
        "08_HOAT_DONG": [{"duty_code": "IV.1.c", "duty_status": "done"}],
        "10_TONG_HOP": [{"indicator_code": "T05", "declared_value": 66.7}],
        "12_DANH_GIA": [{"narrative_section": "proposals", "text": "Dòng một\ndòng hai", "addressee": "DOF"}],
    }  # fmt: skip
    sheets = read_submission(received(filled_form(sheets=rows)), reference).sheets
    assert {code: [row.read for row in sheets[code].rows] for code in rows} == {
        "03_HO_TRO": [
            {"organisation_code": "3800100009", "support_kind": "strengthening", "started_on": "2023-05-06",
             "supporting_agency": "WU-P", "cost": "12.25", "funding_source": "local"},
        ],
        "08_HOAT_DONG": [{"duty_code": "IV.1.c", "duty_status": "done"}],
        "10_TONG_HOP": [{"indicator_code": "T05", "declared_value": "66.7"}],
        "12_DANH_GIA": [{"narrative_section": "proposals", "text": "Dòng một dòng hai", "addressee": "DOF"}],
    }  # fmt: skip


def test_a_field_that_the_form_does_not_have_is_a_mistake_of_the_caller(filled_form):
    with pytest.raises(KeyError, match="no field nonsense"):
        filled_form(sheets={"01_HTX": [{"nonsense": 1}]})
    with pytest.raises(KeyError, match="13_KHAC"):
        filled_form(sheets={"13_KHAC": [{}]})


def test_the_same_values_give_the_same_bytes_without_the_moment_of_writing(filled_form):
    one = filled_form()
    assert filled_form() == one
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        properties = archive.read("docProps/core.xml").decode()
    assert properties.count("2000-01-01T00:00:00Z") == 2


def test_codes_that_people_quote_stand_beside_their_labels():
    assert shown_code("25280", "Xã Lộc Thạnh") == "25280 - Xã Lộc Thạnh"
    assert shown_code("crop", "Trồng trọt") == "Trồng trọt"


# The form is data --------------------------------------------------------------------------------------------


def publish_next_version(seeds) -> None:
    """A version 2024.1 as rows of CSV: revenue renamed in code and header, a field added, one dropped, a sheet new."""
    changed = [
        {"sheet_code": "01_HTX", "field_code": "revenue", "field_order": "27", "type": "dropped", "required": "no"},
        {"sheet_code": "01_HTX", "field_code": "traceability", "field_order": "35", "type": "dropped",
         "required": "no"},
        {"sheet_code": "01_HTX", "field_order": "27", "field_code": "net_revenue", "type": "money",
         "header_vi": "Doanh thu thuần", "unit": "million VND", "required": "no", "measure": "flow", "minimum": "0"},
        {"sheet_code": "01_HTX", "field_order": "90", "field_code": "women_board_members", "type": "integer",
         "header_vi": "Nữ thành viên HĐQT", "unit": "person", "required": "yes", "measure": "stock", "minimum": "0"},
        {"sheet_code": "13_MO_HINH", "field_order": "1", "field_code": "model_name", "type": "text",
         "header_vi": "Tên mô hình", "required": "yes", "measure": "key"},
    ]  # fmt: skip
    sheet = {
        "sheet_code": "13_MO_HINH", "sheet_order": "14", "sheet_title_vi": "Mô hình điểm", "applies_to": "district",
    }  # fmt: skip
    append(seeds / "form_versions.csv", [{"is_guided": "no"}])
    append(seeds / "form_sheets.csv", [sheet])
    append(seeds / "form_fields.csv", changed)
    cycles = (seeds / "report_cycles.csv").read_text(encoding="utf-8").splitlines()
    cycles = [line.replace("2023.1", "2024.1") if line.startswith("2024,") else line for line in cycles]
    (seeds / "report_cycles.csv").write_text("\n".join(cycles) + "\n", encoding="utf-8")


def append(path, rows) -> None:
    """Adds rows of version 2024.1."""
    with path.open(encoding="utf-8", newline="") as lines:
        columns = next(csv.reader(lines))
    with path.open("a", encoding="utf-8", newline="") as lines:
        csv.DictWriter(lines, columns, lineterminator="\n").writerows({"form_version": "2024.1", **row} for row in rows)


def test_a_new_version_of_the_form_needs_no_code(seeds, received):
    publish_next_version(seeds)
    reference = read_reference(seeds)
    form = reference.form_for(2024)
    assert (form.version, reference.form_for(2023).version) == ("2024.1", "2023.1")
    cover = {**COVER, "data_from": date(2023, 11, 21), "data_to": date(2024, 11, 20), "signed_on": date(2024, 11, 21)}
    row = {name: value for name, value in COOPERATIVE.items() if name != "revenue"}
    row |= {"net_revenue": 99.5, "women_board_members": 2}
    model = {"model_name": "HTX kiểu mẫu"}
    content = write_workbook(
        form, reference, cover, {"01_HTX": [row], "13_MO_HINH": [model]}, reference.roster[2024, "692"]
    )

    headers = [cell.value for cell in opened(content)["01_HTX"][2]]
    assert "Doanh thu thuần" in headers
    assert "Nữ thành viên HĐQT" in headers
    assert "Doanh thu trong năm" not in headers
    assert "Có truy xuất nguồn gốc" not in headers

    submission = read_submission(received(content), reference)
    assert submission.cover["form_version"] == "2024.1"
    (read,) = [row.read for row in submission.sheets["01_HTX"].rows]
    assert (read["net_revenue"], read["women_board_members"]) == ("99.5", "2")
    assert "revenue" not in read
    assert [row.read for row in submission.sheets["13_MO_HINH"].rows] == [{"model_name": "HTX kiểu mẫu"}]
    assert submission.warnings == []


def test_last_years_version_is_still_read_beside_the_new_one(seeds, received, filled_form):
    old = filled_form()
    publish_next_version(seeds)
    submission = read_submission(received(old), read_reference(seeds))
    assert submission.form.version == "2023.1"
    assert submission.sheets["01_HTX"].rows[0].read["revenue"] == "1234.5"
    assert submission.warnings == []
