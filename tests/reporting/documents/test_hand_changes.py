"""Figures that a hand has changed in a Word file, in the documents that we write."""

import io

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from reporting.documents.document_set import write_documents
from reporting.documents.hand_changes import HandChange, NotAWordFile, figures_changed
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


def test_words_may_change_and_rows_and_sentences_may_go(generated):
    def edit(made):
        for paragraph in made.paragraphs[:6]:
            paragraph.add_run(" theo chỉ đạo của Ban Thường vụ")
        made.tables[2].rows[1]._tr.getparent().remove(made.tables[2].rows[1]._tr)
        made.paragraphs[20]._p.getparent().remove(made.paragraphs[20]._p)
        made.add_paragraph("Thêm một đoạn có số 77.")

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
    assert [(each.old, each.new) for each in figures_changed(old, new)] == [("22/20", "23/20"), ("110%", "115%")]


def test_each_number_of_a_sentence_has_the_key_of_its_own_content_control():
    keys = {"22": "T01-2025", "110%": "T01-2024", "680": "C04.supported-2025[priority_group=poor]"}
    old = document("Củng cố 22 HTX (năm trước 110% ) và hỗ trợ 680 phụ nữ nghèo", keys=keys)
    new = document("Củng cố 22 HTX (năm trước 120% ) và hỗ trợ 700 phụ nữ nghèo")
    assert [(each.key, each.old, each.new) for each in figures_changed(old, new)] == [
        ("T01-2024", "110%", "120%"), ("C04.supported-2025[priority_group=poor]", "680", "700"),
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"%PDF-1.7 a scan", b"", b"PK\x03\x04 cut off"])
def test_what_is_no_word_file_is_said_to_be_none(generated, content):
    with pytest.raises(NotAWordFile):
        figures_changed(generated, content)
