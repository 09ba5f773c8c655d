"""Where tasks and Airflow's page find warehouse, registry, mailbox and mail server.

In Airflow's connections htx_warehouse, htx_registry, htx_mailbox and smtp_default, where they are set, else in the
variables of htx.environment."""

from typing import Any

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException

from htx import environment


def warehouse_url() -> str:
    from htx import connections

    return _of("htx_warehouse", connections.database_url) or environment.warehouse_url()


def existing_warehouse_url() -> str | None:
    """As warehouse_url, but starts no embedded server in a home that has none: None."""
    from htx import connections

    of_settings = environment.warehouse_url() if environment.has_warehouse() else None
    return _of("htx_warehouse", connections.database_url) or of_settings


def registry_url() -> str:
    from htx import connections

    return _of("htx_registry", connections.database_url) or environment.registry_url()


def mailbox_url() -> str | None:
    from htx import connections

    return _of("htx_mailbox", connections.mailbox_url) or environment.mailbox_url()


def smtp_url() -> str | None:
    from htx import connections

    return _of("smtp_default", connections.smtp_url) or environment.smtp_url()


def _of(conn_id: str, url: Any) -> str | None:
    """What a function of htx.connections makes of a connection."""
    try:
        return url(Connection.get(conn_id))
    except AirflowNotFoundException:
        return None
