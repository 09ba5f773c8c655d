"""The mail server of commands: that of SMTP_URL, or none."""

from htx import environment
from htx.mail.mailing import MailRefused
from warehouse.connection import connect, scalar

TABLE = "select to_regclass('public.connection') is not null"  # before `airflow db migrate` there is none
OF_AIRFLOW = "select exists (select from public.connection where conn_id = 'smtp_default' and host <> '')"


def smtp_url() -> str | None:
    """SMTP_URL; None where letters of commands go to the outbox.

    Raises MailRefused where Airflow alone knows a mail server: it keeps the password, and a letter in the outbox would
    count as delivered. Raises WarehouseUnreachable where Airflow's database does not answer."""
    given, database = environment.smtp_url(), environment.airflow_database_url()
    if given or not database:
        return given
    with connect(database) as airflow:
        if scalar(airflow, TABLE) and scalar(airflow, OF_AIRFLOW):
            raise MailRefused(
                "The mail server is Airflow's connection smtp_default, which commands cannot read. Nothing was sent:"
                " set SMTP_URL to the same server, or let the DAG send."
            )
    return None
