"""The small data frames that the gates check, queried from the warehouse."""

import pandas as pd
import psycopg
from psycopg.sql import SQL, Identifier

from warehouse.connection import scalar
from warehouse.reference.reference_data import Reference

ACCEPTED_FILES = """
    select submission_id, reporting_unit_code, report_year, report_kind, submission_kind, form_version, received_at,
        cover
    from raw.received_files
    where verdict = 'accepted'
    order by received_at, file_name, submission_id
"""
FILES_OF_ROWS = """
    select rows.submission_id, files.submission_id as accepted_id
    from (select distinct submission_id from raw.sheet_rows) as rows
    left join raw.received_files as files on rows.submission_id = files.submission_id and files.verdict = 'accepted'
    order by rows.submission_id
"""
ROW_COUNTS = """
    select submission_id, sheet_code, count(*)::integer as row_count
    from raw.sheet_rows
    group by submission_id, sheet_code
"""
COUNTS = """
    select
        (select count(*) from raw.received_files)::integer as received_files,
        (select count(*) from raw.registry_snapshots)::integer as registry_snapshots
"""
# one row per table of the last snapshot, beside the one before
REGISTRY = """
    with snapshots as (
        select row_counts, shrink_allowed_because, row_number() over (order by speaks_of desc, pulled_at desc) as place
        from raw.registry_snapshots
    )
    select counted.key as table_name, counted.value::integer as row_count,
        (former.row_counts ->> key)::integer as before,
        counted.value::float8 / nullif((former.row_counts ->> key)::float8, 0) as kept_share,
        case when latest.shrink_allowed_because is null then 'no' else 'yes' end as is_allowed
    from snapshots as latest
    cross join jsonb_each_text(latest.row_counts) as counted
    inner join snapshots as former on former.place = 2 and former.row_counts ? counted.key
    where latest.place = 1
    order by table_name
"""
FILES_OF_THE_LAST_YEAR = """
    select report_year, count(*)::integer as received_files,
        count(*) filter (where verdict = 'rejected')::integer as rejected_files
    from raw.received_files
    where report_year = (select max(report_year) from raw.received_files where verdict = 'accepted')
    group by report_year
"""
SHEETS = "select submission_id, sheet_code, coalesce(sheet_name, sheet_code) as found from raw.sheets"
MARTS = {
    "counts": "select count(*)::integer as indicator_values from {marts}.fct_indicator_values",
    "indicator values": """
        select indicator_code, measure_code, breakdown, breakdown_code, report_year, unit_uid, basis,
            numerator::float8, denominator::float8, value::float8, value_low::float8, value_high::float8, value_status,
            case when indicator_code = any(%(percentages)s) then 'yes' else 'no' end as is_percent
        from {marts}.fct_indicator_values
    """,
    "indicator years": """
        select codes.indicator_code, years.report_year, found.value_status, targets.verdict
        from (select distinct report_year from {marts}.fct_indicator_values) as years
        cross join unnest(%(targets)s::text[]) as codes (indicator_code)
        left join {marts}.fct_indicator_values as found
            on codes.indicator_code = found.indicator_code and years.report_year = found.report_year
            and found.measure_code = 'value' and found.breakdown = 'total'
            and found.unit_uid = 'province' and found.basis = 'as_reported'
        left join {reports}.rpt_annual_targets as targets
            on codes.indicator_code = targets.indicator_code and years.report_year = targets.report_year
        order by codes.indicator_code, years.report_year
    """,
    "baseline": """
        select indicator_code, measure_code, plan_value::float8, registry_value::float8
        from {reports}.rpt_baseline order by indicator_code, measure_code
    """,
    "beyond limit": """
        select report_year, indicator_code, measure_code, value::float8, limit_indicator_code, limit_measure_code,
            at_most::float8
        from {reports}.rpt_figures_beyond_limit order by report_year, indicator_code, measure_code
    """,
    "strengthened": """
        select report_year, value::float8,
            (select count(distinct registration_number) from {marts}.dim_cooperatives)::integer as cooperatives
        from {marts}.fct_indicator_values
        where indicator_code = 'T01' and measure_code = 'value' and unit_uid = 'province' and basis = 'as_reported'
    """,
}
PUBLISHED_YEARS = """
    select published.report_year, following.report_year as next_year
    from (select distinct report_year from {public}.fct_indicator_values) as published
    left join (select distinct report_year from {marts}.fct_indicator_values) as following
        on published.report_year = following.report_year
    order by published.report_year
"""


def batch_frames(connection: psycopg.Connection, reference: Reference) -> dict[str, pd.DataFrame]:
    """The frames of what was received."""
    accepted = _frame(connection, ACCEPTED_FILES)
    years = {year for year, _ in reference.roster}
    is_known = accepted["report_year"].isin(years)
    is_yearly = accepted["report_kind"].isin(reference.report_kinds(yearly=True))
    return {
        "counts": _frame(connection, COUNTS),
        "accepted files": accepted.assign(roster_year=accepted["report_year"].where(is_known)),
        "files of rows": _frame(connection, FILES_OF_ROWS),
        "sheets": _sheets(accepted, _frame(connection, SHEETS), reference),
        "registry": _frame(connection, REGISTRY),
        "last year": _last_year(_frame(connection, FILES_OF_THE_LAST_YEAR), accepted[is_yearly], reference),
        "lists": _lists(accepted[is_yearly], _frame(connection, ROW_COUNTS), reference),
    }


def mart_frames(
    connection: psycopg.Connection, reference: Reference, marts: str, reports: str, public_marts: str
) -> dict[str, pd.DataFrame]:
    """The frames of the build in the schemas `marts` and `reports`, compared with `public_marts`."""
    schemas = {"marts": Identifier(marts), "reports": Identifier(reports), "public": Identifier(public_marts)}
    codes = {
        "percentages": [code for code, each in reference.indicators.items() if each.unit == "percent"],
        "targets": [code for code in reference.indicators if code.startswith("T")],
    }
    is_public = scalar(connection, "select to_regclass(%s)", [f"{public_marts}.fct_indicator_values"])
    queries = {**MARTS, "published years": PUBLISHED_YEARS} if is_public else MARTS
    found = {name: _frame(connection, query, schemas, codes) for name, query in queries.items()}
    return {"published years": pd.DataFrame(), **found}


def _sheets(accepted: pd.DataFrame, sheets: pd.DataFrame, reference: Reference) -> pd.DataFrame:
    """One row per accepted whole file and sheet that its unit fills in and did not declare nil; `found` is the name
    of the sheet in the file."""
    expected = []
    for file in accepted[accepted["submission_kind"] != "partial_correction"].itertuples():
        unit = reference.roster.get((file.report_year, file.reporting_unit_code))
        form = reference.forms.get(file.form_version)
        if unit is None or form is None:
            continue
        for sheet_code, sheet in form.sheets.items():
            nil = f"nil_{sheet_code}"
            is_listed = nil in form.cover.by_code and (file.cover or {}).get(nil) != "C"
            if is_listed and reference.sheet_applies(sheet, unit):
                expected.append((file.submission_id, sheet_code))
    return pd.DataFrame(expected, columns=["submission_id", "sheet_code"], dtype="object").merge(sheets, how="left")


def _last_year(files: pd.DataFrame, yearly: pd.DataFrame, reference: Reference) -> pd.DataFrame:
    """One row for the last year of which a file was accepted: how many were rejected, how many units reported."""
    if files.empty:
        return files
    year = int(files.at[0, "report_year"])
    mandatory = {unit.code for unit in reference.roster_of(year) if unit.mandatory}
    reported = mandatory & set(yearly.loc[yearly["report_year"] == year, "reporting_unit_code"])
    return files.assign(
        rejected_share=files["rejected_files"] / files["received_files"],
        reported_units=len(reported),
        mandatory_units=len(mandatory),
        reported_share=len(reported) / len(mandatory) if mandatory else None,
    )


def _lists(yearly: pd.DataFrame, row_counts: pd.DataFrame, reference: Reference) -> pd.DataFrame:
    """One row per list and kind of unit: the median rows of a unit's last whole report in the last year, and in the
    year before it."""
    whole = yearly[yearly["submission_kind"] != "partial_correction"]
    whole = whole.drop_duplicates(["reporting_unit_code", "report_year"], keep="last")
    kinds = pd.DataFrame(
        [(year, code, unit.kind) for (year, code), unit in reference.roster.items()],
        columns=["report_year", "reporting_unit_code", "unit_kind"],
    )
    counted = whole.merge(kinds).merge(row_counts, on="submission_id")
    by_list = ["sheet_code", "unit_kind"]
    medians = counted.groupby(["report_year", *by_list])["row_count"].median().rename("median_rows").reset_index()
    last = whole["report_year"].max()
    before = medians[medians["report_year"] == last - 1].rename(columns={"median_rows": "before"})
    found = medians[medians["report_year"] == last].merge(before[[*by_list, "before"]], on=by_list)
    return found.assign(growth=found["median_rows"] / found["before"])


def _frame(
    connection: psycopg.Connection, query: str, schemas: dict[str, Identifier] | None = None, codes: dict | None = None
) -> pd.DataFrame:
    cursor = connection.execute(SQL(query).format(**schemas or {}), codes)
    names = [column.name for column in cursor.description or ()]
    return pd.DataFrame(cursor.fetchall(), columns=names)
