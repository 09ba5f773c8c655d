"""Reports on their way out, on the example province: published once, corrected, sent."""

import email
import email.policy
import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from htx import late_submission_permits, steps
from htx.cli import main
from htx.editions import copies, documents, papers, workflow
from htx.editions.change_sentences import ChangeSentences
from htx.editions.replacements import issued_before
from htx.local import demo
from reporting.documents.hand_changes import paragraphs_of
from tests.datasets import first_seed, read_csv
from tests.life import received, workbook
from warehouse.connection import connect
from warehouse.editions import editions, readiness
from warehouse.editions.figure_changes import Change
from warehouse.editions.records import PublicationRefused
from warehouse.example_mark import mark_as_example
from warehouse.reference.reference_data import SEEDS, read_reference

YEAR = 2025
GOES_AT = datetime(2025, 12, 26, 1, 0, tzinfo=UTC)  # 08:00 in Viet Nam, three days before 29 December
BEFORE = GOES_AT - timedelta(minutes=1)
CORRECTED_AT = datetime(2026, 1, 6, 3, 0, tzinfo=UTC)
WARD = "25210"  # Phường Đồng Xoài
MISSING_COMMUNE = "25402"  # Xã Thọ Sơn
MISSING_DISTRICT = "691"  # Bù Gia Mập, 2024

pytestmark = first_seed


@dataclass(frozen=True)
class Office:
    """A warehouse of the tests' own, and its folder of reports."""

    url: str
    reports: Path

    def publish(self, year: int = YEAR, at: datetime = GOES_AT, **more) -> dict:
        return workflow.publish_report(self.url, "annual", year, at, self.reports.as_uri(), **more)

    def rows(self, query: str, *given) -> list[tuple]:
        with connect(self.url) as connection:
            return connection.execute(query, given or None).fetchall()

    def files(self) -> dict[str, bytes]:
        found = [path for path in sorted(self.reports.rglob("*")) if path.is_file()]
        return {path.relative_to(self.reports).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def copy(new_database, tmp_path_factory):
    """A function that gives a desk whose warehouse is a copy of another."""
    return lambda url: Office(new_database(url), tmp_path_factory.mktemp("reports"))


@pytest.fixture(scope="module")
def at_once(played, copy) -> tuple[Office, list[dict]]:
    """A desk at which two published the same report in the same moment, and what they were answered."""
    desk = copy(played[1])
    with ThreadPoolExecutor(2) as pool:
        answers = [each.result() for each in [pool.submit(desk.publish) for _ in range(2)]]
    return desk, answers


@pytest.fixture(scope="module")
def published(at_once) -> Office:
    return at_once[0]


@pytest.fixture(scope="module")
def corrected(published, copy, tmp_path_factory) -> Office:
    """A desk whose reports were published and sent, and then one cell was corrected, and a report came late; built."""
    desk = copy(published.url)
    desk.publish(2024)
    reference = read_reference(SEEDS)
    [(sent,)] = desk.rows(
        "select read from raw.sheet_04_dao_tao inner join raw.received_files using (submission_id)"
        " where reporting_unit_code = %s and report_year = %s and row_number = 3",
        WARD,
        YEAR,
    )
    texts = ("course_code", "course_name", "course_kind", "organiser")
    row = {name: value if name in texts else int(value) for name, value in sent.items() if name != "held_on"}
    row |= {"held_on": date.fromisoformat(sent["held_on"]), "members_and_workers": 14}
    cover = {"data_from": date(2024, 12, 1), "data_to": date(2025, 11, 20), "signed_on": date(2026, 1, 6)}
    correction = workbook(
        reference, {"04_DAO_TAO": [row]}, {**cover, "submission_kind": "partial_correction"}, WARD, YEAR
    )
    late_submission_permits.grant(
        desk.url, MISSING_DISTRICT, 2024, "bão số 3", "Văn phòng Hội", CORRECTED_AT, CORRECTED_AT + timedelta(days=1)
    )
    late = {"data_from": date(2023, 12, 1), "data_to": date(2024, 11, 20), "signed_on": date(2025, 1, 6)}
    late_report = workbook(reference, {}, late, MISSING_DISTRICT, 2024)
    loaded = steps.load_files(
        desk.url,
        [
            received(correction, CORRECTED_AT, WARD, "đính chính.xlsx"),
            received(late_report, CORRECTED_AT, MISSING_DISTRICT, "nộp bù.xlsx"),
        ],
    )
    assert [each.verdict for each in loaded] == ["accepted", "accepted"]
    with pytest.raises(PublicationRefused, match="are not built yet: run htx build"):
        desk.publish(at=CORRECTED_AT)
    steps.build_warehouse(desk.url, tmp_path_factory.mktemp("dbt"))
    return desk


@pytest.fixture(scope="module")
def forced(played, copy) -> Office:
    """A desk at which a report is published before its hour, by force."""
    return copy(played[1])


# Publishing


def test_a_draft_that_lacks_less_than_the_one_before_it_is_another_edition_though_no_figure_moved(copy, played):
    desk = copy(played[1])
    desk.rows("delete from raw.example_mark returning true")  # as in an office that has not said the plan's number
    first = desk.publish()
    assert (first["version"], first["missing_sections"]) == ("1.0.0", ["Số, ngày của Kế hoạch"])
    with connect(desk.url) as connection:
        connection.execute("alter table raw.example_mark disable trigger require_nothing_received")
        mark_as_example(connection)
    second = desk.publish(at=GOES_AT + timedelta(hours=1))
    assert (second["version"], second["missing_sections"], second["is_new"]) == ("1.0.1", [], True)
    again = desk.publish(at=GOES_AT + timedelta(hours=2))
    assert (again["version"], again["is_new"]) == ("1.0.1", False)


def test_what_is_not_ready_is_not_published_and_the_answer_says_what_is_missing(played, copy):
    desk = copy(played[1])
    assert workflow.due_publications(desk.url, BEFORE) == []
    answer = desk.publish(at=BEFORE)
    assert (answer["published"], answer["documents"], answer["missing_units"]) == (False, [], ["Xã Thọ Sơn"])
    assert answer["answer_vi"] == (
        "Báo cáo năm 2025 chưa lập được dự thảo: còn 1 đơn vị chưa có báo cáo: Xã Thọ Sơn; 10 đơn vị còn 10 nội dung"
        " cần giải trình. Dự thảo được lập khi đủ, chậm nhất lúc 08:00 26/12/2025."
    )
    assert desk.rows("select count(*) from raw.publications") == [(0,)]


def test_at_the_deadline_it_goes_with_the_list_of_those_missing_and_once(at_once):
    desk, answers = at_once
    assert sorted(each["is_new"] for each in answers) == [False, True]
    [id] = {each["publication_id"] for each in answers}
    assert {each["version"] for each in answers} == {"1.0.0"}
    [new] = [each["answer_vi"] for each in answers if each["is_new"]]
    assert (
        new == "Báo cáo năm 2025 đã lập dự thảo: phiên bản 1.0.0, lúc 08:00 26/12/2025. Thiếu báo cáo của Xã Thọ Sơn."
    )
    assert desk.rows("select publication_id, missing_units, forced_because, supersedes from raw.publications"
                     " where report_year = 2025") == [(id, ["Xã Thọ Sơn"], None, None)]  # fmt: skip


def test_it_is_due_from_its_hour_until_its_year_is_closed_or_somebody_published_it(played, published):
    url, annual = played[1], ("annual", YEAR)
    assert workflow.due_publications(url, GOES_AT) == [annual]
    closes_at = datetime(2026, 2, 28, 17, 0, tzinfo=UTC)
    assert annual in workflow.due_publications(url, closes_at - timedelta(seconds=1))
    assert annual not in workflow.due_publications(url, closes_at)
    assert workflow.due_publications(published.url, GOES_AT) == []


def test_figures_and_documents_are_kept_and_the_files_are_those_documents(published):
    kept = published.rows(
        "select 'annual-2025/1.0.0/' || documents.recipient || '/' || file_name, content"
        " from raw.publication_documents as documents inner join raw.publications using (publication_id)"
        " where report_year = 2025"
    )
    files = published.files()
    assert {name: bytes(content) for name, content in kept}.items() <= files.items()
    assert {name.split("/")[2] for name in files} == {"CENTRAL_UNION", "PEOPLES_COMMITTEE", "UNION"}
    assert {name.rsplit(".", 1)[1] for name in files} == {"docx", "xlsx", "html"}
    assert published.rows(
        "select count(*) from (select indicator_code, measure_code, breakdown, breakdown_code, unit_uid, basis, value"
        " from marts.fct_indicator_values where report_year = 2025 except select indicator_code, measure_code,"
        " breakdown, breakdown_code, unit_uid, basis, value from raw.publication_figures) as lost"
    ) == [(0,)]
    assert workflow.verify_publications(published.url) == []


def test_the_same_state_again_is_the_same_publication_and_lost_files_are_written_again(published):
    before = published.files()
    lost = next(name for name in before if name.endswith(".docx"))
    (published.reports / lost).unlink()
    signed = published.reports / next(name for name in before if name.endswith(".html"))
    signed.write_text("số 12/BC-BTV")  # an office writes on its copy
    answer = published.publish(at=GOES_AT + timedelta(days=3))
    assert (answer["published"], answer["is_new"], answer["version"]) == (True, False, "1.0.0")
    assert answer["published_at"] == GOES_AT.isoformat()
    assert signed.read_text() == "số 12/BC-BTV"
    signed.write_bytes(before[signed.relative_to(published.reports).as_posix()])
    assert published.files() == before


@pytest.mark.parametrize(
    ("kind", "period", "at", "because"),
    [
        ("annual", 1999, GOES_AT, "There is no report year 1999"),
        ("annual", YEAR, datetime(2025, 12, 1, tzinfo=UTC), "later data is loaded already"),
    ],
)
def test_wrong_use_is_refused(published, kind, period, at, because):
    with pytest.raises(PublicationRefused, match=because):
        workflow.publish_report(published.url, kind, period, at, published.reports.as_uri())


def test_a_phase_is_not_reviewed_before_it_has_ended_whatever_the_reason(published):
    answer = workflow.publish_report(published.url, "phase_review", 1, GOES_AT, published.reports.as_uri(), "vội")
    assert not answer["published"]
    assert "giai đoạn chưa kết thúc (lập được từ 00:00 01/01/2026)" in answer["answer_vi"]


def test_no_paper_of_the_example_lacks_the_unions_own_words_and_each_can_be_signed(published, copy):
    desk, at = copy(published.url), datetime(2026, 3, 27, 1, 0, tzinfo=UTC)
    review = workflow.publish_report(desk.url, "phase_review", 1, at, desk.reports.as_uri())
    answers = [desk.publish(), review]
    assert [each["missing_sections"] for each in answers] == [[], []]
    for number, each in enumerate(answers, start=7):
        numbers = {"CENTRAL_UNION": str(number), "PEOPLES_COMMITTEE": str(number)}
        signed_on, now = date(2026, 3, 30), at + timedelta(days=4)
        papers.sign(desk.url, each["publication_id"], numbers, signed_on, "Ngô Thị Mẫu", "Lan", now)
    written = desk.rows("select content from raw.publication_documents where format = 'docx' and recipient <> 'UNION'")
    texts = [" ".join(paragraphs_of(bytes(content))) for (content,) in written]
    assert len(texts) == 4
    assert not any("do Hội viết" in text or "trước khi trình ký" in text for text in texts)


def test_a_killed_publisher_leaves_nothing_half_and_what_is_forced_keeps_its_reason(forced):
    desk = forced
    for seconds in (0.7, 2.0):
        child = os.fork()
        if child == 0:
            try:
                desk.publish(at=BEFORE, forced_because="Hội nghị họp sớm")
            finally:
                os._exit(0)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        kept = desk.rows("select count(*) from raw.publications")[0][0]
        for table in ("figures", "verdicts", "inputs", "documents"):
            assert desk.rows(f"select count(distinct publication_id) from raw.publication_{table}") == [(kept,)]
    answer = desk.publish(at=BEFORE, forced_because="Hội nghị họp sớm")
    assert (answer["version"], answer["forced_because"]) == ("1.0.0", "Hội nghị họp sớm")
    assert (
        len(desk.files())
        == len(answer["documents"])
        == desk.rows("select count(*) from raw.publication_documents")[0][0]
    )
    page = next(content for name, content in desk.files().items() if name.endswith(".html"))
    assert "Hội nghị họp sớm" in page.decode()
    assert desk.publish(at=GOES_AT)["is_new"] is False  # the same figures and the same list of those missing


def test_what_was_forced_early_is_published_automatically_when_more_has_come(forced):
    desk = forced
    desk.publish(at=BEFORE, forced_because="Hội nghị họp sớm")
    assert workflow.due_publications(desk.url, GOES_AT) == []  # it would be the same
    cover = {"data_from": date(2024, 12, 1), "data_to": date(2025, 11, 20), "signed_on": date(2025, 12, 20)}
    late = workbook(read_reference(SEEDS), {}, cover, MISSING_COMMUNE, YEAR)
    steps.load_files(desk.url, [received(late, BEFORE, MISSING_COMMUNE, "nộp muộn.xlsx")])
    assert workflow.due_publications(desk.url, GOES_AT) == [("annual", YEAR)]


def test_a_review_waits_for_the_build_that_knows_that_the_yearly_report_was_issued(published, copy):
    desk = copy(published.url)
    issue(desk, desk.publish()["publication_id"])
    with pytest.raises(PublicationRefused, match="recorded as issued after the last build began: run htx") as refused:
        workflow.publish_report(
            desk.url, "phase_review", 1, datetime(2026, 3, 27, 1, 0, tzinfo=UTC), desk.reports.as_uri()
        )
    assert refused.value.reason_vi == "số liệu chưa được tổng hợp lại sau khi phát hành báo cáo năm của giai đoạn này"


def test_no_new_version_is_of_an_instant_at_which_something_that_it_knows_was_not_issued_yet(published, copy):
    desk = copy(published.url)
    issue(desk, desk.publish()["publication_id"])
    day_over, built_at = datetime(2025, 12, 29, 17, tzinfo=UTC), datetime.now(UTC)
    assert demo.when_it_goes(desk.url, "annual", YEAR) == day_over + timedelta(minutes=1)
    with connect(desk.url) as connection:
        with pytest.raises(PublicationRefused, match=r"issued 2025-12-29 17:00 UTC: choose a later inst") as refused:
            readiness.require_nothing_issued_later(connection, day_over, built_at)
        assert refused.value.reason_vi == "số liệu đã tính cả báo cáo phát hành đến 00:00 30/12/2025, sau thời điểm này"
        readiness.require_nothing_issued_later(connection, day_over, GOES_AT)  # a build that did not know it
        readiness.require_nothing_issued_later(connection, day_over + timedelta(seconds=1), built_at)


# Versions


def test_a_yes_or_no_that_changes_has_no_unit_behind_it(published):
    key = {"indicator_code": "T17", "measure_code": "value", "report_year": YEAR, "unit_uid": "province"}
    with connect(published.url) as connection:
        said = ChangeSentences(connection, {}).of(Change("value", key, "value", "0", "1", "publications"))
    assert said == (
        "T17 Báo cáo tổng hợp cấp tỉnh gửi đúng hạn, năm 2025, Toàn địa bàn Kế hoạch: Không → Có; do thời điểm và việc"
        " gửi báo cáo của tỉnh."
    )


def test_a_table_that_changed_is_reported_unless_figures_explain_it(published):
    def figure(code: str) -> Change:
        return Change("value", {"indicator_code": code}, "value", "0", "1", "new_files")

    parts, duties = (Change(None, {}, name) for name in ("breakdowns", "duties"))
    changes = [figure("T17"), parts, duties]
    assert documents.without_implied_tables(changes, {"breakdowns"}) == changes
    assert documents.without_implied_tables([figure("T01"), *changes], {"breakdowns"}) == [
        figure("T01"), figure("T17"), duties,
    ]  # fmt: skip


def test_a_correction_makes_a_patch_that_names_figure_values_and_cell_and_leaves_the_old_one_as_it_was(
    corrected, published
):
    before = published.rows("select * from raw.publication_documents order by recipient, format")
    answer = corrected.publish(at=CORRECTED_AT)
    assert (answer["is_new"], answer["version"]) == (True, "1.0.1")
    changes = workflow.changes(corrected.url, answer["publication_id"])
    first = {name: changes[0][name] for name in ("change", "indicator_code", "unit_uid", "column_name", "old_value",
             "new_value", "reason", "sheet_code", "cell", "cell_old_value", "cell_new_value")}  # fmt: skip
    assert first == {
        "change": "changed", "indicator_code": "T06", "unit_uid": "province", "column_name": "value",
        "old_value": "6751", "new_value": "6746", "reason": "new_files", "sheet_code": "04_DAO_TAO", "cell": "J3",
        "cell_old_value": "19", "cell_new_value": "14",
    }  # fmt: skip
    assert changes[0]["sentence_vi"].startswith(
        "T06 Số lượt thành viên, người lao động, hội viên, phụ nữ được đào tạo, bồi dưỡng, năm 2025, Toàn địa bàn Kế"
        " hoạch: 6.751 → 6.746 lượt người; do ô J3, trang 04_DAO_TAO, tệp “đính chính.xlsx” (biên nhận 2025-25210-"
    )
    assert changes[0]["sentence_vi"].endswith("): “14”, trước đó “19”.")
    moved = {
        (each["unit_uid"], each["old_value"], each["new_value"])
        for each in changes
        if (each["indicator_code"], each["breakdown"], each["column_name"]) == ("T06", "total", "value")
    }
    assert (f"{WARD}@2025", "64", "59") in moved
    old = corrected.rows(
        "select documents.* from raw.publication_documents as documents inner join raw.publications"
        " using (publication_id) where report_year = 2025 and version = '1.0.0' order by recipient, format"
    )
    assert old == before
    printed = CliRunner().invoke(
        main, ["publications", "changes", answer["publication_id"]], env={"WAREHOUSE_URL": corrected.url}
    )
    assert printed.stdout.splitlines()[0] == changes[0]["sentence_vi"]
    assert corrected.publish(at=CORRECTED_AT)["is_new"] is False


def test_a_unit_that_reports_after_all_makes_a_minor_version(corrected):
    answer = corrected.publish(2024, CORRECTED_AT)
    assert (answer["version"], answer["missing_units"]) == ("1.1.0", [])
    changes = workflow.changes(corrected.url, answer["publication_id"])
    assert [each["sentence_vi"] for each in changes if each["change"] == "added"] == [
        "Năm 2024 có thêm báo cáo của Huyện Bù Gia Mập."
    ]
    assert {each["change"] for each in changes} == {"added", "changed"}
    causes = {each["cause"] for each in changes if each["column_name"] == "value_status"}
    assert all("691/nộp bù.xlsx" in cause for cause in causes)


def test_an_edition_gives_the_counts_of_priority_groups_of_the_answer_key_rounded(published, played):
    counted = {
        row["breakdown_code"]: int(row["numerator"])
        for row in read_csv(played[0] / "answer_key" / "indicator_values.csv")
        if (row["indicator_code"], row["measure_code"], row["breakdown"]) == ("C04", "supported", "priority_group")
        and (row["unit_uid"], row["report_year"], row["numerator"] != "") == ("province", str(YEAR), True)
    }
    given = {
        group: (value, status)
        for group, value, status in published.rows(
            "select breakdown_code, value, value_status from raw.publication_priority_counts"
            " where measure_code = 'supported' and not is_earlier"
        )
    }
    expected = {
        group: (None, "under_five") if 0 < count < 5 else (count - (count + 2) % 5 + 2, "reported")
        for group, count in counted.items()
    }
    assert given == expected
    assert {group: given[group][0] for group in ("poor", "laid_off_worker", "disabled", "unsafe_migrant")} == {
        "poor": 110, "laid_off_worker": 65, "disabled": 25, "unsafe_migrant": 15,
    }  # fmt: skip


def test_bi_and_the_report_have_the_provinces_counts_of_the_last_edition_and_of_no_unit(corrected):
    given = corrected.rows(
        "select report_year, version, bool_and(value % 5 = 0) from bi.priority_groups group by 1, 2 order by 1"
    )
    assert given == [(2024, "1.0.0", True), (2025, "1.0.0", True)]
    assert corrected.rows("select count(*) from bi.indicator_values where indicator_code = 'C04'") == [(0,)]
    assert corrected.rows(
        "select value_display from bi.priority_groups"
        " where report_year = 2025 and is_latest and measure_code = 'supported' and breakdown_code = 'poor'"
    ) == [("110",)]
    [(page,)] = corrected.rows(
        "select convert_from(content, 'UTF8') from raw.publication_documents inner join raw.publications"
        " using (publication_id) where report_year = 2025 and version = '1.0.0' and format = 'html' limit 1"
    )
    assert "Phụ nữ thuộc các nhóm đối tượng ưu tiên" in page
    assert re.search(r"Hộ nghèo</td>\s*<td[^>]*>[^<]*</td>\s*<td[^>]*>110</td>", page)


def test_a_verdict_that_moves_after_the_issue_drafts_a_replacing_paper_that_names_it(published, copy):
    desk = copy(published.url)
    first = desk.publish()["publication_id"]
    moved = "update marts.fct_indicator_verdicts set verdict = 'not_met' where indicator_code = 'T06'"
    with connect(desk.url) as connection:
        connection.execute(moved)
    later = GOES_AT + timedelta(days=5)
    assert workflow.due_publications(desk.url, later) == []  # it was not issued
    issue(desk, first)
    assert workflow.due_publications(desk.url, later) == [("annual", YEAR)]
    answer = desk.publish(at=later)
    assert (answer["is_new"], answer["version"]) == (True, "1.0.1")
    described = workflow.described(desk.url, answer["publication_id"])
    assert (described["replaces"], described["missing_sections"]) == (first, [])
    with connect(desk.url) as connection:
        issued, numbers = issued_before(connection, editions.versions_of(connection, "annual", YEAR))
    assert issued.publication_id == first
    day = date(2025, 12, 29)
    assert numbers == {"CENTRAL_UNION": ("12/BC-BTV", day), "PEOPLES_COMMITTEE": ("7/BC-HLHPN", day)}
    assert [
        (each["indicator_code"], each["new_value"])
        for each in workflow.changes(desk.url, answer["publication_id"])
        if each["column_name"] == "verdict" and each["indicator_code"] == "T06"
    ] == [("T06", "not_met")]
    assert workflow.due_publications(desk.url, later) == []
    assert desk.publish(at=later + timedelta(days=1))["is_new"] is False


@pytest.mark.parametrize("table", ["publications", "publication_documents", "publication_changes"])
@pytest.mark.parametrize("statement", ["update raw.{} set publication_id = 'x'", "delete from raw.{}"])
def test_what_was_published_is_never_changed(published, table, statement):
    with pytest.raises(psycopg.errors.RestrictViolation, match="keeps what was published"):
        published.rows(statement.format(table))


# Sending


def send(desk: Office, publication_id: str, outbox: Path, **more) -> dict:
    return copies.send_copies(
        desk.url, publication_id, "chu-tich", GOES_AT + timedelta(hours=2), outbox.as_uri(), **more
    )


def issue(desk: Office, publication_id: str) -> None:
    """Signed and issued on 29 December."""
    day, now = date(2025, 12, 29), datetime.now(UTC)
    numbers = {"CENTRAL_UNION": "12", "PEOPLES_COMMITTEE": "7"}
    papers.sign(desk.url, publication_id, numbers, day, "Ngô Thị Mẫu", "Lan", now)
    papers.issue(desk.url, publication_id, day, "exchange", "Lan", now)


def test_a_publication_is_sent_once_to_each_recipient_with_its_documents(published, copy, tmp_path):
    desk = copy(published.url)
    id = desk.publish()["publication_id"]
    with pytest.raises(PublicationRefused, match=r"Phụ nữ Việt Nam: báo cáo chưa ký \(hiện nay: dự thảo\)"):
        send(desk, id, tmp_path)
    issue(desk, id)
    answer = send(desk, id, tmp_path)
    assert answer["sent"] == ["CENTRAL_UNION", "PEOPLES_COMMITTEE"]
    assert answer["delivered_to"] == [f"{each}/mail/publication-{id}-{each}-1.eml" for each in answer["sent"]]
    mail = email.message_from_bytes((tmp_path / answer["delivered_to"][0]).read_bytes(), policy=email.policy.default)
    assert mail["To"] == "van-thu@trung-uong-hoi.example"
    assert mail["Subject"].startswith("Báo cáo năm 2025: ")
    attached = {each.get_filename(): each.get_content() for each in mail.iter_attachments()}
    kept = desk.rows("select file_name, content from raw.publication_documents"
                     " where publication_id = %s and recipient = 'CENTRAL_UNION'", id)  # fmt: skip
    assert attached.keys() == {name for name, _ in kept}
    assert attached["bao-cao-nam-2025.docx"] in {bytes(content) for _, content in kept}

    again = send(desk, id, tmp_path / "again")
    assert (again["sent"], again["sent_before"]) == ([], ["CENTRAL_UNION", "PEOPLES_COMMITTEE"])
    assert not (tmp_path / "again").exists()
    assert desk.rows("select recipient, decided_by, channel from raw.publication_sendings order by 1") == [
        ("CENTRAL_UNION", "chu-tich", "file"), ("PEOPLES_COMMITTEE", "chu-tich", "file"),
    ]  # fmt: skip
    assert desk.publish(at=GOES_AT + timedelta(days=1))["is_new"] is False  # its own sending is no news to it


# At a prompt


def test_at_a_prompt_it_says_where_the_documents_are_or_what_is_missing(played, published):
    env = {"WAREHOUSE_URL": published.url, "REPORTS_URL": published.reports.as_uri()}
    done = CliRunner().invoke(main, ["report", "annual", "--year", "2025", "--as-of", "2025-12-26T08:00"], env=env)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0].startswith(
        "Báo cáo năm 2025 không có gì thay đổi: vẫn là dự thảo phiên bản 1.0.0"
    )
    assert f"{published.reports.as_uri()}/annual-2025/1.0.0/CENTRAL_UNION/bao-cao-nam-2025.docx" in done.stdout
    waiting = CliRunner().invoke(main, ["report", "phase", "--phase", "1", "--as-of", "2025-12-26T08:00"], env=env)
    assert (waiting.exit_code, waiting.stdout[:72]) == (
        1,
        "Báo cáo sơ kết giai đoạn 2023 - 2025 (giai đoạn 1) chưa lập được dự thảo",
    )
    wrong = CliRunner().invoke(main, ["report", "annual", "--year", "1999"], env=env)
    assert (wrong.exit_code, "There is no report year 1999" in wrong.stderr) == (2, True)
    listed = CliRunner().invoke(main, ["publications", "list"], env=env)
    assert "annual 2025  1.0.0  2025-12-26 01:00 UTC" in listed.stdout
    shown = CliRunner().invoke(main, ["publications", "show", listed.stdout.split()[0]], env=env)
    assert "missing_sections  –\ndocument          CENTRAL_UNION/bao-cao-nam-2025.docx" in shown.stdout
