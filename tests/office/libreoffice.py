"""LibreOffice Calc as an officer uses it: opens a workbook, types into cells, inserts rows, saves as xlsx."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

PROGRAM = "soffice"
LONGEST_S = 180
MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Office" script:language="StarBasic">
Sub Fill(edits_url, from_url, to_url)
  Dim quiet(0) As New com.sun.star.beans.PropertyValue
  quiet(0).Name = "Hidden"
  quiet(0).Value = True
  book = StarDesktop.loadComponentFromURL(from_url, "_blank", 0, quiet())
  files = createUnoService("com.sun.star.ucb.SimpleFileAccess")
  stream = createUnoService("com.sun.star.io.TextInputStream")
  stream.setInputStream(files.openFileRead(edits_url))
  stream.setEncoding("UTF-8")
  Do While Not stream.isEOF()
    bits = Split(stream.readLine(), Chr(9))
    If UBound(bits) = 2 Then
      sheet = book.Sheets.getByName(bits(0))
      If bits(1) = "insert" Then
        sheet.Rows.insertByIndex(CLng(bits(2)) - 1, 1)
      Else
        place = sheet.getCellRangeByName(bits(1))
        If Left(bits(2), 1) = "'" Then
          place.setString(Mid(bits(2), 2))
        Else
          place.FormulaLocal = bits(2)
        End If
      End If
    End If
  Loop
  stream.closeInput()
  Dim shape(0) As New com.sun.star.beans.PropertyValue
  shape(0).Name = "FilterName"
  shape(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL(to_url, shape())
  book.close(True)
End Sub
</script:module>
"""
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false">
 <library:element library:name="Office"/>
</library:library>
"""
VIETNAMESE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
 <item oor:path="/org.openoffice.Setup/L10N">
  <prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>vi-VN</value></prop>
 </item>
</oor:items>
"""

Edit = tuple[str, str, object]
"""sheet, cell such as C4, what is typed there: as in Viet Nam (20/11/2027; 12,5), text as it is after an apostrophe;
or sheet, `insert`, the number of the row above which a row is inserted"""


class LibreOffice:
    """A program of its own, with Vietnamese settings, in a folder. Raises FileNotFoundError where none is installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        standard = folder / "profile" / "user" / "basic" / "Standard"
        standard.parent.parent.mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(VIETNAMESE, encoding="utf-8")
        self._run("--terminate_after_init")  # makes the profile, over whose library ours is written
        (standard / "Office.xba").write_text(MACRO, encoding="utf-8")
        (standard / "script.xlb").write_text(LIBRARY, encoding="utf-8")

    def fill(self, workbook: Path, edits: Iterable[Edit], saved: Path) -> Path:
        """Type into a workbook, and save it elsewhere. What is refused, as in a locked cell, stays as it is."""
        lines = self.folder / "edits.tsv"
        lines.write_text("\n".join(f"{sheet}\t{cell}\t{typed}" for sheet, cell, typed in edits), encoding="utf-8")
        urls = ",".join(f'"{path.as_uri()}"' for path in (lines, workbook, saved))
        self._run(f"macro:///Standard.Office.Fill({urls})")
        assert saved.exists(), "LibreOffice saved nothing"
        return saved

    def _run(self, *arguments: str) -> None:
        profile = f"-env:UserInstallation={(self.folder / 'profile').as_uri()}"
        options = ("--headless", "--norestore", "--nologo")
        subprocess.run([PROGRAM, profile, *options, *arguments], check=True, capture_output=True, timeout=LONGEST_S)
