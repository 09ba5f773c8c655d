"""Requests for a report, as the DAGs publish_annual_report and publish_phase_review handle them: what a run publishes,
the question to a person of the Union, and its answer. Plain values in and out, as Airflow keeps them.

A request is the conf of such a run, {kind, report_year or phase, as_of, force_because}, and `at`, its clock (ISO). Of a
conf that cannot be read, it is {kind, refused_vi}: why.
An outcome is what workflow.publish_report gives, with `awaits_approval` (whether a person must approve) and `question`
({subject, body}). A decision is what Airflow keeps of the person's answer: {chosen_options, params_input, responded_at,
responded_by_user}.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from htx.editions import wording
from reporting.content.recipients import LetterheadMissing
from reporting.documents.letters import write_letter
from warehouse.editions.records import PublicationRefused
from warehouse.reference.csv_rows import InvalidReferenceData
from warehouse.reference.dates_vi import instant_vi
from warehouse.reference.phrases import phrase
from warehouse.reference.time_zone import VIET_NAM, instant_of

# workflow is imported where it is needed: that takes a second, and most tasks of a run do without it

log = logging.getLogger(__name__)

PERIODS = {"annual": "report_year", "phase_review": "phase"}
UNREADABLE = {"annual": "year_unreadable", "phase_review": "phase_unreadable"}
NOTHING_ASKED = {"awaits_approval": False, "question": {"subject": "", "body": ""}}


class Unreadable(ValueError):
    """A value of a conf cannot be read; the message says so in Vietnamese."""


def choose(
    warehouse_url: str, kind: str, params: Mapping[str, Any], events: Sequence[Mapping[str, Any]], now: datetime
) -> list[dict]:
    """The requests of a run, by the first of these that names a period: its own parameters; events of the asset
    `report_requests`, sent by other systems; the reports that are due. Empty where nothing is to be published.

    What cannot be read is a request to be refused, if nothing else was requested."""
    name = PERIODS[kind]
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
    warehouse_url: str, request: Mapping[str, Any], reports_url: str, other_runs: int, requested_by: str | None = None
) -> dict:
    """Publish what was requested; an outcome. Where that is refused, `published` is False and the answer says why: so
    is a clock that is set (`as_of`) in a warehouse that is not the example's.

    Approval is requested for what is new; also for what was published before and not sent, unless there are
    `other_runs`, which may have requested it."""
    from htx.editions import workflow

    kind = request["kind"]
    if refused_vi := request.get("refused_vi"):
        return _refused(kind, None, refused_vi)
    period, because = request[PERIODS[kind]], request["force_because"]
    at = datetime.fromisoformat(request["at"])
    try:
        if request["as_of"] and not workflow.is_example(warehouse_url):
            raise PublicationRefused(
                "as_of sets the clock, and is for a warehouse of the example alone.",
                phrase("clock_not_allowed"),
            )
        outcome = workflow.publish_report(warehouse_url, kind, period, at, reports_url, because)
    except PublicationRefused as refused:
        log.warning("%s %s: %s", kind, period, refused)
        return _refused(kind, period, refused.reason_vi)
    except (InvalidReferenceData, LetterheadMissing) as error:
        log.error("%s %s: %s", kind, period, error)
        return _refused(kind, period, phrase("reference_wrong"))
    if not outcome["published"]:
        return {**outcome, **NOTHING_ASKED}
    kept = workflow.described(warehouse_url, outcome["publication_id"])
    awaits_approval = not kept["sendings"] and (outcome["is_new"] or not other_runs)
    outcome = {**outcome, "figures_sha256": kept["figures_sha256"], "awaits_approval": awaits_approval}
    return {**outcome, "question": question(outcome, request, requested_by)}


def question(outcome: Mapping[str, Any], request: Mapping[str, Any], requested_by: str | None) -> dict[str, str]:
    """The question to a person of the Union before a publication is sent, in Markdown."""
    because = request["force_because"]
    subject, body = write_letter(
        "approval",
        outcome=outcome,
        name=wording.named(outcome["kind"], outcome["period"]),
        published_at=instant_vi(datetime.fromisoformat(outcome["published_at"])),
        is_clock_set=bool(request["as_of"]),
        requested_by=_quoted(requested_by) if requested_by else None,
        because=_quoted(because) if because else None,
        approve=phrase("approve"),
        reject=phrase("reject"),
    )
    return {"subject": subject, "body": body}


def send(
    warehouse_url: str,
    request: Mapping[str, Any],
    outcome: Mapping[str, Any],
    decision: Mapping[str, Any],
    now: datetime,
    outbox_url: str,
    smtp_url: str | None,
) -> dict:
    """Send what was approved, on behalf of who approved it, now; of the example at the run's clock.

    What a newer version has replaced meanwhile is not sent, and the answer says so. ValueError where it was refused."""
    from htx.editions import workflow

    publication_id = outcome["publication_id"]
    if phrase("reject") in decision["chosen_options"]:
        raise ValueError(f"{publication_id} was refused, and is not sent.")
    as_of = request["as_of"] if request.get("as_of") and workflow.is_example(warehouse_url) else None
    by, at = _decided_by(decision), datetime.fromisoformat(as_of) if as_of else now
    try:
        return workflow.send_publication(warehouse_url, publication_id, by, at, outbox_url, smtp_url)
    except PublicationRefused as refused:
        log.warning("%s: %s", publication_id, refused)
        return {"sent": [], "sent_before": [], "answer_vi": phrase("not_delivered", reason=refused.reason_vi)}


def answer(
    warehouse_url: str,
    outcome: Mapping[str, Any] | None,
    decision: Mapping[str, Any] | None,
    sent: Mapping[str, Any] | None,
) -> dict:
    """The answer of a run: the outcome, `decided_by`, `sent` (recipients), and answer_vi in sentences."""
    if outcome is None:
        return {"published": False, "is_new": False, "answer_vi": phrase("nothing_due")}
    answered = {key: value for key, value in outcome.items() if key not in ("awaits_approval", "question")}
    if decision is None:
        return answered | {"decided_by": None, "sent": []}
    by = _decided_by(decision)
    if sent is None:
        from htx.editions import workflow

        at = decision["responded_at"]
        at = at if isinstance(at, datetime) else datetime.fromisoformat(at)
        because = (decision["params_input"] or {}).get("note", "")
        sent = workflow.refuse_publication(warehouse_url, outcome["publication_id"], by, at, because)
    recipients = [*sent.get("sent", []), *sent.get("sent_before", [])]
    answer_vi = f"{answered['answer_vi']} {sent['answer_vi']}"
    return answered | {"decided_by": by, "sent": recipients, "answer_vi": answer_vi}


def smtp_url(connection: Any) -> str | None:
    """The URL of a mail server from Airflow's connection `smtp_default`; None where it is not set.

    Its extra may hold disable_ssl and from_email, as for Airflow's own mail. Without disable_ssl, port 465 means TLS
    from the first byte, any other STARTTLS where the server offers it."""
    if connection is None or not connection.host:
        return None
    extra = connection.extra_dejson
    encrypted = not extra["disable_ssl"] if "disable_ssl" in extra else connection.port == 465
    login = ""
    if connection.login:
        login = f"{quote(connection.login, safe='')}:{quote(connection.password or '', safe='')}@"
    port = f":{connection.port}" if connection.port else ""
    sender = f"?from={quote(extra['from_email'])}" if extra.get("from_email") else ""
    return f"{'smtps' if encrypted else 'smtp'}://{login}{connection.host}{port}{sender}"


def _refused(kind: str, period: int | None, reason_vi: str) -> dict:
    answer_vi = phrase("not_published", reason=reason_vi)
    outcome = {"published": False, "is_new": False, "kind": kind, "period": period, "answer_vi": answer_vi}
    return {**outcome, **NOTHING_ASKED}


def _request(kind: str, conf: Mapping[str, Any], now: datetime) -> dict:
    try:
        as_of = _clock(conf)
        period = str(conf.get(PERIODS[kind], "")).removesuffix(".0")  # JSON and its schemas know one kind of number
        if not re.fullmatch("[0-9]{1,4}", period):
            raise Unreadable(phrase(UNREADABLE[kind], value=_shown(period)))
    except Unreadable as unreadable:
        log.warning("this request cannot be read: %s (%s)", _shown(dict(conf)), unreadable)
        return {"kind": kind, "refused_vi": str(unreadable)}
    return {
        "kind": kind,
        PERIODS[kind]: int(period),
        "as_of": as_of and as_of.isoformat(),
        "force_because": _shown(conf.get("force_because") or "", 1000) or None,
        "at": (as_of or now).isoformat(),
    }


def _clock(conf: Mapping[str, Any]) -> datetime | None:
    """The instant `as_of` of a conf. Raises Unreadable."""
    if not conf.get("as_of"):
        return None
    try:
        return instant_of(str(conf["as_of"])).astimezone(VIET_NAM)
    except (ValueError, OverflowError):  # a day before the first or after the last
        raise Unreadable(phrase("clock_unreadable", value=_shown(conf["as_of"]))) from None


def _shown(value: object, most: int = 100) -> str:
    """A value that others wrote, on one line, without characters that cannot be kept or printed; at most so many."""
    text = "".join(letter if letter.isprintable() else " " for letter in str(value))
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most]}…"


def _decided_by(decision: Mapping[str, Any]) -> str:
    return decision["responded_by_user"]["name"]


def _quoted(text: str) -> str:
    """Words of others as they stand, whatever Markdown they hold; of long ones the beginning."""
    return f"`{_shown(text, 500).replace('`', '´')}`"
