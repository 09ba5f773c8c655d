"""Resubmissions of earlier content: accepted without effect, and answered with the receipt that is in force.

A sender who resubmits an old file to restore its figures must not read that it was accepted like any other.
"""

from dataclasses import dataclass

import psycopg

from ingestion.feedback.sentences import vietnamese


@dataclass(frozen=True)
class Duplicate:
    """An accepted file with the content of an earlier one."""

    receipt_number: str
    """of the first file with this content; the file's own if the same bytes arrived again"""
    replaced_by: str | None
    """receipt number of the latest file that superseded all or part of it; None if all of it is in force"""

    @property
    def sentence(self) -> str:
        """What became of the file, and what to do if that was not intended."""
        key = "duplicate" if self.replaced_by is None else "duplicate_replaced"
        return vietnamese(key, receipt_number=self.receipt_number, replaced_by=self.replaced_by)


def find_duplicates(connection: psycopg.Connection, submission_ids: list[str]) -> dict[str, Duplicate]:
    """submission_id -> the earlier content, of those files that were accepted and contained nothing new."""
    found = connection.execute(
        """
        select
            orders.submission_id,
            originals.receipt_number,
            (
                select files.receipt_number
                from (
                    select superseded_by, superseded_at from raw.submission_orders
                    where submission_id = originals.submission_id and superseded_by is not null
                    union all
                    select superseded_by, superseded_at from raw.corrected_rows
                    where submission_id = originals.submission_id
                ) as replaced
                inner join raw.received_files as files on replaced.superseded_by = files.submission_id
                order by replaced.superseded_at desc, files.submission_id
                limit 1
            )
        from raw.submission_orders as orders
        inner join raw.received_files as originals
            on coalesce(orders.duplicate_of, orders.submission_id) = originals.submission_id
        where
            orders.submission_id = any(%s)
            and (
                orders.duplicate_of is not null
                -- not a receipt at which it was rejected: these came before the one that counts
                or exists (
                    select from raw.receipts
                    where
                        receipts.submission_id = orders.submission_id
                        and (receipts.received_at, receipts.file_name) > (originals.received_at, originals.file_name)
                )
            )
        """,
        [submission_ids],
    )
    return {submission_id: Duplicate(*said) for submission_id, *said in found.fetchall()}
