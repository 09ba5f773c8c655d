"""Airflow's auth manager, with a right to trigger one DAG; roles and logins are in logins.py."""

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.providers.fab.auth_manager.fab_auth_manager import FabAuthManager
from airflow.providers.fab.www.security.permissions import RESOURCE_DAG_RUN, resource_name


class NarrowFabAuthManager(FabAuthManager):
    """Flask-AppBuilder's users and roles, where triggering a DAG needs no right to edit it.

    By default a user who may trigger a DAG may also pause it and change its runs. Here "can create" on `DAG Run:<id>`
    with "can read" on `DAG:<id>` is enough. A user who may edit a DAG may still trigger it."""

    def is_authorized_dag(self, *, method, user, access_entity=None, details=None) -> bool:
        if method == "POST" and access_entity == DagAccessEntity.RUN and details and details.id:
            runs = resource_name(details.id, RESOURCE_DAG_RUN)
            if self._is_authorized(method="POST", resource_type=runs, user=user):
                return super().is_authorized_dag(method="GET", user=user, details=details)
        return super().is_authorized_dag(method=method, user=user, access_entity=access_entity, details=details)
