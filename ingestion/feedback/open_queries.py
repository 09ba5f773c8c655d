"""What is open about files that are in force, and whether their marked copies say it.

A copy is written when its file is loaded, with what the file alone shows. Each build then asks what only history,
the registry or other units' files can tell; a copy whose questions changed by that is written anew. What a copy was
last written with is kept as a hash (quality.marked_copies): one that would say the same stays as it lies there, also
when its unit has begun to mend it in place.
"""

from collections import defaultdict
from dataclasses import fields

import psycopg

from ingestion.feedback.findings import Finding
from ingestion.workbook.received_file import ReceivedFile

OPEN = "answer is null and corrected_at is null"
COLUMNS = ", ".join(f"findings.{each.name}" for each in fields(Finding))


def changed_copies(connection: psycopg.Connection) -> dict[str, str]:
    """Files in force whose copy does not say what is open now: submission_id -> hash of what it is to say beyond
    what it said when the file was loaded, empty where that is nothing."""
    found = connection.execute(
        f"""
        with said as (
            select findings.submission_id, findings.finding_id || findings.message_vi as words
            from quality.findings
            inner join quality.history_findings as of_history using (submission_id, finding_id)
            where {OPEN}
            union all
            select submission_id, finding_id || ' closed'
            from quality.findings
            where severity = 'query' and not ({OPEN})
        ),

        states as (
            select files.submission_id, coalesce(md5(string_agg(said.words, E'\\n' order by said.words)), '') as state
            from raw.submissions as files
            left join said on files.submission_id = said.submission_id
            where files.status in ('accepted', 'accepted_with_queries')
            group by files.submission_id
        )

        select states.submission_id, states.state
        from states
        left join quality.marked_copies as copies on states.submission_id = copies.submission_id
        where states.state <> coalesce(copies.state, '')
        order by states.submission_id
        """
    )
    return dict(found.fetchall())


def open_findings(connection: psycopg.Connection, submission_ids: list[str]) -> dict[str, list[Finding]]:
    """submission_id -> all that is said of the file: its own findings and those of the last build, but queries that
    were answered or corrected."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for row in connection.execute(
        f"select {COLUMNS} from quality.findings as findings"
        f" where submission_id = any(%s) and (severity <> 'query' or {OPEN})"
        " order by sheet_code nulls first, row_number nulls first, rule_code, field_code, finding_id",
        [submission_ids],
    ):
        made = Finding(*row)
        found[made.submission_id].append(made)
    return found


def stored_files(connection: psycopg.Connection, submission_ids: list[str]) -> list[ReceivedFile]:
    """The files as they were received, of those whose bytes are kept, in the order of their ids."""
    found = connection.execute(
        "select folder, file_name, received_at, content from raw.received_files inner join raw.files using (sha256)"
        " where submission_id = any(%s) and content is not null order by submission_id",
        [submission_ids],
    )
    return [ReceivedFile(*row) for row in found]


def note_copies(connection: psycopg.Connection, states: dict[str, str]) -> None:
    """Keeps with what the copies of files were written."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into quality.marked_copies (submission_id, state) values (%s, %s)"
            " on conflict (submission_id) do update set state = excluded.state, written_at = now()",
            list(states.items()),
        )


def owe_answers(connection: psycopg.Connection, submission_ids: list[str]) -> None:
    """Writes down, with the files themselves, that their copies are to be put into the outbox."""
    connection.execute(
        "insert into quality.owed_answers (submission_id) select unnest(%s::text[]) on conflict do nothing",
        [submission_ids],
    )


def settle_answers(connection: psycopg.Connection, submission_ids: list[str]) -> None:
    """Their copies are in the outbox, or there is nothing to make them of."""
    connection.execute("delete from quality.owed_answers where submission_id = any(%s)", [submission_ids])


def owed_answers(connection: psycopg.Connection) -> dict[str, str]:
    """submission_id -> verdict of the files whose copies are not in the outbox yet, those first that wait longest."""
    found = connection.execute(
        "select submission_id, verdict from quality.owed_answers inner join raw.received_files using (submission_id)"
        " order by owed_since, submission_id"
    )
    return dict(found.fetchall())


def forget_copies(connection: psycopg.Connection, submission_ids: list[str]) -> int:
    """For files whose copies were just written as if nothing but the file were known; how many said more before."""
    gone = connection.execute("delete from quality.marked_copies where submission_id = any(%s)", [submission_ids])
    return gone.rowcount
