"""Notices to the Union's people: what waits, for whom, again and then to who is next; each once."""

import email
import io
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

from htx import matters
from htx.cli import main
from htx.editions import office_files, papers
from htx.mail import notices
from htx.mail.notices import Waiting
from tests.htx.conftest import BOTH, ID, NUMBERS
from warehouse.connection import connect

THURSDAY = datetime(2025, 12, 25, 2, tzinfo=UTC)


def told(outbox: Path) -> list[str]:
    """role and subject of each notice in an outbox."""
    found = []
    for path in sorted(outbox.rglob("*.eml"), key=lambda path: path.stat().st_mtime_ns):
        mail = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        found.append(f"{path.parts[-3]}: {mail['Subject']}")
    return found


def waiting(since: datetime = THURSDAY) -> Waiting:
    words = {
        "name": "Báo cáo năm 2025", "recipients": [], "folder": "annual-2025/1.0.0", "numbers": [], "returned": [],
        "publication": {"version": "1.0.0", "publication_id": "P-1", "missing_units": []}, "words_missing": {},
    }  # fmt: skip
    return Waiting("paper", "prepare", "P-1", since, words)


@pytest.mark.parametrize(
    ("days", "roles"),
    [
        (0, [("specialist", 0)]),
        (3, [("specialist", 0)]),  # Sunday
        (4, [("specialist", 2)]),  # Monday: two working days
        (5, [("specialist", 2), ("office_head", 3)]),
        (60, [("specialist", 2), ("office_head", 3)]),
    ],
)
def test_who_is_notified_follows_the_rows_by_working_days(connection, reference, days, roles):
    due = notices.notices(connection, reference, [waiting()], THURSDAY + timedelta(days=days))
    assert [(each.role.role, each.after_working_days) for each in due] == roles


def test_each_notice_is_sent_once_and_the_next_one_names_who_was_notified_before(connection, reference, tmp_path):
    def morning(days: int) -> int:
        at = THURSDAY + timedelta(days=days)
        due = notices.notices(connection, reference, [waiting()], at)
        return notices.send(connection, due, at, tmp_path.as_uri(), None, "https://airflow.example/")

    assert [morning(days) for days in (0, 0, 1, 4, 4, 5, 6)] == [1, 0, 0, 1, 0, 1, 0]
    last = next(tmp_path.rglob("*office_head.eml"))
    text = email.message_from_bytes(last.read_bytes(), policy=policy.default).get_content()
    assert "Đã báo trước đó: Chuyên viên tổng hợp." in text
    assert "Phiếu ghi nhận: https://airflow.example/required_actions" in text


def test_a_paper_goes_from_the_specialist_to_the_office_to_the_clerk(url, post, tmp_path, word):
    outbox = tmp_path / "outbox"
    now = datetime.now(UTC)
    document = docx.Document(io.BytesIO(word))
    document.paragraphs[0].insert_paragraph_before("Thêm")
    document.save(saved := io.BytesIO())
    edited = saved.getvalue()

    def notify() -> int:
        return matters.notify(url, datetime.now(UTC), outbox.as_uri())["sent"]

    assert (notify(), notify()) == (1, 0)
    [first] = outbox.rglob("*.eml")
    mail = email.message_from_bytes(first.read_bytes(), policy=policy.default)
    attached = {each.get_filename(): each.get_content() for each in mail.iter_attachments()}
    assert attached == {f"{each}-bao-cao-nam-2025.docx": word for each in BOTH}
    for recipient in BOTH:
        office_files.attach(url, ID, "Lan", [recipient], ("sửa.docx", edited))
    assert (notify(), notify()) == (1, 0)
    papers.return_draft(url, ID, "viết lại mục II", "Chánh Văn phòng", now)
    assert notify() == 1
    papers.sign(url, ID, NUMBERS, now.date(), "Nguyễn Thị Ví Dụ", "Lan", now + timedelta(hours=12))
    assert notify() == 1
    papers.issue(url, ID, now.date(), "post", "Lan", now + timedelta(hours=12))
    assert notify() == 0
    assert told(outbox) == [
        "specialist: Báo cáo năm 2025: đề nghị biên tập dự thảo",
        "office_head: Báo cáo năm 2025: trình ký",
        "specialist: Báo cáo năm 2025: đề nghị biên tập dự thảo",
        "clerk: Báo cáo năm 2025 số 245/BC-BTV, 87/BC-HLHPN: đề nghị phát hành",
    ]


def test_what_was_refused_waits_for_nobody(url):
    papers.refuse(url, ID, "chưa cần", "Chủ tịch", datetime.now(UTC))
    assert matters.list_notices(url, datetime.now(UTC)) == []


def test_at_a_prompt_it_lists_who_must_act_and_what_was_interrupted(url):
    env = {"WAREHOUSE_URL": url}
    [line] = CliRunner().invoke(main, ["notices"], env=env).stdout.splitlines()
    assert line.startswith(f"paper  prepare  {ID}  ")
    assert line.endswith("  due")
    [notice] = matters.list_notices(url, datetime.now(UTC))
    with connect(url) as connection:
        connection.execute(
            "insert into quality.mailings (message_id, attempt, event) values (%s, 1, 'claimed')", [notice.message_id]
        )
    assert CliRunner().invoke(main, ["notices", "--send"], env=env).stdout.strip().endswith("  uncertain")
