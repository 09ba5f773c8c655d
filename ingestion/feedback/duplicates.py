"""Files that say what was said before: they make no new version, and their senders are told so.

An old file that comes again is accepted, and yet what replaced it stays. Who sends it to bring its figures back must
not read that all is well.
"""

from dataclasses import dataclass

import psycopg


@dataclass(frozen=True)
class Duplicate:
    """What an accepted file repeats."""

    receipt_number: str
    """of the file that said it first; its own where the same bytes came again"""
    replaced_by: str | None
    """receipt number of the file that took the place of all or some of it since; None while all of it counts"""

    @property
    def sentence(self) -> str:
        """For the sender: what became of it, and what to do where that was not meant."""
        if self.replaced_by is None:
            return (
                "TỆP KHÔNG LÀM THAY ĐỔI SỐ LIỆU: nội dung giống hệt tệp đã tiếp nhận trước đây"
                f" (biên nhận {self.receipt_number})."
            )
        return (
            "TỆP KHÔNG LÀM THAY ĐỔI SỐ LIỆU: nội dung giống hệt tệp đã tiếp nhận trước đây"
            f" (biên nhận {self.receipt_number}), số liệu của tệp đó đã được thay, toàn bộ hoặc một phần, bằng tệp có"
            f" biên nhận {self.replaced_by}. Nếu muốn dùng lại số liệu của tệp này, đề nghị ghi số, ký hiệu văn bản mới"
            " trên Bìa, chọn hình thức gửi là thay thế toàn bộ hoặc hiệu chỉnh một phần, rồi gửi lại."
        )


def find_duplicates(connection: psycopg.Connection, submission_ids: list[str]) -> dict[str, Duplicate]:
    """submission_id -> what it repeats, of those of the files that were accepted and said nothing new."""
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
                or (select count(*) from raw.receipts where receipts.submission_id = orders.submission_id) > 1
            )
        """,
        [submission_ids],
    )
    return {submission_id: Duplicate(*said) for submission_id, *said in found.fetchall()}
