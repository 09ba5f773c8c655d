"""The yearly report of the example, read back from its Word file and held against the public tables."""

import html
import io
import re
from datetime import date
from decimal import Decimal

import docx
import psycopg
import pytest

from reporting.content.annual import read_annual
from reporting.documents.document_set import write_documents
from reporting.documents.pdf import pdf_of
from reporting.documents.pdf_changes import figures_changed_in_pdf
from tests.datasets import first_seed
from tests.reporting.hand_made_content import about, recipients
from tests.reporting.word_figures import (
    OURS,
    controls,
    lines,
    pages_of,
    pages_of_text_and_annexes,
    until,
    wrong_figures,
)


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


@pytest.mark.parametrize("year", [2024, 2025])
def test_every_figure_of_the_word_file_is_that_of_the_public_tables(played, words_of, year):
    _, url = played
    for recipient in ("CENTRAL_UNION", "PEOPLES_COMMITTEE"):
        assert len(controls(words_of[year, recipient])) > (500 if year == 2025 else 180)
        with psycopg.connect(url) as connection:
            assert wrong_figures(connection, words_of[year, recipient]) == []


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
    assert [line for line in lines(words_of[2025, recipient]) if OURS.search(line)] == []


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
    text, annexes = pages_of_text_and_annexes(words_of[2025, "PEOPLES_COMMITTEE"])
    assert text <= 10
    assert annexes <= 6


@first_seed
@pytest.mark.soak("office")
@pytest.mark.parametrize("recipient", ["CENTRAL_UNION", "PEOPLES_COMMITTEE"])
def test_the_picture_stands_on_page_one_of_a_paper_that_replaces_another(played, recipient):
    replaces = {recipient: ("12/BC-HLHPN", date(2025, 12, 29))}
    with psycopg.connect(played[1]) as connection:
        made = write_documents(read_annual(connection, 2025), [recipients()[recipient]], about(replaces=replaces))
    document = docx.Document(io.BytesIO(made[0].content))
    assert pages_of(until(document, "Mức đạt mục tiêu")) == 1


@first_seed
@pytest.mark.soak("office")
@pytest.mark.parametrize("recipient", ["CENTRAL_UNION", "PEOPLES_COMMITTEE"])
@pytest.mark.parametrize("year", [2024, 2025])
def test_the_pdf_of_libreoffice_has_the_figures_of_the_word_file(documents_of, year, recipient):
    word = documents_of[year, recipient, "docx"]
    assert figures_changed_in_pdf(word, pdf_of(word) or b"LibreOffice is missing") == []
