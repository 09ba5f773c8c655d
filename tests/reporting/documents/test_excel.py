"""The Excel annex of the example province's reports, read back cell by cell: against `reports` and the answer key."""

import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import openpyxl
import pytest

from reporting.content.annual import read_annual
from reporting.content.phase import read_phase
from reporting.content.report_rows import NothingToReport
from reporting.content.tables import Column, Content, Table
from reporting.documents.about import About
from reporting.documents.excel import HEADER_ROW, write_excel
from tests.datasets import first_seed, read_csv
from warehouse.connection import connect

YEAR, PHASE = 2025, 1
INSTEAD = {"not_reported": "Chưa báo cáo", "not_applicable": "–"}
IN_VIET_NAM = timedelta(hours=7)
# sheet -> what it must hold: relation, which rows of it, heading -> column; a figure has its status behind a colon
LACKING = "status in ('missing', 'rejected')"
LISTS = {
    "Nhiệm vụ theo đơn vị": ("rpt_duties", "report_year = 2025 and is_programme_ground", {
        "Mục": "plan_section", "Mã nhiệm vụ": "duty_code", "Nhiệm vụ": "duty_name_vi", "Đơn vị": "unit_name_vi",
        "Tình hình thực hiện": "duty_status_name_vi", "Số lượng": "events", "Số người tham gia": "people",
        "Văn bản minh chứng": "evidence_document", "Kết quả": "result",
    }),
    "Nhiệm vụ chưa báo cáo": ("rpt_duties_owed", "report_year = 2025 and has_report", {
        "Mã nhiệm vụ": "duty_code", "Nhiệm vụ": "duty_name_vi", "Đơn vị": "unit_name_vi", "Định kỳ": "frequency_vi",
        "Năm báo cáo gần nhất": "last_reported_year",
    }),
    "Chế độ báo cáo": ("rpt_reporting_status", "report_year = 2025", {
        "Mã đơn vị": "reporting_unit_code", "Đơn vị": "unit_name_vi", "Loại đơn vị": "unit_kind_name_vi",
        "Bắt buộc báo cáo": "expected", "Phải gửi trước": "due_at", "Tiếp nhận lúc": "received_at",
        "Thời hạn": "punctuality_name_vi", "Tình trạng": "status_name_vi", "Lỗi chưa sửa": "errors",
        "Nội dung cần giải trình": "open_queries",
    }),
    "Báo cáo còn thiếu": ("rpt_reporting_status", f"report_year = 2025 and ({LACKING} or not is_programme_ground)", {
        "Bắt buộc báo cáo": "expected", "Đơn vị": "unit_name_vi",
        "Còn thiếu": f"case when {LACKING} then status_name_vi else 'Đã tiếp nhận, nhưng số liệu tính cho toàn tỉnh mới"
        " nên không được tính vào Kế hoạch' end",
    }),
    "Đánh giá": ("rpt_narratives", "report_year = 2025", {
        "Nội dung": "narrative_section_name_vi", "Đơn vị": "unit_name_vi", "Đánh giá": "text",
        "Kiến nghị với": "addressee_name_vi",
    }),
    "Kiến nghị": ("rpt_narratives", "report_year = 2025 and narrative_section = 'proposals'", {
        "Kiến nghị với": "addressee_name_vi", "Đơn vị kiến nghị": "unit_name_vi", "Nội dung kiến nghị": "text",
    }),
    "Hợp tác xã": ("rpt_cooperatives", "report_year = 2025", {
        "Mã số HTX": "registration_number", "Tên hợp tác xã": "cooperative_name", "Đơn vị báo cáo": "unit_name_vi",
        "Xã, phường": "commune_name_vi", "Ngày đăng ký": "registered_on", "Lĩnh vực hoạt động": "sector_name_vi",
        "Tình trạng hoạt động": "status_name_vi", "Phụ nữ tham gia quản lý": "is_women_managed",
        "Hội hỗ trợ thành lập": "union_supported_founding", "Mới trong kỳ": "is_new", "Thành viên": "members",
        "Thành viên nữ": "women_members", "Lao động": "workers", "Lao động nữ": "women_workers",
        "Người quản lý": "managers", "Nữ quản lý": "women_managers", "Nữ đứng đầu": "woman_leads",
        "Nữ có việc làm ổn định": "women_stable_jobs", "Nữ có việc làm mới": "women_new_jobs",
        "Xếp loại": "classification_name_vi", "Năm xếp loại": "classification_year",
        "Vốn điều lệ (triệu đồng)": "charter_capital_million_vnd", "Doanh thu (triệu đồng)": "revenue_million_vnd",
        "Lợi nhuận (triệu đồng)": "profit_million_vnd",
        "Thu nhập bình quân tháng (triệu đồng)": "average_monthly_income_million_vnd", "Sao OCOP": "ocop_stars",
    }),
    "HTX mới": ("rpt_new_organisations", "report_year = 2025 and organisation_kind = 'cooperative'", {
        "Mã số HTX": "organisation_id", "Tên hợp tác xã": "organisation_name", "Ngày đăng ký": "founded_on",
        "Thành viên": "members", "Lao động": "workers", "Lao động nữ": "women_workers",
    }),
    "Tổ hợp tác mới": ("rpt_new_organisations", "report_year = 2025 and organisation_kind = 'group'", {
        "Mã Tổ hợp tác": "organisation_id", "Tên Tổ hợp tác": "organisation_name", "Ngày thành lập": "founded_on",
        "Hội hỗ trợ thành lập": "union_supported_founding", "Thành viên": "members",
    }),
    "Mô hình điểm": ("rpt_models", "report_year <= 2025", {
        "Năm": "report_year", "Loại hình": "organisation_kind_name_vi", "Mã HTX, Tổ hợp tác": "organisation_code",
        "Tên HTX, Tổ hợp tác": "organisation_name", "Đơn vị hỗ trợ": "supporting_agency_name_vi",
        "Ngày bắt đầu": "started_on", "Ngày kết thúc": "ended_on", "Kinh phí (triệu đồng)": "cost_million_vnd",
        "Nguồn vốn": "funding_source_name_vi", "Kết quả": "result",
    }),
    "Tôn vinh, khen thưởng": ("rpt_duties", "report_year <= 2025 and is_programme_ground and is_honour", {
        "Năm": "report_year", "Mã nhiệm vụ": "duty_code", "Đơn vị": "unit_name_vi", "Số lượng": "events",
        "Số người": "people", "Văn bản minh chứng": "evidence_document",
    }),
    "Văn bản đã ban hành": (
        "rpt_duties", "report_year = 2025 and is_programme_ground and evidence_document is not null", {
            "Số, ký hiệu văn bản": "evidence_document", "Đơn vị ban hành": "unit_name_vi", "Mã nhiệm vụ": "duty_code",
        },
    ),
    "Quy ước tính": ("rpt_decisions", "true", {
        "Mã": "decision_code", "Điểm chưa quy định rõ": "question_vi", "Cách tính áp dụng": "default_vi",
        "Chỉ tiêu áp dụng": "indicator_codes", "Áp dụng từ năm": "valid_from_year", "Văn bản quyết định": "source_vi",
    }),
    "Định nghĩa": ("rpt_definitions", "reported_as <> 'internal'", {
        "Mã": "indicator_code", "Số liệu": "measure_name_vi", "Đơn vị tính": "unit_of_measure_vi",
        "Mục của Kế hoạch": "plan_section", "Cách tính": "definition_vi", "Quy ước": "decision_codes",
    }),
}  # fmt: skip

LEFT_TO_THE_UNION = ("T17", "T18")  # duties of this very report
ANSWERED = {
    "Mốc ban đầu": "baseline", "Mục tiêu": "target", "Thực hiện": "value", "Thấp nhất": "value_low",
    "Cao nhất": "value_high", "Thời hạn": "target_year",
}  # fmt: skip


@pytest.fixture(scope="module")
def annex(played):
    """The example's folder, its warehouse, and the yearly report's workbook of the last year, read back."""
    folder, url = played
    with connect(url) as connection:
        content = read_annual(connection, YEAR)
    return folder, url, openpyxl.load_workbook(io.BytesIO(write_excel(content)))


def rows_of(sheet) -> list[dict]:
    """The rows of a table's sheet, by heading."""
    headings = [cell.value for cell in sheet[HEADER_ROW]]
    return [dict(zip(headings, row, strict=True)) for row in sheet.iter_rows(min_row=HEADER_ROW + 1, values_only=True)]


def same(cell: object, value: object) -> bool:
    """Whether a cell says a value: numbers to the ninth decimal, instants in Viet Nam's time, yes and no in words."""
    if isinstance(value, bool):
        return cell == ("Có" if value else "Không")
    if isinstance(value, Decimal | int):
        return isinstance(cell, float | int) and abs(float(value) - cell) < 1e-9 * max(1, abs(cell))
    if isinstance(value, datetime):
        return cell == value.astimezone(UTC).replace(tzinfo=None) + IN_VIET_NAM
    if value is None:
        return cell in (None, "", "–")
    return cell == value or (isinstance(cell, datetime) and cell.date() == value)


def shown(cell: object, value: Decimal | None, status: str) -> bool:
    return same(cell, value) if value is not None else cell == INSTEAD.get(status, "–")


def test_every_list_of_the_annex_is_that_of_the_published_reports(annex):
    _, url, book = annex
    with connect(url) as connection:
        for name, (relation, condition, columns) in LISTS.items():
            expected = connection.execute(
                f"select {', '.join(columns.values())} from reports.{relation} where {condition}"
            ).fetchall()
            found = [[row[heading] for heading in columns] for row in rows_of(book[name])]
            if not expected:
                assert found[0][0] == "Không có"
                continue
            assert len(found) == len(expected), name
            for row in found:
                matches = [each for each in expected if all(map(same, row, each))]
                assert matches, (name, row)
                expected.remove(matches[0])


def test_every_figure_of_the_annex_is_the_answer_keys_and_the_published_one(annex):
    folder, url, book = annex
    key = {
        tuple(row[name] for name in ("indicator_code", "measure_code", "breakdown", "breakdown_code", "unit_uid")): row
        for row in read_csv(folder / "answer_key" / "indicator_values.csv")
        if row["report_year"] == str(YEAR) and row["basis"] == "as_reported"
    }
    with connect(url) as connection:
        published = {
            row[:5]: row[5:]
            for row in connection.execute(
                "select indicator_code, measure_code, breakdown, breakdown_code, unit_uid, value, value_status"
                " from reports.rpt_figures where report_year = %s and basis = 'as_reported'",
                [YEAR],
            )
        }
    cells = figures_in(book)
    provinces = {place for place in published if place[4] == "province" and place[0] not in LEFT_TO_THE_UNION}
    targets = {place for place in published if place[0] <= "T14" and place[0] > "T" and place[2] == "total"}
    with_units = {place for place in targets if place[4] == "province" or published[place][1] != "not_applicable"}
    assert cells.keys() >= provinces | with_units
    for place, cell in cells.items():
        value, status = published[place]
        assert shown(cell, value, status), (place, cell, value, status)
        right = Decimal(key[place]["value"]) if key[place]["value"] else None
        assert shown(cell, right, key[place]["value_status"]), (place, cell, right)


def is_gone(row: dict) -> bool:
    """Whether a part had a figure the year before and has none in the report's."""
    return f"-{YEAR - 1}" in row["Mã số liệu"]


def test_a_part_of_which_nothing_is_said_any_more_keeps_its_figure_of_the_year_before(annex):
    _, url, book = annex
    parts = [row for row in rows_of(book["Phân tổ"]) if row["Mã số liệu"].startswith("C24.borrowers-")]
    assert [row["Mã số liệu"] for row in parts] == [
        f"C24.borrowers-{YEAR}[funding_source=cooperative_fund]",
        f"C24.borrowers-{YEAR - 1}[funding_source=policy_bank]",
        f"C24.borrowers-{YEAR}[funding_source=other_credit]",
    ]
    assert parts[1]["Năm báo cáo"] == "–"
    with connect(url) as connection:
        kept = connection.execute(
            "select value from reports.rpt_figures where indicator_code = 'C24' and measure_code = 'borrowers'"
            " and report_year = %s and unit_uid = 'province' and basis = 'as_reported' and breakdown = 'total'",
            [YEAR - 1],
        ).fetchall()
    assert kept == [(sum(row["Năm trước"] for row in parts),)]


def figures_in(book) -> dict[tuple, object]:
    """Every figure of the workbook that has a key, with what its cell says."""
    from reporting.content.keys import parse_key

    cells = {}
    for name, heading in (("Chỉ tiêu", "Thực hiện"), ("Số liệu", "Năm báo cáo")):
        cells |= {row["Mã số liệu"]: row[heading] for row in rows_of(book[name])}
    cells |= {row["Mã số liệu"]: row["Năm báo cáo"] for row in rows_of(book["Phân tổ"]) if not is_gone(row)}
    for row in rows_of(book["Theo đơn vị"]):
        by_code = {str(heading)[:3]: cell for heading, cell in row.items() if str(heading)[1:3].isdigit()}
        cells |= {row[f"Mã số liệu {code}"]: cell for code, cell in by_code.items() if row[f"Mã số liệu {code}"]}
    keys = {text: parse_key(text) for text in cells}
    assert {key.report_year for key in keys.values()} == {YEAR}
    return {
        (key.indicator_code, key.measure_code, key.breakdown, key.breakdown_code, key.unit_uid): cells[text]
        for text, key in keys.items()
    }


def test_the_targets_of_the_annex_are_the_answer_keys_with_their_words(annex):
    folder, url, book = annex
    with connect(url) as connection:
        words = {
            row[:2]: row[2] for row in connection.execute("select code_list, code, label_vi from reports.rpt_codes")
        }
        published = {
            row[0]: row[1:]
            for row in connection.execute(
                "select indicator_code, achieved_pct, verdict from reports.rpt_annual_targets where report_year = %s",
                [YEAR],
            )
        }
    by_year = {
        (row["report_year"], row["indicator_code"]): row for row in read_csv(folder / "answer_key/annual_targets.csv")
    }
    changes = {
        row["indicator_code"]: row["change"]
        for row in read_csv(folder / "answer_key/changes.csv")
        if row["report_year"] == str(YEAR) and row["measure_code"] == "value"
    }
    found = {row["Mã"]: row for row in rows_of(book["Chỉ tiêu"])}
    assert sorted(found) == sorted(
        code for year, code in by_year if year == str(YEAR) and code not in LEFT_TO_THE_UNION
    )
    for code, row in found.items():
        right, before = by_year[str(YEAR), code], by_year[str(YEAR - 1), code]
        for heading, name in ANSWERED.items():
            assert same(row[heading], Decimal(right[name]) if right[name] else None), (code, heading)
        assert same(row["Năm trước"], Decimal(before["value"]) if before["value"] else None), code
        assert same(row["Tăng, giảm"], Decimal(changes[code]) if changes[code] else None), code
        assert row["Đánh giá"].partition(" (")[0] == words["verdicts", right["verdict"]], code
        assert same(row["Đạt so với mục tiêu (%)"], published[code][0]), code


@first_seed
def test_what_stands_above_its_target_before_its_year_says_so(annex):
    _, _, book = annex
    found = {row["Mã"]: row for row in rows_of(book["Chỉ tiêu"])}
    assert found["T13"]["Đánh giá"] == "Đang thực hiện (hiện vượt mức mục tiêu)"  # its year is 2030, and it may fall


def test_a_duty_is_counted_by_status_and_what_is_left_blank_is_counted_by_figure(annex):
    _, url, book = annex
    with connect(url) as connection:
        duties = {row[0]: row[1:] for row in connection.execute("""
            select duty_code, count(*), count(*) filter (where duty_status = 'done'),
                   sum(people) filter (where is_programme_ground)
            from reports.rpt_duties where report_year = 2025 group by duty_code
        """)}  # fmt: skip
        codes = {
            code for (code,) in connection.execute("select code from reports.rpt_codes where code_list = 'duties'")
        }
        blank = {row[0]: row[1] for row in connection.execute("""
            select measure_name_vi, count(*) from reports.rpt_figures
            inner join reports.rpt_reporting_status as units using (report_year, unit_uid)
            where report_year = 2025 and basis = 'as_reported' and breakdown = 'total'
              and value_status = 'not_reported' and status like 'accepted%' and is_programme_ground
            group by indicator_code, measure_name_vi
        """)}  # fmt: skip
    found = {row["Mã nhiệm vụ"]: row for row in rows_of(book["Nhiệm vụ"])}
    assert found.keys() == codes
    for code, row in found.items():
        count, done, people = duties.get(code, (0, 0, None))
        assert (row["Đơn vị báo cáo"], row["Đã hoàn thành"]) == (count, done)
        assert same(row["Số người tham gia"], people), code
    assert {row["Số liệu"]: row["Số đơn vị để trống"] for row in rows_of(book["Số liệu để trống"])} == blank


@first_seed
def test_a_source_names_the_file_sheet_and_row_that_say_it(annex):
    folder, _, book = annex
    row = rows_of(book["Hợp tác xã"])[0]
    file_name, sheet, place = row["Nguồn"].split(", ")
    [path] = list((folder / "inbox").rglob(file_name))
    sent = openpyxl.load_workbook(path)[sheet.removeprefix("biểu ")]
    assert row["Mã số HTX"] in [str(cell.value) for cell in sent[int(place.removeprefix("dòng "))]]


@first_seed
def test_every_sheet_can_be_printed_and_opened_from_the_contents(annex):
    _, _, book = annex
    contents, *tables = book.worksheets
    linked = [cell.hyperlink.location for row in contents.iter_rows() for cell in row if cell.hyperlink]
    assert linked == [f"'{sheet.title}'!A1" for sheet in tables]
    for sheet in tables:
        assert sheet.freeze_panes.endswith(str(HEADER_ROW + 1))
        assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
        assert "&P" in sheet.oddFooter.center.text
        assert sheet["A2"].value, "every table says what it holds"


@first_seed
def test_the_parts_of_the_districts_are_the_answer_keys_and_add_up_to_the_province(played):
    folder, url = played
    key = {
        (row["indicator_code"], row["unit_uid"]): row
        for row in read_csv(folder / "answer_key" / "indicator_values.csv")
        if (row["report_year"], row["basis"], row["breakdown"]) == (str(YEAR), "districts_2023", "total")
        and row["measure_code"] == "value"
    }
    with connect(url) as connection:
        content = read_phase(connection, PHASE)
    *parts, province = content.tables["contributions"].rows
    indicators = [column.code for column in content.tables["contributions"].columns if column.kind == "figure"]
    assert indicators == [f"T{number:02}" for number in range(1, 15)]
    assert sum(row["unit_kind"] == "district" for row in parts) == 11
    for code in indicators:
        for row in (*parts, province):
            right = key.get((code, row["unit_uid"]), {"value": ""})["value"]
            value = row[code]
            assert value == (Decimal(right) if right else None) or abs(value - Decimal(right)) < 1e-9, (code, row)
        if province[f"{code}_unit"] != "percent":
            assert sum(row[code] or 0 for row in parts) == province[code]
    path = {row["indicator_code"]: row for row in content.tables["path"].rows}
    by_year = {
        (row["indicator_code"], row["report_year"]): row for row in read_csv(folder / "answer_key/annual_targets.csv")
    }
    for code, row in path.items():
        for year in content.facts["years"]:
            assert same(float(row[f"value_{year}"]), Decimal(by_year[code, str(year)]["value"])), (code, year)


@first_seed
def test_a_year_or_phase_without_anything_published_is_no_report(played, connection):
    _, url = played
    with connect(url) as built:
        for read, period in ((read_annual, YEAR + 1), (read_phase, PHASE + 1)):
            with pytest.raises(NothingToReport):
                read(built, period)
    with pytest.raises(NothingToReport):
        read_annual(connection, YEAR)  # an empty warehouse


def test_what_a_unit_wrote_is_text_and_the_same_content_is_the_same_bytes():
    table = Table("narratives", "Đánh giá", "Đánh giá", "Ghi chú", (Column("text", "Nội dung", "text"),), (
        {"text": "=1+1"}, {"text": "dòng một\vdòng hai"}, {"text": None},
    ))  # fmt: skip
    content = Content("annual", YEAR, "Báo cáo", "năm", {"narratives": table})
    about = About(
        "1.0.1", datetime(2026, 1, 5, 1, tzinfo=UTC), "Trung ương yêu cầu", ("Xã A",), ("T01 từ 22 thành 23.",)
    )
    written = write_excel(content, about)
    book = openpyxl.load_workbook(io.BytesIO(written))
    cells = [cell for (cell,) in book["Đánh giá"].iter_rows(min_row=HEADER_ROW + 1)]
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in cells] == [
        ("=1+1", "s", True), ("dòng mộtdòng hai", "s", False), (None, "n", False),
    ]  # fmt: skip
    said = [cell.value for row in book["Mục lục"].iter_rows() for cell in row if cell.value]
    assert said[1:4] == [
        "Phiên bản 1.0.1, phát hành lúc 08:00 05/01/2026.",
        "Báo cáo được lập trước khi đủ số liệu. Lý do: Trung ương yêu cầu",
        "Đơn vị chưa có báo cáo: Xã A.",
    ]
    assert said[-1] == "T01 từ 22 thành 23."
    assert write_excel(content, about) == written
