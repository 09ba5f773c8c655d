"""The annotated copy of a workbook, and what becomes of it when it is sent in."""

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from ingestion.feedback.annotated_workbook import annotate_all, annotate_workbook
from ingestion.feedback.findings import finding_from, make_finding
from ingestion.feedback.reviewed_file import ReviewedFile
from ingestion.form.submission import read_submission
from ingestion.workbook.own_markup import COLOURS, COMMENT_START, RESULT_SHEET
from ingestion.workbook.reader import read_workbook
from ingestion.workbook.rejected_file import RejectedFile
from tests.ingestion.filled_in import COOPERATIVE
from tests.ingestion.workbook import hostile
from tests.ingestion.workbook.old_formats import cells_of as cells_of_workbook
from tests.ingestion.workbook.old_formats import ods

WRONG = {**COOPERATIVE, "women_members": 99}


@pytest.fixture
def marked(reference, received):
    """Parses a workbook, adds findings on the given cells, and gives the annotated copy."""

    def copy(content: bytes, *flagged: tuple, name: str = "bc.xlsx"):
        file = received(content, name=name)
        try:
            submission, rejection = read_submission(file, reference), None
            findings = [
                make_finding(reference, file.submission_id, rule, sheet, int(re.findall(r"\d+", cell)[0]), field, cell,
                        value)
                for rule, sheet, field, cell, value in flagged
            ] + [finding_from(reference, file.submission_id, each) for each in submission.warnings]  # fmt: skip
        except RejectedFile as error:
            submission, rejection, findings = None, error, [finding_from(reference, file.submission_id, error)]
        is_wrong = any(each.severity == "error" for each in findings)
        reviewed = ReviewedFile(file, submission, rejection, findings, "rejected" if is_wrong else "accepted")
        (made,) = annotate_all([reviewed], reference)
        return made

    return copy


H01 = ("H01", "01_HTX", "women_members", "J3", "99")
H13 = ("H13", "01_HTX", "registration_number", "A3", "3800100009")


def opened(copy) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(copy.content))


def cells_of(sheet) -> set[tuple]:
    return {(each.coordinate, each.value, each.number_format) for row in sheet.iter_rows() for each in row}


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_failing_cell_is_coloured_and_has_a_comment_with_its_finding(marked, filled_form):
    sheet = opened(marked(filled_form(sheets={"01_HTX": [WRONG]}), H01, H13))["01_HTX"]
    assert sheet["J3"].fill.fgColor.rgb == "FF" + COLOURS["error"]
    assert sheet["J3"].comment.text.startswith(f"{COMMENT_START}\nPhải sửa: «Thành viên nữ» (99, ô J3)")
    assert sheet["A3"].fill.fgColor.rgb == "FF" + COLOURS["query"]
    assert sheet["A3"].comment.text.startswith(f"{COMMENT_START}\nCần sửa hoặc giải trình: «Mã số HTX» ghi")
    assert sheet["B3"].comment is None
    assert (sheet["J3"].value, sheet["J3"].number_format) == (99, "#,##0")


def test_the_first_sheet_lists_the_findings_with_links_to_their_cells(marked, filled_form):
    workbook = opened(marked(filled_form(sheets={"01_HTX": [WRONG]}), H13, H01, name="=HYPERLINK(1).xlsx"))
    assert workbook.sheetnames[0] == RESULT_SHEET
    sheet = workbook[RESULT_SHEET]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(values_only=False)]
    assert re.sub("-[0-9A-F]{6}:", "-......:", rows[1][0]) == (  # the end of the number is of the file's bytes
        "Biên nhận 2023-692-......: chưa tiếp nhận tệp =HYPERLINK(1).xlsx, có 1 lỗi phải sửa"
        " và 1 nội dung cần giải trình."
    )
    assert [row[:4] for row in rows[5:]] == [
        ["1", "Phải sửa", "01_HTX", "J3"],
        ["2", "Cần sửa hoặc giải trình", "01_HTX", "A3"],
    ]
    assert [sheet[f"D{row}"].hyperlink.location for row in (6, 7)] == ["'01_HTX'!J3", "'01_HTX'!A3"]


def test_the_ids_of_open_queries_are_filled_in_for_their_answers(marked, filled_form, received, reference):
    copy = marked(filled_form(sheets={"01_HTX": [WRONG]}), H01, H13)
    answers = opened(copy)["11_GIAI_TRINH"]
    query = opened(copy)[RESULT_SHEET]["F7"].value
    assert (answers["A3"].value, answers["B3"].value, answers["A4"].value) == (query, None, None)
    assert answers["A3"].comment.text.startswith(f"{COMMENT_START}\n01_HTX A3: «Mã số HTX» ghi")
    # An id without an answer is no answer, and no blank that would be flagged.
    assert read_submission(received(copy.content), reference).sheets["11_GIAI_TRINH"].rows == []


def test_a_missing_sheet_of_explanations_is_made(marked, filled_form, edited, received, reference):
    content = edited(filled_form(), lambda workbook: workbook.remove(workbook["11_GIAI_TRINH"]))
    copy = marked(content, H13)

    def answer(workbook):
        workbook["11_GIAI_TRINH"]["B3"] = "Là số giấy chứng nhận cũ."

    assert opened(copy)["11_GIAI_TRINH"].row_dimensions[1].hidden
    (row,) = read_submission(received(edited(copy.content, answer)), reference).sheets["11_GIAI_TRINH"].rows
    assert (row.read["finding_id"][:2], row.read["answer"]) == ("F-", "Là số giấy chứng nhận cũ.")


def test_missing_columns_of_explanations_are_made(marked, filled_form, edited, received, reference):
    def spoil(workbook):
        workbook["11_GIAI_TRINH"].delete_cols(2)
        workbook["11_GIAI_TRINH"]["A1"] = "finding_id"
        workbook["11_GIAI_TRINH"]["B2"] = "Ghi chú"

    copy = marked(edited(filled_form(), spoil), H13)
    sheet = opened(copy)["11_GIAI_TRINH"]
    headers = [cell.value for cell in sheet[2]]
    assert "Mã nội dung cần giải trình" in headers
    assert "Nội dung giải trình" in headers


def test_everything_else_stays_as_it_was(marked, filled_form, edited):
    def decorate(workbook):
        sheet = workbook["01_HTX"]
        sheet["B3"].comment = Comment("của tôi", "A")
        sheet["AC40"] = "=SUM(1,2)"
        sheet.column_dimensions["B"].width = 33
        workbook.defined_names["vung"] = DefinedName("vung", attr_text="'01_HTX'!$A$1:$B$2")

    content = edited(filled_form(sheets={"01_HTX": [WRONG]}), decorate)
    copy = marked(content, H01)
    before, after = openpyxl.load_workbook(io.BytesIO(content)), opened(copy)
    assert after.sheetnames == [RESULT_SHEET, *before.sheetnames]
    for old in before:
        new = after[old.title]
        if old.title not in ("01_HTX", "11_GIAI_TRINH"):
            assert cells_of(new) == cells_of(old)
        assert new.sheet_state == old.sheet_state
        assert {key: one.width for key, one in new.column_dimensions.items()} == {
            key: one.width for key, one in old.column_dimensions.items()
        }
        assert [(one.sqref, one.formula1) for one in new.data_validations.dataValidation] == [
            (one.sqref, one.formula1) for one in old.data_validations.dataValidation
        ]
        assert new.row_dimensions[1].hidden == old.row_dimensions[1].hidden
        assert (new.print_title_rows, new.freeze_panes) == (old.print_title_rows, old.freeze_panes)
    assert after["01_HTX"]["B3"].comment.text.startswith(f"của tôi\n\n{COMMENT_START}\n")  # a comment is a query
    assert after["01_HTX"]["AC40"].value == "=SUM(1,2)"
    assert after.defined_names["vung"].attr_text == "'01_HTX'!$A$1:$B$2"
    untouched = parts(content).keys() - {"xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"}
    assert {name for name in untouched if parts(copy.content)[name] == parts(content)[name]} >= {
        "xl/worksheets/sheet3.xml", "xl/worksheets/sheet13.xml", "xl/theme/theme1.xml",
    }  # fmt: skip


def test_sheets_without_findings_keep_their_bytes(marked):
    # LibreOffice writes tabSelected on every sheet
    sent = (Path(__file__).parents[1] / "workbook" / "workbooks" / "libreoffice.xlsx").read_bytes()
    before, after = parts(sent), parts(marked(sent, H01).content)
    sheets = {name for name in before if name.startswith("xl/worksheets/sheet")}
    assert len(sheets) == 14
    first, with_finding = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
    assert {name for name in sheets if after[name] != before[name]} == {first, with_finding}


def test_saved_values_of_formulas_pictures_and_lists_of_newer_programs_stay(marked, filled_form):
    def modern(part: bytes) -> bytes:
        extension = (
            b'<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
            b' uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:dataValidations count="0"/></ext></extLst></worksheet>'
        )
        row = b'<row r="90"><c r="A90"><f>1+1</f><v>2</v></c></row></sheetData>'
        return part.replace(b"</sheetData>", row).replace(b"</worksheet>", extension)

    content = hostile.with_part(filled_form(sheets={"01_HTX": [WRONG]}), "xl/worksheets/sheet2.xml", modern)
    content = hostile.with_part(content, "xl/media/image1.png", b"\x89PNG")
    copy = parts(marked(content, H01).content)
    assert b'<c r="A90"><f>1+1</f><v>2</v></c>' in copy["xl/worksheets/sheet2.xml"]
    assert b'<x14:dataValidations count="0"' in copy["xl/worksheets/sheet2.xml"]
    assert copy["xl/media/image1.png"] == b"\x89PNG"


def test_macros_are_kept_and_never_run(marked, filled_form):
    macros = hostile.with_part(filled_form(), "xl/vbaProject.bin", b"macro")
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macro_kind = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    macros = hostile.with_part(macros, "[Content_Types].xml", lambda was: was.replace(kind, macro_kind))
    copy = marked(macros, H13)
    assert copy.extension == "xlsm"
    assert parts(copy.content)["xl/vbaProject.bin"] == b"macro"


def test_a_comment_of_the_sender_and_ours_share_their_cell(marked, filled_form, edited):
    def warning(workbook):
        workbook["01_HTX"]["J3"].comment = Comment("xem lại", "A")

    text = opened(marked(edited(filled_form(sheets={"01_HTX": [WRONG]}), warning), H01))["01_HTX"]["J3"].comment.text
    assert text.startswith(f"xem lại\n\n{COMMENT_START}\nPhải sửa")


def test_a_corrected_copy_is_parsed_as_if_it_had_never_been_annotated(marked, filled_form, edited, received, reference):
    copy = marked(filled_form(sheets={"01_HTX": [WRONG]}), H01, H13)

    def correct(workbook):
        workbook["01_HTX"]["J3"] = 12

    back = read_submission(received(edited(copy.content, correct)), reference)
    clean = read_submission(received(filled_form()), reference)
    assert back.warnings == []
    assert back.cover == clean.cover
    assert back.sheets["01_HTX"].rows == clean.sheets["01_HTX"].rows
    assert back.content_sha256 == clean.content_sha256


def test_our_comments_are_not_taken_for_the_senders_when_a_program_replaced_their_author(
    marked, filled_form, edited, received, reference
):
    copy = marked(filled_form(sheets={"01_HTX": [WRONG]}), H01, H13)

    def resaved(workbook):
        for row in workbook["01_HTX"].iter_rows():
            for cell in row:
                if cell.comment:
                    cell.comment = Comment(cell.comment.text, "Unknown Author")
        workbook["01_HTX"]["J3"].value = 3

    submission = read_submission(received(edited(copy.content, resaved)), reference)
    assert [each for each in submission.warnings if each.rule_code == "V08"] == []


def test_comments_of_copies_of_earlier_versions_are_ours_too(marked, filled_form, edited, received, reference):
    def annotated(workbook):
        workbook["01_HTX"]["J3"].comment = Comment("Kho dữ liệu HTX:\nLỖI, phải sửa: …", "Unknown Author")

    content = edited(filled_form(), annotated)
    assert [each.rule_code for each in read_submission(received(content), reference).warnings] == []
    assert opened(marked(content, H13))["01_HTX"]["J3"].comment is None


def test_a_finding_on_several_cells_colours_each(marked, filled_form):
    sheet = opened(marked(filled_form(), ("V01", "01_HTX", "members", "I3, K3", None)))["01_HTX"]
    assert [sheet[place].fill.fgColor.rgb for place in ("I3", "K3")] == ["FF" + COLOURS["error"]] * 2


def test_the_markup_of_an_earlier_copy_is_replaced(marked, filled_form, edited):
    first = marked(filled_form(sheets={"01_HTX": [WRONG]}), H01, H13)
    second = opened(marked(edited(first.content, lambda workbook: None), H13))
    assert second.sheetnames.count(RESULT_SHEET) == 1
    assert second["01_HTX"]["J3"].comment is None
    assert second["01_HTX"]["J3"].fill.fill_type is None
    assert second["01_HTX"]["A3"].comment.text.count(COMMENT_START) == 1


def test_no_value_of_priority_groups_is_repeated(marked, filled_form):
    rows = {"09_UU_TIEN": [{"priority_group": "poor", "women_supported": 13, "women_employed": 77}]}
    copy = marked(filled_form(sheets=rows), ("P01", "09_UU_TIEN", "women_employed", "C3", "77"))
    said = "".join(content.decode() for name, content in parts(copy.content).items() if "comment" in name)
    said += " ".join(str(cell.value) for row in opened(copy)[RESULT_SHEET].iter_rows(min_row=6) for cell in row)
    assert "Số phụ nữ có việc làm" in said
    assert "77" not in said.replace(opened(copy)[RESULT_SHEET]["F6"].value, "")


def test_text_that_looks_like_a_formula_is_written_as_text(marked, filled_form, edited):
    def name(workbook):
        workbook.create_sheet("=1+1").append(["x"])

    sheet = opened(marked(edited(filled_form(), name)))[RESULT_SHEET]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value and str(cell.value)[0] in "=+-@"]
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in cells] == [("=1+1", "s", True)]


def test_a_file_that_is_not_a_workbook_is_answered_with_the_reason_alone(marked):
    copy = marked(b"a,b,c\n1,2,3", name="bc.csv")
    workbook = opened(copy)
    assert workbook.sheetnames == [RESULT_SHEET]
    assert "Đây là tệp văn bản (.csv, .txt)" in workbook[RESULT_SHEET]["E6"].value
    assert workbook[RESULT_SHEET]["A3"].value == "Không mở được tệp gốc nên bản này không có các biểu của tệp."


def test_a_file_with_personal_data_gets_no_copy(marked, filled_form, edited):
    def persons(workbook):
        workbook.create_sheet("DS").append(["Họ và tên", "CCCD"])

    assert marked(edited(filled_form(), persons)) is None


def test_a_format_that_cannot_be_annotated_is_copied_as_an_xlsx_of_its_values(marked, filled_form, reference, received):
    content = filled_form(sheets={"01_HTX": [{**WRONG, "cooperative_name": "=HTX"}]})
    copy = marked(ods(cells_of_workbook(content)), H01)
    workbook = opened(copy)
    assert workbook[RESULT_SHEET]["A4"].value.startswith(
        "Không ghi chú thẳng vào tệp gốc được nên bản này chỉ chép lại"
    )
    assert workbook["01_HTX"]["J3"].fill.fgColor.rgb == "FF" + COLOURS["error"]
    assert workbook["01_HTX"].row_dimensions[1].hidden
    assert (workbook["01_HTX"]["B3"].value, workbook["01_HTX"]["B3"].data_type) == ("=HTX", "s")
    back, sent = (read_submission(received(each), reference) for each in (copy.content, content))
    assert (back.cover, back.sheets["02_THT"].rows) == (sent.cover, sent.sheets["02_THT"].rows)


def test_a_workbook_without_styles_is_annotated_in_place(marked, filled_form):
    content = filled_form(sheets={"01_HTX": [WRONG]})
    rels = "xl/_rels/workbook.xml.rels"
    unrelated = hostile.with_part(content, rels, lambda was: was.replace(b"/styles", b"/other"))
    plain = hostile.without_part(unrelated, "xl/styles.xml")
    for part in parts(plain):
        if part.startswith("xl/worksheets/sheet"):
            plain = hostile.with_part(plain, part, lambda was: re.sub(rb' (s|style)="\d+"', b"", was))
    workbook = opened(marked(plain, H01))
    assert workbook["01_HTX"]["J3"].fill.fgColor.rgb == "FF" + COLOURS["error"]
    assert not any("chép lại" in str(cell.value) for cell in workbook[RESULT_SHEET]["A"])


@pytest.mark.parametrize(
    ("declared", "extension"),
    [
        ("vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "xlsx"),
        ("vnd.ms-excel.sheet.macroEnabled.main+xml", "xlsm"),
        ("vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml", "xltx"),
        ("vnd.ms-excel.template.macroEnabled.main+xml", "xltm"),
    ],
)
def test_the_copy_has_the_extension_of_its_content_type(marked, filled_form, declared, extension):
    def changed(types: bytes) -> bytes:
        usual = b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        embedded = b'<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
        return types.replace(usual, declared.encode()).replace(b"</Types>", embedded + b"</Types>")

    copy = marked(hostile.with_part(filled_form(), "[Content_Types].xml", changed))
    assert copy.extension == extension
    assert declared.encode() in parts(copy.content)["[Content_Types].xml"]


def test_the_same_file_gives_the_same_copy(marked, filled_form):
    content = filled_form(sheets={"01_HTX": [WRONG]})
    assert marked(content, H01).content == marked(content, H01).content


def test_prefixes_of_other_programs_are_kept(reference, received, filled_form):
    def prefixed(part: bytes) -> bytes:
        part = part.replace(b'<worksheet xmlns="', b'<worksheet xmlns:x="')
        part = part.replace(b"</", b"</x:").replace(b"<", b"<x:")
        return part.replace(b"<x:/x:", b"</x:").replace(b"<x:?xml", b"<?xml")

    content = hostile.with_part(filled_form(sheets={"01_HTX": [WRONG]}), "xl/worksheets/sheet2.xml", prefixed)
    file = received(content)
    submission = read_submission(file, reference)
    said = [make_finding(reference, file.submission_id, "H01", "01_HTX", 3, "women_members", "J3", "99")]
    copy = annotate_workbook(submission.form, ReviewedFile(file, submission, None, said, "rejected"))
    assert b"<x:sheetData>" in parts(copy.content)["xl/worksheets/sheet2.xml"]
    assert read_workbook(copy.content)[2].rows[2][9] == 99
    assert opened(copy)["01_HTX"]["J3"].comment.text.startswith(COMMENT_START)


def test_only_so_much_of_a_long_value_is_repeated(marked, filled_form):
    flagged = ("V04", "01_HTX", "sector", "F3", "x" * 30_000)
    message = opened(marked(filled_form(), flagged))[RESULT_SHEET]["E6"].value
    assert len(message) == 800
    assert message.endswith("…")
