"""Papers that are drafted on request and are no editions: the budget estimate of a year, the register of requests.

Each is a Word file to be edited, its PDF and a page, in a folder of its own; what is there is never replaced."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import fsspec

from htx.environment import libreoffice
from reporting.content.recipients import Recipient, read_recipients
from reporting.papers.blocks import Outline
from warehouse.editions.records import PublicationRefused
from warehouse.example_mark import is_example
from warehouse.migrations import open_warehouse
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import plan_folder
from warehouse.reference.time_zone import VIET_NAM

Found = TypeVar("Found")


def draft_budget(warehouse_url: str, year: int, at: datetime, reports_url: str) -> list[str]:
    """Draft the budget estimate of a year for the departments of the day of `at`; the addresses of the files.

    Raises PublicationRefused where nothing is built."""
    from reporting.content.budget import read_budget
    from reporting.papers.budget import budget_outline

    with open_warehouse(warehouse_url) as connection:
        budget, of_example = _read(lambda: read_budget(connection, year)), is_example(connection)
    recipients = read_recipients(plan_folder(), "budget_estimate", at.astimezone(VIET_NAM).date(), of_example)
    return [
        address
        for recipient in recipients
        for address in _write(
            budget_outline(budget, recipient), recipient, at, f"{reports_url}/budget-{year}", f"du-toan-nam-{year}"
        )
    ]


def draft_adhoc(warehouse_url: str, at: datetime, reports_url: str) -> list[str]:
    """Draft the paper on reports asked for beside the yearly one, as of `at`; the addresses of the files.

    Raises PublicationRefused where nothing is built."""
    from reporting.content.adhoc import read_requests
    from reporting.papers.adhoc import adhoc_outline

    with open_warehouse(warehouse_url) as connection:
        requests = _read(lambda: read_requests(connection))
    day = at.astimezone(VIET_NAM).date()
    return [
        address
        for recipient in read_recipients(plan_folder(), "adhoc", day)
        for address in _write(
            adhoc_outline(requests, recipient, day), recipient, at, f"{reports_url}/adhoc", "bao-cao-dot-xuat"
        )
    ]


def _read(read: Callable[[], Found]) -> Found:
    from reporting.content.report_rows import NothingToReport

    try:
        return read()
    except NothingToReport as error:
        raise PublicationRefused(str(error), phrase("no_figures")) from error


def _write(outline: Outline, recipient: Recipient, at: datetime, folder: str, name: str) -> list[str]:
    """Write the Word file, its PDF where LibreOffice is installed, and the page; their addresses."""
    # imported here: the libraries that draw and write take a second to import
    from reporting.documents.about import About
    from reporting.documents.page import write_page
    from reporting.documents.pdf import pdf_of
    from reporting.documents.word import write_paper
    from reporting.papers.sentences import spelled_out

    about = About("", at)
    storage, path = fsspec.core.url_to_fs(f"{folder}/{recipient.recipient}/{at.astimezone(VIET_NAM):%Y-%m-%d-%H%M}")
    storage.makedirs(path, exist_ok=True)
    word, pdf, page = (f"{path}/{name}.{ending}" for ending in ("docx", "pdf", "html"))
    if not storage.exists(word):
        content = write_paper(spelled_out(outline), recipient, about)
        storage.pipe_file(word, content)
        if made := pdf_of(content, libreoffice()):
            storage.pipe_file(pdf, made)
    if not storage.exists(page):
        storage.pipe_file(page, write_page(spelled_out(outline), recipient, about))
    return [storage.unstrip_protocol(each) for each in (word, pdf, page) if storage.exists(each)]
