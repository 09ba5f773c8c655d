"""What the budget estimate of a year is drafted from: money and costs of the years before, and the duties."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg

from reporting.content.report_rows import one_version, read_rows
from warehouse.reference import csv_rows

SECTIONS = Path(__file__).with_name("budget_activities.csv")

# of the province, as one department reports each source (decision 0050)
MONEY = """
    select indicator_code, measure_code, report_year, breakdown, breakdown_code, breakdown_code_name_vi, value,
           units_reported, units_expected
    from reports.rpt_figures
    where indicator_code = 'C23' and unit_uid = 'province' and basis = 'as_reported'
      and breakdown in ('funding_source', 'total') and report_year < %(year)s
    order by breakdown_order, breakdown_code, report_year, measure_code
"""
COSTS = """
    select report_year, activity_list, activity, activity_name_vi, activities, with_cost, cost_million_vnd
    from reports.rpt_activity_costs
    where report_year < %(year)s
    order by activity_list desc, activity_order, report_year
"""
DUTIES = """
    select sections.code as section, sections.label_vi as section_title_vi, count(*) as duties
    from reports.rpt_codes as sections
    inner join reports.rpt_codes as duties
        on duties.code_list = 'duties' and starts_with(duties.code, sections.code || '.')
    where sections.code_list = 'plan_sections'
    group by sections.code, sections.label_vi, sections.sort_order
    order by sections.sort_order
"""
SENT = """
    select report_year + 1 as estimate_year, evidence_document, estimate_sent_on,
           estimate_addressee_name_vi as addressee_vi, estimate_amount_million_vnd
    from reports.rpt_duties
    where report_year + 1 between %(year)s - 2 and %(year)s
      and num_nonnulls(estimate_amount_million_vnd, estimate_sent_on) > 0
    order by report_year, estimate_sent_on
"""


@dataclass(frozen=True)
class Budget:
    """The rows that the estimate of `year` is drafted from."""

    year: int
    money: list[dict]
    costs: list[dict]
    duties: list[dict]
    sent: list[dict]


@cache
def sections_of_activities() -> dict[tuple[str, str], str]:
    """{(list, activity): the section of the plan that it carries out}; of others nobody has said so."""
    return {(row["activity_list"], row["activity"]): row["section"] for row in csv_rows.read_rows(SECTIONS)}


def read_budget(connection: psycopg.Connection, year: int) -> Budget:
    """Amounts are in million VND. Raises NothingToReport."""
    with one_version(connection):
        found = [read_rows(connection, statement, {"year": year}) for statement in (MONEY, COSTS, DUTIES, SENT)]
    return Budget(year, *found)
