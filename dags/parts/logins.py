"""Roles and logins of Airflow's web page and REST API; `python -m dags.parts.logins FILE` creates the missing ones.

FILE (JSON, mode 600) holds {login: password}. A login missing there gets a password, which is added; a password changed
there is set in Airflow. Other logins and roles, made on the web page, are left alone.
"""

import json
import os
import secrets
import sys
from pathlib import Path

from airflow.providers.fab.www.security_appless import ApplessAirflowSecurityManager
from airflow.utils.session import create_session
from werkzeug.security import check_password_hash, generate_password_hash

TRIGGERED = "publish_annual_report"
# Admin is Airflow's own role: it gets its rights when the web page starts.
ROLES = {
    "Admin": (),
    "annual_report_trigger": (
        ("can_read", f"DAG:{TRIGGERED}"),
        ("can_create", f"DAG Run:{TRIGGERED}"),
        ("can_read", f"DAG Run:{TRIGGERED}"),
        # limited to the DAGs that it may read: this one
        ("can_read", "DAG Runs"),
        ("can_read", "Task Instances"),
        ("can_read", "XComs"),
        ("can_read", "Website"),
    ),
}
LOGINS = {"admin": "Admin", "report-trigger": "annual_report_trigger"}


def make_logins(file: Path) -> None:
    """Create missing roles and logins, and set each login's password from the file."""
    passwords = _passwords(file)
    with create_session() as session:
        access = ApplessAirflowSecurityManager(session=session)
        for name, rights in ROLES.items():
            role = access.add_role(name)
            wanted = [access.create_permission(action, resource) for action, resource in rights]
            if rights:
                role.permissions = [each for each in wanted if each]
        for login, role_name in LOGINS.items():
            user = access.find_user(username=login)
            if user is None:
                secret = generate_password_hash(passwords[login])
                access.add_user(
                    login, login, role_name, f"{login}@airflow.example", access.find_role(role_name), "", secret
                )
            elif not check_password_hash(user.password, passwords[login]):
                user.password = generate_password_hash(passwords[login])


def _passwords(file: Path) -> dict[str, str]:
    known = json.loads(file.read_text()) if file.exists() else {}
    passwords = {login: known.get(login) or secrets.token_urlsafe(12) for login in LOGINS} | known
    if passwords != known:
        draft = file.with_name(f"{file.name}.new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
            json.dump(passwords, written)
        os.replace(draft, file)
    return passwords


if __name__ == "__main__":
    make_logins(Path(sys.argv[1]))
