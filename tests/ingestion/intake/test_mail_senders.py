"""Whose a mail is: anybody can write any address into it, and any header that another server might have written."""

import email
from email.policy import default

import pytest

from ingestion.intake.mail_senders import is_automatic, sender_of, unit_mailboxes

OURS = "mx.hoi.example"


def mail(*headers: str, sender: str = "Văn phòng <LOC-NINH@huyen.example>"):
    text = "".join(f"{each}\r\n" for each in (*headers, f"From: {sender}")) + "\r\nKính gửi Hội\r\n"
    return email.message_from_bytes(text.encode(), policy=default)


@pytest.mark.parametrize(
    ("headers", "unit_code", "doubt"),
    [
        ([f"Authentication-Results: {OURS}; dkim=pass header.d=huyen.example"], "692", None),
        ([f"Authentication-Results: {OURS}; spf=pass smtp.mailfrom=loc-ninh@huyen.example"], "692", None),
        ([f"Authentication-Results: {OURS}; spf=pass (it may send) smtp.mailfrom=huyen.example"], "692", None),
        ([f"Authentication-Results: {OURS.upper()} 1; dkim=fail header.d=a.vn;\r\n dkim=pass header.d=HUYEN.example"],
         "692", None),
        # of another domain, or of another mailbox of the same
        ([f"Authentication-Results: {OURS}; dkim=pass header.d=thief.example"], None, "not_verified"),
        ([f"Authentication-Results: {OURS}; spf=pass smtp.mailfrom=other@huyen.example"], None, "not_verified"),
        ([f"Authentication-Results: {OURS}; dkim=fail header.d=huyen.example; spf=fail smtp.mailfrom=huyen.example"],
         None, "not_verified"),
        # what passed is not DKIM or SPF, or stands in a comment or in a quoted value
        ([f"Authentication-Results: {OURS}; iprev=pass policy.iprev=192.0.2.1"], None, "not_verified"),
        ([f"Authentication-Results: {OURS}; dkim=none (dkim=pass header.d=huyen.example)"], None, "not_verified"),
        ([f'Authentication-Results: {OURS}; spf=fail smtp.mailfrom="x; dkim=pass header.d=huyen.example"'],
         None, "not_verified"),
        ([f"Authentication-Results: {OURS}; spf=fail smtp.mailfrom==?utf-8?q?x;dkim=3Dpass_header.d=3Dhuyen.example?="],
         None, "not_verified"),
        # another server says so, or a header below the topmost of ours
        (["Authentication-Results: mx.thief.example; dkim=pass header.d=huyen.example"], None, "not_verified"),
        ([f"Authentication-Results: {OURS}; none", f"Authentication-Results: {OURS}; dkim=pass header.d=huyen.example"],
         None, "not_verified"),
        (["Authentication-Results: ???", f"Authentication-Results: {OURS}; dkim=pass header.d=huyen.example"],
         None, "not_verified"),
        (["Authentication-Results: relay.example; dkim=fail header.d=huyen.example",
          f"Authentication-Results: {OURS}; dkim=pass header.d=huyen.example"], "692", None),
        ([], None, "not_verified"),
    ],
)  # fmt: skip
def test_a_unit_is_believed_only_where_our_own_server_verified_its_domain(reference, headers, unit_code, doubt):
    sender = sender_of(mail(*headers), OURS, reference)
    assert (sender.address, sender.unit_code, sender.doubt) == ("loc-ninh@huyen.example", unit_code, doubt)


PASSED = f"Authentication-Results: {OURS}; dkim=pass header.d=huyen.example"


def test_without_a_server_of_our_own_nobody_is_believed(reference):
    assert sender_of(mail(PASSED), None, reference).doubt == "not_verified"


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        ("nobody@huyen.example", "nobody@huyen.example"),
        ('"loc-ninh@huyen.example" <nobody@huyen.example>', "nobody@huyen.example"),
        ("loc-ninh@huyen.example, nobody@huyen.example", ""),
        ("loc-ninh@huyen.example\r\nFrom: nobody@huyen.example", ""),
        ("", ""),
    ],
)
def test_an_address_that_is_no_unit_s_waits(reference, sender, address):
    found = sender_of(mail(PASSED, sender=sender), OURS, reference)
    assert (found.address, found.unit_code, found.doubt) == (address, None, "not_listed")


@pytest.mark.parametrize(
    ("header", "automatic"),
    [
        ("Auto-Submitted: auto-replied", True),
        ("Auto-Submitted: auto-generated; owner-email=a@b.example", True),
        ("Precedence: bulk", True),
        ("Return-Path: <>", True),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=x", True),
        ("X-Auto-Response-Suppress: All", True),
        ("X-Autoreply: yes", True),
        ("Auto-Submitted: no", False),
        ("Return-Path: <loc-ninh@huyen.example>", False),
    ],
)
def test_what_a_program_sent_by_itself_says_so(header, automatic):
    assert is_automatic(mail(header)) is automatic


def test_mailboxes_are_those_of_the_plan_s_folder(reference, tmp_path, monkeypatch):
    (tmp_path / "unit_mailboxes.csv").write_text("unit_uid,mailbox\n692@2023,hoi@huyen.example\n", encoding="utf-8")
    monkeypatch.setenv("HTX_PLAN", str(tmp_path))
    assert unit_mailboxes() == {"692@2023": "hoi@huyen.example"}
    assert sender_of(mail(PASSED, sender="Hoi@huyen.example"), OURS, reference).unit_code == "692"
