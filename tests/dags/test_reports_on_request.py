"""Publishing by Airflow's real services, asked as other systems ask: with the official client, over the REST API."""

import email
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

import docx
import psutil
import pytest
import urllib3
from aiosmtpd.controller import Controller
from airflow_client.client import ApiClient
from airflow_client.client.api.asset_api import AssetApi
from airflow_client.client.api.connection_api import ConnectionApi
from airflow_client.client.api.dag_api import DAGApi
from airflow_client.client.api.dag_run_api import DagRunApi
from airflow_client.client.api.task_instance_api import TaskInstanceApi
from airflow_client.client.api.x_com_api import XComApi
from airflow_client.client.exceptions import ApiException, BadRequestException, ForbiddenException
from airflow_client.client.models.clear_task_instances_body import ClearTaskInstancesBody
from airflow_client.client.models.clear_task_instances_body_task_ids_inner import ClearTaskInstancesBodyTaskIdsInner
from airflow_client.client.models.create_asset_events_body import CreateAssetEventsBody
from airflow_client.client.models.dag_patch_body import DAGPatchBody
from airflow_client.client.models.trigger_dag_run_post_body import TriggerDAGRunPostBody
from airflow_client.client.models.update_hitl_detail_payload import UpdateHITLDetailPayload
from docx.oxml.ns import qn

from htx import environment
from htx.editions import copies, office_files, papers
from htx.editions.paper_form import NOTHING_GIVEN
from htx.local import demo
from htx.local.airflow import airflow_services
from htx.local.errors import RunFailed
from htx.local.runs import Services
from tests.datasets import first_seed
from warehouse.connection import connect
from warehouse.server.ports import free_port

pytestmark = first_seed
to_the_end = pytest.mark.soak("requests")
"""for what takes whole runs that make papers; `make test` has what one run without a paper shows"""
ANNUAL = "publish_annual_report"
RECIPIENTS = ["CENTRAL_UNION", "PEOPLES_COMMITTEE"]
SIGNED = {
    "number_CENTRAL_UNION": "12", "number_PEOPLES_COMMITTEE": "7/BC-HLHPN", "signed_on": "2025-12-26",
    "signer": "Ngô Thị Mẫu",
}  # fmt: skip
ISSUED = {"issued_on": "2025-12-26", "channel": "exchange"}
MAILBOXES = ["van-thu@trung-uong-hoi.example", "van-thu@ubnd-tinh.example"]
SCAN = bytes(range(256)) * 10


class Post:
    """A mail server that keeps what it gets, and once kills who sends to a mailbox, before it answers."""

    def __init__(self):
        self.received: list[tuple[list[str], EmailMessage]] = []
        self.kills_sender_to = ""
        self.url = ""

    async def handle_DATA(self, server, session, envelope):
        self.received.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=policy.default)))
        if envelope.rcpt_tos == [self.kills_sender_to]:
            self.kills_sender_to = ""
            os.kill(_process_behind(session.peer, urlsplit(self.url).port), signal.SIGKILL)
        return "250 OK"

    def letters(self, mailbox: str, subject: str = "") -> list[EmailMessage]:
        return [mail for to, mail in self.received if to == [mailbox] and subject in mail["Subject"]]


def _process_behind(peer: tuple[str, int], port: int) -> int:
    """The pid of who holds the connection from `peer` to `port`: other connections, closed ones too, may come from the
    same port to another one."""
    [pid] = {
        each.pid
        for each in psutil.net_connections("tcp")
        if each.pid and each.raddr and (each.laddr.port, each.raddr.port) == (peer[1], port)
    }
    return pid


@dataclass
class Airflow:
    """Airflow on a warehouse of its own, in which the example's years are built."""

    services: Services
    warehouse_url: str
    home: Path
    as_of: datetime
    """The instant at which the report of the last year goes."""
    post: "Post"

    def rows(self, query: str) -> list[tuple]:
        with connect(self.warehouse_url) as connection:
            return connection.execute(query).fetchall()


@dataclass
class Asker:
    """Another system, with a login."""

    client: ApiClient
    desk: Airflow

    def trigger(self, **conf: object) -> str:
        body = TriggerDAGRunPostBody(logical_date=None, conf={"kind": "annual", **conf})
        return DagRunApi(self.client).trigger_dag_run(ANNUAL, body).dag_run_id

    def decide(self, run_id: str, option: str, **given: object) -> None:
        decision = UpdateHITLDetailPayload(chosen_options=[option], params_input=NOTHING_GIVEN | given)
        TaskInstanceApi(self.client).update_hitl_detail(ANNUAL, run_id, "decide", -1, decision)

    def form_after(self, run_id: str) -> tuple[str, str]:
        """The run that goes on after a form, when its own form waits, and the body of that."""
        answer = self.answer(run_id)
        wait_until(lambda: self._waiting_for(answer["publication_id"]))
        next_run = self._waiting_for(answer["publication_id"])[0]
        return next_run, self.body_of(next_run)

    def body_of(self, run_id: str) -> str:
        """What the form of a run says."""
        return TaskInstanceApi(self.client).get_hitl_detail(ANNUAL, run_id, "decide", -1).body

    def _waiting_for(self, publication_id: str) -> list[str]:
        return [
            run_id
            for run_id in self.desk.services.awaiting_decision(ANNUAL)
            if self.desk.services.result_of(ANNUAL, run_id, "publish")["publication_id"] == publication_id
        ]

    def answer(self, run_id: str) -> dict:
        """What the run says at its end; it must end well."""
        self.desk.services.wait_for_run(ANNUAL, run_id, timeout=120)
        entry = XComApi(self.client).get_xcom_entry(ANNUAL, "answer", run_id, "return_value", deserialize=True)
        return entry.actual_instance.value


@pytest.fixture(scope="module")
def desk(played, airflow_url, new_database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airflow]:
    url = new_database(played[1])
    home = tmp_path_factory.mktemp("home")
    known = environment.of_children(
        HTX_HOME=str(home),
        WAREHOUSE_URL=url,
        **{f"{name}_URL": f"file://{home / name.lower()}" for name in ("INBOX", "OUTBOX", "REPORTS")},
        **{f"{dag_id.upper()}_SCHEDULE": "never" for dag_id in demo.SCHEDULED},
    )
    post = Post()
    controller = Controller(post, hostname="127.0.0.1", port=free_port())
    controller.start()
    known["SMTP_URL"] = post.url = f"smtp://127.0.0.1:{controller.port}"
    with airflow_services(home, airflow_url(), known) as services:
        services.wait_until_ready()
        yield Airflow(services, url, home, demo.when_it_goes(url, "annual", 2025), post)
    controller.stop()


@pytest.fixture(scope="module")
def asker(desk: Airflow) -> Asker:
    return Asker(desk.services.client("report-trigger"), desk)


@pytest.fixture(scope="module")
def union(desk: Airflow) -> Asker:
    return Asker(desk.services.client("admin"), desk)


@pytest.fixture(scope="module")
def asked(desk: Airflow, asker: Asker) -> dict[str, str]:
    """Runs that were triggered at the same time: {what for: run id}."""
    year = {"report_year": 2025, "as_of": desk.as_of.isoformat()}
    confs = {"once": year, "again": year, "another year": {**year, "report_year": 2024}}
    with ThreadPoolExecutor(len(confs)) as pool:
        return dict(zip(confs, pool.map(lambda conf: asker.trigger(**conf), confs.values()), strict=True))


@pytest.fixture(scope="module")
def not_ready(desk: Airflow, asker: Asker) -> str:
    """A run for the report of a year that most units have not reported yet."""
    return asker.trigger(report_year=2026, as_of=desk.as_of.isoformat())


@to_the_end
def test_asked_twice_at_the_same_time_a_report_is_published_once_and_one_form_waits(desk, asked):
    asks = [desk.services.asks(ANNUAL, asked[each]) for each in ("once", "again")]
    assert sorted(asks) == [False, True]
    assert desk.rows("select version from raw.publications where report_year = 2025") == [("1.0.0",)]
    assert desk.rows("select count(*) from raw.publication_sendings") == [(0,)]


@to_the_end
def test_the_login_that_triggers_cannot_decide(desk, asker, asked):
    [waiting] = [asked[each] for each in ("once", "again") if desk.services.asks(ANNUAL, asked[each])]
    with pytest.raises(ForbiddenException):
        asker.decide(waiting, "Đã phát hành", **SIGNED, **ISSUED)


def test_the_year_at_a_glance_needs_a_login_that_may_read_who_is_notified(desk):
    page = f"{desk.services.api_url}/htx/overview"

    def asked_as(*logins: str) -> list[int]:
        """The status of the page with the cookie of each login."""
        tokens = [desk.services.client(login).configuration.access_token for login in logins]
        return [urllib3.request("GET", page, headers={"Cookie": f"_token={token}"}).status for token in tokens]

    assert urllib3.request("GET", page, redirect=False).status == 401
    assert asked_as("report-trigger", "admin") == [403, 200]
    assert urllib3.request("GET", f"{desk.services.api_url}/htx/openapi.json", redirect=False).status == 404


@to_the_end
def test_who_prepares_is_notified_once_and_gets_the_word_files(desk, asked):
    for _ in range(2):
        desk.services.wait_for_run("notify_union", desk.services.trigger("notify_union"), timeout=120)
    [letter] = desk.post.letters("chuyen-vien@hoi-phu-nu.example", "Báo cáo năm 2025")
    assert letter["Subject"] == "Báo cáo năm 2025: đề nghị biên tập dự thảo"
    attached = {each.get_filename(): each.get_content() for each in letter.iter_attachments()}
    assert sorted(attached) == [f"{each}-bao-cao-nam-2025.docx" for each in RECIPIENTS]
    assert f"{desk.services.api_url}/required_actions" in letter.get_body().get_content()
    edited = docx.Document(BytesIO(attached["CENTRAL_UNION-bao-cao-nam-2025.docx"]))
    edited.add_paragraph("Kính trình.")
    edited.save(word_file(desk))


@to_the_end
def test_what_is_refused_is_kept_and_not_sent(desk, asker, union, asked):
    assert desk.services.asks(ANNUAL, asked["another year"])
    union.decide(asked["another year"], "Không duyệt", because="chờ số liệu của Sở Tài chính", send_copy=True)
    answer = asker.answer(asked["another year"])
    assert (answer["version"], answer["decided_by"], answer["sent"]) == ("1.0.0", "admin", [])
    assert "không duyệt, vì: chờ số liệu của Sở Tài chính" in answer["answer_vi"]
    sent = "select 1 from raw.publication_sendings inner join raw.publications using (publication_id)"
    assert desk.rows(f"{sent} where report_year = 2024") == []


@to_the_end
def test_a_draft_is_returned_refused_signed_issued_and_mailed_once_though_the_mail_is_cut_off(
    desk, asker, union, asked, tmp_path
):
    [waiting] = [asked[each] for each in ("once", "again") if desk.services.asks(ANNUAL, asked[each])]
    union.decide(waiting, "Trả lại để chỉnh sửa", because="viết lại mục II")
    run_id, body = union.form_after(waiting)
    assert "- Trung ương Hội Liên hiệp Phụ nữ Việt Nam: trả lại để chỉnh sửa, `viết lại mục II`" in body
    assert "Đã đối chiếu bao-cao-nam-2025.docx: không có số liệu nào bị sửa tay." in body
    assert "Bên yêu cầu: `report-trigger`" in body

    changed = docx.Document(word_file(desk))
    next(each for each in changed.element.body.iter(qn("w:t")) if each.text == "6.751").text = "6.752"
    changed.save(word_file(desk))
    union.decide(run_id, "Không duyệt", because="số liệu bị sửa", send_copy=True)
    id = union.answer(run_id)["publication_id"]
    assert desk.services.awaiting_decision(ANNUAL) == []
    papers.return_draft(desk.warehouse_url, id, "vẫn trình ký", "Lan", datetime.now(UTC))
    run_id = asker.trigger(report_year=2025, as_of=desk.as_of.isoformat())
    assert desk.services.asks(ANNUAL, run_id)
    assert "6.751 → 6.752" in union.body_of(run_id)  # changed by hand
    assert desk.post.letters("van-thu@trung-uong-hoi.example") == []

    union.decide(run_id, "Đã ký", **{**SIGNED, "signed_on": "2099-01-01"}, send_copy=True)
    run_id, body = union.form_after(run_id)
    assert body.startswith("**Chưa ghi nhận: Ngày 01/01/2099 chưa đến")
    (desk.home / "reports" / "annual-2025" / "1.0.0" / "CENTRAL_UNION" / "signed" / "ký.pdf").write_bytes(SCAN)

    def sign(_: int) -> int:
        try:
            union.decide(run_id, "Đã ký", **SIGNED)
        except ApiException as refused:
            return refused.status
        return 200

    with ThreadPoolExecutor(6) as pool:
        assert {200} <= set(pool.map(sign, range(6))) <= {200, 409}
    run_id, body = union.form_after(run_id)
    assert (
        "- Trung ương Hội Liên hiệp Phụ nữ Việt Nam: đã ký, ký số 12/BC-BTV ngày 26/12/2025, người ký Ngô Thị Mẫu"
        in body
    )
    assert "ký số 7/BC-HLHPN" in body
    assert desk.post.letters("van-thu@trung-uong-hoi.example") == []

    desk.post.kills_sender_to = "van-thu@trung-uong-hoi.example"
    union.decide(run_id, "Đã phát hành", **ISSUED, send_copy=True)
    with pytest.raises(RunFailed, match="task send"):
        union.answer(run_id)
    send = ClearTaskInstancesBodyTaskIdsInner("send")
    again = ClearTaskInstancesBody(dag_run_id=run_id, task_ids=[send], include_downstream=True, dry_run=False)
    TaskInstanceApi(union.client).post_clear_task_instances(ANNUAL, again)
    answers = [asker.answer(each) for each in (asked["once"], asked["again"], run_id)]
    new = next(each for each in answers if each["is_new"])
    issued = answers[-1]
    assert (issued["decided_by"], issued["sent"]) == ("admin", RECIPIENTS[1:])
    assert "Thư gửi Trung ương Hội Liên hiệp Phụ nữ Việt Nam bị ngắt giữa chừng, có thể đã đến" in issued["answer_vi"]
    for field in ("published", "publication_id", "version", "published_at", "documents", "figures_sha256"):
        assert {str(each[field]) for each in answers} == {str(new[field])}
    assert desk.rows("select recipient, sent_at, decided_by from raw.publication_sendings order by 1") == [
        ("PEOPLES_COMMITTEE", desk.as_of, "admin"),
    ]
    assert desk.rows(
        "select recipient, string_agg(state, ' ' order by position) from raw.publication_states"
        f" where publication_id = '{id}' group by 1 order by 1"
    ) == [(each, "returned refused returned signed issued") for each in RECIPIENTS]
    again = copies.send_copies(desk.warehouse_url, id, "Lan", datetime.now(UTC), "file:///nowhere", desk.post.url)
    assert (again["sent"], again["uncertain"]) == ([], RECIPIENTS[:1])
    of_each = [[*letter.iter_attachments()] for [letter] in map(desk.post.letters, MAILBOXES)]
    assert [[each.get_filename() for each in attached] for attached in of_each] == [
        ["ký.pdf"],  # whose annex would have 6.751
        [f"bao-cao-nam-2025.{form}" for form in ("docx", "html", "xlsx")],
    ]
    assert of_each[0][0].get_content() == SCAN
    saved = office_files.save(desk.warehouse_url, id, tmp_path.as_uri())
    [signed] = [each for each in saved if each.startswith("CENTRAL_UNION/signed/")]
    assert (tmp_path / signed).read_bytes() == SCAN
    assert all(Path(unquote(urlsplit(each).path)).exists() for each in new["documents"])
    assert desk.services.awaiting_decision(ANNUAL) == []


def test_a_year_that_is_not_ready_is_answered_with_what_is_missing(asker, not_ready):
    answer = asker.answer(not_ready)
    assert (answer["published"], answer["publication_id"]) == (False, None)
    assert len(answer["missing_units"]) == 48
    assert "Phường Đồng Xoài" in answer["answer_vi"]


def test_nonsense_is_refused_or_answered_and_no_run_fails(asker):
    nonsense = (
        {"report_year": 10**30},
        {"report_year": -1},
        {"report_year": {"of": [1]}},
        {"report_year": 2025, "as_of": "x" * 51},
        {"report_year": 2025, "force_because": "x" * 1001},
    )
    for conf in nonsense:
        with pytest.raises(BadRequestException):
            asker.trigger(**conf)
    answer = asker.answer(asker.trigger(report_year=2025, as_of="soon"))
    assert answer["answer_vi"] == "Không lập được dự thảo: thời điểm as_of «soon» không đọc được."


@to_the_end
def test_other_systems_may_ask_by_events_of_an_asset(desk, union, asked):
    """Of events that come together Airflow gives a run the first, and the others to the run of the next event, which
    hands on what it does not do itself. A year that the plan does not have is an answer, too, and no failure."""
    DAGApi(union.client).patch_dag("publish_phase_review", DAGPatchBody(is_paused=True))  # it would look, too
    assets = AssetApi(union.client)
    [asset] = assets.get_assets(name_pattern="report_requests").assets
    before = set(runs(union))

    def ask(year: int) -> None:
        extra = {"report_year": year, "kind": "annual", "as_of": desk.as_of.isoformat()}
        assets.create_asset_event(CreateAssetEventsBody(asset_id=asset.id, extra=extra))

    ask(2025)
    ask(2026)
    wait_until(lambda: set(runs(union)) - before)
    ask(1999)
    wait_until(lambda: len(set(runs(union)) - before) == 3)
    answers = {answer["period"]: answer for answer in map(union.answer, set(runs(union)) - before)}
    assert {period: answer["published"] for period, answer in answers.items()} == {2025: True, 2026: False, 1999: False}
    assert answers[1999]["answer_vi"] == "Không lập được dự thảo: Kế hoạch không có năm báo cáo 1999."
    assert desk.rows("select publication_id from raw.publications where report_year = 2025") == [
        (answers[2025]["publication_id"],)
    ]


def test_the_login_that_triggers_sees_its_dag_and_may_do_nothing_else(asker, not_ready):
    assert [dag.dag_id for dag in DAGApi(asker.client).get_dags().dags] == [ANNUAL]
    assert {run.dag_id for run in DagRunApi(asker.client).get_dag_runs("~").dag_runs} == {ANNUAL}
    now = TriggerDAGRunPostBody(logical_date=None)
    refused = [
        lambda: DagRunApi(asker.client).trigger_dag_run("publish_phase_review", now),
        lambda: DagRunApi(asker.client).trigger_dag_run("build_warehouse", now),
        lambda: DagRunApi(asker.client).get_dag_runs("build_warehouse"),
        lambda: DagRunApi(asker.client).delete_dag_run(ANNUAL, not_ready),
        lambda: DAGApi(asker.client).patch_dag(ANNUAL, DAGPatchBody(is_paused=True)),
        lambda: ConnectionApi(asker.client).get_connections(),
        lambda: AssetApi(asker.client).get_assets(),
        lambda: AssetApi(asker.client).create_asset_event(CreateAssetEventsBody(asset_id=1)),
    ]
    for call in refused:
        with pytest.raises(ForbiddenException):
            call()


def word_file(desk: Airflow) -> Path:
    """The Word file in the folder of the central Union."""
    return desk.home / "reports" / "annual-2025" / "1.0.0" / "CENTRAL_UNION" / "bao-cao-nam-2025.docx"


def runs(asker: Asker) -> list[str]:
    return [run.dag_run_id for run in DagRunApi(asker.client).get_dag_runs(ANNUAL).dag_runs]


def wait_until(is_so: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.25)
