"""Copies of signed papers, mailed by a real mail server: once, also after a crash."""

import email
import io
import os
import signal
from datetime import UTC, date, datetime
from email import policy

import docx
import pytest

from htx.editions import copies, office_files, papers
from htx.mail.mailing import MailRefused
from tests.htx.conftest import BOTH, ID, NUMBERS, later_version
from tests.reporting.pdf_files import pdf_of
from warehouse.connection import connect
from warehouse.editions.records import PublicationRefused

NOW = datetime(2026, 1, 5, 2, tzinfo=UTC)
MAILBOXES = ["van-thu@trung-uong-hoi.example", "van-thu@ubnd-tinh.example"]


@pytest.fixture
def signed(url) -> str:
    sign(url)
    return url


def sign(url: str, recipients=BOTH, file=None) -> None:
    numbers = {each: NUMBERS[each] for each in recipients}
    papers.sign(url, ID, numbers, date(2025, 12, 29), "Nguyễn Thị Ví Dụ", "Lan", NOW, file)


@pytest.fixture
def with_annex(url, connection) -> str:
    """With the Excel annex and the page of each recipient."""
    for recipient in BOTH:
        for form in ("xlsx", "html"):
            connection.execute(
                "insert into raw.publication_documents (publication_id, recipient, format, file_name, sha256, content)"
                " values (%s, %s, %s, %s, 'x', %s)",
                [ID, recipient, form, f"bao-cao-nam-2025.{form}", form.encode()],
            )
    connection.commit()
    return url


def edited_by_hand(word: bytes, words: str, figure: str | None = None) -> bytes:
    made = docx.Document(io.BytesIO(word))
    made.add_paragraph(words)
    if figure:
        made.tables[1].rows[1].cells[4].text = figure
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def send(url: str, post, **more) -> dict:
    return copies.send_copies(url, ID, "Lan", NOW, "file:///nowhere", post.url, **more)


def attachments(content: bytes) -> dict[str, bytes]:
    mail = email.message_from_bytes(content, policy=policy.default)
    return {each.get_filename(): each.get_content() for each in mail.iter_attachments()}


def test_nothing_is_mailed_before_it_was_signed(url, post):
    sign(url, BOTH[:1])
    with pytest.raises(PublicationRefused, match=r"Ủy ban nhân dân tỉnh: báo cáo chưa ký \(hiện nay: dự thảo\)"):
        send(url, post)
    assert post.received == []
    assert send(url, post, recipients=BOTH[:1])["sent"] == BOTH[:1]


def test_what_is_mailed_is_the_signed_file_byte_for_byte_and_once(url, post, word):
    edited = edited_by_hand(word, "Kính trình.")
    office_files.attach(url, ID, "Lan", BOTH[1:], ("da sua.docx", edited))
    scan = bytes(range(256)) * 100
    sign(url)
    sign(url, BOTH[:1], ("ký.pdf", scan))
    signed = url
    answer = send(signed, post)
    assert (answer["sent"], answer["sent_before"], answer["uncertain"]) == (BOTH, [], [])
    assert [to for to, _ in post.received] == [[each] for each in MAILBOXES]
    first, second = (attachments(content) for _, content in post.received)
    assert (first, second) == ({"ký.pdf": scan}, {"da sua.docx": edited})
    text = email.message_from_bytes(post.received[0][1], policy=policy.default).get_body().get_content()
    assert "bản sao điện tử của báo cáo năm 2025 số 245/BC-BTV ngày 29/12/2025, người ký: Nguyễn Thị Ví Dụ" in text
    assert send(signed, post)["sent_before"] == BOTH
    assert len(post.received) == 2


def test_what_was_cut_off_between_mail_and_record_goes_again_only_when_a_person_says_so(signed, post):
    child = os.fork()
    if child == 0:
        import time

        time.sleep(0.5)  # until the parent knows whom to kill
        try:
            send(signed, post)
        finally:
            os._exit(0)
    post.then = lambda: os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    post.then = lambda: None
    assert [to for to, _ in post.received] == [MAILBOXES[:1]]
    answer = send(signed, post)
    assert (answer["sent"], answer["uncertain"]) == (BOTH[1:], BOTH[:1])
    assert "Thư gửi Trung ương Hội Liên hiệp Phụ nữ Việt Nam bị ngắt giữa chừng, có thể đã đến" in answer["answer_vi"]
    assert len(post.received) == 2
    with connect(signed) as connection:
        events = connection.execute("select attempt, event from quality.mailings order by recorded_at").fetchall()
    assert events == [(1, "claimed"), (1, "claimed"), (1, "delivered")]
    assert send(signed, post, again=True)["sent"] == BOTH[:1]
    ids = [email.message_from_bytes(content)["Message-ID"] for to, content in post.received if to == MAILBOXES[:1]]
    assert len(ids) == 2
    assert ids[0] == ids[1]


def test_a_pdf_that_is_given_is_the_signed_file(signed, post):
    office_files.attach(signed, ID, "Lan", BOTH[:1], ("ký.PDF", b"%PDF signed"))
    send(signed, post, recipients=BOTH[:1])
    assert attachments(post.received[0][1]) == {"ký.PDF": b"%PDF signed"}


def test_a_word_file_that_came_after_the_signature_is_not_mailed_as_what_was_signed(url, post, word):
    before, after = edited_by_hand(word, "Trước khi ký."), edited_by_hand(word, "Sau khi ký.")
    office_files.attach(url, ID, "Lan", BOTH[:1], ("trước.docx", before))
    sign(url)
    for recipient in BOTH:
        office_files.attach(url, ID, "Lan", [recipient], ("sau.docx", after))
    answer = send(url, post)["answer_vi"]
    assert "được sửa sau khi ký, không gửi đi: Trung ương Hội Liên hiệp Phụ nữ Việt Nam (sau.docx)" in answer
    assert [attachments(content) for _, content in post.received] == [
        {"trước.docx": before}, {"bao-cao-nam-2025.docx": word},
    ]  # fmt: skip


def test_a_corrected_copy_is_mailed_when_the_paper_was_signed_again(signed, post):
    office_files.attach(signed, ID, "Lan", BOTH[:1], ("lần 1.pdf", b"%PDF 1"))
    send(signed, post, recipients=BOTH[:1])
    papers.return_draft(signed, ID, "sai thể thức", "Văn thư", NOW, BOTH[:1])
    sign(signed, BOTH[:1], ("lần 2.pdf", b"%PDF 2"))
    assert send(signed, post, recipients=BOTH[:1])["sent"] == BOTH[:1]
    assert send(signed, post, recipients=BOTH[:1])["sent_before"] == BOTH[:1]
    assert [attachments(content) for _, content in post.received] == [
        {"lần 1.pdf": b"%PDF 1"},
        {"lần 2.pdf": b"%PDF 2"},
    ]


def test_a_file_of_a_withdrawn_signature_is_not_mailed(signed, post, word):
    office_files.attach(signed, ID, "Lan", BOTH[:1], ("lần 1.pdf", b"%PDF 1"))
    papers.return_draft(signed, ID, "sai thể thức", "Văn thư", NOW, BOTH[:1])
    sign(signed, BOTH[:1])
    send(signed, post, recipients=BOTH[:1])
    assert attachments(post.received[0][1]) == {"bao-cao-nam-2025.docx": word}


def test_annex_and_page_go_with_the_generated_paper_and_the_annex_with_an_edited_one(with_annex, post, word):
    edited = edited_by_hand(word, "Kính trình.")
    office_files.attach(with_annex, ID, "Lan", BOTH[1:], ("da sua.docx", edited))
    sign(with_annex)
    assert send(with_annex, post)["answer_vi"].endswith("Ủy ban nhân dân tỉnh.")
    first, second = (attachments(content) for _, content in post.received)
    assert first == {"bao-cao-nam-2025.docx": word, "bao-cao-nam-2025.xlsx": b"xlsx", "bao-cao-nam-2025.html": "html"}
    assert second == {"da sua.docx": edited, "bao-cao-nam-2025.xlsx": b"xlsx"}
    texts = [
        email.message_from_bytes(each, policy=policy.default).get_body().get_content() for _, each in post.received
    ]
    assert "Nguyễn Thị Ví Dụ, kèm phụ lục số liệu và trang biểu đồ." in texts[0]
    assert not any(ours in text for text in texts for ours in (ID, "1.0.0", "Mã phát hành"))
    assert "Nguyễn Thị Ví Dụ, kèm phụ lục số liệu." in texts[1]


def test_no_annex_goes_with_a_paper_whose_figures_a_hand_has_changed_nor_with_a_scan_of_nothing_known(
    with_annex, post, word
):
    office_files.attach(with_annex, ID, "Lan", BOTH[:1], ("da sua.docx", edited_by_hand(word, "Thêm.", "1.300")))
    sign(with_annex, BOTH[:1], ("ký 1.pdf", b"%PDF 1"))
    sign(with_annex, BOTH[1:], ("ký 2.pdf", b"%PDF 2"))
    answer = send(with_annex, post)["answer_vi"]
    assert [attachments(each) for _, each in post.received] == [{"ký 1.pdf": b"%PDF 1"}, {"ký 2.pdf": b"%PDF 2"}]
    assert answer.endswith(
        "Không kèm phụ lục Excel cho Trung ương Hội Liên hiệp Phụ nữ Việt Nam, vì số liệu trong báo cáo đã ký khác số"
        " liệu đã tổng hợp. Không kèm phụ lục Excel cho Ủy ban nhân dân tỉnh, vì bản ký không đối chiếu được với số"
        " liệu đã tổng hợp (bản chụp, chưa có tệp Word được lưu trước khi ký)."
    )


def test_the_annex_goes_with_a_scan_of_a_word_file_without_changed_figures(with_annex, post, word):
    office_files.attach(with_annex, ID, "Lan", BOTH[:1], ("da sua.docx", edited_by_hand(word, "Thêm.")))
    office_files.attach(with_annex, ID, "Lan", BOTH[1:], ("bao-cao-nam-2025.docx", word))  # signed as it was generated
    sign(with_annex, BOTH, ("ký.pdf", b"%PDF"))
    send(with_annex, post)
    expected = {"ký.pdf": b"%PDF", "bao-cao-nam-2025.xlsx": b"xlsx"}
    assert [attachments(content) for _, content in post.received] == [expected, expected]


def test_the_annex_goes_with_a_signed_pdf_that_has_the_figures_of_the_edition_and_with_no_other(with_annex, post, word):
    same, other = pdf_of(word, ("Số:", "Số: 245")), pdf_of(word, ("\n1.234\n", "\n1.300\n"))
    sign(with_annex, BOTH[:1], ("ký.pdf", same))
    sign(with_annex, BOTH[1:], ("ký.pdf", other))
    send(with_annex, post)
    assert [attachments(content) for _, content in post.received] == [
        {"ký.pdf": same, "bao-cao-nam-2025.xlsx": b"xlsx"}, {"ký.pdf": other},
    ]  # fmt: skip


def test_what_the_server_refused_is_tried_again(signed, post):
    answering, post.url = post.url, "smtp://127.0.0.1:1"
    with pytest.raises(MailRefused):
        send(signed, post)
    post.url = answering
    assert send(signed, post)["sent"] == BOTH


def test_a_paper_is_not_mailed_when_a_later_one_was_signed(signed, post, connection):
    later_version(connection)
    assert send(signed, post, recipients=BOTH[:1])["sent"] == BOTH[:1]
    papers.sign(signed, "P-2", {BOTH[0]: "9"}, date(2026, 1, 5), "Nguyễn Thị Ví Dụ", "Lan", NOW)
    with pytest.raises(PublicationRefused, match=r"phiên bản 1\.0\.0 đã được thay bằng phiên bản 1\.0\.1"):
        send(signed, post)
