"""What the marts are a function of, as hashes: of everything, and of each report year.

A build compares them with those of what is public: nothing changed, nothing to do; one year changed, that year and
those that build on it are made anew (dbt_project/models/intermediate/calendar/int_years_affected.sql).
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

import psycopg

from warehouse.build import dbt

FILES = """
    select report_year, submission_id, received_at::text, verdict,
        coalesce((
            select string_agg(finding_id, ' ' order by finding_id)
            from quality.file_findings where file_findings.submission_id = received_files.submission_id
        ), '')
    from raw.received_files
    order by submission_id
"""
COMMON = (
    "select snapshot_id, pulled_at::text from raw.registry_snapshots order by snapshot_id",
    "select publication_id, recipient, sent_at::text from raw.publication_sendings where recorded_at <= %(until)s"
    " order by publication_id, recipient",
)
# A publication that was not sent moves the clock alone (int_verdicts_pending), which int_years_affected looks at.
CLOCK = "select publication_id from raw.publications where recorded_at <= %(until)s order by publication_id"


def read_states(connection: psycopg.Connection, published_until: datetime | None = None) -> tuple[str, dict[int, str]]:
    """The hash of all that the marts are made from, and of what each report year is made from, years before it apart.

    The registry, the reference data and the models are part of every year: a new decision changes them all.
    `published_until`: as if nothing had been published by the province after that instant."""
    until = {"until": published_until or "infinity"}
    common = hashlib.sha256()
    for query in COMMON:
        _add(common, connection.execute(query, until))
    for path in dbt.project_files():
        common.update(path.relative_to(dbt.PROJECT).as_posix().encode() + b"\x1f" + path.read_bytes())
    of_years: dict[int, hashlib._Hash] = defaultdict(common.copy)
    everything = common.copy()
    _add(everything, connection.execute(CLOCK, until))
    for report_year, *file in connection.execute(FILES):
        _add(everything, [file])
        # a file whose cover names no year concerns the list of files alone, which is made anew each time
        if report_year is not None:
            _add(of_years[report_year], [file])
    return everything.hexdigest(), {year: digest.hexdigest() for year, digest in of_years.items()}


def record_next(connection: psycopg.Connection, states: Mapping[int | str, str]) -> None:
    """Say to dbt what each year of the build under way is made from; nothing said, it makes all years anew.

    `states` are those of when the build was asked for. dbt reads what there is now: a year of which something came
    since, as when a task is cleared a day later, is left out, so that it is made anew, by this build and the next."""
    _, states_now = read_states(connection)
    unchanged = [(int(year), state) for year, state in states.items() if states_now.get(int(year)) == state]
    connection.execute("delete from quality.next_year_states")
    connection.cursor().executemany(
        "insert into quality.next_year_states (report_year, state_sha256) values (%s, %s)", unchanged
    )


def mark_published(connection: psycopg.Connection) -> None:
    """What was next is public: to be called in the publication's transaction."""
    forget_published(connection)
    connection.execute(
        "insert into quality.published_year_states select report_year, state_sha256 from quality.next_year_states"
    )


def forget_published(connection: psycopg.Connection) -> None:
    """The next build makes all years anew."""
    connection.execute("delete from quality.published_year_states")


def _add(digest: "hashlib._Hash", rows: Iterable[Iterable[str]]) -> None:
    for row in rows:
        digest.update("\x1f".join(row).encode() + b"\x1e")
    digest.update(b"\x1d")
