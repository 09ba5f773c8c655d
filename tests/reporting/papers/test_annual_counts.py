"""What the yearly report counts outside the sentences of targets (verdicts, units, duties, discipline, proposals), held
against the public tables: each numeral, and each sentence by its count."""

import re

import psycopg
import pytest

from reporting.content.annual import read_annual
from reporting.documents.document_set import write_documents
from tests.datasets import first_seed, read_csv
from tests.reporting.hand_made_content import SEEDS, about, recipients
from tests.reporting.word_figures import in_words, left_of, plain_lines

YEARS = (2024, 2025)
RECIPIENT = "PEOPLES_COMMITTEE"
FIRST = {"sent_late": 5, "of_addressee": 3}  # so many names or texts are listed, the others counted
COUNTS = """
    with units as (select * from reports.rpt_reporting_status where report_year = %(year)s),
    targets as (select * from reports.rpt_annual_targets where report_year = %(year)s and reported_as = 'target'),
    duties as (select * from reports.rpt_duties where report_year = %(year)s and is_programme_ground),
    said as (select * from reports.rpt_narratives where report_year = %(year)s),
    founded as (
        select * from reports.rpt_new_organisations
        where report_year = %(year)s and organisation_kind = 'cooperative' and women_lead_or_manage
    ),
    texts as (
        select addressee, count(distinct regexp_replace(btrim(text), '\\.+$', '')) as texts from said
        where not is_union and addressee is distinct from unit_uid and addressee is distinct from 'WU-P'
          and (addressee is not null or narrative_section = 'proposals')
        group by addressee
    )
    select
        (select count(*) from targets) as targets,
        (select count(*) from targets where verdict in ('met', 'exceeded')) as met,
        (select count(*) from targets where verdict = 'not_met') as not_met,
        (select count(*) from targets where verdict = 'undecided') as undecided,
        (select count(*) from targets where verdict = 'in_progress') as in_progress,
        (select count(*) from targets where verdict = 'tracked') as tracked,
        (select count(*) from units where expected) as expected,
        (select count(*) from units where expected and received_at is not null) as received,
        (select count(*) from units where expected and received_at is null) as missing,
        (select count(*) from units where expected and on_time) as on_time,
        (select count(*) from units where expected and on_due_day) as on_due_day,
        (select count(*) from units where expected and not on_time and not on_due_day) as late,
        (select sum(open_queries) from units) as queries,
        (select count(*) from units where open_queries > 0) as with_queries,
        (select count(distinct unit_uid) from reports.rpt_duties_owed where report_year = %(year)s and has_report)
            as owing,
        (select count(distinct (figures.indicator_code, figures.measure_code)) from reports.rpt_figures as figures
         inner join units on figures.unit_uid = units.unit_uid and units.received_at is not null
         where figures.report_year = %(year)s and basis = 'as_reported' and breakdown = 'total'
           and value_status = 'not_reported' and units_expected > 0) as blank,
        (select count(evidence_document) from duties) as documents,
        (select count(*) from founded) as founded,
        (select count(*) from founded where union_supported_founding) as supported,
        (select count(distinct unit_uid) from said where not is_union) as others,
        (select count(distinct said.unit_uid) from said left join units on said.unit_uid = units.unit_uid and expected
         where not is_union and units.unit_uid is null) as voluntary,
        (select count(*) from said where addressee = 'WU-P' and not is_union) as to_the_union,
        (select array_agg(texts - %(of_addressee)s) from texts where texts > %(of_addressee)s) as more_texts,
        (select units_expected - units_reported from reports.rpt_figures
         where report_year = %(year)s and (indicator_code, unit_uid, breakdown) = ('C26', 'province', 'total')
           and basis = 'as_reported') as without_plan_status,
        (select count(*) from reports.rpt_codes where code_list = 'duties') as duties,
        (select count(distinct duty_code) from reports.rpt_duties
         where report_year = %(year)s and duty_status in ('done', 'continuous', 'in_progress')) as begun
"""
SECTIONS = """
    select count(*), count(*) filter (where duties.code in (
        select duty_code from reports.rpt_duties
        where report_year = %(year)s and duty_status in ('done', 'continuous', 'in_progress')))
    from reports.rpt_codes as duties inner join reports.rpt_codes as sections
        on sections.code_list = 'plan_sections' and starts_with(duties.code, sections.code || '.')
    where duties.code_list = 'duties' group by sections.code
"""
SHORT = """
    select ceil(targets.target * denominator / 100) - numerator from reports.rpt_annual_targets as targets
    inner join reports.rpt_figures as figures using (indicator_code, report_year)
    where report_year = %(year)s and measure_code = 'value' and unit_uid = 'province' and breakdown = 'total'
      and basis = 'as_reported' and verdict = 'not_met' and denominator is not null
"""
QUOTED = """
    select regexp_replace(btrim(text), '\\.+$', '') from reports.rpt_narratives where report_year = %(year)s
    union select cooperative_name from reports.rpt_cooperatives where report_year = %(year)s
    union select indicator_name_vi from reports.rpt_annual_targets where report_year = %(year)s
    union select duty_name_vi from reports.rpt_duties where report_year = %(year)s
"""
DEFINED = ("chiếm trên 50%", "từ 3 sao")  # what is counted
BESIDE_A_FIGURE = re.compile(  # test_annual_numerals holds these by the key of the figure before them
    r" \(\d+/\d+ đơn vị có số liệu\)| \((tăng|giảm) [\d.,]+( điểm phần trăm)? so với năm \d{4}\)"
)


@pytest.fixture(scope="module", params=YEARS)
def read_back(played, request):
    """The lines of a Word file outside the sentences of targets, the counts of its year, and what it quotes."""
    _, url = played
    year = {"year": request.param, **FIRST}
    recipient = recipients()[RECIPIENT]
    with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as connection:
        counts = connection.execute(COUNTS, year).fetchone()
    with psycopg.connect(url) as connection:
        sections, shorts, quoted = (connection.execute(each, year).fetchall() for each in (SECTIONS, SHORT, QUOTED))
        [word, *_] = write_documents(read_annual(connection, request.param), [recipient], about())
        names = connection.execute(
            "select indicator_name_vi from reports.rpt_annual_targets where report_year = %(year)s", year
        ).fetchall()
    lines = [
        BESIDE_A_FIGURE.sub("", line)
        for line in plain_lines(word.content)
        if not any(line.startswith(f"- {name}: ") for (name,) in names)
    ]
    of_sections = [f"đã, đang thực hiện {begun}/{every} nhiệm vụ của mục này" for every, begun in sections]
    ground = [recipient.opening_vi, recipient.letterhead.ground_vi]
    return lines, [*said(counts, shorts)], [*(text for (text,) in quoted), *of_sections, *ground, *DEFINED]


def office(count) -> str:
    """As an office counts: 0, 07, 12."""
    return max(in_words(int(count)), key=len)


def said(counts, shorts):
    """The sentences that count, as the public tables have them; of what there is none, no sentence."""
    of = {name: office(count) for name, count in counts.items() if isinstance(count, int)}
    yield f"trong {of['targets']} chỉ tiêu của Kế hoạch có"
    verdicts = {
        "met": "đạt và vượt mục tiêu", "not_met": "chưa đạt", "undecided": "chưa đủ số liệu để kết luận",
        "in_progress": "đang thực hiện, chưa đến thời hạn", "tracked": "theo dõi",
    }  # fmt: skip
    yield from (f"{of[name]} chỉ tiêu {words}" for name, words in verdicts.items() if counts[name])
    yield from (f"(còn thiếu {office(short)} người)" for (short,) in shorts)
    yield f"{of['received']}/{of['expected']} đơn vị có trách nhiệm báo cáo đã gửi báo cáo"
    yield f"trong đó {of['on_time']} đơn vị đúng hạn"
    yield f"Còn {of['missing']} đơn vị chưa gửi số liệu"
    yield f"Chưa gửi báo cáo ({of['missing']} đơn vị)"
    if counts["on_due_day"]:
        yield f"Gửi trong ngày hết hạn ({of['on_due_day']} đơn vị)"
    yield f"Gửi sau thời hạn ({of['late']} đơn vị)"
    if counts["late"] > FIRST["sent_late"] + 1:
        yield f"và {office(counts['late'] - FIRST['sent_late'])} đơn vị khác"
    yield f"Còn {office(counts['queries'])} nội dung cần giải trình ở {of['with_queries']} đơn vị"
    if counts["without_plan_status"]:
        yield f"(tổng số tính cả {of['without_plan_status']} đơn vị chưa có số liệu)"
    yield f"{of['owing']} đơn vị chưa báo cáo đủ các nhiệm vụ được giao; {of['blank']} loại số liệu"
    yield f"đã nêu {of['documents']} văn bản chỉ đạo"
    yield f"đã, đang thực hiện {counts['begun']}/{counts['duties']} nhiệm vụ của Kế hoạch"
    yield f"Trong năm có {of['founded']} HTX do phụ nữ tham gia quản lý, điều hành được thành lập"
    yield f"trong đó {of['supported']} HTX do các cấp Hội hỗ trợ"
    yield f"Ý kiến đánh giá của {of['others']} đơn vị khác, trong đó {of['voluntary']} đơn vị không thuộc diện"
    yield f"{of['to_the_union']} kiến nghị với Hội nêu tại phụ lục Excel"
    yield from (f"- {office(more)} kiến nghị khác của các đơn vị" for more in counts["more_texts"] or ())
    numbered = [row for row in read_csv(SEEDS / "indicators.csv") if row["reported_as"] == "target"]
    for kind, words in (("cumulative", "số lũy kế từ đầu Kế hoạch"), ("stock", "số hiện có tại thời điểm chốt")):
        rows = [str(n) for n, row in enumerate(numbered, start=1)
                if row["semantics"].startswith(kind) and row["unit"] != "percent"]  # fmt: skip
        yield f"Dòng {', '.join(rows)}: {words}"


@first_seed
def test_each_count_of_the_report_is_said_and_no_numeral_stands_without_one(read_back):
    lines, counted, quoted = read_back
    assert [text for text in counted if not any(text in line for line in lines)] == []
    assert [line for line in lines if left_of(line, [*counted, *quoted])] == []


@first_seed
def test_a_wrong_count_is_found(read_back):
    lines, counted, quoted = read_back
    [verdicts] = [line for line in lines if "chỉ tiêu của Kế hoạch có" in line]
    wrong = re.sub(r"(\d\d) chỉ tiêu theo dõi", lambda found: f"{int(found[1]) + 1:02} chỉ tiêu theo dõi", verdicts)
    assert (left_of(verdicts, [*counted, *quoted]), left_of(wrong, [*counted, *quoted]) != "") == ("", True)
