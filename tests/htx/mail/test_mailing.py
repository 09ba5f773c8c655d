"""Messages: by a mail server where there is one, else as files that mail programs open."""

import email
import email.policy
import socket
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from htx.mail.mailing import AddressInvalid, MailRefused, Message, deliver

REMINDER = Message(
    to=("van-thu@loc-ninh.example", "phu-nu@loc-ninh.example"),
    subject="Nhắc gửi báo cáo năm 2023: còn 15 ngày",
    text="Kính gửi: Hội Liên hiệp Phụ nữ huyện Lộc Ninh\n\nĐơn vị chưa gửi báo cáo.\n",
    message_id="reminder-692-2023-15",
    folder="692",
    sent_at=datetime(2023, 11, 15, 1, 0, tzinfo=UTC),
    attachments=(("biểu mẫu.xlsx", b"PK\x03\x04 bytes", "application/vnd.ms-excel"),),
)


class Mailbox:
    """Keeps what a server gets."""

    def __init__(self):
        self.received = []

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos == ["nobody@loc-ninh.example"]:
            return "550 There is no such mailbox"
        self.received.append(envelope)
        return "250 OK"


@pytest.fixture
def server():
    def authenticate(server, session, envelope, mechanism, data):
        known = (data.login, data.password) == (b"htx", b"s@cret")
        return AuthResult(success=known, handled=known)

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    mailbox, login = Mailbox(), {"authenticator": authenticate, "auth_require_tls": False, "auth_required": True}
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **login)
    controller.start()
    yield SimpleNamespace(mailbox=mailbox, url=f"smtp://htx:s%40cret@127.0.0.1:{port}", port=port)
    controller.stop()


def read(content: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


def test_without_a_mail_server_a_message_is_a_file_in_the_folder_of_its_office(tmp_path):
    assert deliver([REMINDER], None, tmp_path.as_uri()) == ["692/mail/reminder-692-2023-15.eml"]
    mail = read((tmp_path / "692/mail/reminder-692-2023-15.eml").read_bytes())
    assert mail["Subject"] == "Nhắc gửi báo cáo năm 2023: còn 15 ngày"
    assert mail["To"] == "van-thu@loc-ninh.example, phu-nu@loc-ninh.example"
    assert mail["Date"] == "Wed, 15 Nov 2023 01:00:00 +0000"
    assert mail.get_body().get_content().replace("\r\n", "\n") == REMINDER.text
    [attached] = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("biểu mẫu.xlsx", b"PK\x03\x04 bytes")


def test_the_same_message_again_takes_the_same_place(tmp_path):
    assert deliver([REMINDER], None, tmp_path.as_uri()) == deliver([REMINDER], None, tmp_path.as_uri())
    assert len(list(tmp_path.rglob("*.eml"))) == 1


def test_a_folder_or_an_id_is_never_a_path(tmp_path):
    odd = Message(("a@b.example",), "x", "x", "../../x", "../etc", REMINDER.sent_at)
    assert deliver([odd], None, (tmp_path / "outbox").as_uri()) == ["_etc/mail/_x.eml"]


def test_with_a_mail_server_each_message_goes_there_with_its_login(server, tmp_path):
    where = deliver([REMINDER, REMINDER], f"{server.url}?from=hoi@tinh.example", tmp_path.as_uri())
    assert where == [f"smtp://127.0.0.1:{server.port}"] * 2
    assert list(tmp_path.iterdir()) == []
    first, second = server.mailbox.received
    assert (first.mail_from, first.rcpt_tos) == ("hoi@tinh.example", list(REMINDER.to))
    mail, again = read(first.content), read(second.content)
    assert mail["Message-ID"] == again["Message-ID"] == "<reminder-692-2023-15@tinh.example>"
    assert mail["Subject"] == REMINDER.subject


@pytest.mark.parametrize(
    ("login", "to", "said"),
    [
        ("htx:wrong", "van-thu@loc-ninh.example", "Authentication credentials invalid"),
        ("htx:s%40cret", "nobody@loc-ninh.example", "There is no such mailbox"),
    ],
)
def test_what_the_server_does_not_take_is_said_without_the_password(server, tmp_path, login, to, said):
    message = Message((to,), "x", "x", "x", "x", REMINDER.sent_at)
    with pytest.raises(MailRefused, match=said) as refused:
        deliver([message], f"smtp://{login}@127.0.0.1:{server.port}", tmp_path.as_uri())
    assert login.split(":")[1] not in str(refused.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:25", "smtp://127.0.0.1:1"])
def test_an_address_that_is_no_mail_server_is_refused(url, tmp_path):
    with pytest.raises(MailRefused):
        deliver([REMINDER], url, tmp_path.as_uri())


@pytest.mark.parametrize("address", ["x@", "bad address"])
def test_what_is_no_address_is_named_and_written_nowhere(address, tmp_path):
    with pytest.raises(AddressInvalid, match=f"{address} is no address of e-mail"):
        deliver([replace(REMINDER, to=(address,))], None, tmp_path.as_uri())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
