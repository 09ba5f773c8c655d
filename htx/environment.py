"""The one reader of environment variables.

HTX_HOME         folder of the embedded server, Airflow's files, the inbox and everything else that is kept;
                 by default .local in the project
HTX_PLAN         folder of the plan's reference data, CSV files and templates/; by default dbt_project/seeds
                 (read by warehouse.reference.reference_data.plan_folder)
WAREHOUSE_URL    an existing PostgreSQL, postgresql://...; by default the embedded server, started if necessary
REGISTRY_URL     the registry, any SQLAlchemy URL; by default sqlite:///HTX_HOME/registry.sqlite
INBOX_URL        the inbox, any fsspec URL; by default file://HTX_HOME/inbox
MAILBOX_URL      a mailbox beside the inbox, imaps://user:password@host:port/FOLDER?authserv=ID, where ID is the
                 authserv-id of our own mail server; without it none is read
OUTBOX_URL       answers to senders, any fsspec URL; by default file://HTX_HOME/outbox
REPORTS_URL      published documents, any fsspec URL; by default file://HTX_HOME/reports
                 where one of these two is set, the umask holds as it is: others read there
REPORTS_PAGE_URL where people open the folder of reports with a browser, https://...; links in forms and mails lead
                 there; without it they name the path
RUNBOOK_URL      where people open the folder docs/ of this version with a browser, https://...; notices and pages
                 of DAGs lead to its runbook.md; without it they name the path
LIBREOFFICE      the program that writes a PDF beside each Word file of a report; by default soffice, where it is
                 installed; empty for none
SMTP_URL         the mail server, smtp://user:password@host:port or smtps://...; ?from=ADDRESS names the sender;
                 without it messages are .eml files in the outbox
MAILS_PER_MINUTE how many answers to senders the mail server takes in a minute; by default 30
BACKUP_URL       the folder of backups, any fsspec URL; by default file://HTX_HOME/backups, on the disk of the warehouse
BACKUP_KEEP      for how many days, weeks and months the newest backup is kept;
                 by default daily=14 weekly=8 monthly=24
OPEN_DATA_URL    the folder of open data, any fsspec URL; without it the DAG export_open_data writes none
AIRFLOW_DATABASE_URL
                 Airflow's own database, for the task that cleans it: tasks get no other way to it
RUNS_KEEP_DAYS   for how many days Airflow keeps its runs and the logs of tasks; by default 180
INGEST_SUBMISSIONS_SCHEDULE, INGEST_REGISTRY_SCHEDULE, VERIFY_PUBLICATIONS_SCHEDULE,
PUBLISH_ANNUAL_REPORT_SCHEDULE, PUBLISH_PHASE_REVIEW_SCHEDULE, REMIND_REPORTING_UNITS_SCHEDULE,
NOTIFY_UNION_SCHEDULE, BACK_UP_WAREHOUSE_SCHEDULE, REHEARSE_RESTORE_SCHEDULE, CLEAN_AIRFLOW_SCHEDULE,
EXPORT_OPEN_DATA_SCHEDULE
                 schedule of the DAG: a cron line in the time of Viet Nam, or `never`; by default as in the
                 DAG's file

Instead of any of these but HTX_HOME and HTX_PLAN, NAME_FILE names a file that holds the value, as secrets of containers
are given. Where both are set, the variable counts.

Cheap to import: every parsing of a DAG file does it.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent

PRIVATE = 0o077
"""the rights of other users"""

# No program that runs here sends usage statistics.
SILENCED = {
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "False",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "False",
    "SCARF_NO_ANALYTICS": "true",
}


def setting(name: str) -> str | None:
    """The value of a variable, or else of the file that NAME_FILE names; None where neither has one. Raises OSError."""
    if given := os.environ.get(name):
        return given
    file = os.environ.get(f"{name}_FILE")
    return Path(file).read_text(encoding="utf-8").strip() or None if file else None


def home() -> Path:
    """HTX_HOME, made absolute; the folder need not exist."""
    return Path(os.environ.get("HTX_HOME") or PROJECT / ".local").expanduser().resolve()


def keep_private() -> None:
    """Close the home to other users, and what this process and its children write; make it where it is missing. A home
    that is open is closed with all that is in it, links aside; one that belongs to another user is left as it is."""
    if not setting("OUTBOX_URL") and not setting("REPORTS_URL"):
        os.umask(PRIVATE)
    with suppress(OSError):
        home().mkdir(stat.S_IRWXU, parents=True, exist_ok=True)
        found = home().stat()
        if found.st_mode & PRIVATE and found.st_uid == os.geteuid():
            # the home last: its mode says that all of it is closed
            for path in (*home().rglob("*"), home()):
                with suppress(OSError):
                    if not path.is_symlink():
                        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~PRIVATE)


def open_to_others() -> None:
    """Let others read what this process writes from now on."""
    os.umask(stat.S_IWGRP | stat.S_IWOTH)


def has_own_server() -> bool:
    """Whether the warehouse is the embedded server, and not one that WAREHOUSE_URL names."""
    return not setting("WAREHOUSE_URL")


def warehouse_url() -> str:
    """WAREHOUSE_URL, or the URL of the embedded server, which is started if necessary.

    Raises warehouse.connection.WarehouseUnreachable when that server does not start."""
    if given := setting("WAREHOUSE_URL"):
        return given
    from warehouse.server import embedded

    return embedded.start(home())


def has_warehouse() -> bool:
    """Whether there is a warehouse already: one that WAREHOUSE_URL names, or an embedded server in HTX_HOME."""
    return not has_own_server() or (home() / "postgres" / "server.json").exists()


def registry_url() -> str:
    """REGISTRY_URL, or the SQLite database of the example province in HTX_HOME."""
    return setting("REGISTRY_URL") or f"sqlite:///{home() / 'registry.sqlite'}"


def inbox_url() -> str:
    """INBOX_URL, or the folder inbox/ in HTX_HOME."""
    return setting("INBOX_URL") or f"file://{home() / 'inbox'}"


def mailbox_url() -> str | None:
    """MAILBOX_URL; None where no mailbox is read."""
    return setting("MAILBOX_URL")


def mails_per_minute() -> int:
    """MAILS_PER_MINUTE. Raises ValueError."""
    return int(setting("MAILS_PER_MINUTE") or 30)


def dbt_output() -> Path:
    """The folder for dbt's own files, its log among them."""
    return home() / "dbt"


def outbox_url() -> str:
    """OUTBOX_URL, or the folder outbox/ in HTX_HOME."""
    return setting("OUTBOX_URL") or f"file://{home() / 'outbox'}"


def reports_url() -> str:
    """REPORTS_URL, or the folder reports/ in HTX_HOME."""
    return setting("REPORTS_URL") or f"file://{home() / 'reports'}"


def backup_url() -> str:
    """BACKUP_URL, or the folder backups/ in HTX_HOME."""
    return setting("BACKUP_URL") or f"file://{home() / 'backups'}"


def backup_keep() -> str:
    """BACKUP_KEEP, as htx.backups.retention reads it."""
    return setting("BACKUP_KEEP") or "daily=14 weekly=8 monthly=24"


def open_data_url() -> str | None:
    """OPEN_DATA_URL; None where no open data is written."""
    return setting("OPEN_DATA_URL")


def airflow_database_url() -> str | None:
    """AIRFLOW_DATABASE_URL; None where it is not set."""
    return setting("AIRFLOW_DATABASE_URL")


def runs_keep_days() -> int:
    """RUNS_KEEP_DAYS. Raises ValueError."""
    return int(setting("RUNS_KEEP_DAYS") or 180)


def reports_page_url() -> str | None:
    """REPORTS_PAGE_URL; None where no browser opens the folder of reports."""
    return setting("REPORTS_PAGE_URL")


def runbook_page(heading: str) -> str:
    """Where the runbook says what to do: below RUNBOOK_URL, or in docs/ of the project."""
    return f"{(setting('RUNBOOK_URL') or 'docs').rstrip('/')}/runbook.md#{heading}"


def libreoffice() -> str:
    """LIBREOFFICE, soffice where it is not set; empty for none."""
    return os.environ.get("LIBREOFFICE", "soffice")


def smtp_url() -> str | None:
    """SMTP_URL; None where there is no mail server."""
    return setting("SMTP_URL")


def schedule_of(dag_id: str, default: str) -> str | None:
    """The cron line of a DAG in this deployment; None if it only runs on request."""
    given = setting(f"{dag_id.upper()}_SCHEDULE") or default
    return None if given == "never" else given


def of_children(**more: str) -> dict[str, str]:
    """The environment of a child process: ours, without usage statistics, and `more`."""
    return {**os.environ, **SILENCED, **more}


def silence() -> None:
    """Switch usage statistics off in this process; call it before dbt or Great Expectations are imported."""
    os.environ.update(SILENCED)
