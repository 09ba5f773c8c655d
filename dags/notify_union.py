"""Notifies people of the Union of what waits for them, and takes back the files that they put beside the reports.

Each hour of the working day, and when a report was drafted: Word files that were edited, signed files and evidence of
issue are kept from the folder of reports; then who must act is notified, again after some working days, and then who
is next (escalations.csv, union_mailboxes.csv): papers that wait, files and answers by mail, runs that failed or take
too long, an inbox, build, registry, backup or rehearsal that is overdue, a gate that refused, passwords and
certificates that end. No notice is sent twice. They go through the mail server of the connection smtp_default, or of
SMTP_URL; without either they are files in the outbox.

When it fails: the warehouse, the folder of reports, that of backups, Airflow's database or the mail server could not be
reached; what could be looked up was sent. An engineer reads the log, fixes the cause and clears the task; only what was
not delivered is sent. `htx notices` lists a notice that was interrupted while it was sent as uncertain, so that
somebody can call.
"""

from datetime import UTC, datetime

from airflow.sdk import Asset, AssetOrTimeSchedule, dag
from airflow.sdk.configuration import conf

from dags.parts import connections
from dags.parts.conventions import clock, described, step
from htx import environment

at = clock("notify_union", default="0 8-17 * * *")


@dag(
    schedule=at and AssetOrTimeSchedule(timetable=at, assets=Asset("editions")),
    **described("notify_union", __doc__, "publications", hours=1),
)
def notify_union():
    @step
    def keep_files() -> list[dict]:
        from htx.editions import office_files

        return office_files.collect(connections.warehouse_url(), "notify_union", environment.reports_url())

    @step
    def notify() -> dict:
        from htx import matters
        from htx.operations import places

        page = conf.get("api", "base_url", fallback=None)
        where = places.of_environment(
            smtp_url=connections.smtp_url(), mailbox_url=connections.mailbox_url(), airflow_url=page
        )
        return matters.notify(connections.warehouse_url(), datetime.now(UTC), environment.outbox_url(), where)

    keep_files() >> notify()


notify_union()
