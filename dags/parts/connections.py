"""Where the tasks find warehouse, registry, mailbox and mail server: Airflow's connections htx_warehouse, htx_registry,
htx_mailbox and smtp_default, where they are set, else the variables of htx.environment."""

from typing import Any

from airflow.sdk import get_current_context

from htx import environment


def warehouse_url() -> str:
    from htx import connections

    return _of("htx_warehouse", connections.database_url) or environment.warehouse_url()


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
    return url(get_current_context()["conn"].get(conn_id))
