"""Open findings of files in force, and which annotated copies and answers are outstanding.

A copy is first written when its file is loaded, with the findings on the file alone. A build adds queries that depend
on history, the registry or other units' files; a copy whose queries changed is rewritten. The content of a copy is
stored as a hash (quality.marked_copies): an unchanged copy is not rewritten, because its unit may be correcting it in
place.
"""

from collections import defaultdict
from dataclasses import fields

import psycopg

from ingestion.feedback.findings import Finding
from ingestion.workbook.received_file import ReceivedFile

OPEN = "answer is null and corrected_at is null"
COLUMNS = ", ".join(f"findings.{each.name}" for each in fields(Finding))


def changed_copies(connection: psycopg.Connection) -> dict[str, str]:
    """Files in force whose copy is out of date: submission_id -> hash of the findings that a build added or closed,
    empty if there are none."""
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
    """submission_id -> findings on the file and those of the last build, without answered or corrected queries."""
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
    """The received files whose bytes are stored, in the order of their ids."""
    found = connection.execute(
        "select folder, file_name, received_at, content, sha256"
        " from raw.received_files inner join raw.files using (sha256)"
        " where submission_id = any(%s) and content is not null order by submission_id",
        [submission_ids],
    )
    return [ReceivedFile(*row) for row in found]


def note_copies(connection: psycopg.Connection, states: dict[str, str]) -> None:
    """Record the content with which copies were written."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into quality.marked_copies (submission_id, state) values (%s, %s)"
            " on conflict (submission_id) do update set state = excluded.state, written_at = now()",
            list(states.items()),
        )


def owe_answers(connection: psycopg.Connection, submission_ids: list[str]) -> None:
    """Record, in the transaction of loading, that answers are outstanding: copies, and the mails that bring them."""
    connection.execute(
        "insert into quality.owed_answers (submission_id) select unnest(%s::text[]) on conflict do nothing",
        [submission_ids],
    )
    connection.execute(
        "insert into quality.owed_letters (submission_id, verdict) select submission_id, verdict"
        " from raw.received_files where submission_id = any(%s) on conflict do nothing",
        [submission_ids],
    )


def settle_answers(connection: psycopg.Connection, submission_ids: list[str]) -> None:
    """Record that answers were written, or cannot be."""
    connection.execute("delete from quality.owed_answers where submission_id = any(%s)", [submission_ids])


def owed_answers(connection: psycopg.Connection) -> dict[str, str]:
    """submission_id -> verdict of the files with an outstanding answer, oldest first."""
    found = connection.execute(
        "select submission_id, verdict from quality.owed_answers inner join raw.received_files using (submission_id)"
        " order by owed_since, submission_id"
    )
    return dict(found.fetchall())


def forget_copies(connection: psycopg.Connection, submission_ids: list[str]) -> int:
    """Forget the recorded content of copies that were just rewritten from the file alone; how many there were."""
    gone = connection.execute("delete from quality.marked_copies where submission_id = any(%s)", [submission_ids])
    return gone.rowcount
