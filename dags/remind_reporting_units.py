"""Sends each unit its outstanding items, and the Union an overview of all units.

Every morning it checks whether a date of reminder_schedule.csv has come for a unit, counted from the day its report is
due. A unit with nothing outstanding gets no letter, and no letter is sent twice, however often the DAG runs. Letters go
through the mail server of the connection smtp_default, or of SMTP_URL; without either they are files in the outbox.

When it fails: the warehouse or the mail server could not be reached. The log names the letters that were not
delivered; an engineer fixes the cause and clears the task, and only those are sent. A letter that was interrupted while
it was sent is named in the Union's next overview, so that somebody can call.
"""

from datetime import UTC, datetime

from airflow.sdk import CronTriggerTimetable, dag, task

from dags.parts import connections
from htx import environment
from warehouse.reference.time_zone import VIET_NAM

cron = environment.schedule_of("remind_reporting_units", default="0 8 * * *")


@dag(
    schedule=cron and CronTriggerTimetable(cron, timezone=VIET_NAM.key),
    max_active_runs=1,
    doc_md=__doc__,
    tags=["publications"],
)
def remind_reporting_units():
    @task
    def remind() -> dict:
        from htx.mail import reminders

        server = connections.smtp_url()
        return reminders.remind_units(connections.warehouse_url(), datetime.now(UTC), environment.outbox_url(), server)

    remind()


remind_reporting_units()
