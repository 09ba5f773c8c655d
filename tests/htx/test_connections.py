"""Airflow's connections as URLs."""

from dataclasses import dataclass, field

import pytest

from htx import connections


@dataclass
class Connection:
    """What Airflow gives of a connection, as far as it is read."""

    host: str | None = None
    port: int | None = None
    login: str | None = None
    password: str | None = None
    schema: str | None = None
    conn_type: str = "generic"
    extra_dejson: dict = field(default_factory=dict)


@pytest.mark.parametrize(
    ("connection", "url"),
    [
        (None, None),
        (Connection(), None),
        (Connection("mail.example"), "smtp://mail.example"),
        (Connection("mail.example", 465), "smtps://mail.example:465"),
        (Connection("mail.example", 587, "hội", "a:b@c/"), "smtp://h%E1%BB%99i:a%3Ab%40c%2F@mail.example:587"),
        (Connection("mail.example", 465, extra_dejson={"disable_ssl": True}), "smtp://mail.example:465"),
        (Connection("mail.example", 587, extra_dejson={"disable_ssl": False, "from_email": "bc@hoi.example"}),
         "smtps://mail.example:587?from=bc%40hoi.example"),
    ],
)  # fmt: skip
def test_a_connection_to_a_mail_server_becomes_a_url(connection, url):
    assert connections.smtp_url(connection) == url


@pytest.mark.parametrize(
    ("connection", "url"),
    [
        (None, None),
        (Connection("db", 5432, "htx", "a:b@c/", "warehouse", "postgres", {"sslmode": "require"}),
         "postgresql://htx:a%3Ab%40c%2F@db:5432/warehouse?sslmode=require"),
        (Connection("db", None, "reader", None, "registry", "mysql"), "mysql+pymysql://reader@db/registry"),
        (Connection("db", 1521, "reader", "p", None, "oracle", {"service_name": "REG"}),
         "oracle+oracledb://reader:p@db:1521?service_name=REG"),
        (Connection("db", 1433, "reader", "p", "registry", "mssql"), "mssql+pymssql://reader:p@db:1433/registry"),
    ],
)  # fmt: skip
def test_a_connection_to_a_database_becomes_a_url(connection, url):
    assert connections.database_url(connection) == url


@pytest.mark.parametrize(
    ("connection", "url"),
    [
        (None, None),
        (Connection("mail.example", 993, "nhan@hoi.example", "p", extra_dejson={"authserv": "mx.hoi.example"}),
         "imaps://nhan%40hoi.example:p@mail.example:993/INBOX?authserv=mx.hoi.example"),
        (Connection("localhost", 143, "a", "b", extra_dejson={"use_ssl": False, "folder": "Bao cao"}),
         "imap://a:b@localhost:143/Bao%20cao"),
    ],
)  # fmt: skip
def test_a_connection_to_a_mailbox_becomes_a_url(connection, url):
    assert connections.mailbox_url(connection) == url
