"""The publication that a document belongs to, and the written document."""

from dataclasses import dataclass
from datetime import date, datetime


class TemplateBroken(Exception):
    """A template cannot be read, or uses an unknown name; the message names file and problem."""


@dataclass(frozen=True)
class About:
    """The publication that a document belongs to.

    `published_at` has its offset. `forced_because` is the reason to publish it before it was ready; `missing_units` are
    the names of the mandatory units without a report; `changes` are sentences about the changes since the version
    before, none in a first version; `replaces` are number and day of the issued paper that this one replaces."""

    version: str
    published_at: datetime
    forced_because: str | None = None
    missing_units: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    replaces: tuple[str, date] | None = None


@dataclass(frozen=True)
class Document:
    """One file of a publication for one recipient. `format`: docx, xlsx or html."""

    recipient: str
    format: str
    file_name: str
    content: bytes
