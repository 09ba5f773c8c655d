"""A paper drawn into a Word document, read back with python-docx."""

import io
from dataclasses import replace
from datetime import date

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm
from matplotlib.figure import Figure as Drawing

from reporting.content.tables import Column
from reporting.documents.about import TemplateBroken
from reporting.documents.template_files import TEMPLATES
from reporting.documents.word import write_paper
from reporting.papers.blocks import (
    Annex,
    Figure,
    Grid,
    Heading,
    Outline,
    OwnWords,
    Paragraph,
    Picture,
)
from tests.reporting.hand_made_content import about, recipients

COLUMNS = (Column("name", "Chỉ tiêu", "text"), Column("value", "Kết quả", "figure"))
ROWS = (
    {"name": ("Hợp tác xã",)},
    {"name": ("Được củng cố",), "value": (Figure("22", "T01-2025"), "/20")},
    {"name": ("Cộng",), "value": ("22",)},
)
GRID = Grid("Bảng 1. Kết quả", COLUMNS, ROWS, (3, 1), "Số liệu ước thực hiện.", frozenset({0, 2}))
SUBJECT = "Kết quả thực hiện Kế hoạch hỗ trợ hợp tác xã năm 2025"


def written(*blocks, annexes=(), subject=SUBJECT, closing="", recipient="PEOPLES_COMMITTEE", pictures=None, **said):
    outline = Outline("annual", "Báo cáo", subject, blocks, closing, annexes)
    return docx.Document(io.BytesIO(write_paper(outline, recipients()[recipient], about(**said), pictures)))


def words(element):
    return "".join(each.text or "" for each in element.iter(qn("w:t"), qn("w:instrText")))


def texts(document):
    return [each.text for each in document.paragraphs if each.text]


def controls(document):
    """(tag, text) of each content control."""
    return [
        (control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")), words(control))
        for control in document.element.body.iter(qn("w:sdt"))
    ]


def test_blocks_come_in_their_order_between_the_addressee_and_the_closing():
    document = written(
        Heading("I. CÔNG TÁC LÃNH ĐẠO"), Paragraph(("Một.",)), Paragraph(("Hai.",), "item"), closing="Kính báo cáo./."
    )
    assert texts(document)[2:] == [
        "Kính gửi: Ủy ban nhân dân tỉnh.",
        "I. CÔNG TÁC LÃNH ĐẠO",
        "Một.",
        "- Hai.",
        "Kính báo cáo./.",
    ]


def test_a_figure_stands_in_a_hidden_content_control_with_its_key():
    document = written(Paragraph(("Củng cố ", Figure("22", "T01-2025"), "/", Figure("20"), " HTX.")), GRID)
    assert controls(document) == [("T01-2025", "22"), ("T01-2025", "22")]
    [appearance, _] = [each for each in document.element.body.iter() if each.tag.endswith("}appearance")]
    assert list(appearance.attrib.values()) == ["hidden"]
    assert "Củng cố 22/20 HTX." in [words(each._p) for each in document.paragraphs]


def test_words_that_the_union_owes_are_named_and_those_that_it_wrote_stand():
    document = written(OwnWords("lessons", "Bài học kinh nghiệm"), OwnWords("causes", "Nguyên nhân", ("Thiếu vốn.",)))
    assert texts(document)[3:] == [
        "[Bài học kinh nghiệm: nội dung này do Hội viết. Đề nghị bổ sung trước khi trình ký.]",
        "Thiếu vốn.",
    ]


def test_a_table_repeats_its_heading_and_splits_no_row_and_stays_within_the_margins():
    document = written(GRID)
    table = document.tables[1]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Chỉ tiêu", "Kết quả"], ["Hợp tác xã", "Hợp tác xã"], ["Được củng cố", "/20"], ["Cộng", "22"],
    ]  # fmt: skip
    assert [row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows] == [True] * 4
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [True, False, False, False]
    assert sum(column.width for column in table.columns) <= Mm(165) + 635
    assert texts(document)[-2:] == ["Bảng 1. Kết quả", "Số liệu ước thực hiện."]


def test_a_heading_and_a_caption_stay_with_what_follows():
    styles = written().styles
    assert all(styles[f"Heading {level}"].paragraph_format.keep_with_next for level in (1, 2, 3))
    assert styles["Tên bảng"].paragraph_format.keep_with_next


def test_the_form_is_that_of_the_decree():
    document = written()
    page, normal = document.sections[0], document.styles["Normal"].font
    assert [round(page.page_width.mm), round(page.page_height.mm)] == [210, 297]
    margins = [page.top_margin, page.right_margin, page.bottom_margin, page.left_margin]
    assert [round(each.mm) for each in margins] == [20, 15, 20, 30]
    assert (normal.name, normal.size.pt) == ("Times New Roman", 14)
    assert "PAGE" in words(page.header._element)
    assert page.different_first_page_header_footer
    assert "PAGE" not in words(page.first_page_header._element)
    head, foot = document.tables
    assert "Độc lập - Tự do - Hạnh phúc" in head.cell(0, 1).text
    assert head.cell(1, 0).text.split() == ["Số:", "/BC-HLHPN"]
    assert foot.cell(0, 0).text.splitlines() == [
        "Nơi nhận:", "- Như trên;", "- Trung ương Hội LHPN Việt Nam;", "- Sở Tài chính;",
        "- Liên minh Hợp tác xã tỉnh;", "- Ủy ban nhân dân các xã, phường;", "- Lưu: VT.",
    ]  # fmt: skip
    assert [each.strip() for each in foot.cell(0, 1).text.splitlines()[:2]] == ["TM. BAN THƯỜNG VỤ", "CHỦ TỊCH"]
    assert len(foot.cell(0, 1).paragraphs) == 7  # with room for the signature and the name


def test_the_name_of_the_signer_stands_below_the_room_for_the_signature_where_the_row_has_one():
    recipient = recipients()["PEOPLES_COMMITTEE"]
    named = replace(recipient, letterhead=replace(recipient.letterhead, signer_name_vi="Ngô Thị Mẫu"))
    document = docx.Document(
        io.BytesIO(write_paper(Outline("annual", "Báo cáo", "về kết quả", ()), named, about(), {}))
    )
    assert [each.text for each in document.tables[1].cell(0, 1).paragraphs][2:] == ["", "", "", "", "Ngô Thị Mẫu"]


def test_no_word_of_the_title_stands_alone_in_its_last_line():
    assert texts(written(subject="Kết quả thực hiện Kế hoạch năm 2025"))[1] == (
        "Kết quả thực hiện Kế hoạch\u00a0năm\u00a02025"
    )
    assert texts(written(subject="Sơ kết Kế hoạch, giai đoạn 2023 - 2025 (giai đoạn 1)"))[1] == (
        "Sơ kết Kế hoạch, giai\u00a0đoạn\u00a02023\u00a0-\u00a02025\u00a0(giai\u00a0đoạn\u00a01)"
    )


def test_annexes_have_roman_numbers_pages_of_their_own_and_name_the_report():
    document = written(annexes=(Annex("CHỈ TIÊU", (GRID,)), Annex("ĐƠN VỊ", (Paragraph(("Hết.",)),), landscape=True)))
    main, first, second = document.sections
    starts = [each._sectPr.find(qn("w:pgNumType")) for each in document.sections]
    assert [each is not None and each.get(qn("w:start")) for each in starts] == [False, "1", "1"]
    assert [each.orientation for each in (main, first, second)] == [
        WD_ORIENT.PORTRAIT, WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE,
    ]  # fmt: skip
    found = [each.replace("\u00a0", " ") for each in texts(document)]
    assert [each for each in found if each.startswith("Phụ lục")] == ["Phụ lục I", "Phụ lục II"]
    assert found[found.index("Phụ lục I") + 1 :][:2] == [
        "CHỈ TIÊU",
        "(Kèm theo Báo cáo số        /BC-HLHPN ngày      tháng      năm 2025 của Hội Liên hiệp Phụ nữ tỉnh Đồng Nai)",
    ]


def test_a_single_annex_has_no_number():
    found = texts(written(annexes=(Annex("CHỈ TIÊU", (GRID,)),)))
    assert [each for each in found if each.startswith("Phụ lục")] == ["Phụ lục"]


def test_the_name_of_a_province_stays_with_its_kind_in_one_line():
    outline = Outline("annual", "Báo cáo", SUBJECT, ())
    of_2026 = recipients(on=date(2026, 12, 26))["PEOPLES_COMMITTEE"]
    document = docx.Document(io.BytesIO(write_paper(outline, of_2026, about(), None)))
    assert "thành\u00a0phố\u00a0đồng\u00a0nai" in words(document.element.body).lower()


def test_a_picture_says_in_words_what_it_shows():
    image = io.BytesIO()
    Drawing(figsize=(2, 1)).savefig(image, format="png")
    picture = Picture("achievement", "Hình 1. Mức đạt", "Mức đạt của từng chỉ tiêu")
    document = written(picture, pictures={"achievement": image.getvalue()})
    [shape] = document.inline_shapes
    assert shape._inline.docPr.get("descr") == "Mức đạt của từng chỉ tiêu"
    assert shape.width <= Mm(165)
    with pytest.raises(KeyError, match="achievement"):
        written(picture)


def test_characters_that_xml_does_not_allow_are_left_out():
    assert texts(written(Paragraph(("a\x0bb",))))[-1] == "ab"


def test_the_letterhead_is_that_of_the_day():
    outline = Outline("annual", "Báo cáo", SUBJECT, ())

    def agency(on):
        recipient = recipients(on=on)["PEOPLES_COMMITTEE"]
        content = write_paper(outline, recipient, about())
        cell = docx.Document(io.BytesIO(content)).tables[0].cell(0, 0)
        return cell.text.splitlines()[1].replace("\u00a0", " ")

    assert agency(date(2024, 12, 26)) == "HỘI LIÊN HIỆP PHỤ NỮ TỈNH BÌNH PHƯỚC"
    assert agency(date(2026, 12, 26)) == "HỘI LIÊN HIỆP PHỤ NỮ THÀNH PHỐ ĐỒNG NAI"


def test_the_same_paper_is_the_same_bytes():
    outline = Outline("annual", "Báo cáo", SUBJECT, (GRID,))
    made = [write_paper(outline, recipients()["CENTRAL_UNION"], about()) for _ in range(2)]
    assert made[0] == made[1]


@pytest.fixture
def own_templates(tmp_path, monkeypatch):
    """The folder of a plan's own templates."""
    monkeypatch.setenv("HTX_PLAN", str(tmp_path))
    (tmp_path / "templates").mkdir()
    return tmp_path / "templates"


def test_a_template_without_a_place_for_the_paper_is_refused(own_templates):
    template = docx.Document(TEMPLATES / "report.docx")
    [place] = [each for each in template.paragraphs if each.text == "{{ body }}"]
    place.text = ""
    template.save(own_templates / "report.docx")
    with pytest.raises(TemplateBroken, match="no paragraph is"):
        write_paper(Outline("annual", "Báo cáo", SUBJECT, ()), recipients()["CENTRAL_UNION"], about())


def test_an_unknown_name_in_the_template_is_named(own_templates):
    template = docx.Document(TEMPLATES / "report.docx")
    template.paragraphs[0].text = "{{ chairman }}"
    template.save(own_templates / "report.docx")
    with pytest.raises(TemplateBroken, match="chairman"):
        write_paper(Outline("annual", "Báo cáo", SUBJECT, ()), recipients()["CENTRAL_UNION"], about())
