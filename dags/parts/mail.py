"""By which mail server letters go."""

from airflow.sdk import Context

from htx import environment


def mail_server(context: Context) -> str | None:
    """The URL of the connection smtp_default, set on Airflow's web page, else SMTP_URL; None where neither is set."""
    from htx.editions import requests

    return requests.smtp_url(context["conn"].get("smtp_default")) or environment.smtp_url()
