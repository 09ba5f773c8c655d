"""The publication that a document belongs to, and the written document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime


class TemplateBroken(Exception):
    """A template cannot be read, or uses an unknown name; the message names file and problem."""


@dataclass(frozen=True)
class About:
    """The publication that a document belongs to.

    `published_at` has its offset. `forced_because` is the reason to publish it before it was ready; `missing_units` are
    the names of the mandatory units without a report; `changes` are sentences about the changes since the version
    before, or since the issued paper that is replaced; none in a first version. `replaces` has number and day of that
    issued paper, by recipient: a recipient who never got one has none, nor has anybody where it was mailed before
    numbers were recorded. `proposed` has the rows of the tables of proposals of that paper, as texts, by table."""

    version: str
    published_at: datetime
    forced_because: str | None = None
    missing_units: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    replaces: Mapping[str, tuple[str, date]] = field(default_factory=dict)
    proposed: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """One file of a publication for one recipient. `format`: docx, xlsx or html."""

    recipient: str
    format: str
    file_name: str
    content: bytes
