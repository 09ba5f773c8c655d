"""Settings of the Superset that `make dashboards` starts; secrets and places come from its environment.

A server of its own needs the same settings beside its own SECRET_KEY and metadata database: docs/dashboards.md.
"""

import os
import re
from collections.abc import Iterator
from typing import Any

from superset.errors import ErrorLevel, SupersetError, SupersetErrorType
from superset.exceptions import SupersetSecurityException
from superset.security import SupersetSecurityManager

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = os.environ["SUPERSET_METADATA"]

D3_FORMAT = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]}
D3_TIME_FORMAT = {"date": "%d/%m/%Y", "dateTime": "%d/%m/%Y %H:%M", "time": "%H:%M"}
LOGO_TARGET_PATH = "/superset/dashboard/htx/"
ROW_LIMIT = 5000

# What sends figures out, or lets somebody write SQL of his own, is off.
FEATURE_FLAGS = {"ALERT_REPORTS": False, "EMBEDDED_SUPERSET": False, "ENABLE_TEMPLATE_PROCESSING": False}

# The page may load nothing from other hosts: by default it may send usage statistics to Scarf, and load map tiles.
TALISMAN_CONFIG = {
    "content_security_policy": {
        "default-src": ["'self'"],
        "base-uri": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'", "data:"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,
}

FROM_THE_TOP = re.compile(r" DESC(?=,|\s+LIMIT\b|\s*$)")


def SQL_QUERY_MUTATOR(sql: str, **_: Any) -> str:
    """What is blank comes last in a ranking: PostgreSQL has it first."""
    return FROM_THE_TOP.sub(" DESC NULLS LAST", sql)


class SavedMetricsAlone(SupersetSecurityManager):
    """Refuses what Superset's page does not offer either: metrics, and SQL, that are not saved with a dataset.

    `disallow_adhoc_metrics` of a dataset is a rule of the page, and not of the REST API."""

    def raise_for_access(self, *args: Any, **asked: Any) -> None:
        super().raise_for_access(*args, **asked)
        context, viz = asked.get("query_context"), asked.get("viz")
        written: list[str | None] = []
        if context and _has_saved_metrics_alone(context.datasource):
            known = {each.column_name for each in context.datasource.columns}
            written = [each for query in context.queries for each in _written_for(query) if each not in known]
        if viz and _has_saved_metrics_alone(viz.datasource):
            written = [each.get("sqlExpression") for each in viz.all_metrics if isinstance(each, dict)]
        if written:
            message = "Only metrics and columns that are saved with this dataset may be asked for."
            kind = SupersetErrorType.DATASOURCE_SECURITY_ACCESS_ERROR
            raise SupersetSecurityException(SupersetError(message=message, error_type=kind, level=ErrorLevel.WARNING))


def _has_saved_metrics_alone(datasource: Any) -> bool:
    return bool(getattr(datasource, "extra_dict", {}).get("disallow_adhoc_metrics"))


def _written_for(query: Any) -> Iterator[str | None]:
    """The SQL of columns and metrics of a query that do not stand in the dataset. The axis of a chart is written thus
    too, with the name of its column."""
    asked = [*(query.metrics or []), query.series_limit_metric, *(each for each, _ in query.orderby), *query.columns]
    yield from (each.get("sqlExpression") for each in asked if isinstance(each, dict))


CUSTOM_SECURITY_MANAGER = SavedMetricsAlone
