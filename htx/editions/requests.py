"""What a run of the DAGs publish_annual_report and publish_phase_review is about, what it asks a person of the Union,
and what it answers. Plain values in and out, as Airflow keeps them; the work is in publication_steps.

A request is the conf of such a run, {kind, report_year or phase, as_of, force_because}, and `at`, its clock (ISO).
An outcome is what publication_steps.publish_report gives, with `asks` (whether a person is to approve) and `question`
({subject, body}). A decision is what Airflow keeps of the answer to that: {chosen_options, params_input, responded_at,
responded_by_user}.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from warehouse.connection import connect
from warehouse.editions.records import PublicationRefused
from warehouse.reference.time_zone import VIET_NAM

# publication_steps is imported where it is needed: it takes a second, and most tasks of a run do without

log = logging.getLogger(__name__)

PERIODS = {"annual": "report_year", "phase_review": "phase"}
NAMES = {"annual": "báo cáo năm", "phase_review": "báo cáo sơ kết giai đoạn"}
REFUSED = "Reject"  # the word of Airflow's operator
NOTHING_DUE = "Hiện không có báo cáo nào đến hạn phát hành."
KEPT = """
    select figures_sha256, exists (select from raw.publication_sendings where publication_id = %(id)s)
    from raw.publications where publication_id = %(id)s
"""


def choose(
    warehouse_url: str, kind: str, params: Mapping[str, object], asked: Sequence[Mapping[str, object]], now: datetime
) -> list[dict]:
    """The requests of a run, by the first of these that names a period: its own parameters; what other systems asked
    by events of the asset `report_requests`; what goes by itself now. None where nothing is to be published.

    Raises ValueError where a parameter is no instant."""
    name = PERIODS[kind]
    if params[name] is not None:
        return [_request(kind, params, now)]
    requests = [_request(kind, each, now) for each in asked if _is_about(each, kind)]
    if not requests:
        from htx.editions import workflow

        at = _instant(params["as_of"]) or now
        due = workflow.due_publications(warehouse_url, at)
        requests = [_request(kind, {**params, name: period}, now) for found, period in due if found == kind]
    return [each for place, each in enumerate(requests) if each not in requests[:place]]


def publish(warehouse_url: str, request: Mapping[str, object], reports_url: str, other_runs: int) -> dict:
    """Publish what was asked for; an outcome. Wrong use is an answer too, with published False.

    A person is asked about what is new; and about what was published before and not sent, while there are no
    `other_runs` under way, of which one may be asking already."""
    from htx.editions import workflow

    kind, period = request["kind"], request[PERIODS[request["kind"]]]
    at, because = datetime.fromisoformat(request["at"]), request["force_because"]
    try:
        outcome = workflow.publish_report(warehouse_url, kind, period, at, reports_url, because)
    except PublicationRefused as refused:
        log.warning("%s %s: %s", kind, period, refused)
        said = f"Không phát hành được: {refused}"
        outcome = {"published": False, "is_new": False, "kind": kind, "period": period, "answer_vi": said}
    if not outcome["published"]:
        return {**outcome, "asks": False, "question": {"subject": "", "body": ""}}
    with connect(warehouse_url) as connection:
        sha256, is_sent = connection.execute(KEPT, {"id": outcome["publication_id"]}).fetchone()
    outcome = {**outcome, "figures_sha256": sha256, "asks": not is_sent and (outcome["is_new"] or not other_runs)}
    return {**outcome, "question": question(outcome)}


def question(outcome: Mapping[str, object]) -> dict[str, str]:
    """What a person of the Union is asked before a publication is sent, in Markdown."""
    missing = outcome["missing_units"]
    lines = [
        outcome["answer_vi"],
        f"Phiên bản: **{outcome['version']}** ({outcome['publication_id']})",
        f"Mã kiểm tra số liệu (SHA-256): `{outcome['figures_sha256']}`",
        f"Đơn vị chưa có báo cáo: {'; '.join(missing) if missing else 'không có'}",
        "Tài liệu:\n" + "\n".join(f"- `{path}`" for path in outcome["documents"]),
        "Chọn **Approve** để gửi đến nơi nhận, **Reject** để không gửi (tài liệu vẫn được lưu).",
    ]
    name = f"{NAMES[outcome['kind']]} {outcome['period']}"
    return {"subject": f"Duyệt gửi {name}, phiên bản {outcome['version']}", "body": "\n\n".join(lines)}


def send(
    warehouse_url: str,
    request: Mapping[str, object],
    outcome: Mapping[str, object],
    decision: Mapping[str, object],
    outbox_url: str,
    smtp_url: str | None,
) -> dict:
    """Send what was approved, in the name of who approved it, at the instant of the decision or by the run's clock.

    What a newer version has replaced meanwhile is not sent, and the answer says so. ValueError for what was refused."""
    from htx.editions import workflow

    publication_id = outcome["publication_id"]
    if REFUSED in decision["chosen_options"]:
        raise ValueError(f"{publication_id} was refused, and is not sent.")
    by, at = _by_and_at(request, decision)
    try:
        return workflow.send_publication(warehouse_url, publication_id, by, at, outbox_url, smtp_url)
    except PublicationRefused as refused:
        log.warning("%s: %s", publication_id, refused)
        return {"sent": [], "sent_before": [], "answer_vi": f"Không gửi được: {refused}"}


def answer(
    warehouse_url: str,
    request: Mapping[str, object] | None,
    outcome: Mapping[str, object] | None,
    decision: Mapping[str, object] | None,
    sent: Mapping[str, object] | None,
) -> dict:
    """What a run says at its end: the outcome, `decided_by`, `sent` (recipients), and answer_vi in sentences."""
    if outcome is None:
        return {"published": False, "is_new": False, "answer_vi": NOTHING_DUE}
    said = {key: value for key, value in outcome.items() if key not in ("asks", "question")}
    if decision is None:
        return said | {"decided_by": None, "sent": []}
    by, at = _by_and_at(request, decision)
    if sent is None:
        from htx.editions import workflow

        because = (decision["params_input"] or {}).get("note", "")
        sent = workflow.refuse_publication(warehouse_url, outcome["publication_id"], by, at, because)
    recipients = [*sent.get("sent", []), *sent.get("sent_before", [])]
    return said | {"decided_by": by, "sent": recipients, "answer_vi": f"{said['answer_vi']} {sent['answer_vi']}"}


def smtp_url(connection) -> str | None:
    """The URL of a mail server from Airflow's connection `smtp_default`; None where nobody set it.

    Its extra may say disable_ssl and from_email, as for Airflow's own mail. Where disable_ssl is not said, port 465 is
    spoken to in TLS from the first byte, another with STARTTLS where the server offers it."""
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


def _is_about(asked: Mapping[str, object], kind: str) -> bool:
    """Whether it asks for a period of this kind; what another system wrote wrongly is logged, and nothing else."""
    if asked.get("kind") != kind:
        return False
    try:
        _request(kind, asked, datetime.now(VIET_NAM))
    except (KeyError, TypeError, ValueError) as error:
        log.warning("no report can be made of this request: %s (%s)", dict(asked), error)
        return False
    return True


def _request(kind: str, asked: Mapping[str, object], now: datetime) -> dict:
    as_of = _instant(asked.get("as_of"))
    return {
        "kind": kind,
        PERIODS[kind]: int(asked[PERIODS[kind]]),
        "as_of": as_of and as_of.isoformat(),
        "force_because": str(asked.get("force_because") or "").strip() or None,
        "at": (as_of or now).isoformat(),
    }


def _instant(text: object) -> datetime | None:
    """An instant from ISO text; without a time zone it is meant in Viet Nam. Raises ValueError."""
    if not text:
        return None
    instant = datetime.fromisoformat(str(text))
    return instant if instant.tzinfo else instant.replace(tzinfo=VIET_NAM)


def _by_and_at(request: Mapping[str, object], decision: Mapping[str, object]) -> tuple[str, datetime]:
    at = request["as_of"] or decision["responded_at"]
    return decision["responded_by_user"]["name"], at if isinstance(at, datetime) else datetime.fromisoformat(at)
