"""Load the bundle into Superset, in place of what was loaded before, and make its logins. Superset's Python runs it:

    {"warehouse": "postgresql+psycopg2://...", "logins": {"admin": "...", "viewer": "..."}}

is its standard input: no list of processes shows the passwords.
"""

import json
import re
import sys
from pathlib import Path

from superset.app import create_app

BUNDLE = Path(__file__).parent / "bundle"
DATABASE = "databases/warehouse.yaml"
ROLES = {"admin": ["Admin"], "viewer": ["Gamma", "htx_viewer"]}
"""of each login; the viewer reads all data of the bundle, and makes charts of it"""
VIEWER_MAY = (("all_datasource_access", "all_datasource_access"), ("can_get_column_values", "Datasource"))
"""beside what Gamma may: read every dataset, and choose the values that he filters on"""


def main() -> None:
    given = json.load(sys.stdin)
    with create_app().app_context():
        from superset import security_manager
        from superset.utils.core import override_user

        viewer = security_manager.add_role("htx_viewer")
        for right in VIEWER_MAY:
            security_manager.add_permission_role(viewer, security_manager.add_permission_view_menu(*right))
        for name, password in given["logins"].items():
            _make_login(name, password)
        with override_user(security_manager.find_user("admin")):
            _load(given["warehouse"])


def _make_login(name: str, password: str) -> None:
    from superset import db, security_manager

    user = security_manager.find_user(name)
    if user is None:
        roles = [security_manager.find_role(role) for role in ROLES[name]]
        user = security_manager.add_user(name, name, "htx", f"{name}@localhost", roles, password=password)
    security_manager.reset_password(user.id, password)
    db.session.commit()


def _load(warehouse: str) -> None:
    from superset.commands.importers.v1.assets import ImportAssetsCommand

    contents = {
        path.relative_to(BUNDLE).as_posix(): path.read_text(encoding="utf-8") for path in BUNDLE.rglob("*.yaml")
    }
    address = f"sqlalchemy_uri: {json.dumps(warehouse)}"
    contents[DATABASE] = re.sub(r"(?m)^sqlalchemy_uri: .*$", lambda _: address, contents[DATABASE])
    ImportAssetsCommand(contents).run()


if __name__ == "__main__":
    main()
