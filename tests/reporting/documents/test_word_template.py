"""The Word documents, read back with python-docx."""

import io
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import docx
import psycopg
import pytest
from docx.oxml.ns import qn

from reporting.content.phase import read_phase
from reporting.documents.word_template import TABLE_STYLE, write_word
from tests.reporting.hand_made_content import about, hand_made, recipients, with_rows

KINDS = [("phase_review", 1)]
TWIPS_PER_MM = 1440 / 25.4


def written(content, recipient="CENTRAL_UNION", **said):
    return docx.Document(io.BytesIO(write_word(content, recipients(content.kind)[recipient], about(**said))))


@cache
def plain(kind):
    """The hand-made document, written once for all tests that only look at it."""
    return written(hand_made(kind, 2025 if kind == "annual" else 1))


def text_of(document) -> str:
    return "\n".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


def tables_of_figures(document):
    return [table for table in document.tables if table.style.name == TABLE_STYLE]


def table_headed(document, *headings):
    [found] = [
        table
        for table in tables_of_figures(document)
        if set(headings) <= {cell.text for cell in table.rows[0].cells}
    ]  # fmt: skip
    return found


def without_parts(text: str) -> str:
    """A percentage without what it is made of, which is written beside it: 81,0% of 81,0% (264/326)."""
    return text.partition("% (")[0] + "%" if "% (" in text else text


def as_written(value: Decimal | None, unit: str) -> str:
    """A figure as an office writes it, worked out here on its own: 1.234 · 72,7%."""
    if value is None:
        return "–"
    if unit == "percent":
        return f"{value.quantize(Decimal('0.1'), ROUND_HALF_UP)}%".replace(".", ",")
    return f"{int(value):,}".replace(",", ".")


def test_the_way_of_each_target_over_the_phase_is_that_of_the_published_report(played):
    _, url = played
    with psycopg.connect(url) as connection:
        content = read_phase(connection, 1)
        published = connection.execute(
            "select indicator_code, unit, array_agg(value order by report_year),"
            " (array_agg(verdict_name_vi order by report_year desc))[1]"
            " from reports.rpt_phase_path where phase = 1 and indicator_code not in ('T17', 'T18')"
            " group by indicator_code, unit order by indicator_code"
        ).fetchall()
    table = table_headed(written(content), "Năm 2023", "Đánh giá")
    place = {cell.text: number for number, cell in enumerate(table.rows[0].cells)}
    shown = ["Mã", "Năm 2023", "Năm 2024", "Năm 2025", "Đánh giá", "Mã số liệu"]
    assert [[without_parts(row.cells[place[heading]].text) for heading in shown] for row in table.rows[1:]] == [
        [code, *(as_written(value, unit) for value in values), verdict, f"{code}-2025"]
        for code, unit, values, verdict in published
    ]
    assert len(published) == 16


@pytest.mark.parametrize("kind", ["phase_review"])
def test_headers_of_tables_repeat_on_every_page_and_rows_stay_whole(kind):
    tables = tables_of_figures(plain(kind))
    assert len(tables) >= 8
    for table in tables:
        headers = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert headers == [True] + [False] * (len(table.rows) - 1)
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


@pytest.mark.parametrize("kind", ["phase_review"])
def test_pages_are_numbered_in_the_middle_of_the_top_margin_but_the_first(kind):
    first, *others = plain(kind).sections
    [number] = first.header.paragraphs
    assert [node.text.strip() for node in number._p.iter(qn("w:instrText"))] == ["PAGE"]
    assert number.style.name == "Số trang"
    assert (number.style.paragraph_format.alignment, number.style.font.size.pt) == (1, 13)
    assert first.different_first_page_header_footer
    assert [paragraph.text for paragraph in first.first_page_header.paragraphs] == [""]
    assert all(section.header.is_linked_to_previous for section in others)
    assert not any(section.different_first_page_header_footer for section in others)


@pytest.mark.parametrize("kind", ["phase_review"])
def test_pages_are_a4_in_times_new_roman_with_the_margins_of_the_decree(kind):
    document = plain(kind)
    fonts = {document.styles[name].font.name for name in ("Normal", "Lời văn", "Heading 1", "Ô số")}
    assert fonts == {"Times New Roman"}
    assert 13 <= document.styles["Lời văn"].font.size.pt <= 14
    for section in document.sections:
        assert sorted([round(section.page_width.mm), round(section.page_height.mm)]) == [210, 297]
        if section.orientation == 0:
            sides = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
            top, bottom, left, right = (round(side.mm) for side in sides)
            assert 20 <= top <= 25 and 20 <= bottom <= 25 and 30 <= left <= 35 and 15 <= right <= 20  # noqa: PT018


@pytest.mark.parametrize("kind", ["phase_review"])
def test_no_table_is_wider_than_the_page_that_it_stands_on(kind):
    document = plain(kind)
    sections = iter(document.sections)
    room = _room(section := next(sections))
    for element in document.element.body:
        if element.tag == qn("w:tbl"):
            columns = [int(column.get(qn("w:w"))) for column in element.tblGrid]
            rows = [[int(cell.tcPr.find(qn("w:tcW")).get(qn("w:w"))) for cell in row.tc_lst] for row in element.tr_lst]
            widest = max(sum(columns), *(sum(cells) for cells in rows))
            assert widest <= room + 20, section.orientation  # a third of a millimetre, by rounding
        elif element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
            room = _room(section := next(sections))


@pytest.mark.parametrize("kind", ["phase_review"])
def test_a_change_of_tens_of_billions_stands_on_one_line(kind):
    row = {"unit": "million VND", "previous_value": Decimal("118500.7"), "change": Decimal("-114930.2")}
    [table] = [
        table for table in tables_of_figures(written(with_rows(hand_made(kind, 1), "figures", [row])))
        if [cell.text for cell in table.rows[0].cells][:2] == ["Mã", "Nội dung"]
    ]  # fmt: skip
    numbers = {cell.text: cell for cell in table.rows[1].cells[3:6]}
    assert list(numbers)[::2] == ["118.500,7", "−114.930,2"]
    # in Times, of 10 points: a sign is 0.56 of that wide, a digit 0.5, a dot or comma 0.25; the margins take 114
    widths = {
        text: 10 * 20 * sum({"−": 0.56, ".": 0.25, ",": 0.25}.get(letter, 0.5) for letter in text) + 114
        for text in numbers
    }
    assert {text for text, width in widths.items() if numbers[text].width.twips < width} == set()


def test_a_bound_that_nobody_knows_leaves_no_dash_behind_a_dash():
    bounds = [
        {"value_low": Decimal(6745), "value_high": None}, {"value_low": None, "value_high": None},
        {"value_low": Decimal(3), "value_high": Decimal(3)}, {"value_low": Decimal(49), "value_high": Decimal(54)},
        {"value_low": Decimal(471), "value_high": Decimal(488), "bound_kind": "assumed"},
    ]  # fmt: skip
    table = table_headed(written(with_rows(hand_made("phase_review", 1), "path", bounds)), "Thấp nhất – cao nhất")
    place = [cell.text for cell in table.rows[0].cells].index("Thấp nhất – cao nhất")
    assert [row.cells[place].text for row in table.rows[1:]] == [
        "từ 6.745", "–", "3", "49 – 54", "471 – 488 (ước lượng)",
    ]  # fmt: skip


def _room(section) -> int:
    return round((section.page_width.mm - section.left_margin.mm - section.right_margin.mm) * TWIPS_PER_MM)


@pytest.mark.parametrize(("kind", "period"), KINDS)
def test_a_forced_report_says_why_who_is_missing_and_what_changed(kind, period):
    said = {
        "version": "1.1.0",
        "forced_because": "Tỉnh ủy yêu cầu trước kỳ họp.",
        "missing_units": ("Xã Thọ Sơn", "Sở Tài chính"),
        "changes": ("T01 năm 2025: 22 thành 23, ô J4 của biểu 01_HTX.",),
    }
    text = text_of(written(hand_made(kind, period), **said))
    assert "Lý do: Tỉnh ủy yêu cầu trước kỳ họp." in text
    assert "còn 02 đơn vị chưa gửi số liệu: Xã Thọ Sơn; Sở Tài chính." in text
    assert "- T01 năm 2025: 22 thành 23, ô J4 của biểu 01_HTX." in text
    assert not {"Lưu ý", "thay thế báo cáo đã phát hành"} & set(text_of(plain(kind)).split("\n"))


@pytest.mark.parametrize(("kind", "period"), KINDS)
def test_an_empty_table_is_a_sentence(kind, period):
    document = written(hand_made(kind, period, rows_of_each=0))
    assert tables_of_figures(document) == []
    assert "Báo cáo không áp dụng quy ước tính toán nào." in text_of(document)


def test_the_same_report_is_the_same_file():
    content = hand_made("phase_review", 1)
    first, second = (write_word(content, recipients("phase_review")["CENTRAL_UNION"], about()) for _ in range(2))
    assert first == second
