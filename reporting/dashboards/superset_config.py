"""Settings of the Superset that `make dashboards` starts; secrets and places come from its environment.

A server of its own needs the same settings beside its own SECRET_KEY and metadata database: docs/dashboards.md.
"""

import os

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
