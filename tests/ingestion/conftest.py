"""What the tests of ingestion stand on: the reference data, and a district's filled-in form."""

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from ingestion.template.form_workbook import write_workbook
from ingestion.workbook.received_file import ReceivedFile
from tests.ingestion.filled_in import COOPERATIVE, COVER, GROUP, RECEIVED_AT

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"


@pytest.fixture
def filled_form(reference) -> Callable[..., bytes]:
    """Writes the form of a unit and year (Lộc Ninh's of 2023) with a small clean content, changed as asked."""

    def written(unit="692", year=2023, cover=None, sheets=None, reference=reference) -> bytes:
        rows = {"01_HTX": [COOPERATIVE], "02_THT": [GROUP], **(sheets or {})}
        values = {name: value for name, value in {**COVER, **(cover or {})}.items() if value is not None}
        return write_workbook(reference.form_for(year), reference, values, rows, reference.roster[year, unit])

    return written


@pytest.fixture
def edited() -> Callable[[bytes, Callable[[openpyxl.Workbook], None]], bytes]:
    """A workbook as someone changed it in a spreadsheet program."""

    def saved(content: bytes, edit: Callable[[openpyxl.Workbook], None]) -> bytes:
        workbook = openpyxl.load_workbook(io.BytesIO(content))
        edit(workbook)
        target = io.BytesIO()
        workbook.save(target)
        return target.getvalue()

    return saved


@pytest.fixture
def received() -> Callable[..., ReceivedFile]:
    def file(content: bytes, folder="692", name="bc.xlsx", at=RECEIVED_AT) -> ReceivedFile:
        return ReceivedFile(folder, name, at, content)

    return file
