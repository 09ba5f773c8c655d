"""Sends each unit its outstanding items, and the Union an overview of all units.

Every morning it checks whether a date of reminder_schedule.csv has come for a unit, counted from the day its report is
due. A unit with nothing outstanding gets no letter, and no letter is sent twice, however often the DAG runs. Letters go
through the mail server of the connection smtp_default, or of SMTP_URL; without either they are files in the outbox.

When it fails: the warehouse or the mail server could not be reached. The log names the letters that were not
delivered; an engineer fixes the cause and clears the task, and only those are sent. A letter that was interrupted while
it was sent is named in the Union's next overview, so that somebody can call.
"""

from datetime import UTC, datetime

from airflow.sdk import dag

from dags.parts import connections
from dags.parts.conventions import clock, described, step
from htx import environment


@dag(
    schedule=clock("remind_reporting_units", default="0 8 * * *"),
    **described("remind_reporting_units", __doc__, "publications", hours=2),
)
def remind_reporting_units():
    @step
    def remind() -> dict:
        from htx.mail import reminders

        server = connections.smtp_url()
        return reminders.remind_units(connections.warehouse_url(), datetime.now(UTC), environment.outbox_url(), server)

    remind()


remind_reporting_units()
