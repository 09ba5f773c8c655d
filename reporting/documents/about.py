"""What a document says of itself, and the document that came of it."""

from dataclasses import dataclass
from datetime import datetime


class TemplateBroken(Exception):
    """A template asks for what there is not, or cannot be read; the message names the file and says what."""


@dataclass(frozen=True)
class About:
    """Which publication a document is of.

    `published_at` is an instant with its offset. `forced_because` is the reason for which it was published before
    it was ready; `missing_units` are the names of the mandatory units without a report; `changes` are sentences, one
    for each change since the version before, none in a first version."""

    version: str
    published_at: datetime
    forced_because: str | None = None
    missing_units: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """One file of a publication for one recipient. `format`: docx, xlsx or html."""

    recipient: str
    format: str
    file_name: str
    content: bytes
