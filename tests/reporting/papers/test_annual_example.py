"""The yearly report of the example, read back from its Word file and held against the public tables."""

import html
import io
import re
from decimal import ROUND_HALF_UP, Decimal

import docx
import psycopg
import pytest
from docx.oxml.ns import qn

from reporting.content.annual import read_annual
from reporting.content.keys import parse_key
from reporting.documents.document_set import write_documents
from reporting.documents.pdf import pdf_of
from tests.datasets import first_seed
from tests.reporting.hand_made_content import about, recipients

FIGURE = """
    select unit, value, numerator, denominator from reports.rpt_figures
    where (indicator_code, measure_code, report_year, unit_uid, breakdown, breakdown_code, basis)
        = (%s, %s, %s, %s, %s, %s, %s)
    union all
    select unit, value, null, null from reports.rpt_spending_by_units
    where (indicator_code, measure_code, report_year, unit_uid, breakdown, breakdown_code) = (%s, %s, %s, %s, %s, %s)
"""
NOT_OF_A_PAPER = re.compile(
    r"\b[TC]\d\d\b|\[\w+=|-\d{4}-|@20\d\d|\bhtx \w|\bphiên bản\b|\bP-[0-9A-F]{6}"
    r"|\b(None|nan|null|true|false|reported|missing|value|units?|province|commune|total)\b"
)


def of_thousands(value: Decimal, decimals: int) -> str:
    """1.234,5, worked out here on its own."""
    shown = f"{value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,}"
    return shown.translate(str.maketrans(",.", ".,"))


def writings(unit: str, value: Decimal | None, numerator: Decimal | None, denominator: Decimal | None) -> set[str]:
    """How a paper may write a figure: in a sentence and in a table."""
    if unit == "percent":
        parts = {of_thousands(part, 0) for part in (numerator, denominator) if part is not None}
        return {f"{of_thousands(value, 1)}%", *parts, *(f"0{part}" for part in parts if len(part) == 1 and part != "0")}
    if unit == "million VND":
        return {of_thousands(value, 1), of_thousands(value, 1).removesuffix(",0")}
    whole = of_thousands(value, 0)
    return {whole, f"0{whole}"} if len(whole) == 1 and whole != "0" else {whole}


@pytest.fixture(scope="module")
def documents_of(played):
    """{(year, recipient, format): document} of the yearly reports."""
    _, url = played
    with psycopg.connect(url) as connection:
        return {
            (year, each.recipient, each.format): each.content
            for year in (2024, 2025)
            for each in write_documents(read_annual(connection, year), recipients().values(), about())
        }


@pytest.fixture(scope="module")
def words_of(documents_of):
    """{(year, recipient): Word file} of the yearly reports."""
    return {(year, recipient): made for (year, recipient, kind), made in documents_of.items() if kind == "docx"}


def controls(content: bytes) -> list[tuple[str, str]]:
    """(key, text) of each figure."""
    body = docx.Document(io.BytesIO(content)).element.body
    return [
        (
            control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")),
            "".join(each.text or "" for each in control.iter(qn("w:t"))),
        )
        for control in body.iter(qn("w:sdt"))
    ]


def lines(content: bytes) -> list[str]:
    body = docx.Document(io.BytesIO(content)).element.body
    return ["".join(t.text or "" for t in each.iter(qn("w:t"))) for each in body.iter(qn("w:p"))]


@pytest.mark.parametrize("year", [2024, 2025])
def test_every_figure_of_the_word_file_is_that_of_the_public_tables(played, words_of, year):
    _, url = played
    for recipient in ("CENTRAL_UNION", "PEOPLES_COMMITTEE"):
        found = controls(words_of[year, recipient])
        assert len(found) > (500 if year == 2025 else 180)
        wrong = []
        with psycopg.connect(url) as connection:
            for key, text in dict.fromkeys(found):
                parsed = parse_key(key)
                of_key = (parsed.indicator_code, parsed.measure_code, parsed.report_year, parsed.unit_uid,
                          parsed.breakdown, parsed.breakdown_code)  # fmt: skip
                rows = connection.execute(FIGURE, (*of_key, parsed.basis, *of_key)).fetchall()
                if len(rows) != 1 or text not in writings(*rows[0]):
                    wrong.append((key, text, rows))
        assert wrong == []


@pytest.mark.parametrize("year", [2024, 2025])
def test_the_page_has_the_figures_of_the_word_file_and_opens_each_of_them(documents_of, words_of, year):
    for recipient in ("CENTRAL_UNION", "PEOPLES_COMMITTEE"):
        page = documents_of[year, recipient, "html"].decode()
        links = re.findall(r'<a class="figure" href="#([^"]+)">([^<]*)</a>', page)
        assert [(html.unescape(key), text) for key, text in links] == controls(words_of[year, recipient])
        assert {key for key, _ in links} == set(re.findall(r'<div id="([^"]+)"><h3>', page))


@first_seed
def test_what_a_sentence_adds_follows_from_the_figures_beside_it(words_of):
    """Above and below the target, and the percentage of it, worked out from the numbers of the same sentence."""
    text = "\n".join(lines(words_of[2025, "PEOPLES_COMMITTEE"]))
    beyond = re.findall(r": ([\d.]+)/([\d.]+) \D+?, bằng ([\d,]+)% mục tiêu năm 2025, vượt (\d+)", text)
    assert len(beyond) == 4
    for value, target, percent, over in beyond:
        reached, goal = (int(each.replace(".", "")) for each in (value, target))
        assert int(over) == reached - goal
        assert (
            Decimal(percent.replace(",", ".")) == (Decimal(100 * reached) / goal).quantize(Decimal("0.1")).normalize()
        )
    short = re.findall(r": (\d+)/(\d+) người \(([\d,]+)%\), chưa đạt mục tiêu năm 2025 \(100%\), còn thiếu (\d+)", text)
    assert [(int(under) - int(over)) for over, under, _, _ in short] == [int(missing) for *_, missing in short]
    assert len(short) == 2


@pytest.mark.parametrize("recipient", ["CENTRAL_UNION", "PEOPLES_COMMITTEE"])
def test_nothing_of_ours_is_seen_in_the_word_file(words_of, recipient):
    assert [line for line in lines(words_of[2025, recipient]) if NOT_OF_A_PAPER.search(line)] == []


@first_seed
def test_the_tables_of_the_text_are_numbered_and_the_rest_is_in_three_annexes(words_of):
    document = docx.Document(io.BytesIO(words_of[2025, "PEOPLES_COMMITTEE"]))
    captions = [each.text for each in document.paragraphs if re.match(r"Bảng \d\.", each.text)]
    assert captions == [
        "Bảng 1. Kết quả thực hiện các chỉ tiêu của Kế hoạch",
        "Bảng 2. Kinh phí theo nguồn vốn (triệu đồng)",
    ]  # counts of priority groups, a third table, come with an edition
    assert [each.text for each in document.paragraphs if each.text.startswith("Phụ lục ")] == [
        "Phụ lục I", "Phụ lục II", "Phụ lục III",
    ]  # fmt: skip


@first_seed
@pytest.mark.soak("office")
def test_the_text_takes_ten_pages_and_the_annexes_six(words_of):
    document = docx.Document(io.BytesIO(words_of[2025, "PEOPLES_COMMITTEE"]))
    every = pages_of(document)
    body = document.element.body
    annex = next(each for each in body if "".join(t.text or "" for t in each.iter(qn("w:t"))) == "Phụ lục I")
    for element in [annex, *annex.itersiblings()][:-1]:
        body.remove(element)
    assert pages_of(document) <= 10
    assert every - pages_of(document) <= 6


def pages_of(document) -> int:
    written = io.BytesIO()
    document.save(written)
    pdf = pdf_of(written.getvalue())
    assert pdf, "LibreOffice must be installed"
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
