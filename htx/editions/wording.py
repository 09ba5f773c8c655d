"""Answers about the province's reports, in Vietnamese: what a report waits for, whether it was published and sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from warehouse.editions.records import Publication
from warehouse.reference.dates_vi import instant_vi
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import publication_words


def named(kind: str, period: int) -> str:
    """Báo cáo năm 2025, Báo cáo tổng kết giai đoạn 2."""
    return phrase(f"report.{kind}", **publication_words(kind, period))


def units_missing(row: Mapping) -> list[str]:
    """The names of the mandatory units that have not reported."""
    return [name for name in (row["missing_units"] or "").split("; ") if name]


def waiting(row: Mapping, at: datetime) -> str:
    """Why a report cannot be published yet."""
    missing, parts = units_missing(row), []
    if row["opens_at"] is not None and at < row["opens_at"]:
        parts.append(phrase("waits_for_end", opens_at=instant_vi(row["opens_at"])))
    if missing:
        parts.append(phrase("waits_for_units", count=len(missing), names=", ".join(missing)))
    if row["units_with_errors"]:
        parts.append(phrase("waits_for_corrections", count=row["units_with_errors"]))
    if row["units_with_open_queries"]:
        parts.append(phrase("waits_for_answers", units=row["units_with_open_queries"], queries=row["open_queries"]))
    if not row["expected_units"]:
        parts.append(phrase("waits_for_roster"))
    goes = phrase("goes_at", goes_at=instant_vi(row["goes_at"])) if row["goes_at"] else ""
    return phrase("waiting", name=named(row["kind"], row["period"]), reasons="; ".join(parts), goes=goes)


def published(publication: Publication, is_new: bool) -> str:
    """A report was published, now or before."""
    about = {
        "name": named(publication.kind, publication.period),
        "version": publication.version,
        "at": instant_vi(publication.published_at),
    }
    if not is_new:
        return phrase("unchanged", **about)
    because, missing = publication.forced_because, publication.missing_units
    forced = phrase("published_forced", because=because) if because else ""
    lacking = phrase("published_lacking", names=", ".join(missing)) if missing else ""
    return phrase("published", **about, forced=forced, lacking=lacking)


def sent(
    publication: Publication, sent: Sequence[str], sent_before: Sequence[str], uncertain: Sequence[str] = ()
) -> str:
    """Copies of a report were sent to these recipients, now and before; of the uncertain it is not known."""
    name = named(publication.kind, publication.period)
    now = phrase("sent_now", names=", ".join(sent)) if sent else phrase("sent_to_nobody")
    before = phrase("sent_before", names=", ".join(sent_before)) if sent_before else ""
    answer = phrase("sent", name=name, version=publication.version, now=now, before=before)
    interrupted = [phrase("sent_uncertain", names=", ".join(uncertain))] if uncertain else []
    return " ".join([answer, *interrupted])
