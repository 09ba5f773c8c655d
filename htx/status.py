"""Who has reported for a year, as of an instant."""

from datetime import datetime

from psycopg.rows import dict_row

from htx.calendar import due_at
from htx.steps import SEEDS, warehouse
from ingestion.reference import Reference, read_reference

REPORTS = """
    select distinct on (files.reporting_unit_code)
        files.reporting_unit_code, files.received_at, files.receipt_number, files.status,
        count(*) over of_unit as files_received
    from raw.submissions as files
    where files.report_year = %(year)s and files.received_at <= %(as_of)s
    window of_unit as (partition by files.reporting_unit_code)
    order by files.reporting_unit_code, files.status = 'rejected', files.received_at
"""
FINDINGS = """
    select files.reporting_unit_code,
           count(*) filter (where findings.severity = 'error') as errors,
           count(*) filter (where findings.severity = 'query' and findings.answer is null) as open_queries
    from quality.findings as findings
    inner join raw.submissions as files using (submission_id)
    where files.report_year = %(year)s and files.received_at <= %(as_of)s and files.status <> 'superseded'
    group by files.reporting_unit_code
"""

SAID = {
    "missing": "chưa gửi",
    "due": "chưa đến hạn",
    "rejected": "bị trả lại",
    "late": "muộn",
    "on_time": "đúng hạn",
}


def of_year(url: str, year: int, as_of: datetime) -> list[dict]:
    """One dict per unit of the roster: unit, name, mandatory, received_at, state, files, errors, open_queries.

    state is missing, due (nothing yet, and still in time), rejected, late or on_time."""
    reference = read_reference(SEEDS)
    asked = {"year": year, "as_of": as_of}
    with warehouse(url) as connection:
        cursor = connection.cursor(row_factory=dict_row)
        reports = {row["reporting_unit_code"]: row for row in cursor.execute(REPORTS, asked)}
        findings = {row["reporting_unit_code"]: row for row in cursor.execute(FINDINGS, asked)}
    rows = []
    for unit in reference.roster_of(year):
        report = reports.get(unit.code)
        found = findings.get(unit.code, {})
        rows.append({
            "unit": unit.code,
            "name": reference.unit_name(unit),
            "mandatory": unit.mandatory,
            "received_at": report["received_at"].isoformat() if report else None,
            "state": _state(reference, unit, report, as_of),
            "receipt_number": report["receipt_number"] if report else None,
            "files": report["files_received"] if report else 0,
            "errors": found.get("errors", 0),
            "open_queries": found.get("open_queries", 0),
        })
    return rows


def as_table(rows: list[dict]) -> str:
    """For a terminal, in Vietnamese."""
    lines = [
        f"{'mã':<7} {'đơn vị':<44} {'tình trạng':<13} {'nhận lúc (UTC)':<17}"
        f" {'tệp':>4} {'lỗi':>4} {'giải trình':>11}"
    ]
    for row in rows:
        received = (row["received_at"] or "")[:16].replace("T", " ")
        lines.append(
            f"{row['unit']:<7} {row['name'][:44]:<44} {SAID[row['state']]:<13} {received:<17}"
            f" {row['files']:>4} {row['errors']:>4} {row['open_queries']:>11}"
        )
    return "\n".join(lines)


def _state(reference: Reference, unit, report: dict | None, as_of: datetime) -> str:
    deadline = due_at(reference, unit)
    if report is None:
        return "due" if as_of < deadline else "missing"
    if report["status"] == "rejected":
        return "rejected"
    return "on_time" if report["received_at"] < deadline else "late"
