"""Apache Superset on this machine, with the dashboards of reporting/dashboards: `make dashboards`.

Superset has an environment of its own, which make installs. Its files are in HTX_HOME/superset: state.json (mode 600:
port and secret), passwords.json (mode 600: the logins of its web page, and that of group `bi` by which it reads the
warehouse), its own database superset.db, and the logs of its steps.
"""

import hashlib
import json
import os
import secrets
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import sqlalchemy

from htx import steps
from htx.environment import PROJECT, SILENCED
from htx.local.errors import ServicesFailed
from htx.local.runs import last_lines
from htx.local.secret_files import read_or_write, write_secret
from warehouse.connection import WarehouseUnreachable, connect, scalar
from warehouse.server.ports import free_port, is_taken

DASHBOARDS = PROJECT / "reporting" / "dashboards"
LOCK = DASHBOARDS / "requirements.lock"
LOGIN = "superset"
"""of the warehouse, in the group `bi`"""
APP = "superset.app:create_app()"
FIRST_PAGE = "superset/dashboard/htx/"
READS_ALL = """
    select has_schema_privilege('bi', 'usage') and bool_and(has_table_privilege(oid, 'select')) from pg_class
    where relnamespace = 'bi'::regnamespace and relkind in ('r', 'v')
"""


def serve_dashboards(home: Path, url: str, programs: Path, progress: Callable[[str], None]) -> None:
    """Load the dashboards into Superset, say where to open them, and become its server, which ends on Ctrl-C.

    `url` is that of the warehouse, of a login that may make others; `programs` the folder of Superset's Python. Does
    not return. Raises ServicesFailed (the message names the log), RolesRefused and WarehouseUnreachable."""
    if not (programs / "gunicorn").exists():
        raise ServicesFailed(f"Superset is not installed in {programs}: make dashboards")
    folder = home / "superset"
    folder.mkdir(parents=True, exist_ok=True)
    state = read_or_write(folder / "state.json", lambda: {"port": free_port(), "secret": secrets.token_urlsafe(48)})
    passwords = read_or_write(folder / "passwords.json", _new_passwords)
    if is_taken(state["port"]):
        state["port"] = free_port()
    environment = _environment(folder, state["secret"])
    _make_login(url, passwords["warehouse"])
    version = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if state.get("migrated") != version:
        progress("creating Superset's tables (once, a minute or two)")
        for command in (["db", "upgrade"], ["init"]):
            _run([str(programs / "superset"), *command], "", folder / f"{command[0]}.log", environment)
        state["migrated"] = version
    write_secret(folder / "state.json", json.dumps(state, indent=2))
    progress("loading the dashboards")
    logins = {name: password for name, password in passwords.items() if name != "warehouse"}
    given = {"warehouse": _read_by_superset(url, passwords["warehouse"]), "logins": logins}
    loader = [str(programs / "python"), str(DASHBOARDS / "load_bundle.py")]
    _run(loader, json.dumps(given), folder / "load.log", environment)
    progress(f"the dashboards open in a moment: http://127.0.0.1:{state['port']}/{FIRST_PAGE}")
    progress(f"log in as viewer, or as admin; the passwords are in {folder / 'passwords.json'}")
    progress("Ctrl-C ends it")
    options = ["--bind", f"127.0.0.1:{state['port']}", "--workers", "1", "--threads", "8", "--timeout", "120"]
    log = ["--log-level", "warning", "--error-logfile", str(folder / "server.log"), "--capture-output"]
    os.execve(programs / "gunicorn", ["gunicorn", *options, *log, APP], environment)


def _new_passwords() -> dict[str, str]:
    return {name: secrets.token_urlsafe(12) for name in ("admin", "viewer", "warehouse")}


def _environment(folder: Path, secret: str) -> dict[str, str]:
    """What superset_config.py reads, and this machine's environment without our Python's own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    own = {
        "FLASK_APP": APP,
        "SUPERSET_CONFIG_PATH": str(DASHBOARDS / "superset_config.py"),
        "SUPERSET_HOME": str(folder),
        "SUPERSET_METADATA": f"sqlite:///{folder / 'superset.db'}",
        "SUPERSET_SECRET_KEY": secret,
    }
    return {**inherited, **SILENCED, **own}


def _make_login(url: str, password: str) -> None:
    """Make the login of Superset unless it reads all of `bi` already: rights wait for a running build, dashboards need
    not. Raises ServicesFailed where nothing was built yet."""
    with connect(url) as connection:
        if not scalar(connection, "select to_regclass('bi.province_figures') is not null"):
            raise ServicesFailed("There are no figures yet: make run, or htx build")
    with suppress(WarehouseUnreachable), connect(_read_by_superset(url, password)) as connection:
        if scalar(connection, READS_ALL):
            return
    steps.apply_roles(url, LOGIN, "bi", password)


def _read_by_superset(url: str, password: str) -> str:
    """The URL by which Superset reads the warehouse."""
    address = sqlalchemy.make_url(url).set(drivername="postgresql+psycopg2", username=LOGIN, password=password)
    return address.render_as_string(hide_password=False)


def _run(command: list[str], given: str, log: Path, environment: dict[str, str]) -> None:
    """Run a step of Superset. Raises ServicesFailed if it fails."""
    with log.open("wb") as output:
        ended = subprocess.run(command, env=environment, input=given.encode(), stdout=output, stderr=output)
    if ended.returncode != 0:
        raise ServicesFailed(f"{Path(command[0]).name} failed. Its log: {log}\n{last_lines(log)}")
