"""Requests for a report, as the DAGs publish_annual_report and publish_phase_review handle them: what a run publishes,
the form for a person of the Union, what is done with it, and the run's answer. Plain values in and out, as Airflow
keeps them.

A request is the conf of such a run, {kind, report_year or phase, as_of, force_because}, and `at`, its clock (ISO); of a
run that asks on after a form, also `follows`: {publication_id, said, given}. Of a conf that cannot be read, it is
{kind, refused_vi}: why. An outcome is what workflow.publish_report gives, with `awaits_approval` (whether a person must
fill in the form) and `question` (see paper_form).
"""

import logging
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from htx.editions import paper_form
from htx.editions.paper_form import is_open, question, shown
from reporting.content.recipients import LetterheadMissing
from warehouse.editions.records import PublicationRefused
from warehouse.reference.csv_rows import InvalidReferenceData
from warehouse.reference.phrases import phrase
from warehouse.reference.time_zone import VIET_NAM, instant_of

# workflow is imported where it is needed: that takes a second, and most tasks of a run do without it

log = logging.getLogger(__name__)

PERIODS = {"annual": "report_year", "phase_review": "phase"}
UNREADABLE = {"annual": "year_unreadable", "phase_review": "phase_unreadable"}
NOTHING_ASKED = {"awaits_approval": False, "question": {"subject": "", "body": "", "given": {}}}


class Unreadable(ValueError):
    """A value of a conf cannot be read; the message says so in Vietnamese."""


def choose(
    warehouse_url: str, kind: str, params: Mapping[str, Any], events: Sequence[Mapping[str, Any]], now: datetime,
    is_ours: bool = False,
) -> list[dict]:  # fmt: skip
    """The requests of a run, by the first of these that names a period: its own parameters; events of the asset
    `report_requests`, sent by other systems; the reports that are due. Empty where nothing is to be published.

    What cannot be read is a request to be refused, if nothing else was requested. `is_ours`: a run of ours started this
    one, and may say what it follows."""
    name = PERIODS[kind]
    if is_ours and params.get("follows"):
        return [{**_request(kind, params, now), "follows": params["follows"]}]
    asked = [params] if params[name] is not None else [each for each in events if each.get("kind") == kind]
    if not asked:
        asked = _due(warehouse_url, kind, params, now)
    requests = [_request(kind, each, now) for each in asked]
    readable = [each for place, each in enumerate(requests) if "at" in each and each not in requests[:place]]
    return readable or requests[:1]


def _due(warehouse_url: str, kind: str, params: Mapping[str, Any], now: datetime) -> list[Mapping[str, Any]]:
    """The confs of the reports that are due; that of the run itself where its clock cannot be read."""
    from htx.editions import workflow

    try:
        at = _clock(params) or now
    except Unreadable:
        return [params]
    due = workflow.due_publications(warehouse_url, at)
    return [{**params, PERIODS[kind]: period} for found, period in due if found == kind]


def publish(
    warehouse_url: str, request: Mapping[str, Any], reports_url: str, other_runs: int, requested_by: str | None = None,
    page_url: str | None = None,
) -> dict:  # fmt: skip
    """Publish what was requested; an outcome. Where that is refused, `published` is False and the answer says why: so
    is a clock that is set (`as_of`) in a warehouse that is not the example's. A request that follows an answer to a
    form is about the same publication.

    The form is for what is new; also for what was published before and whose papers are not done, unless there are
    `other_runs`, which may have asked."""
    from htx.editions import workflow

    kind = request["kind"]
    if refused_vi := request.get("refused_vi"):
        return _refused(kind, None, refused_vi)
    period, because, follows = request[PERIODS[kind]], request["force_because"], request.get("follows") or {}
    at = datetime.fromisoformat(request["at"])
    try:
        if request["as_of"] and not workflow.is_example(warehouse_url):
            raise PublicationRefused(
                "as_of sets the clock, and is for a warehouse of the example alone.",
                phrase("clock_not_allowed"),
            )
        if follows:
            outcome = workflow.published_before(warehouse_url, follows["publication_id"], reports_url)
        else:
            outcome = workflow.publish_report(warehouse_url, kind, period, at, reports_url, because)
    except PublicationRefused as refused:
        log.warning("%s %s: %s", kind, period, refused)
        return _refused(kind, period, refused.reason_vi)
    except (InvalidReferenceData, LetterheadMissing) as error:
        log.error("%s %s: %s", kind, period, error)
        return _refused(kind, period, phrase("reference_wrong"))
    if not outcome["published"]:
        return {**outcome, **NOTHING_ASKED}
    described = workflow.described(warehouse_url, outcome["publication_id"])
    outcome["figures_sha256"] = described["figures_sha256"]
    if not (is_open(described) and (outcome["is_new"] or follows or not other_runs)):
        return {**outcome, **NOTHING_ASKED}
    asked = question(
        warehouse_url, outcome, described, page_url, requested_by, bool(request["as_of"]), follows.get("said", ""),
        follows.get("given"),
    )  # fmt: skip
    return {**outcome, "awaits_approval": True, "question": asked}


def record(
    warehouse_url: str, request: Mapping[str, Any], outcome: Mapping[str, Any], decision: Mapping[str, Any],
    reports_url: str, now: datetime,
) -> dict:  # fmt: skip
    """Record what a person decided by the form: what paper_form.record gives, and `again`, the confs of the runs that
    ask on: one where something is left to do."""
    from htx.editions import workflow

    id = outcome["publication_id"]
    recorded = paper_form.record(warehouse_url, id, decision, reports_url, now)
    if not is_open(workflow.described(warehouse_url, id)):
        return {**recorded, "again": []}
    given = {} if recorded["is_recorded"] else decision["params_input"]
    follows = {"publication_id": id, "said": recorded["answer_vi"], "given": given}
    asked = {name: request[name] for name in request if name != "at"}
    return {**recorded, "again": [{**asked, "follows": follows}]}


def send(
    warehouse_url: str,
    request: Mapping[str, Any],
    outcome: Mapping[str, Any],
    recorded: Mapping[str, Any],
    now: datetime,
    outbox_url: str,
    smtp_url: str | None,
) -> dict:
    """Mail the copies that were asked for, on behalf of who asked, now; of the example at the run's clock.

    What is not signed, or was replaced meanwhile, is not mailed, and the answer says so."""
    from htx.editions import copies, workflow

    nothing: dict = {"sent": [], "sent_before": [], "answer_vi": ""}
    if not recorded["send_copy"]:
        return nothing
    as_of = request["as_of"] if request.get("as_of") and workflow.is_example(warehouse_url) else None
    at = datetime.fromisoformat(as_of) if as_of else now
    id, by, recipients = outcome["publication_id"], recorded["decided_by"], recorded["recipients"]
    try:
        return copies.send_copies(warehouse_url, id, by, at, outbox_url, smtp_url, recipients)
    except PublicationRefused as refused:
        log.warning("%s: %s", id, refused)
        return {**nothing, "answer_vi": phrase("not_delivered", reason=refused.reason_vi)}


def answer(
    outcome: Mapping[str, Any] | None, recorded: Mapping[str, Any] | None, sent: Mapping[str, Any] | None
) -> dict:
    """The answer of a run: the outcome, `decided_by`, `sent` (recipients), and answer_vi in sentences."""
    if outcome is None:
        return {"published": False, "is_new": False, "answer_vi": phrase("nothing_due")}
    answered = {key: value for key, value in outcome.items() if key not in NOTHING_ASKED}
    parts = [answered["answer_vi"], *(each["answer_vi"] for each in (recorded, sent) if each)]
    return answered | {
        "decided_by": recorded["decided_by"] if recorded else None,
        "sent": [*sent["sent"], *sent["sent_before"]] if sent else [],
        "answer_vi": " ".join(part for part in parts if part),
    }


def _refused(kind: str, period: int | None, reason_vi: str) -> dict:
    answer_vi = phrase("not_published", reason=reason_vi)
    outcome = {"published": False, "is_new": False, "kind": kind, "period": period, "answer_vi": answer_vi}
    return {**outcome, **NOTHING_ASKED}


def _request(kind: str, conf: Mapping[str, Any], now: datetime) -> dict:
    try:
        as_of = _clock(conf)
        period = str(conf.get(PERIODS[kind], "")).removesuffix(".0")  # JSON and its schemas know one kind of number
        if not re.fullmatch("[0-9]{1,4}", period):
            raise Unreadable(phrase(UNREADABLE[kind], value=shown(period)))
    except Unreadable as unreadable:
        log.warning("this request cannot be read: %s (%s)", shown(dict(conf)), unreadable)
        return {"kind": kind, "refused_vi": str(unreadable)}
    return {
        "kind": kind,
        PERIODS[kind]: int(period),
        "as_of": as_of and as_of.isoformat(),
        "force_because": shown(conf.get("force_because") or "", 1000) or None,
        "at": (as_of or now).isoformat(),
    }


def _clock(conf: Mapping[str, Any]) -> datetime | None:
    """The instant `as_of` of a conf. Raises Unreadable."""
    if not conf.get("as_of"):
        return None
    try:
        return instant_of(str(conf["as_of"])).astimezone(VIET_NAM)
    except (ValueError, OverflowError):  # a day before the first or after the last
        raise Unreadable(phrase("clock_unreadable", value=shown(conf["as_of"]))) from None
