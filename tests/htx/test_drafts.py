"""Papers drafted on request, from the example province."""

import io
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from docx.oxml.ns import qn

from htx.cli import main
from tests.datasets import first_seed
from warehouse.connection import connect

pytestmark = first_seed
AT = "2025-12-26T08:00"


@pytest.fixture(scope="module")
def office(played, tmp_path_factory) -> tuple[dict[str, str], Path]:
    reports = tmp_path_factory.mktemp("reports")
    return {"WAREHOUSE_URL": played[1], "REPORTS_URL": reports.as_uri(), "LIBREOFFICE": ""}, reports


def drafted(office, *arguments: str) -> list[Path]:
    done = CliRunner().invoke(main, ["report", *arguments, "--as-of", AT], env=office[0])
    assert done.exit_code == 0, done.output
    return [Path(line.removeprefix("file://")) for line in done.stdout.splitlines()]


def test_the_budget_estimate_is_a_word_file_and_a_page_for_the_department_of_the_day(office):
    word, page = drafted(office, "budget", "--year", "2026")
    assert word.relative_to(office[1]).as_posix() == "budget-2026/FINANCE/2025-12-26-0800/du-toan-nam-2026.docx"
    texts = [each.text for each in docx.Document(io.BytesIO(word.read_bytes())).paragraphs]
    assert "Kính gửi: Sở Tài chính tỉnh." in texts
    assert "[Thuyết minh dự toán: nội dung này do Hội viết. Đề nghị bổ sung trước khi trình ký.]" in texts
    assert "DỰ TOÁN KINH PHÍ NĂM 2026" in page.read_text(encoding="utf-8")


def test_every_amount_of_the_budget_estimate_is_the_figure_of_its_key(office):
    word, _ = drafted(office, "budget", "--year", "2026")
    document = docx.Document(io.BytesIO(word.read_bytes()))
    shown = {
        control.find(f".//{qn('w:tag')}").get(qn("w:val")): "".join(text.text for text in control.iter(qn("w:t")))
        for control in document.element.body.iter(qn("w:sdt"))
    }
    with connect(office[0]["WAREHOUSE_URL"]) as connection:
        figures = connection.execute(
            """
            select measure_code || '-' || report_year
                   || case when breakdown = 'total' then '' else '[funding_source=' || breakdown_code || ']' end,
                   value
            from reports.rpt_figures
            where indicator_code = 'C23' and unit_uid = 'province' and basis = 'as_reported' and value is not null
              and breakdown in ('total', 'funding_source') and report_year in (2024, 2025)
              and measure_code in ('planned', 'allocated', 'disbursed')
            """
        ).fetchall()
    assert shown == {f"C23.{key}": amount(value) for key, value in figures}


def amount(value) -> str:
    """1.234,5, and 1.234,0 of a whole number."""
    return f"{value:,.1f}".translate(str.maketrans(",.", ".,"))


def test_the_register_names_who_owes_which_report(office):
    word, page = drafted(office, "adhoc")
    assert word.relative_to(office[1]).as_posix() == "adhoc/UNION_STANDING/2025-12-26-0800/bao-cao-dot-xuat.docx"
    owed = "118/UBND-KTN ngày 08/09/2025, hạn 25/09/2025: còn thiếu báo cáo của 03 đơn vị: "
    assert owed in page.read_text(encoding="utf-8")


def test_a_pdf_lies_beside_the_word_file_where_libreoffice_is_installed(office, tmp_path):
    program = tmp_path / "soffice"
    program.write_text('#!/bin/sh\nfor last; do :; done\nprintf PDF > "${last%.docx}.pdf"\n')
    program.chmod(0o755)
    there = {**office[0], "LIBREOFFICE": str(program), "REPORTS_URL": (tmp_path / "reports").as_uri()}
    for _ in range(2):
        word, pdf, page = drafted((there, tmp_path), "adhoc")
        assert [each.name for each in (word, pdf, page)] == [
            "bao-cao-dot-xuat.docx", "bao-cao-dot-xuat.pdf", "bao-cao-dot-xuat.html",
        ]  # fmt: skip
        assert pdf.read_bytes() == b"PDF"


def test_a_unit_that_has_ended_owes_nothing_and_is_named_apart(office):
    _, page = drafted(office, "adhoc")
    text = page.read_text(encoding="utf-8")
    assert "45/HLHPN-CSLP ngày 12/05/2025, hạn 30/05/2025: còn thiếu báo cáo" not in text
    assert "không còn hoạt động (kết thúc hoặc sáp nhập) nên không tính quá hạn" in text


def test_a_draft_is_never_replaced(office):
    word, _ = drafted(office, "adhoc")
    word.write_bytes(b"edited by the office")
    assert drafted(office, "adhoc")[0].read_bytes() == b"edited by the office"
