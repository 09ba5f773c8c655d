"""Loads the files that units have put into the inbox or mailed: each is read, validated and kept.

A file with errors is rejected, with findings that name its cells. Its sender is notified, by mail where there is a mail
server; the run stays green. If files were loaded, build_warehouse follows.

When it fails: the warehouse, the inbox, the mailbox or the mail server could not be reached, or there is a bug; never
because of a file. An engineer reads the log, fixes the cause and clears the task. Loading is idempotent: a batch is one
transaction, and the time of receipt is that of arrival.
"""

from datetime import UTC, datetime

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import Asset, dag
from airflow.sdk.exceptions import AirflowSkipException

from dags.parts import connections
from dags.parts.conventions import clock, described, name_of_task, step
from htx import environment


@dag(
    schedule=clock("ingest_submissions", default="*/15 * * * *"),
    **described("ingest_submissions", __doc__, "ingestion", hours=3),
)
def ingest_submissions():
    @step
    def read_mailbox() -> dict:
        from htx import steps

        return steps.read_mailbox(connections.warehouse_url(), connections.mailbox_url(), environment.inbox_url())

    @step(trigger_rule="all_done")
    def find_files() -> list[list[dict]]:
        from htx import steps

        return steps.list_new_files(connections.warehouse_url(), environment.inbox_url())

    @step
    def load_batch(batch: list[dict]) -> dict:
        from htx import steps

        return steps.load_batch(connections.warehouse_url(), batch, environment.outbox_url())

    @step(outlets=[Asset("submissions")])
    def announce(counts: list[dict]) -> dict:
        from htx import steps

        total = {key: sum(count[key] for count in counts) for key in ("received", "accepted", "rejected")}
        # a run that was interrupted after loading leaves data to build, though this one found nothing new
        if not total["received"] and steps.is_up_to_date(connections.warehouse_url()):
            raise AirflowSkipException("No new files in the inbox")
        return total

    @step(trigger_rule="all_done")
    def answer_senders() -> dict:
        from htx.mail import sender_answers

        where = environment.outbox_url(), connections.smtp_url(), environment.mails_per_minute()
        return sender_answers.answer_senders(connections.warehouse_url(), datetime.now(UTC), *where)

    loaded = load_batch.expand(batch=(found := find_files()))
    read = EmptyOperator(task_id="mailbox_was_read", task_display_name=name_of_task("mailbox_was_read"))
    read_mailbox() >> [found, read]  # the latter fails the run; a mailbox that fails or is slow holds up no file
    announce(loaded)
    loaded >> answer_senders()


ingest_submissions()
