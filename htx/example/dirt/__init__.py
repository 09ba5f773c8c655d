"""The dirt of real workbooks, put into the example's clean ones, with the truth beside it.

`CLASSES` names every class of dirt and says what it is; `soil` puts chosen ones into a part of the reports. Modules:
`paper` is a clean workbook that takes dirt, and knows where its cells went; `figures`, `days`, `letters`, `names`,
`layout` and `overlooked` soil cells, rows and sheets; `files` spoils whole files; `truth` is what is written down of
each piece. What must come of it is decided here from what was meant, and shares no code with those who read it.
"""

from htx.example.dirt.soiling import AT_EACH_BUILD, CLASSES, RATE, Soiled, soil
from htx.example.dirt.truth import Dirt

__all__ = ["AT_EACH_BUILD", "CLASSES", "RATE", "Dirt", "Soiled", "soil"]
