"""Input fingerprint: one hash of everything that the marts are made from.

A build whose fingerprint is that of the public tables has nothing to do.
"""

import hashlib
from datetime import datetime

import psycopg

from warehouse.build import dbt
from warehouse.reference.csv_rows import read_rows
from warehouse.reference.reference_data import plan_folder

INPUTS = (
    """
    select submission_id, received_at::text, verdict,
        coalesce((
            select string_agg(finding_id, ' ' order by finding_id)
            from quality.file_findings where file_findings.submission_id = received_files.submission_id
        ), '')
    from raw.received_files
    order by submission_id
    """,
    # A pull with the content of the pull before it changes no figure, unless it is of a baseline's day, dates a later
    # change, or a term of office began or ended between the two. Of two pulls of one day the later counts.
    """
    select speaks_of::text, content_id
    from (
        select
            speaks_of,
            content_id,
            lag(content_id) over days as content_before,
            lead(content_id) over days as content_after,
            lag(speaks_of) over days as day_before
        from (
            select distinct on (speaks_of) speaks_of, content_id
            from raw.registry_snapshots
            order by speaks_of, pulled_at desc, snapshot_id
        ) as latest_of_each_day
        window days as (order by speaks_of)
    ) as ordered
    where
        content_id is distinct from content_before
        or content_id <> content_after
        or speaks_of = any(%(baselines)s)
        or exists (
            select from raw.registry_managers
            where
                held_from > day_before::text and held_from <= speaks_of::text
                or held_to > day_before::text and held_to <= speaks_of::text
        )
    order by speaks_of
    """,
    "select schema_sha256 from quality.schema_versions",
    "select passed_until::text from quality.build_clock",
    "select publication_id from raw.publications where recorded_at <= %(until)s order by publication_id",
    "select input_id, issued_at::text from raw.publication_issues where recorded_at <= %(until)s order by input_id",
)


def read_fingerprint(connection: psycopg.Connection, published_until: datetime | None = None) -> str:
    """The hash of what was received, the registry, publications, dates that have passed, reference data and models.

    `published_until`: as if the province had published nothing after that instant."""
    digest = hashlib.sha256(dbt.project_sha256().encode())
    baselines = [row.day("measured_on") for row in read_rows(plan_folder() / "baselines.csv")]
    for query in INPUTS:
        for row in connection.execute(query, {"until": published_until or "infinity", "baselines": baselines}):
            digest.update("\x1f".join(row).encode() + b"\x1e")
        digest.update(b"\x1d")
    return digest.hexdigest()
