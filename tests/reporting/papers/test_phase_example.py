"""The review of the example's first phase, read back from its Word file and held against the public tables."""

import html
import re
from datetime import date

import psycopg
import pytest

from reporting.content.phase import read_phase
from reporting.documents.document_set import write_documents
from tests.datasets import first_seed
from tests.reporting.hand_made_content import about, recipients
from tests.reporting.word_figures import controls, lines, pages_of_text_and_annexes, wrong_figures

REVIEWED = date(2026, 3, 27)
RECIPIENTS = ("CENTRAL_UNION", "PEOPLES_COMMITTEE")


@pytest.fixture(scope="module")
def documents_of(played):
    """{(recipient, format): document} of the review."""
    _, url = played
    with psycopg.connect(url) as connection:
        made = write_documents(read_phase(connection, 1), recipients("phase_review", REVIEWED).values(), about())
    return {(each.recipient, each.format): each.content for each in made}


@pytest.mark.parametrize("recipient", RECIPIENTS)
def test_every_figure_of_the_word_file_is_that_of_the_public_tables(played, documents_of, recipient):
    _, url = played
    found = controls(documents_of[recipient, "docx"])
    assert len(found) > 230
    assert len([key for key, _ in found if ".." in key]) > 8  # sums over the years
    with psycopg.connect(url) as connection:
        assert wrong_figures(connection, documents_of[recipient, "docx"]) == []


def test_the_page_has_the_figures_of_the_word_file_and_opens_each_of_them(documents_of):
    for recipient in RECIPIENTS:
        page = documents_of[recipient, "html"].decode()
        links = re.findall(r'<a class="figure" href="#([^"]+)">([^<]*)</a>', page)
        assert [(html.unescape(key), text) for key, text in links] == controls(documents_of[recipient, "docx"])
        assert {key for key, _ in links} == set(re.findall(r'<div id="([^"]+)"><h3>', page))


@first_seed
def test_five_tables_stand_in_the_text_at_most(documents_of):
    captions = [line for line in lines(documents_of["PEOPLES_COMMITTEE", "docx"]) if re.match(r"Bảng \d\.", line)]
    assert len(captions) <= 5


@first_seed
@pytest.mark.soak("office")
def test_the_text_takes_fifteen_pages_at_most_and_the_annexes_six(documents_of):
    text, annexes = pages_of_text_and_annexes(documents_of["PEOPLES_COMMITTEE", "docx"])
    assert text <= 15
    assert annexes <= 6
