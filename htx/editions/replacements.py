"""Papers that replace issued ones: where a verdict of an issued report moves, its next edition is drafted."""

from collections.abc import Mapping, Sequence
from datetime import date

import psycopg

from warehouse.connection import scalar
from warehouse.editions import deliveries, editions, papers
from warehouse.editions.editions import FED_BY_PUBLICATIONS
from warehouse.editions.papers import ISSUED, SIGNED
from warehouse.editions.records import Publication

MOVED = """
    select exists (
        select from raw.publication_verdicts as kept
        inner join marts.fct_indicator_verdicts as public using (indicator_code, report_year)
        where kept.publication_id = %s and kept.indicator_code <> all(%s) and kept.verdict <> public.verdict
    )
"""


def issued_before(
    connection: psycopg.Connection, versions: Sequence[Publication]
) -> tuple[Publication | None, Mapping[str, tuple[str, date]]]:
    """The last of these versions that was issued, and number and day of the paper that each recipient got last, where
    it has a number."""
    issued, numbered = None, {}
    for publication in versions:
        id = publication.publication_id
        states = papers.states_of(connection, id)
        for recipient in dict.fromkeys(each.recipient for each in states):
            own = [each for each in states if each.recipient == recipient]
            signed = papers.last(own, SIGNED)
            if papers.state_of(own) == ISSUED and signed:
                numbered[recipient] = (signed.paper_number or "", signed.happened_on)
                issued = publication
        if any(not each["is_copy"] for each in deliveries.sendings_of(connection, id).values()):
            issued = publication  # mailed before numbers were recorded
    return issued, numbered


def is_replacement_due(connection: psycopg.Connection, kind: str, period: int) -> bool:
    """Whether a report was issued, and a verdict of its newest version is another one now."""
    versions = editions.versions_of(connection, kind, period)
    if not versions or issued_before(connection, versions)[0] is None:
        return False
    return scalar(connection, MOVED, [versions[-1].publication_id, list(FED_BY_PUBLICATIONS)])
