"""The lineage of a figure: its rows, and the file, sheet and cell of each; what `htx explain` prints."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import class_row, dict_row

from htx.steps import SEEDS
from warehouse.connection import connect
from warehouse.reference.catalogue import read_reference
from warehouse.reference.forms import Sheet
from warehouse.reference.numbers_vi import number_vi

TOTAL = ("total", "total")
PERCENT, YES_OR_NO = "percent", "0/1"
MEAN_DECIMALS = 2
PARTS = {"numerator": "Tử số", "denominator": "Mẫu số"}

INDICATOR = """
    select indicator_code, indicator_name_vi, indicator_name_en, unit, decision_codes
    from marts.dim_indicators where indicator_code = %(indicator)s
"""
UNITS = """
    select distinct unit_uid
    from marts.fct_indicator_values
    where report_year = %(year)s and basis = %(basis)s and %(unit)s in (unit_uid, split_part(unit_uid, '@', 1))
"""
UNIT_NAME = """
    select coalesce(
        (select unit_name_vi from marts.dim_reporting_units where unit_uid = %(unit_uid)s),
        (select unit_name from marts.dim_administrative_units where unit_uid = %(unit_uid)s),
        (select label_vi from marts.dim_codes where code_list = 'places' and code = %(unit_uid)s),
        %(unit_uid)s
    ) as name
"""
FIGURES = """
    select figures.measure_code, measure_name_vi, numerator, denominator, value, value_low, value_high,
           value_status, statuses.label_vi as value_status_vi, measures.unit, measures.unit_name_vi,
           (select parameter_value::integer from marts.dim_decisions where parameter = 'percent_decimals_shown')
               as percent_decimals
    from marts.fct_indicator_values as figures
    inner join marts.dim_measures as measures using (indicator_code, measure_code)
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
DECISIONS = """
    select decision_code, question_vi, default_vi, parameter_value
    from marts.dim_decisions
    where decision_code = any(%(codes)s)
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


class NothingPublished(Exception):
    """The warehouse has no marts yet."""


@dataclass(frozen=True)
class EvidenceRow:
    """A row of a report, an entry of the registry or a date of the calendar, and its contribution to a figure."""

    measure_code: str
    part: str
    """numerator or denominator"""
    contribution: Decimal
    source: str
    """submission, registry or calendar"""
    reporting_unit_uid: str | None
    reporting_unit_name: str | None
    organisation_id: str | None
    organisation_name: str | None
    submission_id: str | None
    receipt_number: str | None
    file_name: str | None
    received_at: datetime | None
    sheet_code: str | None
    row_number: int | None
    field_code: str | None
    cell: str | None
    snapshot_id: str | None
    snapshot_speaks_of: date | None
    publication_id: str | None
    sheet_title: str | None = None
    header: str | None = None
    """of the field, in Vietnamese"""


def explain(
    url: str,
    indicator: str,
    year: int,
    unit: str = "province",
    *,
    measure: str | None = None,
    breakdown: tuple[str, str] = TOTAL,
    basis: str = "as_reported",
) -> dict:
    """The figures of an indicator (one per measure) for a year and a unit, each with its rows.

    `unit`: a code of that year's roster or of the map; a uid, `province` or `unplaced`. `breakdown`: dimension and
    code. Figures are Decimals, percentages from 0 to 100; the province's total has its target, too.
    Raises LookupError, with a sentence, where something does not exist; NothingPublished."""
    params = {
        "indicator": indicator, "year": year, "unit": unit, "basis": basis,
        "breakdown": breakdown[0], "breakdown_code": breakdown[1],
    }  # fmt: skip
    with connect(url) as connection:
        connection.execute("set transaction isolation level repeatable read read only")  # snapshot isolation
        try:
            return _explained(connection, params, measure)
        except psycopg.errors.UndefinedTable:
            raise NothingPublished("The warehouse has no marts yet: run htx build.") from None


def _explained(connection: psycopg.Connection, params: dict, measure: str | None) -> dict:
    found = _rows(connection, INDICATOR, params)
    if not found:
        codes = _column(connection, "select indicator_code from marts.dim_indicators order by 1")
        raise LookupError(f"Indicator {params['indicator']} does not exist; known are {', '.join(codes)}.")
    [indicator] = found
    params = {**params, "unit_uid": _unit_uid(connection, params)}
    figures = _rows(connection, FIGURES, params)
    if measure:
        measures = ", ".join(each["measure_code"] for each in figures)
        figures = [each for each in figures if each["measure_code"] == measure]
        if measures and not figures:
            raise LookupError(f"{params['indicator']} has no measure {measure}; it has {measures}.")
    if not figures:
        raise LookupError(_why_none(connection, params))
    evidence = _evidence(connection, params)
    is_total = (params["breakdown"], params["breakdown_code"]) == TOTAL
    return {
        **{name: indicator[name] for name in ("indicator_code", "indicator_name_vi", "indicator_name_en")},
        "report_year": params["year"],
        "unit_uid": params["unit_uid"],
        "unit_name": _rows(connection, UNIT_NAME, params)[0]["name"],
        "basis": params["basis"],
        "basis_name": _basis_name(connection, params["basis"]),
        "breakdown": params["breakdown"],
        "breakdown_code": params["breakdown_code"],
        "target": next(iter(_rows(connection, TARGET, params)), None)
        if params["unit_uid"] == "province" and is_total
        else None,
        "decisions": _rows(connection, DECISIONS, {"codes": (indicator["decision_codes"] or "").split()}),
        "figures": [
            {**each, "evidence": [row for row in evidence if row.measure_code == each["measure_code"]]}
            for each in figures
        ],
    }


def _unit_uid(connection: psycopg.Connection, params: dict) -> str:
    year, basis = params["year"], params["basis"]
    years = _column(connection, "select distinct report_year from marts.fct_indicator_values order by 1")
    if year not in years:
        raise LookupError(f"There are no figures for {year}, only for {', '.join(map(str, years)) or 'no year'}.")
    bases = ["as_reported", *_column(connection, "select basis from marts.dim_maps order by 1")]
    if basis not in bases:
        raise LookupError(f"Basis {basis} does not exist; known are {', '.join(bases)}.")
    units = _column(connection, UNITS, params)
    if not units:
        where = f"on the roster of {year}" if basis == "as_reported" else f"on the map {basis}"
        raise LookupError(f"Unit {params['unit']} is not {where}.")
    return units[0]


def _why_none(connection: psycopg.Connection, params: dict) -> str:
    found = _rows(
        connection,
        "select distinct unit_uid, basis, breakdown, breakdown_code from marts.fct_indicator_values"
        " where indicator_code = %(indicator)s and report_year = %(year)s",
        params,
    )
    code = params["indicator"]
    here = [row for row in found if row["basis"] == params["basis"]]
    if not here:
        return f"{code} has no figures on the map {params['basis']}, only as reported."
    if params["unit_uid"] not in {row["unit_uid"] for row in here}:
        return f"{code} has no figure for {params['unit']}: it exists for the province alone."
    dimensions = sorted({row["breakdown"] for row in here} - {"total"})
    if params["breakdown"] not in dimensions:
        return f"{code} has no breakdown {params['breakdown']}; it has {', '.join(dimensions) or 'none'}."
    codes = sorted({row["breakdown_code"] for row in here if row["breakdown"] == params["breakdown"]})
    return (
        f"{params['breakdown']} has no {params['breakdown_code']} here; in {params['year']} it has {', '.join(codes)}."
    )


def _evidence(connection: psycopg.Connection, params: dict) -> list[EvidenceRow]:
    with connection.cursor(row_factory=class_row(EvidenceRow)) as cursor:
        rows = cursor.execute(EVIDENCE, params).fetchall()
    sheets: dict[str, Sheet] = {}
    for form in sorted(read_reference(SEEDS).forms.values(), key=lambda form: form.first_report_year):
        sheets |= form.sheets
    return [_titled(row, sheets[row.sheet_code]) if row.sheet_code in sheets else row for row in rows]


def _titled(row: EvidenceRow, sheet: Sheet) -> EvidenceRow:
    field = sheet.by_code.get(row.field_code or "")
    return replace(row, sheet_title=sheet.title_vi, header=field.header_vi if field else None)


def _basis_name(connection: psycopg.Connection, basis: str) -> str:
    named = _rows(connection, "select map_name_vi from marts.dim_maps where basis = %(basis)s", {"basis": basis})
    return named[0]["map_name_vi"] if named else "theo đơn vị báo cáo"


def _rows(connection: psycopg.Connection, query: str, params: dict | None = None) -> list[dict]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, params or {}).fetchall()


def _column(connection: psycopg.Connection, query: str, params: dict | None = None) -> list:
    return [first for first, *_ in connection.execute(query, params or {})]


# As JSON, as text


def as_plain(explained: dict) -> dict:
    """With plain numbers and ISO dates, for JSON."""

    def plain(value: Any) -> Any:
        if isinstance(value, EvidenceRow):
            return plain(asdict(value))
        if isinstance(value, dict):
            return {key: plain(each) for key, each in value.items()}
        if isinstance(value, list):
            return [plain(each) for each in value]
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
        return value.isoformat() if isinstance(value, date) else value

    return plain(explained)


def as_text(explained: dict) -> str:
    """For a terminal, in Vietnamese: each figure, then its rows, and their sum."""
    where = [f"Năm {explained['report_year']}", explained["unit_name"], explained["basis_name"]]
    if explained["breakdown"] != "total":
        where.append(f"{explained['breakdown']} = {explained['breakdown_code']}")
    lines = [f"{explained['indicator_code']} {explained['indicator_name_vi']}", ", ".join(where)]
    for figure in explained["figures"]:
        lines += ["", *_figure_lines(figure, explained["target"] if figure["measure_code"] == "value" else None)]
        for part, name in PARTS.items():
            rows = [row for row in figure["evidence"] if row.part == part]
            if rows or (part == "numerator" and figure["numerator"] is not None):
                lines += [name, *_evidence_lines(rows)]
    if explained["decisions"]:
        lines += ["", "Cách hiểu đã áp dụng"]
        for each in explained["decisions"]:
            switch = f" [{each['parameter_value']}]" if each["parameter_value"] else ""
            lines.append(f"  {each['decision_code']} {each['default_vi']}{switch}")
    return "\n".join(lines)


def _figure_lines(figure: dict, target: dict | None) -> list[str]:
    is_percent, is_quotient = figure["unit"] == PERCENT, figure["denominator"] is not None
    decimals = figure["percent_decimals"] if is_percent else MEAN_DECIMALS if is_quotient else None

    def written(value: Decimal | None) -> str:
        return number_vi(value, decimals) + "%" * is_percent if value is not None else "chưa rõ"

    name = "Giá trị" if figure["measure_code"] == "value" else f"{figure['measure_name_vi']} ({figure['measure_code']})"
    value = written(figure["value"]) if figure["value"] is not None else "–"
    named = f"({figure['unit_name_vi']})" if figure["unit"] == YES_OR_NO else figure["unit_name_vi"]
    unit = f" {named}" if named and not is_percent else ""
    quotient = f" = {number_vi(figure['numerator'], None)} / {number_vi(figure['denominator'], None)}"
    lines = [f"{name}: {value}{unit}{quotient if is_quotient else ''}; {figure['value_status_vi'].lower()}"]
    low, high = figure["value_low"], figure["value_high"]
    if figure["value_status"] != "not_applicable" and not (low == high == figure["value"]):
        lines.append(f"Khi đủ báo cáo: ít nhất {written(low)}, nhiều nhất {written(high)}")
    if target:
        aim = f"{target['comparator']} {number_vi(target['target'], None)} ({target['target_year']}): "
        lines.append(f"Mục tiêu: {aim if target['target'] is not None else ''}{target['verdict_vi']}")
    return lines


def _evidence_lines(rows: list[EvidenceRow]) -> list[str]:
    amounts = [number_vi(row.contribution, None) for row in rows]
    total = number_vi(sum((row.contribution for row in rows), Decimal(0)), None)
    width = max(map(len, [*amounts, total]))
    lines = [f"  {amount:>{width}}  {_source(row)}" for amount, row in zip(amounts, rows, strict=True)]
    return [*lines, f"  {total:>{width}}  cộng {len(rows)} dòng"]


def _source(row: EvidenceRow) -> str:
    """The organisation, the file with its unit, and the cell with its header."""
    thing = " ".join(filter(None, [row.organisation_id, row.organisation_name]))
    if row.source == "registry":
        return f"{thing}; sổ đăng ký HTX ngày {row.snapshot_speaks_of:%d/%m/%Y}, {row.field_code}"
    file = f"{row.file_name} (biên nhận {row.receipt_number})" if row.file_name else None
    if row.source == "calendar":
        sent = f"báo cáo đã gửi {row.publication_id}" if row.publication_id else None
        return "; ".join(filter(None, [row.reporting_unit_name, file or sent or "lịch báo cáo, danh sách đơn vị"]))
    place = f"{row.sheet_code} {row.sheet_title}, ô {row.cell}: {row.header}"
    return "; ".join(filter(None, [thing, row.reporting_unit_name, file, place]))
