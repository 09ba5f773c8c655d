"""Files that come by mail, and answers that go by mail. With a real IMAP server and a real SMTP server."""

import email
import imaplib
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from click.testing import CliRunner

from htx import steps
from htx.cli import main
from htx.mail import sender_answers
from htx.mail.mailing import MailRefused
from ingestion.intake import mailbox
from ingestion.intake.mailbox import MailboxUnreadable, ReleaseRefused
from tests.certificates import make_certificate
from tests.life import IN_TIME, NEIGHBOUR, UNIT, cooperative, workbook
from warehouse.connection import connect
from warehouse.server.ports import free_port

OURS = "mx.hoi.example"
PASSED = f"{OURS}; dkim=pass header.d=huyen.example"
ADDRESS = "loc-ninh@huyen.example"
FAST = 6000
"""mails a minute"""


@contextmanager
def imap(*tls: str):
    """A real IMAP server; its URL."""
    port = free_port()
    bind = "--host", "127.0.0.1", "--port", str(port), *tls
    off = "--no-service", "managesieve", "--no-service", "admin"
    program = Path(sys.executable).with_name("pymap")
    server = subprocess.Popen([program, *off, *bind, "dict", "--demo-data"], stderr=subprocess.DEVNULL)
    for _ in range(300):
        with suppress(OSError):
            imaplib.IMAP4("127.0.0.1", port).logout()
            break
        time.sleep(0.1)
    yield f"imap://demouser:demopass@127.0.0.1:{port}"
    server.kill()
    server.wait()


@pytest.fixture(scope="module")
def imap_server():
    with imap("--no-tls") as url:
        yield url


class Post:
    """A folder of a mailbox, into which a mail server puts mails."""

    def __init__(self, server: str, folder: str):
        self.url = f"{server}/{folder}?authserv={OURS}"
        self.folder = folder
        address = urlsplit(server)
        self.server = imaplib.IMAP4(address.hostname, address.port)
        self.server.login("demouser", "demopass")
        self.server.create(folder)

    def receive(
        self, *files: tuple[str, bytes], at: datetime = IN_TIME, sender: str = ADDRESS, result: str = PASSED,
        **headers: str,
    ) -> None:  # fmt: skip
        mail = EmailMessage(policy=SMTP)
        mail["Authentication-Results"] = result
        mail["From"], mail["Subject"] = sender, "Báo cáo năm 2023"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content("Kính gửi Hội\n")
        for name, content in files:
            mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        self.server.append(self.folder, None, at, mail.as_bytes())

    def flags(self) -> list[bytes]:
        self.server.select(self.folder, readonly=True)
        return self.server.fetch("1:*", "(FLAGS)")[1]


@pytest.fixture
def post(imap_server, request):
    opened = Post(imap_server, f"T{abs(hash(request.node.name)):x}")
    yield opened
    opened.server.logout()


@pytest.fixture
def smtp_server(tmp_path):
    folder = tmp_path / "mail"
    controller = Controller(Mailbox(folder), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield f"smtp://127.0.0.1:{controller.port}", folder
    controller.stop()


@pytest.fixture
def places(tmp_path) -> tuple[str, str]:
    """The URLs of an inbox and an outbox."""
    return (tmp_path / "inbox").as_uri(), (tmp_path / "outbox").as_uri()


@pytest.fixture
def form(reference) -> bytes:
    return workbook(reference, {"01_HTX": [cooperative()]})


@pytest.fixture
def faulty_form(reference) -> bytes:
    return workbook(reference, {"01_HTX": [cooperative(women_members=31)]})


def load(url: str, places: tuple[str, str]) -> int:
    inbox_url, outbox_url = places
    return sum(steps.load_batch(url, batch, outbox_url)["received"] for batch in steps.list_new_files(url, inbox_url))


def received(url: str) -> list[tuple]:
    with connect(url) as connection:
        return connection.execute(
            "select folder, file_name, received_at, verdict from raw.received_files order by received_at, file_name"
        ).fetchall()


def answers(folder: Path) -> list[EmailMessage]:
    found = [email.message_from_bytes(path.read_bytes(), policy=default) for path in sorted(folder.glob("new/*"))]
    return sorted(found, key=lambda each: each["Subject"])


def test_what_a_unit_mails_is_received_when_our_server_received_it_and_once(warehouse_url, post, places, form):
    load(warehouse_url, places)  # looked at before: a time in storage of years ago would not be believed
    post.receive(("báo cáo.xlsx", form), ("chữ ký.png", b"PNG"), ("công văn.pdf", b"PDF"))
    before = post.flags()

    assert steps.read_mailbox(warehouse_url, post.url, places[0]) == {"taken": 1}
    assert steps.read_mailbox(warehouse_url, post.url, places[0]) == {}
    assert load(warehouse_url, places) == 1
    assert load(warehouse_url, places) == 0
    assert received(warehouse_url) == [(UNIT, "báo cáo.xlsx", IN_TIME, "accepted")]
    assert post.flags() == before
    assert b"Seen" not in before[0]
    with connect(warehouse_url) as connection:
        assert connection.execute("select count(*) from quality.file_findings where rule_code in ('F14', 'F15')"
                                  ).fetchone() == (0,)  # fmt: skip


def test_an_inbox_that_cannot_be_written_is_named_and_the_mail_is_read_again(
    warehouse_url, post, places, form, tmp_path
):
    post.receive(("báo cáo.xlsx", form))
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(
        MailboxUnreadable, match=r"A file of the mail T-\w+ cannot be written below file://.*/taken/in: "
    ):
        steps.read_mailbox(warehouse_url, post.url, f"{tmp_path.as_uri()}/taken/in")
    assert steps.read_mailbox(warehouse_url, post.url, places[0]) == {"taken": 1}


def test_a_mail_that_its_server_does_not_give_now_is_read_the_next_time(warehouse_url, post, places, form, monkeypatch):
    post.receive(("báo cáo.xlsx", form))
    asked = imaplib.IMAP4.uid

    def without_content(server: imaplib.IMAP4, command: str, *arguments: str):
        return ("OK", [b"1 (UID 1)"]) if "BODY" in arguments[-1] else asked(server, command, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(imaplib.IMAP4, "uid", without_content)
        assert steps.read_mailbox(warehouse_url, post.url, places[0]) == {}
    assert steps.read_mailbox(warehouse_url, post.url, places[0]) == {"taken": 1}


def test_a_mailbox_that_takes_long_is_left_after_a_while_and_read_on_by_the_next_run(
    warehouse_url, post, places, monkeypatch
):
    monkeypatch.setattr(mailbox, "MOST_MINUTES", 0)
    for name in ("a.xlsx", "b.xlsx"):
        post.receive((name, b"no workbook"))
    read = [steps.read_mailbox(warehouse_url, post.url, places[0]) for _ in range(3)]
    assert read == [{"taken": 1}, {"taken": 1}, {}]


@pytest.mark.parametrize(
    ("about", "doubt"),
    [
        ({"sender": "nobody@huyen.example"}, "not_listed"),
        ({"result": "mx.thief.example; dkim=pass header.d=huyen.example"}, "not_verified"),
        ({"result": f"{OURS}; dkim=pass header.d=thief.example"}, "not_verified"),
    ],
)
def test_what_is_not_sure_waits_supersedes_nothing_and_a_person_lets_it_in(
    warehouse_url, post, places, form, about, doubt
):
    post.receive(("a.xlsx", form), **about)

    assert steps.read_mailbox(warehouse_url, post.url, places[0]) == {"waiting": 1}
    assert load(warehouse_url, places) == 0
    with connect(warehouse_url) as connection:
        [waits] = mailbox.waiting(connection)
        assert (waits["doubt"], waits["received_at"]) == (doubt, IN_TIME)
        assert mailbox.release(connection, post.url, places[0], waits["mail_id"], UNIT, "Chánh Văn phòng") == 1
        assert mailbox.waiting(connection) == []
        with pytest.raises(ReleaseRefused, match="No mail"):
            mailbox.release(connection, post.url, places[0], waits["mail_id"], UNIT, "Chánh Văn phòng")
    assert load(warehouse_url, places) == 1
    assert received(warehouse_url) == [(UNIT, "a.xlsx", IN_TIME, "accepted")]


def test_a_mail_that_was_dismissed_or_sent_by_a_program_brings_no_file(warehouse_url, post, places, form):
    post.receive(("a.xlsx", form), Auto_Submitted="auto-replied")
    post.receive()
    post.receive(("b.xlsx", form), sender="nobody@huyen.example")

    counts = steps.read_mailbox(warehouse_url, post.url, places[0])
    assert counts == {"automatic": 1, "without_file": 1, "waiting": 1}
    with connect(warehouse_url) as connection:
        [waits] = mailbox.waiting(connection)
        mailbox.dismiss(connection, waits["mail_id"], "Chánh Văn phòng")
        assert mailbox.waiting(connection) == []
    assert load(warehouse_url, places) == 0


@pytest.mark.parametrize("name", ["báo cáo.xlsx.tmp", "báo cáo.xlsx~", "~$báo cáo.XLSX.crdownload"])
def test_a_name_that_the_inbox_takes_for_unfinished_is_received_without_what_says_so(
    warehouse_url, post, places, form, name
):
    post.receive((name, form), ("smime.p7s", b"signature"))
    assert steps.read_mailbox(warehouse_url, post.url, places[0]) == {"taken": 1}
    assert load(warehouse_url, places) == 1
    assert [(name.lower(), verdict) for _, name, _, verdict in received(warehouse_url)] == [
        ("báo cáo.xlsx", "accepted")
    ]


def test_a_unit_s_mail_without_a_workbook_is_answered_once_and_listed(
    warehouse_url, post, places, smtp_server, monkeypatch
):
    """One a day, and none where a reply to an answer brings nothing."""
    smtp_url, mails = smtp_server
    now = datetime.now(UTC).replace(hour=0, minute=30, microsecond=0)
    signature, winmail = ("smime.p7s", b"signature"), ("winmail.dat", b"TNEF")
    post.receive(("IMG_1.HEIC", b"a photo"), signature, ("thẻ.vcf", b"card"), winmail, at=now)
    post.receive(at=now - timedelta(days=1))  # it has a link, or what was to be attached was forgotten
    post.receive(
        ("scan.jpg", b"a photo"), at=now + timedelta(seconds=1), In_Reply_To="<answer-T-1-without_file@hoi.example>"
    )
    post.receive(at=now - timedelta(days=2), References="<a@b.example> <answer-2025-692-0A1B2C-accepted@hoi.example>")
    post.receive(("scan.jpg", b"a photo"), at=now, Auto_Submitted="auto-replied")
    post.receive(("scan.jpg", b"a photo"), at=now - timedelta(days=8))  # the mailbox was set up later
    post.receive(("scan.jpg", b"a photo"), at=now, sender="nobody@huyen.example")
    post.receive(("scan.jpg", b"a photo"), at=now, result="mx.thief.example; dkim=pass header.d=huyen.example")
    counts = steps.read_mailbox(warehouse_url, post.url, places[0])
    assert counts == {"without_file": 6, "automatic": 1, "waiting": 1}
    assert load(warehouse_url, places) == 0

    def answer(smtp_url: str | None = smtp_url) -> int:
        return sender_answers.answer_senders(warehouse_url, now, places[1], smtp_url, FAST)["sent"]

    known = {"WAREHOUSE_URL": warehouse_url}
    assert (answer(), answer(), answer(None)) == (2, 0, 0)
    assert [(each["To"], each["Subject"], each["Auto-Submitted"]) for each in answers(mails)] == [
        (ADDRESS, "Thư chưa có tệp báo cáo: đề nghị gửi lại tệp Excel", "auto-replied")
    ] * 2
    with connect(warehouse_url) as connection:  # as if they had been read in another mailbox, and moved here
        connection.execute("update raw.mails set mailbox = 'other', mail_id = mail_id || '-other'")
    assert steps.read_mailbox(warehouse_url, post.url, places[0])["without_file"] == 6
    assert answer() == 0
    listed = CliRunner().invoke(main, ["mail", "list"], env=known).stdout.splitlines()
    assert sum("  692  without_file" in line for line in listed) == 8
    assert CliRunner().invoke(main, ["mail", "undelivered"], env=known).stdout == ""
    with connect(warehouse_url) as connection:
        [first, _] = mailbox.waiting(connection)
        with pytest.raises(ReleaseRefused, match="has no file that may be a report"):
            mailbox.release(connection, post.url, places[0], first["mail_id"], UNIT, "Chánh Văn phòng")


def test_without_a_mail_server_the_answer_to_a_mail_is_in_the_outbox(warehouse_url, post, places, tmp_path):
    now = datetime.now(UTC)
    post.receive(("IMG_1.jpg", b"a photo"), at=now)
    steps.read_mailbox(warehouse_url, post.url, places[0])
    for sent in (1, 0):
        assert sender_answers.answer_senders(warehouse_url, now, places[1], None, FAST)["sent"] == sent
    [written] = (tmp_path / "outbox" / UNIT / "mail").iterdir()
    assert "đính kèm trực tiếp" in email.message_from_bytes(written.read_bytes(), policy=default).get_content()


def test_a_mail_that_no_parser_reads_and_a_name_with_a_path_delay_no_other(warehouse_url, post, places, form):
    post.server.append(post.folder, None, IN_TIME, b"From: \xff\xfe<\r\nContent-Type: multipart/mixed\r\n\r\n\x00\r\n")
    post.receive(("../../694/.~bao cao.xlsx", form))
    counts = steps.read_mailbox(warehouse_url, post.url, places[0])
    assert counts["taken"] == 1
    assert load(warehouse_url, places) == 1
    assert received(warehouse_url) == [(UNIT, "bao cao.xlsx", IN_TIME, "accepted")]


def test_a_mailbox_that_is_not_there_or_refuses_the_password_says_so_without_it(warehouse_url, post, places):
    wrong = post.url.replace("demopass", "s3cret")
    with pytest.raises(MailboxUnreadable, match="The mailbox demouser@127") as refused:
        steps.read_mailbox(warehouse_url, wrong, places[0])
    assert "s3cret" not in str(refused.value)
    with pytest.raises(MailboxUnreadable, match="cannot be read"):
        steps.read_mailbox(warehouse_url, f"imap://a:b@127.0.0.1:{free_port()}/INBOX", places[0])


def test_a_server_with_a_certificate_that_nobody_vouches_for_gets_no_password(
    warehouse_url, places, tmp_path, monkeypatch
):
    cert, key = make_certificate(tmp_path)
    with imap("--cert", str(cert), "--key", str(key)) as url:
        with pytest.raises(MailboxUnreadable, match="CERTIFICATE_VERIFY_FAILED"):
            steps.read_mailbox(warehouse_url, url, places[0])
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        assert steps.read_mailbox(warehouse_url, url, places[0]).get("taken") is None


def test_each_file_is_answered_once_to_the_mailbox_on_the_list(
    warehouse_url, post, places, form, faulty_form, smtp_server
):
    smtp_url, mails = smtp_server
    post.receive(("sai.xlsx", faulty_form))
    post.receive(("đúng.xlsx", form), at=IN_TIME + timedelta(hours=1))
    steps.read_mailbox(warehouse_url, post.url, places[0])
    load(warehouse_url, places)

    def answer() -> dict[str, int]:
        return sender_answers.answer_senders(warehouse_url, IN_TIME, places[1], smtp_url, FAST)

    assert answer() == {"sent": 2, "failed": 0, "left": 0}
    assert answer() == {"sent": 0, "failed": 0, "left": 0}
    rejected, accepted = sorted(answers(mails), key=lambda each: "nhận:" in each["Subject"])
    assert (rejected["To"], accepted["To"]) == (ADDRESS, ADDRESS)
    assert rejected["Subject"].startswith("Đề nghị sửa và gửi lại: biên nhận 2023-692-")
    assert accepted["Subject"].startswith("Đã tiếp nhận: biên nhận 2023-692-")
    number = rejected["Subject"].rpartition(" ")[2]
    text = rejected.get_body().get_content()
    assert number in text.splitlines()[2]
    assert "Biểu 01_HTX, ô " in text
    assert [part.get_filename() for part in rejected.iter_attachments()] == [f"{number}.xlsx"]


def test_the_same_bytes_again_get_no_second_answer(warehouse_url, post, places, form, smtp_server):
    smtp_url, mails = smtp_server
    post.receive(("a.xlsx", form))
    steps.read_mailbox(warehouse_url, post.url, places[0])
    load(warehouse_url, places)
    sender_answers.answer_senders(warehouse_url, IN_TIME, places[1], smtp_url, FAST)
    post.receive(("b.xlsx", form), at=IN_TIME + timedelta(days=1))
    steps.read_mailbox(warehouse_url, post.url, places[0])
    assert load(warehouse_url, places) == 1
    assert sender_answers.answer_senders(warehouse_url, IN_TIME, places[1], smtp_url, FAST)["sent"] == 0
    assert len(answers(mails)) == 1
    with connect(warehouse_url) as connection:
        assert connection.execute("select count(*) from quality.owed_letters").fetchone() == (0,)


def test_an_answer_that_cannot_be_delivered_is_on_the_list_until_somebody_told_the_unit(
    warehouse_url, places, faulty_form, tmp_path, smtp_server
):
    folder = tmp_path / "inbox" / UNIT
    folder.mkdir(parents=True)
    (folder / "a.xlsx").write_bytes(faulty_form)
    load(warehouse_url, places)
    nobody, now = f"smtp://127.0.0.1:{free_port()}", datetime.now(UTC)
    for hours in range(3):
        with pytest.raises(MailRefused, match="will be tried again"):
            sender_answers.answer_senders(
                warehouse_url, now + timedelta(hours=hours, minutes=1), places[1], nobody, FAST
            )
        again = sender_answers.answer_senders(
            warehouse_url, now + timedelta(hours=hours, minutes=2), places[1], nobody, 1
        )
        assert again == {"sent": 0, "failed": 0, "left": 0}

    known = {"WAREHOUSE_URL": warehouse_url}
    listed = CliRunner().invoke(main, ["mail", "undelivered"], env=known).stdout.splitlines()
    assert listed[0].startswith("692  Huyện Lộc Ninh  2023-692-")
    assert listed[0].endswith("máy chủ thư không gửi được")
    assert any(line.startswith("  692  01_HTX  ") for line in listed)
    status = CliRunner().invoke(main, ["status", "--year", "2023"], env=known).stdout
    assert "Đơn vị chưa nhận được trả lời, cần gọi điện (htx mail undelivered): 2023-692-" in status

    number = listed[0].split("  ")[2]
    told = CliRunner().invoke(main, ["mail", "told", number, "--by", "Chuyên viên"], env=known)
    assert told.exit_code == 0
    assert CliRunner().invoke(main, ["mail", "undelivered"], env=known).stdout == ""
    sent = sender_answers.answer_senders(warehouse_url, IN_TIME, places[1], smtp_server[0], FAST)
    assert sent == {"sent": 0, "failed": 0, "left": 0}


def test_no_more_go_out_in_a_run_than_the_mail_server_takes(warehouse_url, places, reference, tmp_path, smtp_server):
    folder = tmp_path / "inbox" / UNIT
    folder.mkdir(parents=True)
    for members in range(30, 33):
        (folder / f"{members}.xlsx").write_bytes(workbook(reference, {"01_HTX": [cooperative(members=members)]}))
    load(warehouse_url, places)
    began = time.monotonic()
    counts = sender_answers.answer_senders(warehouse_url, IN_TIME, places[1], smtp_server[0], 60)
    assert counts["sent"] == 3
    assert time.monotonic() - began > 2


def test_what_was_interrupted_while_it_was_sent_is_not_sent_again(warehouse_url, places, form, tmp_path, smtp_server):
    folder = tmp_path / "inbox" / UNIT
    folder.mkdir(parents=True)
    (folder / "a.xlsx").write_bytes(form)
    load(warehouse_url, places)
    with connect(warehouse_url) as connection:
        connection.execute(
            "insert into quality.mailings (message_id, attempt, event)"
            " select 'answer-' || submission_id || '-' || verdict, 1, 'claimed' from quality.owed_letters"
        )
    assert sender_answers.answer_senders(warehouse_url, IN_TIME, places[1], smtp_server[0], FAST)["sent"] == 0
    with psycopg.connect(warehouse_url) as connection:
        assert connection.execute("select count(*) from quality.owed_letters").fetchone() == (1,)


def test_without_a_mail_server_the_outbox_is_the_answer(warehouse_url, places, form, tmp_path):
    folder = tmp_path / "inbox" / UNIT
    folder.mkdir(parents=True)
    (folder / "a.xlsx").write_bytes(form)
    load(warehouse_url, places)
    now = datetime.now(UTC)
    assert sender_answers.answer_senders(warehouse_url, now, places[1], None, FAST) == {
        "sent": 0,
        "failed": 0,
        "left": 0,
    }
    with connect(warehouse_url) as connection:
        assert connection.execute("select count(*) from quality.owed_letters").fetchone() == (0,)


def test_the_command_leaves_what_is_owed_where_it_knows_no_mail_server(warehouse_url, places, form, tmp_path):
    """The tasks of Airflow may know one."""
    folder = tmp_path / "inbox" / UNIT
    folder.mkdir(parents=True)
    (folder / "a.xlsx").write_bytes(form)
    load(warehouse_url, places)
    refused = CliRunner().invoke(main, ["mail", "answer"], env={"WAREHOUSE_URL": warehouse_url})
    assert (refused.exit_code, refused.stderr.splitlines()[-1]) == (2, "Error: SMTP_URL names no mail server.")
    with connect(warehouse_url) as connection:
        assert connection.execute("select count(*) from quality.owed_letters").fetchone() == (1,)


class NoSuchMailbox:
    """Takes mails, but for one address."""

    says = "550 There is no such mailbox"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == ADDRESS:
            return self.says
        envelope.rcpt_tos.append(address)
        return "250 OK"


class NoSuchMessage:
    """Takes mails, but for one by its content."""

    says = "552 5.3.4 The message is too large"

    async def handle_DATA(self, server, session, envelope):
        return self.says if ADDRESS in envelope.rcpt_tos else "250 OK"


@pytest.mark.parametrize("server", [NoSuchMailbox, NoSuchMessage])
def test_an_address_or_a_message_that_is_not_taken_delays_no_other(
    warehouse_url, places, form, reference, tmp_path, server
):
    for unit, content in ((UNIT, form), (NEIGHBOUR, workbook(reference, {}, unit=NEIGHBOUR))):
        folder = tmp_path / "inbox" / unit
        folder.mkdir(parents=True)
        (folder / "a.xlsx").write_bytes(content)
    load(warehouse_url, places)
    controller = Controller(server(), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        url = f"smtp://127.0.0.1:{controller.port}"
        counts = sender_answers.answer_senders(warehouse_url, IN_TIME, places[1], url, FAST)
    finally:
        controller.stop()
    assert counts == {"sent": 1, "failed": 1, "left": 0}
    with connect(warehouse_url) as connection:
        [letter] = sender_answers.undelivered(connection, reference)
    assert (letter.unit_code, letter.state) == (UNIT, "failed")
    listed = CliRunner().invoke(main, ["mail", "undelivered"], env={"WAREHOUSE_URL": warehouse_url}).stdout
    assert server.says.partition(" ")[2] in listed.splitlines()[1]
