"""What becomes of each file."""

from htx.example.reports.reported_rows import ReportedRows, reports_in_force


def submission_statuses(reported: ReportedRows, queried: set[str]) -> dict[str, str]:
    """Path -> rejected, superseded, accepted_with_queries or accepted. `queried`: paths with a query."""
    in_force = {report.path for own in reported.accepted.values() for report in reports_in_force(own)[1]}
    found = {}
    for report in reported.reports:
        if not report.accepted:
            found[report.path] = "rejected"
        elif report.path not in in_force:
            found[report.path] = "superseded"
        else:
            found[report.path] = "accepted_with_queries" if report.path in queried else "accepted"
    return found
