"""Saves a workbook so that equal content gives equal bytes: without the time of writing."""

import io
import zipfile
from datetime import datetime

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

WRITTEN_AT = datetime(2000, 1, 1)


class _UndatedZipFile(zipfile.ZipFile):
    """An archive whose entries all have the same time."""

    def writestr(self, zinfo_or_arcname, data, compress_type=None, compresslevel=None) -> None:
        entry = zipfile.ZipInfo(str(zinfo_or_arcname), date_time=WRITTEN_AT.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        super().writestr(entry, data)

    def write(self, filename, arcname=None, compress_type=None, compresslevel=None) -> None:
        with open(filename, "rb") as part:
            self.writestr(arcname or filename, part.read())


def as_bytes(workbook: Workbook) -> bytes:
    """The workbook saved; the same content gives the same bytes."""
    workbook.properties.creator = "htx"
    workbook.properties.created = workbook.properties.modified = WRITTEN_AT
    target = io.BytesIO()
    # Not workbook.save: that writes the present time into the properties.
    ExcelWriter(workbook, _UndatedZipFile(target, "w")).save()
    return target.getvalue()
