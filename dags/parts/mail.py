"""The mail server of the DAGs."""

from airflow.sdk import Context

from htx import environment


def mail_server(context: Context) -> str | None:
    """The URL of Airflow's connection smtp_default, else SMTP_URL; None where neither is set."""
    from htx.editions import requests

    return requests.smtp_url(context["conn"].get("smtp_default")) or environment.smtp_url()
