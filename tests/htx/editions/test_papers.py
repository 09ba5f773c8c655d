"""What becomes of an edition as a paper: edited, returned, refused, signed, issued."""

import io
import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import docx
import psycopg
import pytest
from click.testing import CliRunner

from htx.cli import main
from htx.editions import hand_changes, office_files, papers, workflow
from reporting.documents.document_set import write_documents
from tests.htx.conftest import BOTH, ID, NUMBERS, PUBLISHED_AT, keep_edition, later_version
from tests.reporting.hand_made_content import about, hand_made, recipients, with_own_words
from tests.reporting.pdf_files import pdf_of
from warehouse.connection import connect
from warehouse.editions import papers as records
from warehouse.editions.records import PublicationRefused, last_reported

NOW = datetime(2026, 1, 5, 2, tzinfo=UTC)
SIGNED_ON, ISSUED_ON = date(2025, 12, 29), date(2025, 12, 30)


FIRST = {BOTH[0]: NUMBERS[BOTH[0]]}


def sign(url: str, numbers=NUMBERS, on=SIGNED_ON, signer="Nguyễn Thị Ví Dụ", **more) -> dict:
    return papers.sign(url, ID, numbers, on, signer, "Lan", more.pop("at", NOW), **more)


def issue(url: str, on=ISSUED_ON, channel="exchange", **more) -> dict:
    return papers.issue(url, ID, on, channel, "Lan", more.pop("at", NOW), **more)


def paper(url: str, recipient=BOTH[0]) -> dict:
    [found] = [each for each in workflow.described(url, ID)["papers"] if each["recipient"] == recipient]
    return found


def states(url: str, recipient=BOTH[0]) -> list[str]:
    return [each["state"] for each in paper(url, recipient)["states"]]


def edited(word: bytes) -> bytes:
    made = docx.Document(io.BytesIO(word))
    made.tables[1].rows[1].cells[4].text = "1.300"
    made.paragraphs[0].add_run(" (đã biên tập)")
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def with_text(word: bytes, old: str, new: str) -> bytes:
    """The Word file after its first paragraph with `old`, in a table or not, has `new` there."""
    made = docx.Document(io.BytesIO(word))
    every = [*(each for table in made.tables for cell in table._cells for each in cell.paragraphs), *made.paragraphs]
    found = next(each for each in every if old in each.text)
    found.text = found.text.replace(old, new)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def test_a_draft_is_returned_then_signed_then_issued_and_every_step_is_kept(url):
    assert paper(url)["state"] == "drafted"
    returned = papers.return_draft(url, ID, "viết lại mục II", "Chánh Văn phòng", NOW)
    assert returned["answer_vi"] == (
        "Đã ghi nhận: Báo cáo năm 2025, bản 1.0.0, gửi Trung ương Hội Liên hiệp Phụ nữ Việt Nam, Ủy ban nhân dân"
        " tỉnh: trả lại để chỉnh sửa, vì: viết lại mục II."
    )
    assert sign(url, file=("bao-cao-ky.pdf", b"%PDF signed"))["recorded"] == BOTH
    assert issue(url)["answer_vi"].endswith("phát hành ngày 30/12/2025, qua trục liên thông văn bản.")
    found = paper(url)
    assert {name: found[name] for name in found if name not in ("name", "newer", "states", "files")} == {
        "recipient": "CENTRAL_UNION", "symbol": "/BC-BTV", "state": "issued", "number": "245/BC-BTV",
        "signed_on": "2025-12-29", "signer": "Nguyễn Thị Ví Dụ", "issued_on": "2025-12-30", "channel": "exchange",
        "words_missing": [],
    }  # fmt: skip
    assert states(url) == ["returned", "signed", "issued"]
    assert [(each["kind"], each["sha256"]) for each in found["files"]] == [
        ("signed", sha256(b"%PDF signed").hexdigest())
    ]
    with connect(url) as connection:
        [content] = connection.execute("select content from raw.publication_files where recipient = %s", BOTH[:1])
        assert bytes(content[0]) == b"%PDF signed"


def test_the_same_again_is_recorded_once_and_another_number_needs_a_reason(url):
    sign(url)
    again = sign(url)
    assert (again["recorded"], again["answer_vi"][:22]) == ([], "Đã ghi nhận trước đó: ")
    with pytest.raises(PublicationRefused, match=r"ký số 245/BC-BTV ngày 29/12/2025.*Nếu ghi sai, ghi lại kèm lý do"):
        sign(url, {BOTH[0]: "246"})
    issue(url)
    sign(url, {BOTH[0]: "246"}, correction="văn thư ghi nhầm số")
    assert (paper(url)["state"], paper(url)["number"]) == ("issued", "246/BC-BTV")
    assert states(url) == ["signed", "issued", "signed"]
    sign(url, {BOTH[0]: "246/BC-BTV"}, file=("ky.pdf", b"%PDF"))  # brings the file later
    assert [each["kind"] for each in paper(url)["files"]] == ["signed"]


def test_each_recipient_has_a_paper_and_a_number_of_its_own(url):
    sign(url, FIRST)
    issue(url, recipients=BOTH[:1])
    assert (paper(url)["state"], paper(url, BOTH[1])["state"]) == ("issued", "drafted")
    with pytest.raises(PublicationRefused, match="Báo cáo gửi Ủy ban nhân dân tỉnh chưa ký"):
        issue(url)  # for both: nothing is recorded of either
    assert states(url) == ["signed", "issued"]
    with pytest.raises(PublicationRefused, match=r"không gửi UBND; nơi nhận: CENTRAL_UNION, PEOPLES_COMMITTEE"):
        sign(url, {"UBND": "1"})
    issue(url, recipients=BOTH[:1])
    with pytest.raises(PublicationRefused, match=r"«246/BC-BTV» không đúng ký hiệu .* tỉnh có ký hiệu /BC-HLHPN\.$"):
        sign(url, {BOTH[1]: "246/BC-BTV"})
    assert sign(url, {BOTH[0]: "245", BOTH[1]: " 88 / bc-hlhpn"})["answer_vi"] == (
        "Đã ghi nhận trước đó: Báo cáo năm 2025, bản 1.0.0, gửi Trung ương Hội Liên hiệp Phụ nữ Việt Nam: ký số"
        " 245/BC-BTV ngày 29/12/2025, người ký Nguyễn Thị Ví Dụ. Đã ghi nhận: Báo cáo năm 2025, bản 1.0.0, gửi Ủy ban"
        " nhân dân tỉnh: ký số 88/BC-HLHPN ngày 29/12/2025, người ký Nguyễn Thị Ví Dụ."
    )


def test_a_number_is_that_of_one_paper_in_a_calendar_year(url, connection):
    sign(url, {BOTH[0]: "1/BC-BTV"})
    later_version(connection, PUBLISHED_AT + timedelta(days=1))

    def second(number: str, on: date) -> dict:
        return papers.sign(url, "P-2", {BOTH[0]: number}, on, "Nguyễn Thị Ví Dụ", "Lan", NOW + timedelta(days=9))

    with pytest.raises(PublicationRefused) as taken:
        second("01", date(2025, 12, 30))
    assert taken.value.reason_vi == (
        "Số «01/BC-BTV» đã là số của văn bản khác trong năm: Báo cáo năm 2025, bản 1.0.0, gửi Trung ương Hội Liên hiệp"
        " Phụ nữ Việt Nam. Mỗi văn bản một số; nếu văn bản kia ghi nhầm, đính chính văn bản đó trước."
    )
    assert second("01", date(2026, 1, 6))["recorded"] == BOTH[:1]  # the numbers of a year begin again
    assert sign(url, {BOTH[0]: "1"})["recorded"] == []
    sign(url, {BOTH[0]: "2"}, correction="ghi nhầm số")
    papers.return_draft(url, "P-2", "viết lại", "Lan", NOW, BOTH[:1])
    assert second("1", date(2025, 12, 31))["recorded"] == BOTH[:1]  # free since it was corrected


@pytest.mark.parametrize("number", ["0/BC-BTV", "00", "000/BC-BTV"])
def test_nothing_is_no_number(url, number):
    with pytest.raises(PublicationRefused, match="chưa đúng: ghi chữ số"):
        sign(url, {BOTH[0]: number})


def test_a_number_at_a_prompt_is_that_of_the_paper_with_its_symbol(url):
    assert papers.numbers_for(url, ID, "88/BC-HLHPN") == {"PEOPLES_COMMITTEE": "88/BC-HLHPN"}
    assert papers.numbers_for(url, ID, "15", BOTH[:1]) == {"CENTRAL_UNION": "15"}
    both = (
        r"báo cáo gửi Trung ương Hội Liên hiệp Phụ nữ Việt Nam có ký hiệu /BC-BTV; báo cáo gửi Ủy ban nhân dân tỉnh có"
        r" ký hiệu /BC-HLHPN"
    )
    with pytest.raises(PublicationRefused, match=f"Số «15/BC-UBND» không đúng ký hiệu của văn bản: {both}"):
        papers.numbers_for(url, ID, "15/BC-UBND")
    with pytest.raises(PublicationRefused, match=rf"«15» là số của văn bản nào.* chọn một nơi nhận \({both}\)"):
        papers.numbers_for(url, ID, "15")


def test_what_was_refused_is_not_signed_before_it_was_returned_and_what_was_issued_is_neither(url):
    papers.refuse(url, ID, "thiếu đánh giá của Hội", "Chủ tịch", NOW)
    with pytest.raises(PublicationRefused, match=r"không được duyệt, vì: thiếu đánh giá của Hội\. Muốn ký"):
        sign(url)
    papers.return_draft(url, ID, "bổ sung đánh giá", "Chủ tịch", NOW)
    sign(url)
    issue(url)
    for decide, named in ((papers.refuse, "không duyệt"), (papers.return_draft, "trả lại để chỉnh sửa")):
        with pytest.raises(PublicationRefused, match=f"đã phát hành ngày 30/12/2025: không ghi “{named}” được nữa"):
            decide(url, ID, "muộn", "Chủ tịch", NOW)


def test_a_returned_signature_must_be_given_again(url):
    sign(url)
    papers.return_draft(url, ID, "sai thể thức", "Văn thư", NOW)
    assert (paper(url)["number"], paper(url)["signer"]) == (None, None)
    with pytest.raises(PublicationRefused, match="hiện nay: trả lại để chỉnh sửa"):
        issue(url)
    assert sign(url)["recorded"] == BOTH


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"on": date(2025, 12, 25)}, r"Ngày ký 25/12/2025 trước ngày lập báo cáo gửi Trung .* Nam \(26/12/2025\)"),
        ({"on": date(2026, 1, 6)}, "Ngày 06/01/2026 chưa đến: hôm nay là 05/01/2026"),
        ({"numbers": {BOTH[0]: "BC-BTV"}}, "Số văn bản «BC-BTV» chưa đúng"),
        ({"numbers": {BOTH[0]: "abc1"}}, "Số văn bản «abc1» chưa đúng"),
        ({"numbers": {}}, "Chưa ghi số văn bản"),
        ({"signer": "  "}, "Chưa ghi người ký"),
        ({"file": ("ky.pdf", b"")}, "Tệp ky.pdf trống"),
        ({"file": ("ky.exe", b"MZ")}, r"Bản đã ký phải là tệp \.docx, \.pdf hoặc ảnh chụp .* Không nhận: ky\.exe"),
        ({"file": ("ky.docx", b"torn")}, r"Không đọc được tệp Word ky\.docx"),
    ],
)
def test_a_signature_that_cannot_be_is_refused(url, given, said):
    with pytest.raises(PublicationRefused, match=said) as refused:
        sign(url, **given)
    assert refused.value.reason_vi == str(refused.value)
    assert states(url) == []


@pytest.fixture
def drafts(warehouse_url, connection) -> dict[str, bytes]:
    """The Word files of the edition, in which the proposals of the Union alone are missing."""
    made = with_own_words(hand_made("annual", 2025))
    made = replace(made, tables={**made.tables, "proposals": replace(made.tables["proposals"], rows=())})
    documents = write_documents(made, recipients().values(), about())
    words = {each.recipient: each.content for each in documents if each.format == "docx"}
    keep_edition(connection, words)
    return words


def with_words_of_a_hand(word: bytes) -> bytes:
    made = docx.Document(io.BytesIO(word))
    [bracket] = [each for each in made.paragraphs if each.text.startswith("[Kiến nghị")]
    bracket.text = "Đề nghị quan tâm bố trí kinh phí."
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def test_a_paper_without_the_unions_own_words_is_not_signed_and_the_answer_names_section_and_recipient(
    warehouse_url, drafts
):
    with pytest.raises(PublicationRefused) as refused:
        sign(warehouse_url)
    assert refused.value.reason_vi == (
        "Chưa ký được báo cáo gửi Trung ương Hội Liên hiệp Phụ nữ Việt Nam: còn thiếu lời văn của Hội về Kiến nghị đối"
        " với Trung ương Hội Liên hiệp Phụ nữ Việt Nam. Viết vào chỗ có câu trong ngoặc vuông, chỗ để chấm của tệp"
        " Word và gửi lại tệp, hoặc gửi biểu 12_DANH_GIA để báo cáo được lập lại."
    )
    assert paper(warehouse_url, BOTH[1])["words_missing"] == ["Kiến nghị đối với Ủy ban nhân dân tỉnh"]
    assert states(warehouse_url) == []


def test_a_paper_with_dots_for_number_and_day_of_the_plan_is_not_signed_by_word_or_scan(warehouse_url, connection):
    documents = write_documents(
        with_own_words(hand_made("annual", 2025)), recipients(of_example=False).values(), about()
    )
    keep_edition(connection, {each.recipient: each.content for each in documents if each.format == "docx"})
    for file in (None, ("ky.pdf", b"%PDF signed")):
        with pytest.raises(PublicationRefused, match=r"còn thiếu lời văn của Hội về Số, ngày của Kế hoạch\. Viết"):
            sign(warehouse_url, FIRST, file=file)
    assert paper(warehouse_url)["words_missing"] == ["Số, ngày của Kế hoạch"]


def test_words_that_a_hand_writes_into_the_word_file_of_a_recipient_let_that_paper_be_signed(warehouse_url, drafts):
    written = {code: with_words_of_a_hand(word) for code, word in drafts.items()}
    office_files.attach(warehouse_url, ID, "Lan", BOTH[:1], ("bao-cao.docx", written[BOTH[0]]))
    assert (paper(warehouse_url)["words_missing"], len(paper(warehouse_url, BOTH[1])["words_missing"])) == ([], 1)
    with pytest.raises(PublicationRefused, match="báo cáo gửi Ủy ban nhân dân tỉnh: còn thiếu"):
        sign(warehouse_url)
    with pytest.raises(PublicationRefused, match="báo cáo gửi Trung ương Hội"):
        sign(warehouse_url, FIRST, file=("ky.docx", drafts[BOTH[0]]))  # what was signed has the bracket
    sign(warehouse_url, FIRST)
    sign(warehouse_url, {BOTH[1]: NUMBERS[BOTH[1]]}, file=("ky.docx", written[BOTH[1]]))
    assert [paper(warehouse_url, each)["state"] for each in BOTH] == ["signed", "signed"]


def test_an_older_draft_is_not_signed_when_a_newer_one_was_made_unless_that_was_refused(url, connection):
    sign(url, FIRST)
    later_version(connection)
    second = {BOTH[1]: NUMBERS[BOTH[1]]}
    with pytest.raises(PublicationRefused) as refused:
        sign(url, second)
    assert str(refused.value) == (
        "Không ký bản 1.0.0 được nữa: báo cáo gửi Ủy ban nhân dân tỉnh đã có bản mới hơn là 1.0.1. Nếu bản 1.0.0 mới là"
        " bản được ký, trước hết ghi không duyệt bản 1.0.1."
    )
    sign(url, {BOTH[0]: "246"}, correction="ghi nhầm số")  # it was signed before
    papers.refuse(url, "P-2", "lập nhầm", "Lan", NOW, BOTH[1:])
    assert sign(url, second)["recorded"] == BOTH[1:]


def test_nothing_is_issued_before_it_was_signed_or_after_today(url):
    sign(url)
    with pytest.raises(
        PublicationRefused, match=r"Ngày phát hành 28/12/2025 trước ngày ký báo cáo gửi Trung .* \(29/12/2025\)"
    ):
        issue(url, on=date(2025, 12, 28))
    with pytest.raises(PublicationRefused, match="chưa đến"):
        issue(url, on=date(2026, 1, 6))
    issue(url)
    with pytest.raises(
        PublicationRefused, match=r"Ngày ký 31/12/2025 sau ngày đã phát hành báo cáo gửi Trung .* \(30/12/2025\)"
    ):
        sign(url, on=date(2025, 12, 31), correction="ghi nhầm")


def test_edited_files_are_taken_from_the_folder_of_reports_and_compared(url, word, tmp_path):
    folder = tmp_path / "annual-2025" / "1.0.0" / "CENTRAL_UNION"
    folder.mkdir(parents=True)
    (folder / "bao-cao-nam-2025.docx").write_bytes(word)
    (folder / "~$o-cao-nam-2025.docx").write_bytes(b"open in Word")
    nothing = office_files.attach(url, ID, "Lan", reports_url=tmp_path.as_uri())
    assert (nothing["kept"], nothing["answer_vi"]) == (
        [],
        "Không có tệp nào mới: giống tệp đã tạo hoặc tệp đã lưu gần nhất.",
    )
    (folder / "bao-cao-nam-2025.docx").write_bytes(edited(word))
    for kind, content in (("signed", b"%PDF a scan"), ("evidence", b"%PDF the receipt")):
        (folder / kind).mkdir()
        (folder / kind / f"{kind}.pdf").write_bytes(content)
    kept = office_files.collect(url, "Lan", tmp_path.as_uri())
    assert [(each["recipient"], each["kind"], each["file_name"]) for each in kept] == [
        ("CENTRAL_UNION", "edited", "bao-cao-nam-2025.docx"), ("CENTRAL_UNION", "signed", "signed.pdf"),
        ("CENTRAL_UNION", "evidence", "evidence.pdf"),
    ]  # fmt: skip
    (folder / "signed" / "đang chép.pdf").write_bytes(b"")  # not there yet
    (folder / "signed" / "ghi chú.md").write_bytes(b"# not a paper")
    (folder / "đang lưu.docx").write_bytes(b"torn")
    assert office_files.collect(url, "Lan", tmp_path.as_uri()) == []
    mine, other = hand_changes.compare(url, ID)
    assert mine["compared"]
    assert mine["answer_vi"] == (
        "Đã đối chiếu bao-cao-nam-2025.docx: 1 số liệu khác với số liệu đã tổng hợp."
        " Không đối chiếu (bản chụp, hoặc không đọc được): signed.pdf."
    )
    assert [hand_changes.sentence(each) for each in mine["changes"]] == [
        "T01-2025: 1.234 → 1.300 (lời indicator_name_vi (người) / Năm 2025)"
    ]
    assert (other["compared"], other["answer_vi"]) == (False, "Không đối chiếu: chưa có tệp đã sửa hoặc đã ký.")


def test_the_pdf_beside_an_edited_word_file_is_that_of_the_edited_one_or_none(url, word, tmp_path, monkeypatch):
    folder = tmp_path / "annual-2025" / "1.0.0" / "CENTRAL_UNION"
    folder.mkdir(parents=True)
    program = tmp_path / "soffice"
    program.write_text('#!/bin/sh\nwhile [ "$1" != --outdir ]; do shift; done\nprintf edited > "$2/paper.pdf"\n')
    program.chmod(0o755)
    pdf = folder / "bao-cao.pdf"
    pdf.write_bytes(b"generated")
    kept = []
    for installed in (str(program), "", ""):
        monkeypatch.setenv("LIBREOFFICE", installed)
        (folder / "bao-cao.docx").write_bytes(word + b" " * (len(kept) + 1))
        if len(kept) == 2:
            pdf.write_bytes(b"exported by the office")
            os.utime(folder / "bao-cao.docx", (1, 1))
        office_files.collect(url, "Lan", tmp_path.as_uri())
        kept.append(pdf.read_bytes() if pdf.exists() else None)
    assert kept == [b"edited", None, b"exported by the office"]


def test_a_signed_pdf_with_text_is_compared(url, word):
    answer = sign(url, FIRST, file=("ky.pdf", pdf_of(word, ("\n1.234\n", "\n1.300\n"))))["answer_vi"]
    assert answer.endswith("người ký Nguyễn Thị Ví Dụ. Đã đối chiếu ky.pdf: 1 số liệu khác với số liệu đã tổng hợp.")
    [mine] = hand_changes.compare(url, ID, BOTH[:1])
    assert [hand_changes.sentence(each) for each in mine["changes"]] == [
        "T01-2024: 1.234 → 1.300 (lời indicator_name_vi (người) / Năm 2024)"
    ]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("/BC-BTV", "0246/BC-BTV", "trang đầu ghi số 0246/BC-BTV, không phải 245/BC-BTV"),
        ("/BC-BTV", "/BC-HLHPN", "trang đầu ghi số /BC-HLHPN, không phải 245/BC-BTV"),
        ("nữ\xa0năm\xa02025", "nữ năm 2024", "tiêu đề ghi năm 2024, không phải 2025"),
    ],
)
def test_a_signed_file_with_another_number_or_year_is_refused_and_nothing_of_it_recorded(url, word, old, new, why):
    with pytest.raises(PublicationRefused) as refused:
        sign(url, FIRST, file=("ky.docx", with_text(word, old, new)))
    assert str(refused.value) == (
        "Chưa ghi nhận: tệp ky.docx có thể không phải là báo cáo gửi Trung ương Hội Liên hiệp Phụ nữ Việt Nam, vì"
        f" {why}. Gửi lại đúng tệp; nếu chính tệp này đã được ký, ghi lại kèm lý do."
    )
    assert (states(url), paper(url)["files"]) == ([], [])
    sign(url, FIRST, file=("ky.docx", with_text(word, "/BC-BTV", "0245/BC-BTV")))
    assert states(url) == ["signed"]


def test_another_paper_is_not_kept_as_the_signed_one_after_the_signature(url, word, tmp_path):
    sign(url, FIRST)
    wrong = with_text(word, "/BC-BTV", "246/BC-BTV")
    with pytest.raises(PublicationRefused, match="trang đầu ghi số 246/BC-BTV, không phải 245/BC-BTV"):
        office_files.attach(url, ID, "Lan", BOTH[:1], ("ky.pdf", pdf_of(wrong, most=40)))
    folder = tmp_path / "annual-2025" / "1.0.0" / "CENTRAL_UNION" / "signed"
    folder.mkdir(parents=True)
    (folder / "ky.docx").write_bytes(wrong)
    assert office_files.collect(url, "Lan", tmp_path.as_uri()) == []
    (folder / "ky.docx").write_bytes(with_text(word, "/BC-BTV", "245/BC-BTV"))
    assert [each["kind"] for each in office_files.collect(url, "Lan", tmp_path.as_uri())] == ["signed"]


def test_a_signed_pdf_without_most_figures_is_refused_unless_a_reason_is_given(url, word):
    first_page = pdf_of(word, most=40)
    with pytest.raises(PublicationRefused, match=r"vì thiếu 134 trong 162 số liệu của dự thảo \(văn bản khác, hoặc"):
        sign(url, FIRST, file=("ky.pdf", first_page))
    answer = sign(url, FIRST, file=("ky.pdf", first_page), correction="bản ký không kèm phụ lục")["answer_vi"]
    assert "Có thể là văn bản khác, hoặc thiếu phụ lục: dự thảo có 162 số liệu." in answer
    assert paper(url)["states"][-1]["reason"] == "bản ký không kèm phụ lục"
    assert sign(url, FIRST, file=("ky.pdf", first_page))["recorded"] == []


def test_another_paper_in_the_folder_of_signed_files_stands_in_the_way_until_the_right_one_lies_there(
    url, word, tmp_path
):
    folder = tmp_path / "annual-2025" / "1.0.0" / "CENTRAL_UNION" / "signed"
    folder.mkdir(parents=True)
    (folder / "ky.docx").write_bytes(with_text(word, "/BC-BTV", "246/BC-BTV"))
    office_files.collect(url, "Lan", tmp_path.as_uri())
    with pytest.raises(PublicationRefused, match="trang đầu ghi số 246/BC-BTV, không phải 245/BC-BTV"):
        sign(url, FIRST)
    (folder / "ky.docx").write_bytes(with_text(word, "/BC-BTV", "245/BC-BTV"))
    office_files.collect(url, "Lan", tmp_path.as_uri())
    assert sign(url, FIRST)["recorded"] == BOTH[:1]


def test_a_scan_and_what_is_no_word_file_are_said_not_to_be_compared(url):
    sign(url, FIRST, file=("ban-ky.pdf", b"%PDF a scan"))
    with connect(url) as connection:  # kept by a version that read no file
        records.keep_file(connection, ID, BOTH[1], "edited", ("hong.docx", b"torn"), "Lan")
        connection.commit()
    answers = [(each["compared"], each["answer_vi"]) for each in hand_changes.compare(url, ID)]
    assert answers == [
        (False, "Không đối chiếu (bản chụp, hoặc không đọc được): ban-ky.pdf."),
        (False, "Không đối chiếu (bản chụp, hoặc không đọc được): hong.docx."),
    ]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (("x.md", b"# words"), r"Bản đã sửa phải là tệp Word \(\.docx\).* Không nhận: x\.md"),
        (("x.docx", b"PK torn"), r"Không đọc được tệp Word x\.docx"),
    ],
)
def test_what_is_no_paper_is_not_kept_as_an_edited_one(url, file, said):
    with pytest.raises(PublicationRefused, match=said):
        office_files.attach(url, ID, "Lan", BOTH[:1], file)
    assert paper(url)["files"] == []


def test_a_signed_image_of_a_scan_is_kept(url):
    sign(url, FIRST, file=("ban-ky.JPG", b"an image"))
    assert [(each["kind"], each["file_name"]) for each in paper(url)["files"]] == [("signed", "ban-ky.JPG")]


def test_the_last_edited_file_is_the_one_compared(url, word):
    office_files.attach(url, ID, "Lan", BOTH[:1], ("lần 1.docx", edited(word)))
    made = docx.Document(io.BytesIO(word))
    made.add_paragraph("Kính trình.")
    written = io.BytesIO()
    made.save(written)
    office_files.attach(url, ID, "Lan", BOTH[:1], ("lần 2.docx", written.getvalue()))
    [found] = hand_changes.compare(url, ID, BOTH[:1])
    assert found["answer_vi"] == "Đã đối chiếu lần 2.docx: không có số liệu nào bị sửa tay."


def test_an_edited_file_comes_back_after_a_wrong_one_was_kept_as_signed(url, word):
    right, wrong = edited(word), word + b" "
    office_files.attach(url, ID, "Lan", BOTH[:1], ("a.docx", right))
    sign(url, FIRST, file=("sai.docx", wrong))
    papers.return_draft(url, ID, "nhầm tệp", "Lan", NOW, BOTH[:1])
    assert office_files.attach(url, ID, "Lan", BOTH[:1], ("a.docx", right))["answer_vi"] == (
        "Đã lưu: Trung ương Hội Liên hiệp Phụ nữ Việt Nam: a.docx."
    )
    assert office_files.attach(url, ID, "Lan", BOTH[:1], ("a.docx", right))["kept"] == []
    files = [(each["kind"], each["file_name"]) for each in paper(url)["files"]]
    assert files == [("edited", "a.docx"), ("signed", "sai.docx"), ("edited", "a.docx")]
    [found] = hand_changes.compare(url, ID, BOTH[:1])
    assert found["file_name"] == "a.docx"


def test_a_file_that_comes_back_after_another_one_is_the_last_again(url, word):
    changed = edited(word)
    for name, content in (("a.docx", changed), ("b.docx", word + b" "), ("a.docx", changed)):
        office_files.attach(url, ID, "Lan", BOTH[:1], (name, content))
    again = office_files.attach(url, ID, "Lan", BOTH[:1], ("a.docx", changed))
    assert again["kept"] == []
    assert [each["file_name"] for each in paper(url)["files"]] == ["a.docx", "b.docx", "a.docx"]
    [found] = hand_changes.compare(url, ID, BOTH[:1])
    assert found["answer_vi"] == "Đã đối chiếu a.docx: 1 số liệu khác với số liệu đã tổng hợp."


def test_a_file_of_the_folder_that_is_put_back_is_kept_again_and_two_files_side_by_side_are_kept_once(
    url, word, tmp_path
):
    folder = tmp_path / "annual-2025" / "1.0.0" / "CENTRAL_UNION"
    folder.mkdir(parents=True)
    (folder / "khac.docx").write_bytes(word + b" ")
    kept, changed = [], edited(word)
    for content in (changed, changed, word, word):
        (folder / "bao-cao-nam-2025.docx").write_bytes(content)
        kept += [each["file_name"] for each in office_files.collect(url, "Lan", tmp_path.as_uri())]
    assert kept == ["khac.docx", "bao-cao-nam-2025.docx", "bao-cao-nam-2025.docx"]
    assert hand_changes.compare(url, ID, BOTH[:1])[0]["answer_vi"].endswith("không có số liệu nào bị sửa tay.")


def test_numbers_that_were_added_and_left_out_are_counted_apart(url, word):
    made = docx.Document(io.BytesIO(word))
    made.tables[1].rows[1].cells[4].text = "một nghìn"
    made.add_paragraph("Thêm 77 người.")
    written = io.BytesIO()
    made.save(written)
    office_files.attach(url, ID, "Lan", BOTH[:1], ("sửa.docx", written.getvalue()))
    [found] = hand_changes.compare(url, ID, BOTH[:1])
    assert found["answer_vi"] == (
        "Đã đối chiếu sửa.docx: 1 số liệu khác với số liệu đã tổng hợp. Có 1 số không có trong dự thảo (kể cả số và"
        " ngày văn bản)."
    )
    assert [*map(hand_changes.sentence, found["changes"])] == [
        "T01-2025: 1.234 → số liệu bị bỏ (lời indicator_name_vi (người) / Năm 2025)",
        "không có mã số liệu: số mới → 77 (Thêm 77 người.)",
    ]


def test_what_was_recorded_never_changes(url, connection):
    sign(url, file=("ky.pdf", b"%PDF"))
    for table in ("publication_states", "publication_files"):
        for change in ("update raw.{} set recorded_by = 'x'", "delete from raw.{}", "truncate raw.{}"):
            with pytest.raises(psycopg.errors.RestrictViolation, match="keeps what was published"):
                connection.execute(change.format(table))
            connection.rollback()


def test_at_a_prompt_it_is_signed_issued_and_shown(url, tmp_path, word):
    def htx(*given: str):
        return CliRunner().invoke(main, ["publications", *given], env={"WAREHOUSE_URL": url}, catch_exceptions=False)

    signed = tmp_path / "ban-ky.docx"
    signed.write_bytes(edited(word))
    wrong = htx("issued", ID, "--on", "30/12/2025", "--via", "post")
    assert (wrong.exit_code, wrong.stderr.strip()) == (
        2,
        "htx: Báo cáo gửi Trung ương Hội Liên hiệp Phụ nữ Việt Nam chưa ký (hiện nay: dự thảo): ghi số, ngày, người ký"
        " trước khi ghi ngày phát hành.",
    )
    given = ("--date", "29/12/2025", "--signer", "Ngô Thị Mẫu", "--file", str(signed), "--by", "Hoa")
    done = htx("sign", ID, "--number", "12/BC-BTV", *given)
    assert done.stdout == (
        "Đã ghi nhận: Báo cáo năm 2025, bản 1.0.0, gửi Trung ương Hội Liên hiệp Phụ nữ Việt Nam: ký số 12/BC-BTV ngày"
        " 29/12/2025, người ký Ngô Thị Mẫu. Đã đối chiếu ban-ky.docx: 1 số liệu khác với số liệu đã tổng hợp.\n"
    )
    assert htx("sign", ID, "--number", "12", *given).exit_code == 2
    assert "ký số 9/BC-HLHPN" in htx("sign", ID, "--recipient", BOTH[1], "--number", "9", *given).stdout
    found = json.loads(htx("issued", ID, "--on", "2025-12-30", "--via", "by_hand", "--json").stdout)
    assert (found["state"], found["recorded"]) == ("issued", BOTH)
    shown = htx("show", ID).stdout
    assert "paper             CENTRAL_UNION  issued  12/BC-BTV  2025-12-29  Ngô Thị Mẫu  2025-12-30  by_hand" in shown
    assert f"signed            CENTRAL_UNION/ban-ky.docx  {sha256(signed.read_bytes()).hexdigest()}" in shown
    assert "T01-2025: 1.234 → 1.300" in htx("compare", ID, "--recipient", "CENTRAL_UNION").stdout
    saved = htx("save", ID, str(tmp_path / "out")).stdout.splitlines()
    assert saved[:2] == ["CENTRAL_UNION/bao-cao-nam-2025.docx", "PEOPLES_COMMITTEE/bao-cao-nam-2025.docx"]
    assert (tmp_path / "out" / saved[2]).read_bytes() == signed.read_bytes()
    assert htx("return", ID, "--because", "x").exit_code == 2


def test_last_years_report_gave_what_was_signed_not_what_a_later_draft_says(url, connection):
    def verdict(publication_id, value):
        connection.execute(
            "insert into raw.publication_verdicts (publication_id, indicator_code, report_year, value, verdict)"
            " values (%s, 'T01', 2025, %s, 'met'), (%s, 'T02', 2025, null, 'undecided')",
            [publication_id, value, publication_id],
        )

    def later_draft():
        connection.execute(
            "insert into raw.publications (publication_id, kind, report_year, version, published_at)"
            " values ('P-LATER', 'annual', 2025, '1.1.0', %s)",
            [PUBLISHED_AT + timedelta(days=1)],
        )
        verdict("P-LATER", 23)

    verdict(ID, 22)
    connection.commit()
    later_draft()
    assert last_reported(connection, 2025) == {"T01": 23}
    connection.rollback()
    sign(url)
    later_draft()
    assert last_reported(connection, 2025) == {"T01": 22}
    assert last_reported(connection, 2024) == {}


def test_the_note_to_the_leader_is_kept_and_nobody_signs_it(url, connection, word):
    connection.execute(
        "insert into raw.publication_documents (publication_id, recipient, format, file_name, sha256, content)"
        " values (%s, 'UNION', 'docx', 'to-trinh-bao-cao-nam-2025.docx', 'x', %s)",
        [ID, word],
    )
    connection.commit()
    assert sign(url)["recorded"] == BOTH
    assert [each["recipient"] for each in workflow.described(url, ID)["papers"]] == BOTH
