"""The small data frames that the gates check, queried from the warehouse."""

import pandas as pd
import psycopg
from psycopg.sql import SQL, Composed, Identifier

from warehouse.connection import scalar
from warehouse.reference.forms import COVER
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
LAST_SNAPSHOTS = """
    select row_counts, shrink_allowed_because
    from raw.registry_snapshots
    order by speaks_of desc, pulled_at desc
    limit 2
"""
FILES_OF_THE_LAST_YEAR = """
    select report_year, count(*)::integer as received_files,
        count(*) filter (where verdict = 'rejected')::integer as rejected_files
    from raw.received_files
    where report_year = (select max(report_year) from raw.received_files where verdict = 'accepted')
    group by report_year
"""
ALL_VALUES = """
    select indicator_code, measure_code, breakdown, breakdown_code, report_year, unit_uid, basis,
        numerator::float8, denominator::float8, value::float8, value_low::float8, value_high::float8, value_status
    from {marts}.fct_indicator_values
"""
PROVINCE_VALUES = """
    select codes.indicator_code, years.report_year, found.value_status, targets.verdict
    from (select distinct report_year from {marts}.fct_indicator_values) as years
    cross join unnest(%s::text[]) as codes (indicator_code)
    left join {marts}.fct_indicator_values as found
        on codes.indicator_code = found.indicator_code and years.report_year = found.report_year
        and found.measure_code = 'value' and found.breakdown = 'total'
        and found.unit_uid = 'province' and found.basis = 'as_reported'
    left join {reports}.rpt_annual_targets as targets
        on codes.indicator_code = targets.indicator_code and years.report_year = targets.report_year
    order by codes.indicator_code, years.report_year
"""
PUBLISHED_YEARS = """
    select published.report_year, following.report_year as next_year
    from (select distinct report_year from {public}.fct_indicator_values) as published
    left join (select distinct report_year from {marts}.fct_indicator_values) as following
        on published.report_year = following.report_year
    order by published.report_year
"""
COOPERATIVES = "select count(distinct registration_number) from {marts}.dim_cooperatives"

YEARLY_KINDS = ("annual", "annual_final")


def batch_frames(
    connection: psycopg.Connection, reference: Reference, least_share: float, length_bounds: tuple[float, float]
) -> dict[str, pd.DataFrame]:
    """The frames of what was received. `least_share` of a snapshot's rows must be kept by the next; a list's length
    may change by a factor within `length_bounds`."""
    accepted = _frame(connection, SQL(ACCEPTED_FILES))
    row_counts = _frame(connection, SQL(ROW_COUNTS))
    return {
        "counts": _frame(connection, SQL(COUNTS)),
        "accepted files": _with_roster_year(accepted, reference),
        "files of rows": _frame(connection, SQL(FILES_OF_ROWS)),
        "sheets": _sheets(connection, accepted, reference),
        "registry": _registry(connection, least_share),
        "last year": _last_year(connection, accepted, reference),
        "lists": _lists(accepted, row_counts, reference, *length_bounds),
    }


def mart_frames(
    connection: psycopg.Connection, reference: Reference, marts: str, reports: str, public_marts: str
) -> dict[str, pd.DataFrame]:
    """The frames of the build in the schemas `marts` and `reports`, compared with `public_marts`."""
    schemas = {"marts": Identifier(marts), "reports": Identifier(reports), "public": Identifier(public_marts)}

    def query(text: str) -> Composed:
        return SQL(text).format(**schemas)

    every_value = _frame(connection, query(ALL_VALUES))
    every_value["is_percent"] = [
        "yes" if code in reference.indicators and reference.indicators[code].unit == "percent" else "no"
        for code in every_value["indicator_code"]
    ]
    # Bounds and statuses hold for what an indicator measures; figures beside it may be changes, which fall too.
    values = every_value[(every_value["measure_code"] == "value")].reset_index(drop=True)
    is_public = scalar(connection, "select to_regclass(%s)", [f"{public_marts}.fct_indicator_values"])
    targeted = [code for code in reference.indicators if code.startswith("T")]
    cooperatives = scalar(connection, query(COOPERATIVES))
    of_province = (values["unit_uid"] == "province") & (values["basis"] == "as_reported")
    strengthened = values[of_province & (values["indicator_code"] == "T01")][["report_year", "value"]]
    return {
        "counts": pd.DataFrame({"indicator_values": [len(every_value)]}),
        "all values": every_value,
        "values": values,
        "indicator years": _frame(connection, query(PROVINCE_VALUES), [targeted]),
        "published years": _frame(connection, query(PUBLISHED_YEARS)) if is_public else pd.DataFrame(),
        "strengthened": strengthened.assign(cooperatives=cooperatives).reset_index(drop=True),
    }


def _with_roster_year(accepted: pd.DataFrame, reference: Reference) -> pd.DataFrame:
    years = {year for year, _ in reference.roster}
    roster_year = [year if year in years else None for year in accepted["report_year"]]
    columns = accepted[["submission_id", "reporting_unit_code", "report_year"]]
    return columns.assign(roster_year=pd.Series(roster_year, dtype="object"))


def _sheets(connection: psycopg.Connection, accepted: pd.DataFrame, reference: Reference) -> pd.DataFrame:
    """One row per accepted whole file and sheet that its unit fills in and did not declare nil; `found` is the name
    of the sheet in the file."""
    names = {
        (submission_id, sheet_code): sheet_name
        for submission_id, sheet_code, sheet_name in connection.execute(
            "select submission_id, sheet_code, coalesce(sheet_name, sheet_code) from raw.sheets"
        )
    }
    expected = []
    for file in accepted.itertuples():
        unit = reference.roster.get((file.report_year, file.reporting_unit_code))
        form = reference.forms.get(file.form_version)
        if unit is None or form is None or file.submission_kind == "partial_correction":
            continue
        cover = file.cover or {}
        for sheet_code, sheet in form.sheets.items():
            nil = f"nil_{sheet_code}"
            if sheet_code == COVER or nil not in form.cover.by_code or cover.get(nil) == "C":
                continue
            if reference.sheet_applies(sheet, unit):
                expected.append((file.submission_id, sheet_code, names.get((file.submission_id, sheet_code))))
    return pd.DataFrame(expected, columns=["submission_id", "sheet_code", "found"], dtype="object")


def _registry(connection: psycopg.Connection, least_share: float) -> pd.DataFrame:
    """One row per table of the last snapshot, beside the one before."""
    columns = ["table_name", "row_count", "before", "least", "allowed_because"]
    snapshots = connection.execute(LAST_SNAPSHOTS).fetchall()
    if len(snapshots) < 2:
        return pd.DataFrame(columns=columns)
    (counts, because), (before, _) = snapshots
    rows = [
        (table, float(count), float(before[table]), least_share * before[table], because)
        for table, count in sorted(counts.items())
        if table in before
    ]
    return pd.DataFrame(rows, columns=columns)


def _last_year(connection: psycopg.Connection, accepted: pd.DataFrame, reference: Reference) -> pd.DataFrame:
    """One row for the last year of which a file was accepted: how many were rejected, how many units reported."""
    files = _frame(connection, SQL(FILES_OF_THE_LAST_YEAR))
    if files.empty:
        return pd.DataFrame()
    year = int(files.at[0, "report_year"])
    mandatory = {unit.code for unit in reference.roster_of(year) if unit.mandatory}
    yearly = accepted[(accepted["report_year"] == year) & accepted["report_kind"].isin(YEARLY_KINDS)]
    reported = mandatory & set(yearly["reporting_unit_code"])
    return files.assign(
        rejected_share=files["rejected_files"] / files["received_files"],
        reported_units=len(reported),
        mandatory_units=len(mandatory),
        reported_share=len(reported) / len(mandatory) if mandatory else None,
    )


def _lists(
    accepted: pd.DataFrame, row_counts: pd.DataFrame, reference: Reference, least: float, most: float
) -> pd.DataFrame:
    """One row per list and kind of unit: the median rows of a unit's last whole report in the last year, and in the
    year before it."""
    columns = ["sheet_code", "unit_kind", "median_rows", "before", "least", "most"]
    whole = accepted[
        accepted["report_kind"].isin(YEARLY_KINDS) & (accepted["submission_kind"] != "partial_correction")
    ].drop_duplicates(["reporting_unit_code", "report_year"], keep="last")
    if whole.empty:
        return pd.DataFrame(columns=columns)
    kinds = [
        reference.roster[key].kind if key in reference.roster else None
        for key in zip(whole["report_year"], whole["reporting_unit_code"], strict=True)
    ]
    counted = whole.assign(unit_kind=kinds).merge(row_counts, on="submission_id")
    medians = counted.groupby(["report_year", "sheet_code", "unit_kind"])["row_count"].median()
    last = int(whole["report_year"].max())
    rows = [
        (sheet, kind, median, medians[last - 1, sheet, kind])
        for (year, sheet, kind), median in medians.items()
        if year == last and (last - 1, sheet, kind) in medians.index
    ]
    found = pd.DataFrame(rows, columns=columns[:4])
    return found.assign(least=least * found["before"], most=most * found["before"])


def _frame(connection: psycopg.Connection, query: SQL | Composed, parameters: list | None = None) -> pd.DataFrame:
    cursor = connection.execute(query, parameters)
    names = [column.name for column in cursor.description or ()]
    return pd.DataFrame(cursor.fetchall(), columns=names)
