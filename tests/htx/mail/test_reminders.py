"""Reminders: each unit what it still owes, once; the Union the state of all. With a real mail server."""

import email
from datetime import datetime, timedelta
from email import policy
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from click.testing import CliRunner

from htx import steps
from htx.cli import main
from htx.mail import reminders
from htx.mail.reminders import RemindersFailed, remind_units
from ingestion.workbook.received_file import ReceivedFile
from warehouse.connection import connect
from warehouse.server.ports import free_port

MANDATORY_OF_2023 = 21  # eleven districts and ten agencies
VOLUNTARY_OF_2023 = 3  # WU-P, VFF and AWE


def at(day: str, hour: int = 8) -> datetime:
    """An hour of a day in Viet Nam."""
    return datetime.fromisoformat(f"{day}T{hour:02}:00:00+07:00")


def letters(outbox: Path) -> dict[str, email.message.EmailMessage]:
    """The letters of an outbox by their path below it."""
    return {
        str(path.relative_to(outbox)): email.message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(outbox.rglob("*.eml"))
    }


@pytest.fixture
def outbox(tmp_path) -> Path:
    return tmp_path / "outbox"


@pytest.fixture
def mail_server(tmp_path):
    """A real mail server, its URL, and the folder that keeps what it was given."""
    folder = tmp_path / "mail"
    controller = Controller(Mailbox(folder), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield f"smtp://127.0.0.1:{controller.port}", folder
    controller.stop()


def test_nobody_is_reminded_before_the_first_date(warehouse_url, outbox):
    assert remind_units(warehouse_url, at("2023-10-30"), outbox.as_uri()) == {"sent": 0, "nothing_owed": 0}
    assert letters(outbox) == {}


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("2023-10-30T23:59", "letters sent: 0; units with nothing outstanding: 0\n"),
        ("2023-10-31T00:00", "letters sent: 22; units with nothing outstanding: 3\n"),
    ],
)
def test_at_a_prompt_the_instant_is_of_viet_nam_as_for_reports(warehouse_url, outbox, as_of, said):
    known = {"WAREHOUSE_URL": warehouse_url, "OUTBOX_URL": outbox.as_uri(), "SMTP_URL": ""}
    answer = CliRunner().invoke(main, ["remind", "--as-of", as_of], env=known)
    assert (answer.exit_code, answer.stdout) == (0, said)


def test_a_month_before_each_unit_gets_the_form_and_the_union_an_overview(warehouse_url, outbox):
    counts = remind_units(warehouse_url, at("2023-10-31"), outbox.as_uri())

    assert counts == {"sent": MANDATORY_OF_2023 + 1, "nothing_owed": VOLUNTARY_OF_2023}
    sent = letters(outbox)
    assert len(sent) == MANDATORY_OF_2023 + 1
    to_unit = sent["697/mail/reminder-2023-before_30-697.eml"]
    assert to_unit["To"] == "chon-thanh@huyen.example"
    assert to_unit["Subject"] == "Nhắc lần 1: báo cáo năm 2023 của Thị xã Chơn Thành"
    text = to_unit.get_body().get_content()
    assert "chậm nhất ngày 29/11/2023" in text
    assert "1. Chưa gửi báo cáo năm 2023." in text
    [form] = to_unit.iter_attachments()
    assert form.get_filename() == "bieu_mau_697_2023.xlsx"
    cover = openpyxl.load_workbook(BytesIO(form.get_payload(decode=True)))["00_BIA"]
    assert {row[0].value: row[2].value for row in cover.iter_rows(max_col=3)}["reporting_unit_code"] == "697"
    overview = sent["union/mail/reminder-2023-before_30-union.eml"].get_body().get_content()
    assert "trong 21 đơn vị phải báo cáo năm 2023" in overview
    assert "- còn thiếu nội dung: 21 đơn vị." in overview

    written = {path: path.stat().st_mtime_ns for path in outbox.rglob("*.eml")}
    for day in ("2023-10-31", "2023-11-01", "2023-11-13"):  # the same letters never go twice
        assert remind_units(warehouse_url, at(day), outbox.as_uri()) == {"sent": 0, "nothing_owed": 0}
    assert {path: path.stat().st_mtime_ns for path in outbox.rglob("*.eml")} == written


def test_after_an_outage_one_letter_goes_and_not_three(warehouse_url, outbox):
    remind_units(warehouse_url, at("2023-11-28"), outbox.as_uri())
    assert [path for path in letters(outbox) if path.startswith("697/")] == ["697/mail/reminder-2023-before_3-697.eml"]


def test_past_the_deadline_a_letter_says_until_when_a_late_report_is_taken(warehouse_url, outbox):
    remind_units(warehouse_url, at("2023-12-01"), outbox.as_uri())
    text = letters(outbox)["697/mail/reminder-2023-overdue_1-697.eml"].get_body().get_content()
    assert "đã đến hạn vào ngày 29/11/2023" in text
    assert "được tiếp nhận đến hết ngày 29/02/2024 và được ghi nhận là quá hạn" in text


def test_a_year_that_is_locked_is_over(warehouse_url, outbox):
    counts = remind_units(warehouse_url, at("2024-03-01"), outbox.as_uri())
    assert counts == {"sent": 0, "nothing_owed": 0}


def test_letters_go_by_the_mail_server_where_one_is_set(warehouse_url, outbox, mail_server):
    url, folder = mail_server
    remind_units(warehouse_url, at("2023-10-31"), outbox.as_uri(), url)

    got = [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("new/*")]
    assert len(got) == MANDATORY_OF_2023 + 1
    assert letters(outbox) == {}
    remind_units(warehouse_url, at("2023-10-31"), outbox.as_uri(), url)
    assert len(list(folder.glob("new/*"))) == MANDATORY_OF_2023 + 1
    with connect(warehouse_url) as connection:
        states = "select distinct state, delivered_to from quality.reminders where owed > 0"
        assert connection.execute(states).fetchall() == [("sent", url)]


def test_what_a_mail_server_did_not_take_goes_with_the_next_run(warehouse_url, outbox, mail_server):
    url, folder = mail_server
    with pytest.raises(RemindersFailed, match="22 letters were not delivered"):
        remind_units(warehouse_url, at("2023-10-31"), outbox.as_uri(), "smtp://127.0.0.1:9")

    assert remind_units(warehouse_url, at("2023-10-31"), outbox.as_uri(), url)["sent"] == MANDATORY_OF_2023 + 1
    assert len(list(folder.glob("new/*"))) == MANDATORY_OF_2023 + 1


def test_the_command_line_says_what_was_not_delivered_and_ends_with_1(warehouse_url, outbox):
    told = CliRunner(env={
        "WAREHOUSE_URL": warehouse_url, "OUTBOX_URL": outbox.as_uri(), "SMTP_URL": "smtp://127.0.0.1:9",
    }).invoke(main, ["remind", "--as-of", "2023-10-31T08:00:00+07:00"])  # fmt: skip
    assert told.exit_code == 1
    assert told.stderr.startswith("htx: 22 letters were not delivered and will be retried: smtp://127.0.0.1:9 did not")


def test_a_letter_that_was_cut_short_is_not_sent_again_but_told_to_the_union(warehouse_url, outbox):
    with connect(warehouse_url, autocommit=True) as connection:
        connection.execute(
            reminders.CLAIM,
            [2023, "before_30", "697", "claimed", 1, "reminder-2023-before_30-697", None, at("2023-10-31")],
        )

    counts = remind_units(warehouse_url, at("2023-10-31") + timedelta(minutes=5), outbox.as_uri())

    assert counts["sent"] == MANDATORY_OF_2023
    sent = letters(outbox)
    assert not any(path.startswith("697/") for path in sent)
    overview = sent["union/mail/reminder-2023-before_30-union.eml"].get_body().get_content()
    assert "Thư chưa rõ đã đến nơi hay chưa" in overview
    assert "- Thị xã Chơn Thành" in overview


def test_the_overview_says_which_mails_wait_and_whom_to_call(warehouse_url, outbox, reference):
    file = ReceivedFile("697", "a.xlsx", at("2023-10-20"), b"PK no workbook")
    [reviewed] = steps.load_files(warehouse_url, [file], outbox_url=outbox.as_uri())
    with connect(warehouse_url) as connection:
        connection.execute(
            "insert into raw.mails (mail_id, mailbox, uid_validity, uid, received_at, sender, state, doubt)"
            " values ('T-1', 'a@b/INBOX', 1, 1, now(), 'nobody@huyen.example', 'waiting', 'not_verified')"
        )
        connection.execute(
            "insert into quality.mailings (message_id, attempt, event) values (%s, 1, 'claimed')",
            [f"answer-{file.submission_id}-rejected"],
        )
    remind_units(warehouse_url, at("2023-10-31"), outbox.as_uri())
    overview = letters(outbox)["union/mail/reminder-2023-before_30-union.eml"].get_body().get_content()
    called = overview[overview.index("đề nghị gọi điện báo") :].splitlines()
    assert called[1] == f"- Thị xã Chơn Thành (697), biên nhận {reviewed.receipt_number}"
    assert reviewed.findings[0].message_vi in called[2]
    assert "- T-1, từ nobody@huyen.example: máy chủ thư chưa xác thực được địa chỉ gửi" in overview
