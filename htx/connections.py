"""URLs from Airflow's connections, which a deployment may keep in place of variables; the DAGs pass them on.

Each function reads conn_type, login, password, host, port, schema and extra_dejson, and gives None for a connection
that is not there or has no host.
"""

from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import URL

DRIVERS = {
    "postgres": "postgresql",
    "mysql": "mysql+pymysql",
    "mssql": "mssql+pymssql",
    "oracle": "oracle+oracledb",
}
"""conn_type -> dialect and driver; another type is passed on as it is"""


def database_url(connection: Any) -> str | None:
    """The URL of a database, as WAREHOUSE_URL or REGISTRY_URL; the extra holds options of the URL (sslmode)."""
    if connection is None or not connection.host:
        return None
    return URL.create(
        DRIVERS.get(connection.conn_type, connection.conn_type),
        connection.login or None,
        connection.password or None,
        connection.host,
        connection.port or None,
        connection.schema or None,
        {name: str(value) for name, value in connection.extra_dejson.items()},
    ).render_as_string(hide_password=False)


def mailbox_url(connection: Any) -> str | None:
    """The URL of a mailbox, as MAILBOX_URL; the extra may hold folder, authserv, and use_ssl, true by default."""
    if connection is None or not connection.host:
        return None
    extra = connection.extra_dejson
    scheme = "imaps" if extra.get("use_ssl", True) else "imap"
    query = f"?{urlencode({'authserv': extra['authserv']})}" if extra.get("authserv") else ""
    return f"{scheme}://{_server(connection)}/{quote(extra.get('folder') or 'INBOX')}{query}"


def smtp_url(connection: Any) -> str | None:
    """The URL of a mail server, as SMTP_URL.

    The extra may hold disable_ssl and from_email, as for Airflow's own mail. Without disable_ssl, port 465 means TLS
    from the first byte, any other STARTTLS where the server offers it."""
    if connection is None or not connection.host:
        return None
    extra = connection.extra_dejson
    encrypted = not extra["disable_ssl"] if "disable_ssl" in extra else connection.port == 465
    sender = f"?from={quote(extra['from_email'])}" if extra.get("from_email") else ""
    return f"{'smtps' if encrypted else 'smtp'}://{_server(connection)}{sender}"


def _server(connection: Any) -> str:
    login = ""
    if connection.login:
        login = f"{quote(connection.login, safe='')}:{quote(connection.password or '', safe='')}@"
    return f"{login}{connection.host}{f':{connection.port}' if connection.port else ''}"
