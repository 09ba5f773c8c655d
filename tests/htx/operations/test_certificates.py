"""Certificates of servers and passwords that end."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from htx.operations.certificates import certificate_end, credentials_waiting
from htx.operations.places import Places
from tests.certificates import make_certificate, server_context, tls_before
from warehouse.reference.reference_data import SEEDS
from warehouse.server.ports import free_port

ENDS = datetime(2030, 3, 31, 12, tzinfo=UTC)


@pytest.fixture
def smtp(tmp_path, monkeypatch):
    """A function that starts a mail server with TLS of a kind, whose certificate ends then; its port."""
    certificate, running = make_certificate(tmp_path, ENDS), []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))  # the controller asks its own server whether it is there

    def start(**tls: object) -> int:
        running.append(Controller(Sink(), hostname="127.0.0.1", port=free_port(), **tls))
        running[-1].start()
        return running[-1].port

    start.certificate = certificate
    yield start
    for each in running:
        each.stop()


def test_the_end_of_a_certificate_is_read_with_tls_from_the_first_byte_and_with_starttls(smtp):
    context = server_context(smtp.certificate)
    assert certificate_end(f"smtps://htx:secret@127.0.0.1:{smtp(ssl_context=context)}") == ENDS
    assert certificate_end(f"smtp://htx:secret@127.0.0.1:{smtp(tls_context=context)}") == ENDS
    plain = smtp()
    with tls_before(plain, smtp.certificate) as port:
        assert certificate_end(f"https://127.0.0.1:{port}/airflow") == ENDS
    assert certificate_end(f"smtp://127.0.0.1:{plain}") is None


@pytest.mark.parametrize("url", ["smtps://127.0.0.1:1", "file:///reports", "https://127.0.0.1:1/"])
def test_a_server_that_is_not_there_has_no_certificate(url):
    assert certificate_end(url) is None


def test_a_certificate_is_a_matter_from_thirty_days_before_its_end(smtp, connection, reference):
    places = Places(smtp_url=f"smtps://127.0.0.1:{smtp(ssl_context=server_context(smtp.certificate))}")
    month = timedelta(days=30)
    assert credentials_waiting(connection, reference, places, ENDS - month - timedelta(seconds=1)) == []
    [soon] = credentials_waiting(connection, reference, places, ENDS - month)
    [late] = credentials_waiting(connection, reference, places, ENDS)
    assert (soon.step, soon.cause, soon.since) == ("credential_ends", "certificate-smtp", ENDS - month)
    assert (soon.words["title"], soon.words["lines"]) == (
        "Chứng thư của máy chủ gửi thư, 127.0.0.1 sắp hết hạn",
        ["Ngày hết hạn: 31/03/2030"],
    )
    assert (late.since, late.words["lines"]) == (soon.since, ["Đã hết hạn: 31/03/2030"])


def test_a_password_is_a_matter_from_thirty_days_before_the_end_of_its_last_day(
    tmp_path, monkeypatch, connection, reference
):
    plan = tmp_path / "plan"
    shutil.copytree(SEEDS, plan)
    with (plan / "password_ends.csv").open("a", encoding="utf-8") as file:
        file.write("mailbox,Mật khẩu hộp thư bao-cao,2030-03-31,the post office changes it each half year\n")
    monkeypatch.setenv("HTX_PLAN", str(plan))
    begins = datetime(2030, 3, 1, 17, tzinfo=UTC)  # midnight in Viet Nam
    assert credentials_waiting(connection, reference, Places(), begins - timedelta(seconds=1)) == []
    [waiting] = credentials_waiting(connection, reference, Places(), begins)
    assert (waiting.cause, waiting.since) == ("password-mailbox", begins)
    assert waiting.words["title"] == "Mật khẩu hộp thư bao-cao sắp hết hạn"
