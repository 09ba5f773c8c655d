"""The review of the example's first phase, read back from its Word file and held against the public tables."""

import html
import io
import re
from collections import Counter
from datetime import date
from math import floor
from textwrap import shorten

import docx
import psycopg
import pytest
from docx.oxml.ns import qn
from psycopg.rows import namedtuple_row

from reporting.content.phase import read_phase
from reporting.documents.document_set import write_documents
from reporting.documents.pdf import pdf_of
from reporting.documents.pdf_changes import figures_changed_in_pdf
from tests.datasets import first_seed
from tests.reporting.hand_made_content import about, recipients
from tests.reporting.word_figures import (
    OURS,
    controls,
    in_words,
    lines,
    of_thousands,
    pages_of,
    pages_of_text_and_annexes,
    tables,
    unexplained,
    until,
    wrong_figures,
)

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


def test_numerator_and_denominator_that_change_places_are_found(played, documents_of):
    _, url = played
    document = docx.Document(io.BytesIO(documents_of["PEOPLES_COMMITTEE", "docx"]))
    pair = next(found for each in document.element.body.iter(qn("w:p")) if len(found := each.findall(qn("w:sdt"))) == 3)
    over, under = (next(control.iter(qn("w:t"))) for control in pair[:2])
    over.text, under.text = under.text, over.text
    document.save(written := io.BytesIO())
    with psycopg.connect(url) as connection:
        wrong = wrong_figures(connection, written.getvalue())
    assert [(text, role) for _, text, role, _ in wrong] == [(over.text, "numerator"), (under.text, "denominator")]


def test_the_page_has_the_figures_of_the_word_file_and_opens_each_of_them(documents_of):
    for recipient in RECIPIENTS:
        page = documents_of[recipient, "html"].decode()
        links = re.findall(r'<a class="figure" href="#([^"]+)">([^<]*)</a>', page)
        assert [(html.unescape(key), text) for key, text in links] == controls(documents_of[recipient, "docx"])
        assert {key for key, _ in links} == set(re.findall(r'<div id="([^"]+)"><h3>', page))


PATH = """
    select indicator_name_vi, unit, report_year, baseline, path.value, numerator, denominator, target, target_year,
           comparator, verdict, verdict_name_vi, value_low, value_high, bound_kind, unit_of_measure_vi
    from reports.rpt_phase_path as path
    inner join reports.rpt_definitions as definitions using (indicator_code, indicator_name_vi, unit)
    left join (select indicator_code, report_year, numerator, denominator from reports.rpt_figures
               where measure_code = 'value' and breakdown = 'total' and unit_uid = 'province' and basis = 'as_reported')
        as figures using (indicator_code, report_year)
    where phase = 1 and definitions.measure_code = 'value' and definitions.reported_as = 'target'
    order by indicator_code, report_year
"""
OUTLOOK = """
    select outlook.*, definitions.unit_of_measure_vi, numerator, denominator, review.verdict
    from reports.rpt_phase_outlook as outlook
    inner join reports.rpt_definitions as definitions using (indicator_code)
    inner join reports.rpt_figures as figures using (indicator_code, report_year, measure_code)
    inner join (select phase, indicator_code, verdict from reports.rpt_phase_review) as review
        using (phase, indicator_code)
    where phase = 1 and measure_code = 'value' and definitions.reported_as = 'target' and next_target is not null
      and outlook not in ('recurring', 'unknown')
      and figures.breakdown = 'total' and figures.unit_uid = 'province' and figures.basis = 'as_reported'
    order by indicator_code
"""
PROPOSALS = """
    select proposals.*, definitions.unit, comparator, unit_of_measure_vi,
           (select missing_units from reports.rpt_phase_review as review
            where review.phase = proposals.phase and review.indicator_code = proposals.indicator_code) as missing_units
    from reports.rpt_target_proposals as proposals
    inner join reports.rpt_phase_outlook as outlook using (phase, indicator_code)
    inner join reports.rpt_definitions as definitions using (indicator_code)
    where phase = 1 and definitions.measure_code = 'value'
    order by indicator_code
"""
TOTALS = """
    select case when breakdown = 'total' then totals.measure_name_vi else '– ' || breakdown_code_name_vi end as name,
           unit_of_measure_vi, totals.unit, totals.value, incomplete_years, array(
               select (select figures.value from reports.rpt_figures as figures
                       where (indicator_code, measure_code, breakdown, breakdown_code, report_year, unit_uid, basis)
                           = (totals.indicator_code, totals.measure_code, totals.breakdown, totals.breakdown_code,
                              years.report_year, 'province', 'as_reported'))
               from (select distinct report_year from reports.rpt_phase_path where phase = 1) as years
               order by years.report_year
           ) as years
    from reports.rpt_phase_totals as totals
    where phase = 1 and topic <> 'activities'
    order by topic_order, position, breakdown_order
"""
UNTRAINED = """
    select cooperative_name, commune_name_vi, women_managers - women_managers_trained as short
    from reports.rpt_cooperatives
    where report_year = (select max(report_year) from reports.rpt_phase_path where phase = 1) and is_in_scope
      and is_operating and women_managers > women_managers_trained
    order by short desc, registration_number
"""
BEHIND = """
    select unit_name_vi, denominator - numerator as short from reports.rpt_figures
    where indicator_code = 'T09' and measure_code = 'value' and breakdown = 'total' and basis = 'as_reported'
      and unit_uid <> 'province' and numerator < denominator
      and report_year = (select max(report_year) from reports.rpt_phase_path where phase = 1)
"""
LAST_DUTIES = """
    select duties.*, proposals.rule_code,
           (select sum(every.done_units) from reports.rpt_phase_duties as every
            where every.phase = duties.phase and every.duty_code = duties.duty_code) as done_in_phase
    from reports.rpt_phase_duties as duties
    left join reports.rpt_duty_proposals as proposals using (phase, duty_code)
    where duties.phase = 1
      and duties.report_year = (select max(report_year) from reports.rpt_phase_path where phase = 1)
    order by duties.duty_order
"""
REPORTS = """
    select expected_units, received_units from reports.rpt_publication_readiness
    where kind = 'phase_review' and phase = 1
"""
WRITTEN = """
    select text, narrative_section as section, addressee, unit_uid, is_union
    from reports.rpt_phase_narratives where phase = 1
"""
DUTIES = """
    select duty_name_vi, array_agg(done_units || '/' || assigned_units order by report_year)
    from reports.rpt_phase_duties where phase = 1 group by duty_name_vi, duty_order order by duty_order
"""


def rows(url, query):
    with psycopg.connect(url, row_factory=namedtuple_row) as connection:
        return connection.execute(query).fetchall()


def cell(unit, value, numerator=None, denominator=None):
    if value is None:
        return "–"
    if unit == "percent" and denominator:
        return f"{of_thousands(numerator, 0)}/{of_thousands(denominator, 0)} ({of_thousands(value, 1)}%)"
    return of_thousands(value, 1 if unit == "million VND" else 0)


def goal(unit, comparator, target):
    if target is None:
        return "–"
    than = "" if unit != "percent" or target == 100 else {">=": "ít nhất ", ">": "trên "}[comparator]
    return f"{than}{of_thousands(target, 0)}{'%' if unit == 'percent' else ''}"


def step(unit, value):
    if value in (None, 0):
        return "–"
    return of_thousands(value, 1).removesuffix(",0") + (" điểm" if unit == "percent" else "")


def table(content, heading):
    """The rows of the table with this heading, without titles of groups."""
    [found] = [each for each in tables(content) if heading in each[0]]
    return [row for row in found[1:] if len(row) == len(found[0])]


def office(count):
    """As an office counts: 07, 12, 1.234."""
    return max(in_words(count), key=len)


def said_of_targets(url):
    path = rows(url, PATH)
    last = [row for row in path if row.report_year == max(each.report_year for each in path)]
    due = [row for row in last if row.target is not None and row.target_year <= row.report_year]
    verdicts = [row.verdict for row in due]
    reached = sum(verdict in ("met", "exceeded") for verdict in verdicts)
    yield (
        f"trong {office(len(due))} chỉ tiêu Kế hoạch đặt mục tiêu cho giai đoạn có {office(reached)} chỉ tiêu đạt và"
        f" vượt, {office(verdicts.count('not_met'))} chỉ tiêu chưa đạt, {office(verdicts.count('undecided'))} chỉ tiêu"
        f" chưa đủ số liệu để kết luận; {office(len(last) - len(due))} chỉ tiêu khác"
    )
    yield f"Có {office(reached)} chỉ tiêu đạt và vượt mục tiêu của giai đoạn"
    for row in due:
        unit = "" if row.unit == "percent" else f" {row.unit_of_measure_vi}"
        aim = goal(row.unit, row.comparator, row.target) if row.unit == "percent" else office(row.target)
        yield f"mục tiêu {aim}{unit}"
        if row.verdict == "undecided":
            decimals, sign = (1, "%") if row.unit == "percent" else (0, "")
            low, high = (of_thousands(each, decimals) + sign for each in (row.value_low, row.value_high))
            yield f"kết quả có thể từ {low} đến {high}{' (ước lượng)' if row.bound_kind == 'assumed' else ''} khi có"
    untrained, behind = rows(url, UNTRAINED), rows(url, BEHIND)
    yield (
        f"Còn {office(sum(row.short for row in untrained))} nữ quản lý chưa được đào tạo, bồi dưỡng tại"
        f" {office(len(untrained))} HTX:"
    )
    yield f"Còn {office(sum(row.short for row in behind))} người tại {office(len(behind))} đơn vị:"
    yield from (f"{row.cooperative_name} ({row.commune_name_vi}) {office(row.short)} người" for row in untrained)
    yield from (f"{row.unit_name_vi} {office(row.short)} người" for row in behind)


def said_of_the_next_phase(url):
    proposals, limits = rows(url, PROPOSALS), rows(url, OUTLOOK)
    kinds = [row.proposal for row in proposals]
    yield f"giữ nguyên mục tiêu của {office(kinds.count('keep') + kinds.count('support'))} chỉ tiêu"
    yield f"chưa đề xuất đối với {office(kinds.count('complete_data'))} chỉ tiêu"
    for kind, words, to in (
        ("lower", "điều chỉnh mục tiêu của", "từ {next} thành {proposed}"),
        ("set", "đặt mục tiêu cho", "{proposed}"),
    ):
        yield f"{words} {office(kinds.count(kind))} chỉ tiêu"
        for row in proposals:
            if row.proposal == kind:
                numbers = {"next": row.next_target and of_thousands(row.next_target, 0),
                           "proposed": of_thousands(row.proposed_target, 0)}  # fmt: skip
                yield f": {to.format(**numbers)} {row.unit_of_measure_vi}"
    yield from (row.limit_vi for row in limits if row.limit_vi)


def said_of_duties(url):
    duties = rows(url, LAST_DUTIES)
    whole = sum(row.done_units == row.assigned_units for row in duties)
    not_done = [row for row in duties if row.done_units == 0]
    under_way = sum(row.in_progress_units > 0 for row in not_done)
    idle = len(not_done) - under_way
    undone = sum(row.done_in_phase == 0 and row.in_progress_units == 0 for row in not_done)
    silent = [row for row in duties if row.rule_code == "duty_silent"]
    yield f"Kế hoạch giao {office(len(duties))} nhiệm vụ."
    yield f"{office(whole)} nhiệm vụ được tất cả các đơn vị được giao thực hiện"
    yield f"{office(len(duties) - whole - len(not_done))} nhiệm vụ được một phần"
    if under_way:
        yield f"{office(under_way)} nhiệm vụ đang được thực hiện"
    if idle > undone:
        yield f"{office(idle - undone)} nhiệm vụ mà các đơn vị được giao chỉ báo cáo đã thực hiện"
    if undone:
        yield f"{office(undone)} nhiệm vụ chưa có đơn vị được giao nào báo cáo đã thực hiện trong cả giai đoạn"
    yield f"Có {office(sum(2 * row.reported_units < row.assigned_units for row in duties))} nhiệm vụ chưa đến một nửa"
    yield f"đối với {office(len(silent))} nhiệm vụ mà năm cuối"
    yield f"không còn {office(sum(row.assigned_units - row.reported_units for row in silent))} lượt giao"
    yield from (f"{row.duty_name_vi} ({row.reported_units}/{row.assigned_units})" for row in silent)


@first_seed
def test_no_numeral_of_its_sentences_stands_without_the_public_tables(played, documents_of):
    _, url = played
    written = rows(url, WRITTEN)
    [reports], totals = rows(url, REPORTS), {row.name: row for row in rows(url, TOTALS)}
    rate = 100 * totals["Kinh phí đã giải ngân"].value / totals["Kinh phí được giao"].value
    said = [
        "nay là 40 xã, phường",  # the ground of letterheads.csv
        "giai đoạn 2023 - 2025 (giai đoạn 1)",  # the days of phases.csv
        f"{reports.received_units}/{reports.expected_units} báo cáo năm",
        f"bằng {of_thousands(rate, 1)}% kinh phí được giao",
        *said_of_targets(url),
        *said_of_the_next_phase(url),
        *said_of_duties(url),
        *said_of_opinions(written),
    ]
    quoted = {each for row in written for each in (row.text, shorten(row.text, 180, placeholder="…"))}
    assert unexplained(documents_of["PEOPLES_COMMITTEE", "docx"], said, quoted) == []


def said_of_opinions(written):
    opinions = [row for row in written if not row.is_union and row.addressee is None]
    if opinions:
        yield f"{office(len({row.unit_uid for row in opinions}))} đơn vị đã gửi báo cáo giai đoạn"
    shown = Counter((row.section, row.addressee) for row in written if not row.is_union)
    yield from (f"Và {office(count - 4)} ý kiến khác" for count in shown.values() if count > 4)


def test_the_tables_of_targets_totals_and_duties_are_the_public_ones(played, documents_of):
    content, (_, url) = documents_of["PEOPLES_COMMITTEE", "docx"], played
    by_name = {}
    for row in rows(url, PATH):
        by_name.setdefault(row.indicator_name_vi, []).append(row)
    assert table(content, "Mốc ban đầu") == [
        [name, last.unit_of_measure_vi, cell(last.unit, last.baseline),
         *(cell(each.unit, each.value, each.numerator, each.denominator) for each in years),
         goal(last.unit, last.comparator, last.target) + (f" ({last.target_year})" if last.target is not None else ""),
         last.verdict_name_vi]
        for name, years in by_name.items() for last in years[-1:]
    ]  # fmt: skip
    assert table(content, "Cả giai đoạn") == [
        [row.name, row.unit_of_measure_vi, *(cell(row.unit, value) for value in row.years), cell(row.unit, row.value),
         row.incomplete_years or ""]
        for row in rows(url, TOTALS)
    ]  # fmt: skip
    assert table(content, "Nhiệm vụ") == [[name, *years] for name, years in rows(url, DUTIES)]


def test_the_tables_of_the_next_phase_are_the_public_ones(played, documents_of):
    content, (_, url) = documents_of["PEOPLES_COMMITTEE", "docx"], played

    def expected(row):
        if row.expected_value is None or row.verdict == "undecided":
            return "–"
        return of_thousands(floor(row.expected_value), 0) + (" (mức tối đa)" if row.expected_is_capped else "")

    def lacking(row):
        moves = row.proposed_target not in (None, row.next_target)
        return f" Chưa có số liệu của {row.missing_units}." if moves and row.missing_units else ""

    assert table(content, "Mức tăng cần đạt mỗi năm") == [
        [row.indicator_name_vi, row.unit_of_measure_vi, cell(row.unit, row.value, row.numerator, row.denominator),
         goal(row.unit, row.comparator, row.next_target), step(row.unit, row.remaining),
         step(row.unit, row.pace_needed), step(row.unit, row.pace_so_far), expected(row)]
        for row in rows(url, OUTLOOK)
    ]  # fmt: skip
    proposals = rows(url, PROPOSALS)
    assert table(content, "Căn cứ") == [
        [row.indicator_name_vi, row.proposal_vi, row.because_vi + lacking(row), row.effect_vi] for row in proposals
    ]
    becomes = {"keep": "Giữ nguyên", "support": "Giữ nguyên", "lower": "Giảm", "raise": "Nâng", "set": "Đặt mới",
               "complete_data": "Chưa đề nghị"}  # fmt: skip
    assert table(content, "Mục tiêu đề nghị") == [
        [row.indicator_name_vi, row.unit_of_measure_vi, goal(row.unit, row.comparator, row.next_target),
         goal(row.unit, row.comparator, row.proposed_target), becomes[row.proposal]]
        for row in proposals if row.next_target is not None or row.proposed_target is not None
    ]  # fmt: skip


@pytest.mark.parametrize("recipient", RECIPIENTS)
def test_nothing_of_ours_is_seen_in_the_word_file(documents_of, recipient):
    assert [line for line in lines(documents_of[recipient, "docx"]) if OURS.search(line)] == []


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


@first_seed
@pytest.mark.soak("office")
def test_the_picture_stands_on_page_one(documents_of):
    document = docx.Document(io.BytesIO(documents_of["PEOPLES_COMMITTEE", "docx"]))
    assert pages_of(until(document, "Mức đạt mục tiêu")) == 1


@first_seed
@pytest.mark.soak("office")
@pytest.mark.parametrize("recipient", RECIPIENTS)
def test_the_picture_stands_on_page_one_of_a_paper_that_replaces_another(played, recipient):
    replaces = {recipient: ("01/BC-HLHPN", date(2026, 3, 27))}
    to = recipients("phase_review", REVIEWED)[recipient]
    with psycopg.connect(played[1]) as connection:
        made = write_documents(read_phase(connection, 1), [to], about(replaces=replaces))
    document = docx.Document(io.BytesIO(made[0].content))
    assert pages_of(until(document, "Mức đạt mục tiêu")) == 1


@first_seed
@pytest.mark.soak("office")
@pytest.mark.parametrize("recipient", RECIPIENTS)
def test_the_pdf_of_libreoffice_has_the_figures_of_the_word_file(documents_of, recipient):
    word = documents_of[recipient, "docx"]
    assert figures_changed_in_pdf(word, pdf_of(word) or b"LibreOffice is missing") == []
