"""Figures that a hand has changed in a Word file, in the documents that we write."""

import io
from copy import deepcopy

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from reporting.content.tables import Column
from reporting.documents.document_set import write_documents
from reporting.documents.hand_changes import HandChange, NotAWordFile, figures_changed
from reporting.documents.word import write_paper
from reporting.papers.blocks import Figure, Grid, Outline, Paragraph
from tests.reporting.hand_made_content import about, hand_made, recipients


@pytest.fixture(scope="module")
def generated() -> bytes:
    return write_documents(hand_made("annual", 2025), [recipients()["CENTRAL_UNION"]], about())[0].content


def document(*paragraphs: str, keys: dict[str, str] | None = None) -> bytes:
    """A Word file of paragraphs; the numbers of `keys` stand in content controls."""
    made = docx.Document()
    for text in paragraphs:
        paragraph = made.add_paragraph()
        for word in text.split(" "):
            run = paragraph.add_run(f"{word} ")
            if keys and word in keys:
                control, properties, tag = (OxmlElement(f"w:{name}") for name in ("sdt", "sdtPr", "tag"))
                tag.set(qn("w:val"), keys[word])
                content = OxmlElement("w:sdtContent")
                properties.append(tag)
                control.extend([properties, content])
                run._r.addprevious(control)
                content.append(run._r)
    return saved(made)


def saved(made) -> bytes:
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def edited(content: bytes, edit) -> bytes:
    made = docx.Document(io.BytesIO(content))
    edit(made)
    return saved(made)


def test_words_may_change_and_nothing_is_said(generated):
    def edit(made):
        for paragraph in made.paragraphs[:6]:
            paragraph.add_run(" theo chỉ đạo của Ban Thường vụ")
        made.add_paragraph("Kính trình Ban Thường vụ.")

    assert figures_changed(generated, generated) == []
    assert figures_changed(generated, edited(generated, edit)) == []


def test_changed_cells_are_named_by_key_row_and_column(generated):
    def edit(made):
        made.tables[1].rows[1].cells[4].text = "1.235"
        [units] = [each for each in made.tables if each.rows[0].cells[0].text == "Đơn vị"]
        units.rows[1].cells[3].text = "–"

    found = figures_changed(generated, edited(generated, edit))
    assert found == [
        HandChange("T01-2025", "1.234", "1.235", "lời indicator_name_vi (người) / Năm 2025"),
        HandChange("T03-2025-25195@2025", "1.234", "–", "lời unit_name_vi / Việc làm ổn định trong HTX"),
    ]


def test_a_changed_number_in_a_sentence_is_found_though_its_words_changed_too():
    old = document("Năm 2025 đã củng cố 22/20 HTX, đạt 110% kế hoạch.", "Có 47 đơn vị gửi báo cáo.")
    new = document("Đã củng cố được 23/20 HTX, đạt 115% kế hoạch năm.", "Có 47 đơn vị gửi báo cáo đúng hạn.")
    assert [(each.old, each.new) for each in figures_changed(old, new)] == [
        ("2025", ""),
        ("22", "23"),
        ("110%", "115%"),
    ]


def test_each_number_of_a_sentence_has_the_key_of_its_own_content_control():
    keys = {"22": "T01-2025", "110%": "T01-2024", "680": "C04.supported-2025[priority_group=poor]"}
    old = document("Củng cố 22 HTX (năm trước 110% ) và hỗ trợ 680 phụ nữ nghèo", keys=keys)
    new = document("Củng cố 22 HTX (năm trước 120% ) và hỗ trợ 700 phụ nữ nghèo")
    assert [(each.key, each.old, each.new) for each in figures_changed(old, new)] == [
        ("T01-2024", "110%", "120%"), ("C04.supported-2025[priority_group=poor]", "680", "700"),
    ]  # fmt: skip


def paper() -> bytes:
    """A paper of three sentences and a table, as the project writes it."""
    columns = (Column("name", "Chỉ tiêu", "text"), Column("value", "Kết quả", "figure"))
    row = {
        "name": ("Hợp tác xã được củng cố",),
        "value": (Figure("22", "T01-2025"), "/", Figure("20", "T01.goal-2025")),
    }
    blocks = (
        Paragraph(("Có ", Figure("136", "C20-2025"), "/", Figure("156", "C20.all-2025"), " hợp tác xã được khảo sát.")),
        Paragraph((Figure("112", "C05-2025"), " phụ nữ được tập huấn, ", Figure("112", "C06-2025"), " được vay vốn.")),
        Paragraph(("Các cấp Hội giới thiệu việc làm cho ", Figure("132", "C27-2025"), " lao động nữ.")),
        Grid("Bảng 1. Kết quả", columns, (row,)),
    )
    outline = Outline("annual", "Báo cáo", "kết quả thực hiện", blocks, "Trân trọng báo cáo./.")
    return write_paper(outline, recipients()["CENTRAL_UNION"], about())


def replaced(made, old: str, new: str, which: int = 0) -> None:
    """Another text in place of a piece of a paper, as in Word: the `which`-th text that is `old`."""
    texts = [each for each in made.element.body.iter(qn("w:t")) if each.text == old]
    texts[which].text = new


def found(edit) -> list[tuple[str | None, str, str]]:
    return [(each.key, each.old, each.new) for each in figures_changed(paper(), edited(paper(), edit))]


def test_numerator_and_denominator_have_each_their_own_key():
    def edit(made):
        replaced(made, "136", "137")
        replaced(made, "156", "157")
        replaced(made, "20", "21")

    assert found(edit) == [
        ("C20-2025", "136", "137"), ("C20.all-2025", "156", "157"), ("T01.goal-2025", "20", "21"),
    ]  # fmt: skip


def test_of_two_equal_numbers_of_a_sentence_the_changed_one_is_named():
    assert found(lambda made: replaced(made, "112", "113", 0)) == [("C05-2025", "112", "113")]
    assert found(lambda made: replaced(made, "112", "113", 1)) == [("C06-2025", "112", "113")]


def test_a_number_that_words_replace_is_left_out():
    assert found(lambda made: replaced(made, "112", "một trăm", 0)) == [("C05-2025", "112", "")]


def test_a_figure_of_a_paragraph_that_was_moved_is_found():
    def edit(made):
        [moved] = [each._p for each in made.paragraphs if "giới thiệu việc làm" in str(each._p.xpath("string()"))]
        replaced(made, "132", "232")
        made.paragraphs[-1]._p.addnext(moved)

    assert found(edit) == [("C27-2025", "132", "232")]


def test_sentences_and_rows_that_were_left_out_are_named_and_what_was_added_comes_last():
    def edit(made):
        [gone] = [each._p for each in made.paragraphs if "giới thiệu việc làm" in str(each._p.xpath("string()"))]
        gone.addnext(made.add_paragraph("Thêm một đoạn có số 77.")._p)
        gone.getparent().remove(gone)
        [row] = [
            each for table in made.tables for each in table.rows if each.cells[0].text == "Hợp tác xã được củng cố"
        ]
        row._tr.getparent().remove(row._tr)

    assert found(edit) == [
        ("C27-2025", "132", ""), ("T01-2025", "22", ""), ("T01.goal-2025", "20", ""), (None, "", "77"),
    ]  # fmt: skip


def test_a_paragraph_that_tracked_changes_move_is_read_where_it_goes():
    def edit(made):
        [paragraph] = [each._p for each in made.paragraphs if "giới thiệu việc làm" in str(each._p.xpath("string()"))]
        copy = deepcopy(paragraph)
        moved = OxmlElement("w:moveFrom")
        moved.extend(each for each in list(paragraph) if each.tag != qn("w:pPr"))
        paragraph.append(moved)
        made.paragraphs[-1]._p.addnext(copy)
        replaced(made, "132", "232", 1)

    assert found(edit) == [("C27-2025", "132", "232")]


@pytest.mark.parametrize("content", [b"%PDF-1.7 a scan", b"", b"PK\x03\x04 cut off"])
def test_what_is_no_word_file_is_said_to_be_none(generated, content):
    with pytest.raises(NotAWordFile):
        figures_changed(generated, content)
