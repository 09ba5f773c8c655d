"""The lineage of a figure: its rows, and the file, sheet and cell of each."""

from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row

from warehouse.build.builds import require_no_other_builders
from warehouse.connection import connect
from warehouse.reference.forms import Sheet
from warehouse.reference.reference_data import plan_folder, read_reference

TOTAL = ("total", "total")

INDICATOR = """
    select indicator_code, indicator_name_vi, indicator_name_en, decision_codes
    from marts.dim_indicators where indicator_code = %(indicator)s
"""
KNOWN = """
    select array(select indicator_code from marts.dim_indicators order by 1) as indicators,
           array(select distinct report_year from marts.fct_indicator_values order by 1) as years,
           array(select basis from marts.dim_maps order by 1) as maps
"""
UNITS = """
    select distinct unit_uid,
           coalesce(reporting.unit_name_vi, ground.unit_name, places.label_vi, unit_uid) as unit_name,
           coalesce(maps.map_name_vi, lower(bases.label_vi)) as basis_name
    from marts.fct_indicator_values
    left join marts.dim_reporting_units as reporting using (unit_uid)
    left join marts.dim_administrative_units as ground using (unit_uid)
    left join marts.dim_codes as places on places.code_list = 'places' and places.code = unit_uid
    left join marts.dim_maps as maps using (basis)
    left join marts.dim_codes as bases on bases.code_list = 'bases' and bases.code = basis
    where report_year = %(year)s and basis = %(basis)s and %(unit)s in (unit_uid, split_part(unit_uid, '@', 1))
"""
FIGURES = """
    select figures.measure_code, measure_name_vi, numerator, denominator, value, value_low, value_high,
           bound_kind, kinds.label_vi as bound_kind_vi, units_expected, units_reported,
           value_status, statuses.label_vi as value_status_vi, measures.unit, measures.unit_name_vi,
           (select parameter_value::integer from marts.dim_decisions where parameter = 'percent_decimals_shown'
               and %(year)s between valid_from_year and coalesce(valid_to_year, %(year)s)) as percent_decimals
    from marts.fct_indicator_values as figures
    inner join marts.dim_measures as measures using (indicator_code, measure_code)
    left join marts.dim_codes as kinds on kinds.code_list = 'bound_kinds' and kinds.code = bound_kind
    left join marts.dim_codes as statuses on statuses.code_list = 'value_statuses' and statuses.code = value_status
    where indicator_code = %(indicator)s and report_year = %(year)s and unit_uid = %(unit_uid)s and basis = %(basis)s
      and breakdown = %(breakdown)s and breakdown_code = %(breakdown_code)s
    order by figures.measure_code
"""
TARGET = """
    select comparator, target, target_year, verdict, verdicts.label_vi as verdict_vi
    from reports.rpt_annual_targets
    left join marts.dim_codes as verdicts on verdicts.code_list = 'verdicts' and verdicts.code = verdict
    where indicator_code = %(indicator)s and report_year = %(year)s
"""
PARTS = """
    select unit_uid, basis, breakdown, breakdown_code
    from marts.fct_indicator_values
    where indicator_code = %(indicator)s and report_year = %(year)s
    group by 1, 2, 3, 4
"""
DECISIONS = """
    select decision_code, question_vi, default_vi, parameter_value, valid_from_year, source_vi
    from marts.dim_decisions
    where decision_code = any(%(codes)s) and %(year)s between valid_from_year and coalesce(valid_to_year, %(year)s)
    order by array_position(%(codes)s, decision_code)
"""
# the rows of a breakdown are those of the total that have its code, or rows of its own
EVIDENCE = """
    select evidence.measure_code, evidence.part, evidence.contribution, evidence.source,
           evidence.reporting_unit_uid, units.unit_name_vi as reporting_unit_name,
           evidence.organisation_id, coalesce(cooperatives.cooperative_name, groups.group_name) as organisation_name,
           evidence.submission_id, submissions.receipt_number, submissions.file_name, submissions.received_at,
           evidence.sheet_code, evidence.row_number, evidence.field_code, evidence.cell,
           evidence.snapshot_id, snapshots.speaks_of as snapshot_speaks_of, evidence.publication_id
    from marts.fct_indicator_evidence as evidence
    left join marts.fct_submissions as submissions using (submission_id)
    left join marts.dim_registry_snapshots as snapshots on evidence.snapshot_id = snapshots.snapshot_id
    left join marts.dim_reporting_units as units on evidence.reporting_unit_uid = units.unit_uid
    left join (select distinct on (registration_number) registration_number, cooperative_name
               from marts.dim_cooperatives order by registration_number, valid_from desc) as cooperatives
        on evidence.organisation_id = cooperatives.registration_number
    left join (select distinct on (group_code) group_code, group_name
               from marts.dim_cooperative_groups order by group_code, valid_from desc) as groups
        on evidence.organisation_id = groups.group_code
    where evidence.indicator_code = %(indicator)s and evidence.report_year = %(year)s
      and evidence.unit_uid = %(unit_uid)s and evidence.basis = %(basis)s
      and (
          (evidence.breakdown, evidence.breakdown_code) = (%(breakdown)s, %(breakdown_code)s)
          or evidence.breakdown = 'total' and evidence.attributes ? %(breakdown)s
          and coalesce(evidence.attributes ->> %(breakdown)s, 'not_stated') = %(breakdown_code)s
      )
    order by evidence.measure_code, evidence.part desc, evidence.source, evidence.reporting_unit_uid,
             submissions.received_at, submissions.file_name, evidence.sheet_code, evidence.row_number,
             evidence.organisation_id, evidence.field_code
"""


class UnknownFigure(Exception):
    """There is no such figure; the message says what there is instead."""


class NothingPublished(Exception):
    """The warehouse has no marts yet."""


def explain(
    url: str,
    indicator: str,
    year: int,
    unit: str = "province",
    *,
    measure: str | None = None,
    breakdown: tuple[str, str] = TOTAL,
    basis: str = "as_reported",
) -> dict[str, Any]:
    """The figures of an indicator (one per measure) for a year and a unit, each with its rows as `evidence`.

    `unit`: a code of that year's roster or of the map; a uid, `province` or `unplaced`. `breakdown`: dimension and
    code. Figures are Decimals, percentages from 0 to 100; the province's total has its target, too.
    Raises UnknownFigure, NothingPublished, BuildForbidden."""
    params = {
        "indicator": indicator, "year": year, "unit": unit, "basis": basis,
        "breakdown": breakdown[0], "breakdown_code": breakdown[1],
    }  # fmt: skip
    with connect(url) as connection, connection.cursor(row_factory=dict_row) as cursor:
        connection.execute("set transaction isolation level repeatable read read only")  # snapshot isolation
        require_no_other_builders(connection)
        try:
            return _explained(cursor, params, measure)
        except psycopg.errors.UndefinedTable:
            raise NothingPublished("The warehouse has no marts yet: run htx build.") from None


def _explained(cursor: psycopg.Cursor[DictRow], params: dict, measure: str | None) -> dict:
    def rows(query: str) -> list[DictRow]:
        return cursor.execute(query, params).fetchall()

    [known] = rows(KNOWN)
    units = rows(UNITS)
    _require_known(params, known, bool(units))
    [indicator] = rows(INDICATOR)
    params |= {"unit_uid": units[0]["unit_uid"], "codes": (indicator.pop("decision_codes") or "").split()}
    figures = rows(FIGURES)
    if not figures:
        raise UnknownFigure(_why_none(rows(PARTS), params))
    if measure:
        measures = ", ".join(each["measure_code"] for each in figures)
        figures = [each for each in figures if each["measure_code"] == measure]
        if not figures:
            raise UnknownFigure(f"{params['indicator']} has no measure {measure}; it has {measures}.")
    evidence = _with_headings(rows(EVIDENCE))
    has_target = (units[0]["unit_uid"], params["breakdown"]) == ("province", "total")
    return {
        **indicator,
        "report_year": params["year"],
        "unit_uid": units[0]["unit_uid"],
        "unit_name": units[0]["unit_name"],
        "basis": params["basis"],
        "basis_name": units[0]["basis_name"],
        "breakdown": params["breakdown"],
        "breakdown_code": params["breakdown_code"],
        "target": next(iter(rows(TARGET)), None) if has_target else None,
        "decisions": rows(DECISIONS),
        "figures": [
            {**each, "evidence": [row for row in evidence if row["measure_code"] == each["measure_code"]]}
            for each in figures
        ],
    }


def _require_known(params: dict, known: DictRow, has_unit: bool) -> None:
    indicator, year, basis = params["indicator"], params["year"], params["basis"]
    if indicator not in known["indicators"]:
        raise UnknownFigure(f"Indicator {indicator} does not exist; known are {', '.join(known['indicators'])}.")
    if year not in known["years"]:
        years = ", ".join(map(str, known["years"])) or "no year"
        raise UnknownFigure(f"There are no figures for {year}, only for {years}.")
    if basis not in (bases := ["as_reported", *known["maps"]]):
        raise UnknownFigure(f"Basis {basis} does not exist; known are {', '.join(bases)}.")
    if not has_unit:
        where = f"on the roster of {year}" if basis == "as_reported" else f"on the map {basis}"
        raise UnknownFigure(f"Unit {params['unit']} is not {where}.")


def _why_none(parts: list[DictRow], params: dict) -> str:
    """Why an indicator has no figure: of its parts in that year, none is of this map, unit or breakdown."""
    code, breakdown = params["indicator"], params["breakdown"]
    here = [row for row in parts if row["basis"] == params["basis"]]
    if not here:
        return f"{code} has no figures on the map {params['basis']}, only as reported."
    if params["unit_uid"] not in {row["unit_uid"] for row in here}:
        return f"{code} has no figure for {params['unit']}: it exists for the province alone."
    codes = sorted({row["breakdown_code"] for row in here if row["breakdown"] == breakdown})
    if breakdown == "total" or not codes:
        dimensions = sorted({row["breakdown"] for row in here} - {"total"})
        return f"{code} has no breakdown {breakdown}; it has {', '.join(dimensions) or 'none'}."
    return f"{breakdown} has no {params['breakdown_code']} here; in {params['year']} it has {', '.join(codes)}."


def _with_headings(evidence: list[DictRow]) -> list[DictRow]:
    """The rows with sheet_title, and header of the field, in Vietnamese; None where a row is of no sheet."""
    sheets: dict[str, Sheet] = {}
    for form in read_reference(plan_folder()).forms.values():
        sheets |= form.sheets
    for row in evidence:
        sheet = sheets.get(row["sheet_code"])
        field = sheet.by_code.get(row["field_code"]) if sheet else None
        row |= {"sheet_title": sheet and sheet.title_vi, "header": field and field.header_vi}
    return evidence
