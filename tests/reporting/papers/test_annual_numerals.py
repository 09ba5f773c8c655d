"""The numerals of the yearly report's sentences that have no key of their own, held against the public tables."""

import re

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from reporting.content.annual import read_annual
from reporting.content.keys import parse_key
from reporting.documents.document_set import write_documents
from tests.datasets import first_seed
from tests.reporting.hand_made_content import about, recipients
from tests.reporting.word_figures import beside, in_words, left_of, of_thousands, plain_lines

YEARS = (2024, 2025)
TARGETS = """
    select targets.indicator_code, targets.indicator_name_vi, targets.unit, targets.value, targets.target, comparator,
           achieved_pct, verdict, targets.value_low, targets.value_high, definitions.unit_of_measure_vi, numerator,
           denominator, units_reported, units_expected, value_before, value_now, change, is_whole,
           areas_compared || '/' || areas_expected as areas
    from reports.rpt_annual_targets as targets
    inner join reports.rpt_definitions as definitions using (indicator_code)
    inner join reports.rpt_figures as figures using (indicator_code, report_year, measure_code)
    left join reports.rpt_indicator_changes as changes using (indicator_code, report_year, measure_code)
    where report_year = %s and measure_code = 'value' and definitions.reported_as <> 'internal'
      and figures.unit_uid = 'province' and figures.breakdown = 'total' and figures.basis = 'as_reported'
"""
BEHIND = """
    select targets.indicator_code, cooperative_name || ' (' || commune_name_vi || ')' as name,
           women_managers - women_managers_trained as short
    from reports.rpt_cooperatives inner join reports.rpt_annual_targets as targets using (report_year)
    where report_year = %(year)s and is_in_scope and is_operating and women_managers > women_managers_trained
      and indicator_code = 'T05' and verdict = 'not_met'
    union all
    select indicator_code, unit_name_vi, denominator - numerator
    from reports.rpt_figures inner join reports.rpt_annual_targets as targets using (indicator_code, report_year)
    where report_year = %(year)s and indicator_code = 'T09' and measure_code = 'value' and breakdown = 'total'
      and basis = 'as_reported' and unit_uid <> 'province' and numerator < denominator and verdict = 'not_met'
"""
COVERAGE = """
    select units_reported || '/' || units_expected from reports.rpt_figures
    where unit_uid = 'province' and breakdown = 'total' and basis = 'as_reported'
      and (indicator_code, measure_code, report_year) = (%(indicator_code)s, %(measure_code)s, %(report_year)s)
    union all
    select units_reported || '/' || units_expected from reports.rpt_spending_by_units
    where unit_uid = 'province' and breakdown = 'total'
      and (indicator_code, measure_code, report_year) = (%(indicator_code)s, %(measure_code)s, %(report_year)s)
"""
CHANGE = """
    select change from reports.rpt_indicator_changes
    where is_whole
      and (indicator_code, measure_code, report_year) = (%(indicator_code)s, %(measure_code)s, %(report_year)s)
"""


@pytest.fixture(scope="module")
def words_of(played):
    """{year: Word file} for one recipient."""
    _, url = played
    with psycopg.connect(url) as connection:
        return {
            year: each.content
            for year in YEARS
            for each in write_documents(read_annual(connection, year), recipients().values(), about())
            if (each.recipient, each.format) == ("PEOPLES_COMMITTEE", "docx")
        }


def office(count):
    """As an office counts: 07, 12, 1.234."""
    return max(in_words(count), key=len)


def tenth(value):
    return of_thousands(value, 1).removesuffix(",0")


@pytest.mark.parametrize("year", YEARS)
def test_how_many_units_gave_a_figure_and_how_it_moved_are_those_of_its_key(played, words_of, year):
    _, url = played
    coverages = changes = 0
    with psycopg.connect(url) as connection:
        for key, text in beside(words_of[year]):
            for covered in re.findall(r"\((\d+/\d+) đơn vị có số liệu\)", text):
                assert connection.execute(COVERAGE, vars(parse_key(key))).fetchall() == [(covered,)], (key, text)
                coverages += 1
            for direction, moved in re.findall(r"\((tăng|giảm) ([\d.,]+)(?: điểm phần trăm)? so với", text):
                [(change,)] = connection.execute(CHANGE, vars(parse_key(key))).fetchall()
                assert (direction == "tăng") == (change > 0), (key, text)
                assert moved in in_words(abs(change)) | {tenth(abs(change))}, (key, text)
                changes += 1
    assert coverages > 5  # units without a report are not counted again at each figure
    assert changes > 0


def said_of(row, behind):
    """What the sentence of a target says in numerals, worked out from the public tables."""
    unit, percent = row.unit_of_measure_vi, row.unit == "percent"
    if row.target is not None and not percent:
        yield f"¤/{of_thousands(row.target, 0)} {unit}"
        yield f"bằng {tenth(row.achieved_pct)}% mục tiêu"
        yield f"vượt {office(max(row.value - row.target, 0))} {unit}"
    if row.target is not None and percent:
        than = "" if row.target == 100 else {">=": "ít nhất ", ">": "trên "}[row.comparator]
        yield from (f"({than}{of_thousands(row.target, 0)}%)", f": {than}{of_thousands(row.target, 0)}%)")
        yield f"còn thiếu {office(max(row.target * row.denominator / 100 - row.numerator, 0))} người"
    if row.value_low is not None and row.value_high is not None:
        low, high = (f"{of_thousands(each, 1)}%" if percent else of_thousands(each, 0)
                     for each in (row.value_low, row.value_high))  # fmt: skip
        yield f"kết quả từ {low} đến {high}"
    if row.change is not None and percent:
        moved = round(row.value_now, 1) - round(row.value_before, 1)  # as both stand in the sentence
        yield f"{'tăng' if moved > 0 else 'giảm'} {of_thousands(abs(moved), 1)} điểm phần trăm"
    if row.change is not None and not percent:
        amount = f"{'tăng' if row.change > 0 else 'giảm'} {office(abs(row.change))} {unit}"
        values = f"năm trước {office(row.value_before)}, năm nay {office(row.value_now)}, {amount}"
        yield amount if row.is_whole else f"trên {row.areas} vùng so sánh được: {values}"
    yield f"Có số liệu của {row.units_reported}/{row.units_expected} đơn vị"
    yield from (f"{each.name}: {office(each.short)} người" for each in behind)


@first_seed
@pytest.mark.parametrize("year", YEARS)
def test_no_numeral_of_a_targets_sentence_stands_without_the_public_tables(played, words_of, year):
    _, url = played
    with psycopg.connect(url, row_factory=namedtuple_row) as connection:
        targets = connection.execute(TARGETS, [year]).fetchall()
        behind = connection.execute(BEHIND, {"year": year}).fetchall()
    lines = plain_lines(words_of[year])
    found = 0
    for row in targets:
        start = f"- {row.indicator_name_vi}: "
        for line in lines:
            if line.startswith(start):
                of_target = [each for each in behind if each.indicator_code == row.indicator_code]
                assert left_of(line.removeprefix(start), said_of(row, of_target)) == "", line
                found += 1
    assert found > 14
