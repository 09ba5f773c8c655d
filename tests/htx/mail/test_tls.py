"""Mail servers with TLS: a certificate that nobody vouches for gets neither mail nor password."""

from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from htx import steps
from htx.mail.mailing import MailRefused, deliver
from ingestion.intake.mailbox import MailboxUnreadable
from tests.certificates import make_certificate, server_context, tls_before
from tests.htx.mail.test_mailing import REMINDER
from tests.htx.mail.test_sender_answers import imap
from warehouse.server.ports import free_port


@pytest.mark.parametrize(("scheme", "how"), [("smtp", "tls_context"), ("smtps", "ssl_context")])
def test_a_mail_goes_to_a_server_whose_certificate_is_vouched_for_and_to_no_other(tmp_path, monkeypatch, scheme, how):
    certificate, folder = make_certificate(tmp_path), tmp_path / "mail"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))  # the controller asks its own server whether it is there
    tls = {how: server_context(certificate)}
    controller = Controller(Mailbox(folder), hostname="127.0.0.1", port=free_port(), **tls)
    controller.start()
    url = f"{scheme}://127.0.0.1:{controller.port}"
    try:
        assert deliver([REMINDER], url, "") == [url]
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(MailRefused, match="CERTIFICATE_VERIFY_FAILED"):
            deliver([REMINDER], url, "")
    finally:
        controller.stop()
    assert len(list((folder / "new").iterdir())) == 1


def test_a_mailbox_with_tls_from_the_first_byte_is_read_where_its_certificate_is_vouched_for(
    warehouse_url, tmp_path, monkeypatch
):
    certificate, inbox = make_certificate(tmp_path), (tmp_path / "inbox").as_uri()
    with imap("--no-tls") as plain, tls_before(urlsplit(plain).port, certificate) as port:
        url = f"imaps://demouser:demopass@127.0.0.1:{port}"
        with pytest.raises(MailboxUnreadable, match="CERTIFICATE_VERIFY_FAILED"):
            steps.read_mailbox(warehouse_url, url, inbox)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert steps.read_mailbox(warehouse_url, url, inbox) == {"without_file": 4}
