"""An edition that was published to both recipients, without the example province."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import psycopg
import pytest
from aiosmtpd.controller import Controller

from reporting.documents.document_set import write_documents
from tests.reporting.hand_made_content import about, hand_made, recipients, with_own_words
from warehouse.server.ports import free_port

ID = "P-0123456789AB"
BOTH = ["CENTRAL_UNION", "PEOPLES_COMMITTEE"]
NUMBERS = {"CENTRAL_UNION": "245/BC-BTV", "PEOPLES_COMMITTEE": "87/BC-HLHPN"}
PUBLISHED_AT = datetime(2025, 12, 26, 1, tzinfo=UTC)


class Post:
    """Keeps what a mail server accepts; `then` is called before it answers."""

    def __init__(self):
        self.received = []
        self.then = lambda: None
        self.url = ""

    async def handle_DATA(self, server, session, envelope):
        self.received.append((envelope.rcpt_tos, envelope.content))
        self.then()
        return "250 OK"


@pytest.fixture(scope="module")
def word() -> bytes:
    made = with_own_words(hand_made("annual", 2025))
    return write_documents(made, [recipients()["CENTRAL_UNION"]], about())[0].content


@pytest.fixture
def url(warehouse_url, connection, word) -> str:
    """The URL of its warehouse."""
    keep_edition(connection, dict.fromkeys(BOTH, word))
    return warehouse_url


def keep_edition(connection: psycopg.Connection, words: Mapping[str, bytes]) -> None:
    """Keep the edition with the Word file of each recipient."""
    connection.execute(
        "insert into raw.publications (publication_id, kind, report_year, version, published_at, missing_sections)"
        " values (%s, 'annual', 2025, '1.0.0', %s, '{}')",
        [ID, PUBLISHED_AT],
    )
    for recipient, word in words.items():
        connection.execute(
            "insert into raw.publication_documents (publication_id, recipient, format, file_name, sha256, content)"
            " values (%s, %s, 'docx', 'bao-cao-nam-2025.docx', %s, %s)",
            [ID, recipient, sha256(word).hexdigest(), word],
        )
    connection.commit()


@pytest.fixture
def post():
    """A real mail server."""
    kept = Post()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port())
    controller.start()
    kept.url = f"smtp://127.0.0.1:{controller.port}"
    yield kept
    controller.stop()


def later_version(connection, at: datetime = PUBLISHED_AT + timedelta(days=8)) -> None:
    """Version 1.0.1 of the edition, as P-2."""
    connection.execute(
        "insert into raw.publications (publication_id, kind, report_year, version, published_at, missing_sections,"
        " replaces) values ('P-2', 'annual', 2025, '1.0.1', %s, '{}', %s)",
        [at, ID],
    )
    connection.cursor().executemany(
        "insert into raw.publication_documents (publication_id, recipient, format, file_name, sha256, content)"
        " values ('P-2', %s, 'docx', 'a.docx', 'x', 'x')",
        [[each] for each in BOTH],
    )
    connection.commit()
