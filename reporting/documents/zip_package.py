"""Office files without the time of writing, so that the same content is the same bytes."""

import io
import re
import zipfile
from datetime import datetime

NO_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that zip files can hold


def without_clock(package: bytes, modified_at: datetime | None = None) -> bytes:
    """A .docx or .xlsx whose parts have no time; with `modified_at`, in UTC, that is the time in its properties."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if modified_at and name == "docProps/core.xml":
                part = re.sub(rb"(W3CDTF\">)[^<]*", rb"\g<1>" + f"{modified_at:%Y-%m-%dT%H:%M:%SZ}".encode(), part)
            new.writestr(zipfile.ZipInfo(name, NO_TIME), part, zipfile.ZIP_DEFLATED)
    return written.getvalue()
