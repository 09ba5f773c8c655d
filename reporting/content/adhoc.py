"""The register of reports that were requested beside the yearly one."""

import psycopg

from reporting.content.report_rows import one_version, read_rows

REQUESTS = """
    select request_number, requested_on, requested_by_vi, subject_vi, due_on, unit_uid, unit_name_vi, unit_valid_to,
           received_at, document_number, on_time
    from reports.rpt_adhoc_requests
    order by requested_on, request_number, unit_kind = 'agency', unit_uid
"""


def read_requests(connection: psycopg.Connection) -> list[dict]:
    """A row for each request and unit that must answer, in the order of the requests. Raises NothingToReport."""
    with one_version(connection):
        return read_rows(connection, REQUESTS, {})
