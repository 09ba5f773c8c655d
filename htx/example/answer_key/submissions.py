"""What becomes of each file."""

from collections import defaultdict

from htx.example.reports.report import Report
from htx.example.reports.reported_rows import ANNUAL_LAYERS, ReportedRows, reports_in_force


def submission_statuses(reported: ReportedRows, queried: set[str]) -> dict[str, str]:
    """Path -> rejected, superseded, accepted_with_queries or accepted. `queried`: paths with a query."""
    sent: dict[tuple[int, str], list[Report]] = defaultdict(list)
    for report in reported.reports:
        if report.accepted and report.report_kind in ANNUAL_LAYERS:
            sent[report.report_year, report.unit_code].append(report)
    in_force = {report.path for own in sent.values() for report in reports_in_force(own)[1]}
    found = {}
    for report in reported.reports:
        if not report.accepted:
            found[report.path] = "rejected"
        elif report.path not in in_force:
            found[report.path] = "superseded"
        else:
            found[report.path] = "accepted_with_queries" if report.path in queried else "accepted"
    return found
