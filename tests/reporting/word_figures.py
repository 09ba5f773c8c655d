"""The figures of a Word file, read back and held against the public tables, formatted here on its own."""

import io
import re
from collections.abc import Collection, Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import docx
import psycopg
from docx.oxml.ns import qn

from reporting.content.keys import parse_key
from reporting.documents.pdf import pdf_of

FIGURE = """
    select unit, value, numerator, denominator from reports.rpt_figures
    where (indicator_code, measure_code, report_year, unit_uid, breakdown, breakdown_code, basis)
        = (%(indicator_code)s, %(measure_code)s, %(report_year)s, %(unit_uid)s, %(breakdown)s, %(breakdown_code)s,
           %(basis)s)
    union all
    select unit, value, null, null from reports.rpt_spending_by_units
    where (indicator_code, measure_code, report_year, unit_uid, breakdown, breakdown_code)
        = (%(indicator_code)s, %(measure_code)s, %(report_year)s, %(unit_uid)s, %(breakdown)s, %(breakdown_code)s)
"""
SUM = """
    select unit, value, null, null from reports.rpt_phase_totals
    where (indicator_code, measure_code, report_year, breakdown, breakdown_code)
        = (%(indicator_code)s, %(measure_code)s, %(report_year)s, %(breakdown)s, %(breakdown_code)s)
      and total_is = 'sum'
      and %(first_year)s = (select min(report_year) from reports.rpt_phase_path as path
                            where path.phase = rpt_phase_totals.phase)
"""
Pieces = list[str | tuple[str, str]]
"""of a paragraph: plain texts, and (key, text) of each figure"""


# keys, codes, commands and English words
OURS = re.compile(
    r"\b[TC]\d\d\b|\[\w+=|-\d{4}-|@20\d\d|\bhtx \w|\bphiên bản\b|\bP-[0-9A-F]{6}"
    r"|\b(None|nan|null|true|false|reported|missing|value|units?|province|commune|total)\b"
)
# numerals that are no figures: days, years, phases, numbers of papers, captions, headings and programmes
NAMES = re.compile(
    r"\d\d/\d\d/\d{4}|\b[Nn]ăm 20\d\d\b|\bNĂM 20\d\d\b|[Gg]iai đoạn \d\b|^Bảng \d\.|^\d\. "
    r"|số 01/(?:QĐ-TTg|KH-UBND)|QĐ 542/QĐ-UBND|20\d\d-20\d\d"
)


def paragraphs(content: bytes) -> list[Pieces]:
    """Of the whole file, those in tables too."""
    body = docx.Document(io.BytesIO(content)).element.body
    return [_pieces(each) for each in body.iter(qn("w:p"))]


def tables(content: bytes) -> list[list[list[str]]]:
    """The cells of each table, row by row, as they are read."""
    body = docx.Document(io.BytesIO(content)).element.body
    return [
        [["".join(t.text or "" for t in cell.iter(qn("w:t"))) for cell in row.iter(qn("w:tc"))]
         for row in table.iter(qn("w:tr"))]
        for table in body.iter(qn("w:tbl"))
    ]  # fmt: skip


def plain_lines(content: bytes) -> list[str]:
    """The lines outside tables, in which a figure with a key is written ¤."""
    body = docx.Document(io.BytesIO(content)).element.body
    found = [each for each in body.iter(qn("w:p")) if not any(True for _ in each.iterancestors(qn("w:tbl")))]
    return [
        "".join(each if isinstance(each, str) else "¤" for each in _pieces(line)).replace("\xa0", " ") for line in found
    ]


def left_of(line: str, said: Iterable[str]) -> str:
    """The line without the texts of `said`, where it still holds numerals that are neither names nor days; else
    nothing."""
    for text in sorted(said, key=len, reverse=True):
        line = line.replace(text, "")
    return line if re.search(r"\d", NAMES.sub("", line)) else ""


def unexplained(content: bytes, said: Collection[str], quoted: Iterable[str] = ()) -> list[str]:
    """The lines outside tables whose numerals are in none of the texts of `said` and `quoted`; and the texts of `said`
    that stand nowhere."""
    lines, every = plain_lines(content), [*said, *quoted]
    nowhere = [f"nowhere: {text}" for text in said if not any(text in line for line in lines)]
    return [*nowhere, *filter(None, (left_of(line, every) for line in lines))]


def _pieces(paragraph) -> Pieces:
    pieces: Pieces = []
    for child in paragraph:
        text = "".join(each.text or "" for each in child.iter(qn("w:t")))
        if child.tag == qn("w:sdt"):
            pieces.append((child.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")), text))
        elif text and pieces and isinstance(pieces[-1], str):
            pieces[-1] += text
        elif text:
            pieces.append(text)
    return pieces


def controls(content: bytes) -> list[tuple[str, str]]:
    """(key, text) of each figure."""
    return [each for pieces in paragraphs(content) for each in pieces if isinstance(each, tuple)]


def lines(content: bytes) -> list[str]:
    return ["".join(each if isinstance(each, str) else each[1] for each in pieces) for pieces in paragraphs(content)]


def wrong_figures(connection: psycopg.Connection, content: bytes) -> list[tuple]:
    """(key, text, what it stands for, rows of reports.*) of each figure that is not that of its key."""
    found = dict.fromkeys(each for pieces in paragraphs(content) for each in _roles(pieces))
    wrong = []
    for key, text, role in found:
        parsed = parse_key(key)
        rows = connection.execute(SUM if parsed.first_year else FIGURE, vars(parsed)).fetchall()
        if len(rows) != 1 or text not in _written(role, *rows[0]):
            wrong.append((key, text, role, rows))
    return wrong


def _roles(pieces: Pieces) -> Iterator[tuple[str, str, str]]:
    """Each figure with what it stands for: of two of one key with a line between, the first is above it."""
    for number, piece in enumerate(pieces):
        if isinstance(piece, tuple):
            before, after = pieces[max(number - 2, 0) : number], pieces[number + 1 : number + 3]
            if len(after) == 2 and after[0] == "/" and after[1][0] == piece[0]:
                yield (*piece, "numerator")
            elif len(before) == 2 and before[1] == "/" and before[0][0] == piece[0]:
                yield (*piece, "denominator")
            else:
                yield (*piece, "value")


def _written(role: str, unit: str, value: Decimal, numerator: Decimal | None, denominator: Decimal | None) -> set[str]:
    """How a paper may write it: in a sentence and in a table."""
    if role != "value":
        part = numerator if role == "numerator" else denominator
        return set() if part is None else in_words(part)
    if unit == "percent":
        return {f"{of_thousands(value, 1)}%"}
    if unit == "million VND":
        return {of_thousands(value, 1), of_thousands(value, 1).removesuffix(",0")}
    return in_words(value)


def in_words(value: Decimal | int) -> set[str]:
    """7 and 07, 1.234."""
    whole = of_thousands(value, 0)
    return {whole, f"0{whole}"} if len(whole) == 1 and whole != "0" else {whole}


def of_thousands(value: Decimal | int, decimals: int) -> str:
    """1.234,5"""
    shown = f"{Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,}"
    return shown.translate(str.maketrans(",.", ".,"))


def pages_of(document) -> int:
    written = io.BytesIO()
    document.save(written)
    pdf = pdf_of(written.getvalue())
    assert pdf, "LibreOffice must be installed"
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def pages_of_text_and_annexes(content: bytes) -> tuple[int, int]:
    document = docx.Document(io.BytesIO(content))
    every, text = pages_of(document), pages_of(until(document, "Phụ lục I$", following=False))
    return text, every - text


def until(document, pattern: str, following: bool = True):
    """The document until the first element whose text matches, with it or without."""
    body = document.element.body
    element = next(each for each in body if re.match(pattern, "".join(t.text or "" for t in each.iter(qn("w:t")))))
    for each in [*([] if following else [element]), *element.itersiblings()][:-1]:  # the last one has the margins
        body.remove(each)
    return document


def beside(content: bytes) -> Iterator[tuple[str, str]]:
    """Each key with what is said of it: the plain text up to the next figure."""
    for pieces in paragraphs(content):
        for figure, text in pairwise(pieces):
            if isinstance(figure, tuple) and isinstance(text, str):
                yield figure[0], text
