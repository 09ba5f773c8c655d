"""CSV files as people save them: the same cells as in plain form, or one sentence with file, row and column."""

import csv
import io
import re
from pathlib import Path

import pytest

from warehouse.reference.csv_rows import InvalidReferenceData, read_rows, read_table
from warehouse.reference.reference_data import SEEDS

FILES = sorted(SEEDS.glob("*.csv"))
PLAIN = "name,since,share\nHội,2023-11-30,0.5\nBan,2024-04-03,\n"


def as_vietnamese_excel_saves(text: str, separator: str = ";") -> str:
    """Its semicolons, line ends, dates, decimal commas and capitals."""
    written = io.StringIO(newline="")
    for cells in csv.reader(io.StringIO(text, newline="")):
        cells = [re.sub("^([0-9]{4})-([0-9]{2})-([0-9]{2})$", r"\3/\2/\1", cell) for cell in cells]
        cells = [re.sub(r"^(-?[0-9]+)\.([0-9]+)$", r"\1,\2", cell) for cell in cells]
        cells = [cell.upper() if cell in ("true", "false") else cell for cell in cells]
        csv.writer(written, delimiter=separator, lineterminator="\r\n").writerow(cells)
    return written.getvalue()


SAVED = {
    "with a BOM": lambda text: text.encode("utf-8-sig"),
    "with CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "as CSV UTF-8 by Vietnamese Excel": lambda text: as_vietnamese_excel_saves(text).encode("utf-8-sig"),
    "as Unicode text by Vietnamese Excel": lambda text: as_vietnamese_excel_saves(text, "\t").encode("utf-16"),
    "with blank rows and columns at the end": lambda text: (
        text.replace("\n", ",,\n").encode() + b"," * text.partition("\n")[0].count(",") + b"\n\n"
    ),
}


@pytest.mark.parametrize("saved", SAVED.values(), ids=SAVED)
def test_a_file_saved_by_excel_has_the_cells_of_the_plain_file(tmp_path, saved):
    file = tmp_path / "table.csv"
    file.write_bytes(saved(PLAIN))
    assert read_table(file) == [["name", "since", "share"], ["Hội", "2023-11-30", "0.5"], ["Ban", "2024-04-03", ""]]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_no_file_of_the_plan_changes_its_meaning_in_vietnamese_excel(tmp_path, separator):
    for path in FILES:
        saved = tmp_path / path.name
        saved.write_bytes(as_vietnamese_excel_saves(path.read_text(encoding="utf-8"), separator).encode("utf-16"))
        assert read_table(saved) == read_table(path), path.name


REFUSED = {
    "in the code page of Windows": (
        PLAIN.replace("Hội", "Đơn").encode("cp1258"),
        "row 2: name is not text in UTF-8, but «??n»: save the file as «CSV UTF-8 (Comma delimited)».",
    ),
    "with NUL": (
        PLAIN.replace("Ban", "B\0an").encode(),
        "row 3: name is not text in UTF-8, but «Ban»: save the file as «CSV UTF-8 (Comma delimited)».",
    ),
    "in UTF-16 without BOM": (
        PLAIN.encode("utf-16-le"),
        "row 1: the name of a column is not text in UTF-8, but «name»: save the file as «CSV UTF-8 (Comma delimited)».",
    ),
    "with an open quotation mark": (
        PLAIN.replace("Ban", '"Ban').encode(),
        "row 3: a quotation mark is not closed; inside a text it must be doubled.",
    ),
    "with a comma in a text": (
        PLAIN.replace("Ban", "Ban, Hội").encode(),
        "row 3: 3 cells are allowed, one a column, but found are 4; a text with a comma must be in quotation marks.",
    ),
    "with a column twice": (PLAIN.replace("share", "name").encode(), "row 1: the column «name» is there twice."),
    "with columns only": (b"name,since\n", "row 2: the table has no rows; at least one is required."),
    "empty": (
        b"",
        "row 1: the names of the columns must be separated by commas, semicolons or tabs, but found is «».",
    ),
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_with_file_row_and_what_to_do(tmp_path, content, sentence):
    (tmp_path / "table.csv").write_bytes(content)
    with pytest.raises(InvalidReferenceData) as refused:
        read_rows(tmp_path / "table.csv")
    assert str(refused.value) == f"table.csv, {sentence}"


@pytest.mark.parametrize("other", ["3/4/2024", "11/30/2024", "30/11/2024, 4/3/2024"])
def test_a_date_whose_day_and_month_could_be_swapped_is_refused(tmp_path, other):
    rows = "".join(f"a,{date}\n" for date in ("02/01/2024", *other.split(", ")))
    (tmp_path / "table.csv").write_text(f"name,since\n{rows}")
    with pytest.raises(InvalidReferenceData) as refused:
        [row.day("since") for row in read_rows(tmp_path / "table.csv")]
    assert str(refused.value) == (
        "table.csv, row 2: since must be a date written YYYY-MM-DD, or DD/MM/YYYY in the whole file,"
        " but is «02/01/2024»."
    )


@pytest.mark.parametrize(("separator", "number"), [(",", '"0,5"'), (";", "1,500"), (";", "1.234.567")])
def test_a_number_that_could_be_another_is_refused(tmp_path, separator, number):
    (tmp_path / "table.csv").write_text(f"name{separator}share\na{separator}{number}\n")
    [row] = read_rows(tmp_path / "table.csv")
    with pytest.raises(InvalidReferenceData, match="share must be a number with a point before its decimals"):
        row.decimal("share")


def test_cells_that_excel_left_out_at_the_end_of_a_row_are_empty(tmp_path: Path):
    (tmp_path / "table.csv").write_text("name,since,share\na\n")
    assert read_table(tmp_path / "table.csv") == [["name", "since", "share"], ["a", "", ""]]
