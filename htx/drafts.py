"""Papers that are drafted on request and are no editions: the budget estimate of a year, the register of requests.

Each is a Word file to be edited and a page, in a folder of its own; what is there is never replaced."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import fsspec

from reporting.content.recipients import Recipient, read_recipients
from reporting.papers.blocks import Outline
from warehouse.editions.records import PublicationRefused
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
        budget = _read(lambda: read_budget(connection, year))
    recipients = read_recipients(plan_folder(), "budget_estimate", at.astimezone(VIET_NAM).date())
    return [
        address
        for recipient in recipients
        for address in _write(budget_outline(budget, recipient), recipient, at, f"{reports_url}/budget-{year}")
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
        for address in _write(adhoc_outline(requests, recipient, day), recipient, at, f"{reports_url}/adhoc")
    ]


def _read(read: Callable[[], Found]) -> Found:
    from reporting.content.report_rows import NothingToReport

    try:
        return read()
    except NothingToReport as error:
        raise PublicationRefused(str(error), phrase("no_figures")) from error


def _write(outline: Outline, recipient: Recipient, at: datetime, folder: str) -> list[str]:
    # imported here: the libraries that draw and write take a second to import
    from reporting.documents.about import About
    from reporting.documents.page import write_page
    from reporting.documents.word import write_paper
    from reporting.papers.sentences import spelled_out

    about = About("", at)
    storage, path = fsspec.core.url_to_fs(f"{folder}/{recipient.recipient}/{at.astimezone(VIET_NAM):%Y-%m-%d-%H%M}")
    written = []
    for ending, write in (("docx", write_paper), ("html", write_page)):
        file = f"{path}/{outline.name}.{ending}"
        if not storage.exists(file):
            storage.makedirs(path, exist_ok=True)
            storage.pipe_file(file, write(spelled_out(outline), recipient, about))
        written.append(storage.unstrip_protocol(file))
    return written
