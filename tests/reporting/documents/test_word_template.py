"""The Word documents, read back with python-docx."""

import io
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import docx
import psycopg
import pytest
from docx.oxml.ns import qn

from reporting.content.annual import read_annual
from reporting.content.keys import SHAPE, FigureKey
from reporting.content.phase import read_phase
from reporting.documents.about import TemplateBroken
from reporting.documents.word_template import TABLE_STYLE, TEMPLATES, write_word
from tests.datasets import read_csv
from tests.reporting.hand_made_content import about, hand_made, recipients, with_rows

KINDS = [("annual", 2025), ("phase_review", 1)]
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


def test_the_targets_table_is_that_of_the_published_report_cell_by_cell(played):
    _, url = played
    with psycopg.connect(url) as connection:
        content = read_annual(connection, 2025)
        published = connection.execute(
            "select targets.indicator_code, targets.unit, targets.baseline, targets.target, targets.target_year,"
            " before.value, targets.value, targets.achieved_pct,"
            " verdicts.label_vi"
            " || case when targets.standing = 'above_target' then ' (hiện vượt mức mục tiêu)' else '' end"
            " from reports.rpt_annual_targets as targets"
            " left join reports.rpt_annual_targets as before"
            "   on before.indicator_code = targets.indicator_code and before.report_year = targets.report_year - 1"
            " inner join marts.dim_codes as verdicts"
            "   on verdicts.code_list = 'verdicts' and verdicts.code = targets.verdict"
            " where targets.report_year = 2025 and targets.reported_as <> 'internal' order by targets.indicator_code"
        ).fetchall()
    table = table_headed(written(content), "Mốc ban đầu", "Thực hiện")
    headings = [cell.text for cell in table.rows[0].cells]
    found = []
    for row in table.rows[1:]:
        cell = dict(zip(headings, (cell.text for cell in row.cells), strict=True))
        number, year = re.fullmatch(r"\D*([\d.,%]*)(?: \((\d{4})\))?", cell["Mục tiêu (năm)"]).groups()
        beside = without_parts(cell["Năm trước"]), without_parts(cell["Thực hiện"])
        figures = cell["Mốc ban đầu"], number or "–", year, *beside
        found.append((cell["Mã"], *figures, cell["So với mục tiêu"], cell["Đánh giá"], cell["Mã số liệu"]))
    assert found == [
        (
            code,
            as_written(baseline, unit),
            as_written(target, unit).replace(",0%", "%"),
            str(year) if year else None,
            as_written(before, unit),
            as_written(value, unit),
            as_written(achieved, "percent"),
            verdict,
            f"{code}-2025",
        )
        for code, unit, baseline, target, year, before, value, achieved, verdict in published
    ]
    assert len(found) == 16  # without T17 and T18, of which this report is a part


def figures_with_keys(document):
    """(key, text) of every figure beside which its key stands: of rows, and of the columns of a unit's row."""
    for table in tables_of_figures(document):
        headings = [cell.text for cell in table.rows[0].cells]
        for row in table.rows[1:]:
            cells = [cell.text for cell in row.cells]
            if "Năm báo cáo" in headings and SHAPE.fullmatch(cells[-1]):
                # what had a figure last year alone bears the key of that
                column = "Năm báo cáo" if "-2025" in cells[-1] else "Năm trước"
                yield cells[-1], cells[headings.index(column)]
            elif cells[-1].startswith("-"):
                of_unit = zip(headings, cells, strict=True)
                yield from ((code + cells[-1], text) for code, text in of_unit if re.fullmatch(r"T\d\d", code))


def is_written_as(text: str, value: str) -> bool:
    """Whether a text is a figure of the answer key, to the decimals that it shows; a text without digits is none."""
    if text in ("Có", "Không"):
        return Decimal(value) == (text == "Có")
    if not re.search(r"\d", text):
        return value == ""
    number = without_parts(text).rstrip("%").replace(".", "").replace(",", ".").replace("−", "-")
    shown = Decimal(1).scaleb(-len(number.partition(".")[2]))
    return value != "" and Decimal(value).quantize(shown, ROUND_HALF_UP) == Decimal(number)


def test_every_figure_of_the_yearly_report_is_that_of_the_answer_key(played):
    folder, url = played
    columns = "indicator_code", "measure_code", "report_year", "unit_uid", "breakdown", "breakdown_code", "basis"
    expected = {
        str(FigureKey(*(int(row[name]) if name == "report_year" else row[name] for name in columns))): row["value"]
        for row in read_csv(folder / "answer_key" / "indicator_values.csv")
    }
    with psycopg.connect(url) as connection:
        found = list(figures_with_keys(written(read_annual(connection, 2025))))

    assert len(found) > 600
    assert [key for key, _ in found if key.startswith("C04.")] == []  # a table of their own, of an edition
    assert [(key, text) for key, text in found if not is_written_as(text, expected[key])] == []


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


@pytest.mark.parametrize("kind", ["annual", "phase_review"])
def test_headers_of_tables_repeat_on_every_page_and_rows_stay_whole(kind):
    tables = tables_of_figures(plain(kind))
    assert len(tables) >= 8
    for table in tables:
        headers = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert headers == [True] + [False] * (len(table.rows) - 1)
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


@pytest.mark.parametrize("kind", ["annual", "phase_review"])
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


@pytest.mark.parametrize("kind", ["annual", "phase_review"])
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


@pytest.mark.parametrize("kind", ["annual", "phase_review"])
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


@pytest.mark.parametrize("kind", ["annual", "phase_review"])
def test_a_change_of_tens_of_billions_stands_on_one_line(kind):
    row = {"unit": "million VND", "previous_value": Decimal("118500.7"), "change": Decimal("-114930.2")}
    [table] = [
        table for table in tables_of_figures(written(with_rows(hand_made(kind, 2025), "figures", [row])))
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
    undecided = {"verdict": "undecided", "value_low": Decimal(92), "value_high": None}
    assert "kết quả có thể từ 1.234 trở lên" not in text_of(plain("annual"))
    assert "kết quả có thể từ 92 trở lên, mục tiêu" in text_of(
        written(with_rows(hand_made("annual", 2025), "targets", [undecided]))
    )


def _room(section) -> int:
    return round((section.page_width.mm - section.left_margin.mm - section.right_margin.mm) * TWIPS_PER_MM)


def test_each_recipient_is_addressed_in_a_version_of_its_own():
    union, committee = text_of(plain("annual")), text_of(written(hand_made("annual", 2025), "PEOPLES_COMMITTEE"))
    assert "Kính gửi: Trung ương Hội Liên hiệp Phụ nữ Việt Nam." in union
    assert "BAN THƯỜNG VỤ HỘI LHPN TỈNH ĐỒNG NAI" in union
    assert "/BC-BTV" in union
    assert "kính báo cáo Trung ương Hội kết quả thực hiện năm 2025 như sau:" in union
    assert "- Ủy ban nhân dân tỉnh;" in union.replace("tỉnh\n", "tỉnh;\n")
    assert "Kính gửi: Ủy ban nhân dân tỉnh." in committee
    assert "HỘI LIÊN HIỆP PHỤ NỮ TỈNH ĐỒNG NAI" in committee
    assert "/BC-HLHPN" in committee
    assert "kính báo cáo Ủy ban nhân dân tỉnh kết quả thực hiện năm 2025 như sau:" in committee
    assert "- Trung ương Hội LHPN Việt Nam" in committee


def test_number_day_and_signature_are_left_to_the_office():
    text = text_of(plain("annual"))
    assert re.search(r"Số: +/BC-BTV", text)
    assert re.search(r"Đồng Nai, ngày +tháng +năm 2025", text)
    assert "TM. BAN THƯỜNG VỤ\nCHỦ TỊCH\nPhụ lục 1" in text.replace("\n\n", "\n")


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


def test_text_is_text_whatever_stands_in_it():
    odd = "A < B & C {{ kind }} \x0b “Đ”"
    document = written(hand_made("annual", 2025, texts={"text": odd, "addressee_vi": "Sở <Tài chính>"}))
    assert "A < B & C {{ kind }}  “Đ”" in text_of(document)


def test_the_same_report_is_the_same_file():
    content = hand_made("phase_review", 1)
    first, second = (write_word(content, recipients("phase_review")["CENTRAL_UNION"], about()) for _ in range(2))
    assert first == second


def test_words_that_an_officer_changes_in_the_template_are_those_of_the_report(tmp_path):
    template = docx.Document(TEMPLATES / "annual.docx")
    [heading] = [each for each in template.paragraphs if each.text.startswith("I. CĂN CỨ")]
    heading.runs[0].text = "I. CƠ SỞ LẬP BÁO CÁO, {{ period_vi }}"
    template.save(tmp_path / "annual.docx")
    file = write_word(hand_made("annual", 2025), recipients()["CENTRAL_UNION"], about(), tmp_path)
    assert "I. CƠ SỞ LẬP BÁO CÁO, năm 2025" in text_of(docx.Document(io.BytesIO(file)))


def test_a_template_with_an_unknown_name_is_refused_with_that_name(tmp_path):
    template = docx.Document(TEMPLATES / "annual.docx")
    template.paragraphs[0].add_run("{{ targets_of_last_year }}")
    template.save(tmp_path / "annual.docx")
    with pytest.raises(TemplateBroken, match=r"^annual.docx: 'targets_of_last_year' is undefined$"):
        write_word(hand_made("annual", 2025), recipients()["CENTRAL_UNION"], about(), tmp_path)


def test_a_figure_that_is_not_there_says_why():
    content = with_rows(
        hand_made("annual", 2025),
        "figures",
        [{"value": None, "value_status": "suppressed"}, {"value": None, "value_status": "not_reported"}],
    )
    table = table_headed(written(content), "Nội dung", "Năm báo cáo")
    assert [row.cells[4].text for row in table.rows[1:]] == ["Không nêu", "Chưa báo cáo"]
