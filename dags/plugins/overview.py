"""The page "year at a glance" within Airflow's web page: what waits for whom, and where each report year stands.

Airflow guards no page of a plugin: this one asks for a login that may read the DAG that sends the notices.
"""

from datetime import UTC, datetime
from typing import Any

from airflow.plugins_manager import AirflowPlugin

PREFIX = "/htx"
SHOWN_TO_READERS_OF = "notify_union"


class OverviewPlugin(AirflowPlugin):
    """Airflow loads plugins in every process; what the page needs is imported where pages are served alone."""

    name = "htx_overview"

    @property
    def external_views(self) -> list[dict[str, Any]]:  # type: ignore[override]
        from warehouse.reference.phrases import phrase

        view = {"name": phrase("overview"), "url_route": "htx-overview", "nav_top_level": True}
        return [{**view, "href": f"{PREFIX}/overview", "destination": "nav"}]

    @property
    def fastapi_apps(self) -> list[dict[str, Any]]:  # type: ignore[override]
        return [{"app": _app(), "url_prefix": PREFIX, "name": self.name}]


def _app() -> Any:
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.resource_details import DagDetails
    from airflow.api_fastapi.core_api.security import get_user
    from airflow.configuration import conf
    from fastapi import Depends, FastAPI, HTTPException
    from fastapi.responses import HTMLResponse

    def require_reader(user: Any = Depends(get_user)) -> None:  # noqa: B008
        details = DagDetails(id=SHOWN_TO_READERS_OF)
        if not get_auth_manager().is_authorized_dag(method="GET", details=details, user=user):
            raise HTTPException(403, "Forbidden")

    app = FastAPI(openapi_url=None, dependencies=[Depends(require_reader)])

    @app.get("/overview", response_class=HTMLResponse)
    def overview() -> str:
        from dags.parts import connections
        from htx.operations import overview, places

        warehouse_url = connections.existing_warehouse_url()
        if warehouse_url is None:
            raise HTTPException(503, "neither WAREHOUSE_URL nor the connection htx_warehouse is set for the api-server")
        # no certificate of a mail server is read while somebody waits for a page
        page = conf.get("api", "base_url", fallback=None)
        where = places.of_environment(smtp_url=None, mailbox_url=None, reports_page_url=None, airflow_url=page)
        return overview.page(warehouse_url, datetime.now(UTC), where)

    return app
