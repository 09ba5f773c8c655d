"""The life of a submission: what each file changes, and what its sender is sent."""

import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from htx import steps, submission_status
from htx.cli import main
from ingestion.feedback.duplicates import Duplicate
from ingestion.workbook.own_markup import RESULT_SHEET
from tests.life import (
    IN_TIME,
    LOCKED,
    NEIGHBOUR,
    NUMBERS,
    OLD_NUMBER,
    UNIT,
    YEAR,
    cooperative,
    course,
    other_bytes,
    received,
    workbook,
)
from warehouse.connection import connect
from warehouse.reference.reference_data import SEEDS, Reference, read_reference


@pytest.fixture(scope="module")
def reference() -> Reference:
    return read_reference(SEEDS)


@pytest.fixture
def load(warehouse_url):
    """Loads files one after the other; their verdicts."""

    def loaded(*files) -> list[str]:
        return [reviewed.verdict for file in files for reviewed in steps.load_files(warehouse_url, [file])]

    return loaded


@pytest.fixture
def ask(warehouse_url):
    """The rows that a query gives."""

    def asked(query: str, *parameters) -> list[tuple]:
        with connect(warehouse_url) as connection:
            return connection.execute(query, parameters).fetchall()

    return asked


@pytest.fixture
def htx(warehouse_url, tmp_path):
    variables = {"WAREHOUSE_URL": warehouse_url, "HTX_HOME": str(tmp_path / "home")}

    def run(*arguments):
        return CliRunner(env=variables).invoke(main, [str(each) for each in arguments])

    return run


STATUSES = "select file_name, status from raw.submissions order by received_at, file_name"
CURRENT_MEMBERS = """
    select row_key, read ->> 'members' from raw.sheet_01_htx as rows
    inner join raw.submissions as files using (submission_id)
    where files.status in ('accepted', 'accepted_with_queries')
        and (submission_id, sheet_code, row_number) not in (
            select submission_id, sheet_code, row_number from raw.superseded_rows
        )
    order by row_key
"""


# The lock of a year -----------------------------------------------------------------------------------------------


def test_the_finding_on_a_file_for_a_locked_year_says_who_can_lift_the_lock(reference, load, ask):
    assert load(received(workbook(reference, {"01_HTX": [cooperative()]}), LOCKED)) == ["rejected"]
    assert ask("select rule_code, message_vi from quality.file_findings") == [
        (
            "F06",
            "Số liệu năm 2023 đã khóa từ ngày 01/03/2024 nên tệp này chưa được tiếp nhận; đề nghị liên hệ Hội Liên hiệp"
            " Phụ nữ tỉnh để được mở khóa, sau đó gửi lại.",
        )
    ]


def grant(htx, unit=UNIT, at="2024-03-06T00:00:00+07:00", until="2024-03-15"):
    said = "--unit", unit, "--year", YEAR, "--reason", "lũ lụt", "--by", "Chủ tịch", "--until", until, "--as-of", at
    granted = htx("late-permit", "grant", *said, "--json")
    assert granted.exit_code == 0, granted.output
    return json.loads(granted.stdout)["exception_id"]


def test_an_exception_lets_the_files_of_its_unit_in_while_it_is_open(htx, reference, load, ask):
    content = workbook(reference, {"01_HTX": [cooperative()]})
    assert grant(htx) == "2023-692-1"
    days = {"before.xlsx": "2024-03-05T23:59:59+07:00", "in time.xlsx": "2024-03-15T23:59:59+07:00"}
    days["after.xlsx"] = "2024-03-16T00:00:00+07:00"
    for name, day in days.items():
        load(received(other_bytes(content, name.encode()), datetime.fromisoformat(day), name=name))
    neighbours = workbook(reference, {"01_HTX": [cooperative(unit=NEIGHBOUR)]}, unit=NEIGHBOUR)
    assert load(received(neighbours, LOCKED + timedelta(days=3), folder=NEIGHBOUR)) == ["rejected"]
    assert ask("select file_name, verdict from raw.received_files where folder = %s order by received_at", UNIT) == [
        ("before.xlsx", "rejected"),
        ("in time.xlsx", "accepted"),
        ("after.xlsx", "rejected"),
    ]
    uses = "select exception_id, file_name from raw.lock_exception_uses join raw.received_files using (submission_id)"
    assert ask(uses) == [("2023-692-1", "in time.xlsx")]
    listed = json.loads(htx("late-permit", "list", "--year", YEAR, "--as-of", "2024-03-10T00:00:00Z", "--json").stdout)
    [(receipt,)] = ask("select receipt_number from raw.received_files where verdict = 'accepted'")
    assert [(each["exception_id"], each["state"], each["used_by"]) for each in listed] == [
        ("2023-692-1", "open", [receipt])
    ]


def test_a_file_of_the_second_in_which_its_permit_was_granted_is_let_in(htx, reference, load):
    grant(htx, at="2024-03-06T00:00:00.700000+07:00")
    content = workbook(reference, {"01_HTX": [cooperative()]})
    assert load(received(content, datetime.fromisoformat("2024-03-05T23:59:59.999999+07:00"))) == ["rejected"]
    assert load(received(content, datetime.fromisoformat("2024-03-06T00:00:00.300000+07:00"))) == ["accepted"]


def test_the_answer_to_a_file_that_a_permit_lets_in_does_not_call_it_a_repeat(
    htx, reference, warehouse_url, tmp_path, caplog
):
    content = workbook(reference, {"01_HTX": [cooperative()]})
    outbox = (tmp_path / "outbox").as_uri()

    def sent(at):
        return steps.load_files(warehouse_url, [received(content, at)], outbox_url=outbox)[0]

    assert sent(LOCKED).verdict == "rejected"
    grant(htx)
    too_early = sent(LOCKED + timedelta(minutes=1))
    assert too_early.verdict == "rejected"
    assert "before the late permit 2023-692-1, which begins at 2024-03-06T00:00:00+07:00" in caplog.text
    assert "load it again with --received-at" in caplog.text
    admitted = sent(LOCKED + timedelta(days=6))
    assert (admitted.verdict, admitted.duplicate) == ("accepted", None)
    assert ": đã tiếp nhận tệp " in (tmp_path / "outbox" / UNIT / f"{admitted.receipt_number}.txt").read_text()
    assert sent(LOCKED + timedelta(days=7)).duplicate == Duplicate(admitted.receipt_number, None)


def test_a_revoked_exception_lets_no_more_in_and_takes_nothing_back(htx, reference, load, ask):
    first, second = (workbook(reference, {"01_HTX": [cooperative(members=members)]}) for members in (30, 31))
    exception = grant(htx)
    assert load(received(first, LOCKED + timedelta(days=3), name="first.xlsx")) == ["accepted"]
    revoked = htx("late-permit", "revoke", exception, "--by", "Chủ tịch", "--as-of", "2024-03-10T00:00:00Z")
    assert revoked.exit_code == 0, revoked.output
    assert "đã thu hồi" in revoked.stdout
    assert load(received(second, LOCKED + timedelta(days=6), name="second.xlsx")) == ["rejected"]
    assert ask(STATUSES) == [("first.xlsx", "accepted"), ("second.xlsx", "rejected")]
    assert htx("late-permit", "revoke", exception, "--by", "Chủ tịch").exit_code == 2


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_what_a_lock_kept_out_is_let_in_when_it_comes_again_and_counts_from_then(htx, reference, load, ask, order):
    grant(htx)
    same = workbook(reference, {"01_HTX": [cooperative(members=31)]})
    other = workbook(reference, {"01_HTX": [cooperative(members=32)]}, {"submission_kind": "full_replacement"})
    days = [0, 3, 4]
    files = [
        received(content, LOCKED + timedelta(days=day), name=name)
        for day, content, name in zip(days, (same, other, same), ("a.xlsx", "b.xlsx", "c.xlsx"), strict=True)
    ]
    load(*(files[place] for place in order))
    assert ask(STATUSES) == [("b.xlsx", "superseded"), ("c.xlsx", "accepted")]
    assert ask(CURRENT_MEMBERS) == [(NUMBERS[0], "31")]
    assert ask("select count(*) from raw.receipts") == [(3,)]


def test_what_was_accepted_in_time_is_not_refused_when_the_same_bytes_come_after_the_lock(reference, load, ask):
    content = workbook(reference, {"01_HTX": [cooperative()]})
    assert load(received(content), received(content, LOCKED)) == ["accepted", "accepted"]
    assert ask("select received_at, status from raw.submissions") == [(IN_TIME, "accepted")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--unit", "999", "--reason", "lũ lụt", "--until", "2024-03-15"], "has no unit 999"),
        (["--unit", UNIT, "--reason", " ", "--until", "2024-03-15"], "needs a reason"),
        (["--unit", UNIT, "--reason", "lũ lụt", "--until", "2024-03-05"], "must end after"),
        (["--unit", UNIT, "--reason", "lũ lụt", "--until", "mai"], "is not an instant"),
    ],
)
def test_an_exception_without_unit_reason_or_time_is_not_granted(htx, ask, arguments, said):
    answer = htx("late-permit", "grant", "--year", YEAR, "--by", "x", "--as-of", "2024-03-06T00:00:00Z", *arguments)
    assert (answer.exit_code, said in answer.stderr) == (2, True), answer.output
    assert ask("select count(*) from raw.lock_exceptions") == [(0,)]


# Duplicates and folders ---------------------------------------------------------------------------------------------


def test_other_bytes_with_the_same_content_make_no_new_version(reference, load, ask):
    first = workbook(reference, {"01_HTX": [cooperative(members=30)]})
    second = workbook(reference, {"01_HTX": [cooperative(members=31)]}, {"submission_kind": "full_replacement"})
    load(
        received(first, 1, name="first.xlsx"),
        received(second, 2, name="second.xlsx"),
        received(other_bytes(first), 3, name="again.xlsx"),
        received(second, 4, name="on the desk.xlsx", folder="union"),
    )
    assert ask(STATUSES) == [
        ("first.xlsx", "superseded"),
        ("second.xlsx", "accepted"),
        ("again.xlsx", "received"),
        ("on the desk.xlsx", "received"),
    ]
    assert ask(CURRENT_MEMBERS) == [(NUMBERS[0], "31")]


def test_a_resubmission_of_an_old_file_is_answered_with_what_replaced_it(htx, reference, warehouse_url, tmp_path):
    old = workbook(reference, {"01_HTX": [cooperative(members=30)]})
    new = workbook(reference, {"01_HTX": [cooperative(members=31)]}, {"submission_kind": "full_replacement"})
    outbox = (tmp_path / "outbox").as_uri()
    files = [received(old, 0), received(new, 1), received(other_bytes(old), 2), received(old, 3)]
    first, second, saved_again, same = (steps.load_files(warehouse_url, [each], outbox_url=outbox)[0] for each in files)
    assert (first.duplicate, second.duplicate) == (None, None)
    assert saved_again.duplicate == same.duplicate == Duplicate(first.receipt_number, second.receipt_number)
    said = (
        "Nội dung giống hệt tệp đã tiếp nhận trước đây"
        f" (biên nhận {first.receipt_number}), số liệu của tệp đó đã được thay, toàn bộ hoặc một phần, bằng tệp có"
        f" biên nhận {second.receipt_number}. Nếu muốn dùng lại số liệu của tệp này, đề nghị ghi số, ký hiệu văn bản"
        " mới trên Bìa, chọn hình thức gửi là thay thế toàn bộ hoặc hiệu chỉnh một phần, rồi gửi lại."
    )
    copies = tmp_path / "outbox" / UNIT
    clean = "không có lỗi và không có nội dung phải giải trình."
    for each, verdict, line in (
        (saved_again, "đã nhận tệp", said),
        (same, "đã nhận tệp", said),
        (second, "đã tiếp nhận tệp", clean),
    ):
        sheet = load_workbook(copies / f"{each.receipt_number}.xlsx")[RESULT_SHEET]
        assert sheet["A2"].value.startswith(f"Biên nhận {each.receipt_number}: {verdict} ")
        assert line == sheet["A3"].value or sheet["A2"].value.endswith(line)
    (tmp_path / "bc.xlsx").write_bytes(old)
    loaded = htx("load", "--received-at", "2023-11-25T00:00:00Z", tmp_path / "bc.xlsx")
    assert loaded.stdout.splitlines()[1].startswith("  Nội dung giống hệt tệp đã tiếp nhận")


def test_a_resubmitted_correction_is_answered_with_the_one_in_force(reference, warehouse_url):
    def sent(members, hours, comment=b""):
        cover = {"submission_kind": "partial_correction"}
        content = workbook(reference, {"01_HTX": [cooperative(members=members)]}, cover)
        file = received(other_bytes(content, comment) if comment else content, hours)
        return steps.load_files(warehouse_url, [file])[0]

    steps.load_files(warehouse_url, [received(workbook(reference, {"01_HTX": [cooperative(members=30)]}))])
    first, second = sent(31, 1), sent(32, 2)
    assert sent(31, 3, b"again").duplicate == Duplicate(first.receipt_number, second.receipt_number)
    assert sent(32, 4, b"again").duplicate == Duplicate(second.receipt_number, None)


def test_a_file_in_the_wrong_folder_is_accepted_from_the_right_one(reference, load, ask):
    content = workbook(reference, {"01_HTX": [cooperative()]})
    assert load(received(content, 1, folder=NEIGHBOUR), received(content, 2)) == ["rejected", "accepted"]
    assert ask("select folder, status from raw.submissions order by received_at") == [
        (NEIGHBOUR, "rejected"),
        (UNIT, "accepted"),
    ]


# Corrections, and reports beside the yearly one ----------------------------------------------------------------------


def test_a_partial_correction_touches_its_own_keys_and_what_it_replaced_can_be_read(reference, load, ask):
    whole = workbook(
        reference,
        {
            "01_HTX": [cooperative(NUMBERS[0], 30), cooperative(NUMBERS[1], 40)],
            "04_DAO_TAO": [course("L01", 20), course("L02", 25)],
        },
    )
    partial = workbook(
        reference,
        {"01_HTX": [cooperative(NUMBERS[1], 41), cooperative(NUMBERS[2], 50)], "04_DAO_TAO": [course("L02", 26)]},
        {"submission_kind": "partial_correction"},
    )
    assert load(received(whole, 1), received(partial, 2)) == ["accepted", "accepted"]
    assert ask(CURRENT_MEMBERS) == [(NUMBERS[0], "30"), (NUMBERS[1], "41"), (NUMBERS[2], "50")]
    assert ask(
        "select sheet_code, row_key, coalesce(read ->> 'members', read ->> 'people'), superseded_at"
        " from raw.superseded_rows order by sheet_code"
    ) == [
        ("01_HTX", NUMBERS[1], "40", IN_TIME + timedelta(hours=2)),
        ("04_DAO_TAO", "L02|WU-P", "25", IN_TIME + timedelta(hours=2)),
    ]


def test_a_phase_review_may_speak_of_the_whole_phase_and_stands_beside_the_yearly_report(reference, load, ask):
    cover = {"report_kind": "phase_review", "data_to": date(2025, 12, 31), "signed_on": date(2026, 1, 5)}
    yearly = workbook(reference, {"01_HTX": [cooperative()]})
    review = workbook(reference, {"01_HTX": [cooperative(members=99)]}, cover)
    beyond = workbook(reference, {"01_HTX": [cooperative()]}, {**cover, "data_from": date(2023, 1, 2)})
    assert load(
        received(yearly, 1, name="yearly.xlsx"),
        received(review, datetime.fromisoformat("2026-01-10T00:00:00+00:00"), name="review.xlsx"),
        received(beyond, datetime.fromisoformat("2026-01-11T00:00:00+00:00"), name="beyond.xlsx"),
    ) == ["accepted", "accepted", "rejected"]
    assert ask(STATUSES) == [("yearly.xlsx", "accepted"), ("review.xlsx", "accepted"), ("beyond.xlsx", "rejected")]
    assert ask("select rule_code, cell from quality.file_findings where severity = 'error'") == [("F05", "C10")]


# Answers ---------------------------------------------------------------------------------------------------------


OPEN_QUERIES = """
    select rule_code, file_name from quality.findings inner join raw.submissions using (submission_id)
    where severity = 'query' and answer is null and corrected_at is null and status not in ('superseded', 'received')
"""


def answered(ask, answer: str | None = "Đúng theo giấy chứng nhận cũ") -> list[dict[str, object]]:
    """The sheet of answers as an annotated copy has it: the ids of all queries so far."""
    ids = ask("select finding_id from quality.findings where severity = 'query' order by 1")
    return [{"finding_id": finding_id.lower(), "answer": answer} for (finding_id,) in ids]


def test_the_same_file_sent_back_with_answers_leaves_no_query_open(reference, load, ask):
    rows = [cooperative(), cooperative(OLD_NUMBER)]
    load(received(workbook(reference, {"01_HTX": rows}), 1, name="asked.xlsx"))
    assert ask(OPEN_QUERIES) == [("H13", "asked.xlsx")]
    sheets = {"01_HTX": rows[::-1], "11_GIAI_TRINH": answered(ask)}  # its rows may be sorted otherwise
    load(received(workbook(reference, sheets), 2, name="answered.xlsx"))
    assert ask(OPEN_QUERIES) == []
    assert ask(STATUSES) == [("asked.xlsx", "superseded"), ("answered.xlsx", "accepted")]
    assert ask("select file_name, answer from quality.findings join raw.received_files using (submission_id)") == [
        ("asked.xlsx", "Đúng theo giấy chứng nhận cũ"),
        ("answered.xlsx", "Đúng theo giấy chứng nhận cũ"),
    ]


def test_a_query_on_a_rejected_file_may_be_answered_in_the_corrected_one(reference, load, ask):
    wrong = [cooperative(members=30, women_members=31), cooperative(OLD_NUMBER)]
    assert load(received(workbook(reference, {"01_HTX": wrong}), 1, name="wrong.xlsx")) == ["rejected"]
    corrected = {"01_HTX": [cooperative(), cooperative(OLD_NUMBER)], "11_GIAI_TRINH": answered(ask)}
    assert load(received(workbook(reference, corrected), 2, name="corrected.xlsx")) == ["accepted"]
    assert ask(STATUSES) == [("wrong.xlsx", "rejected"), ("corrected.xlsx", "accepted")]


def test_an_answer_holds_for_the_queried_value_and_for_no_other(reference, load, ask):
    load(received(workbook(reference, {"01_HTX": [cooperative(revenue=9_999_999)]}), 1))
    assert [rule for rule, _ in ask(OPEN_QUERIES)] == ["H15"]
    sheets = {"01_HTX": [cooperative(revenue=8_888_888)], "11_GIAI_TRINH": answered(ask)}
    load(received(workbook(reference, sheets), 2, name="other value.xlsx"))
    assert ask(OPEN_QUERIES) == [("H15", "other value.xlsx")]


def test_a_line_without_an_answer_answers_nothing_and_is_no_error(reference, load, ask):
    rows = [cooperative(OLD_NUMBER)]
    load(received(workbook(reference, {"01_HTX": rows}), 1, name="asked.xlsx"))
    sheets = {"01_HTX": rows, "11_GIAI_TRINH": answered(ask, None)}
    assert load(received(workbook(reference, sheets), 2, name="unanswered.xlsx")) == ["accepted"]
    assert ask(OPEN_QUERIES) == [("H13", "asked.xlsx")]
    assert ask(STATUSES) == [("asked.xlsx", "accepted_with_queries"), ("unanswered.xlsx", "received")]


def test_a_correction_of_its_row_closes_a_query(reference, load, ask):
    load(received(workbook(reference, {"01_HTX": [cooperative(revenue=9_999_999)]}), 1, name="asked.xlsx"))
    partial = {"01_HTX": [cooperative(revenue=999)]}
    load(received(workbook(reference, partial, {"submission_kind": "partial_correction"}), 2, name="corrected.xlsx"))
    assert ask(OPEN_QUERIES) == []
    assert ask(STATUSES) == [("asked.xlsx", "accepted"), ("corrected.xlsx", "accepted")]


def test_a_unit_cannot_answer_for_its_neighbour(reference, load, ask):
    load(received(workbook(reference, {"01_HTX": [cooperative(OLD_NUMBER)]}), 1, name="asked.xlsx"))
    sheets = {"01_HTX": [cooperative(unit=NEIGHBOUR)], "11_GIAI_TRINH": answered(ask)}
    assert load(received(workbook(reference, sheets, unit=NEIGHBOUR), 2, folder=NEIGHBOUR)) == ["accepted"]
    assert ask(OPEN_QUERIES) == [("H13", "asked.xlsx")]


@pytest.mark.parametrize("warehouse_url", ["built"], indirect=True)
def test_an_answer_to_what_a_build_asks_holds_for_the_file_sent_again(built, reference, load, ask, warehouse_url):
    unclear = {
        "organisation_code": "HTX Ví Dụ",
        "support_kind": "strengthening",
        "started_on": date(2023, 6, 1),
        "supporting_agency": "WU-P",
    }
    lists = {"01_HTX": [cooperative(), cooperative(OLD_NUMBER)], "03_HO_TRO": [unclear]}
    models = ("history_findings", "fct_submissions")
    load(received(workbook(reference, lists), 1, name="asked.xlsx"))
    built.refill(warehouse_url, *models)
    asked = ask("select finding_id, rule_code, message_vi from next_quality.history_findings order by 2")
    assert [rule for _, rule, _ in asked] == ["S03"]
    assert "(có thể là 3800100009 - HTX Ví Dụ 0009; 44A000123 - HTX Ví Dụ 0123); đề nghị ghi mã số HTX" in asked[0][2]
    others = {asked[0][0]: "Mới thành lập", "F-0": "?"}
    answers = [*answered(ask), *({"finding_id": id, "answer": answer} for id, answer in others.items())]
    load(received(workbook(reference, {**lists, "11_GIAI_TRINH": answers}), 2, name="answered.xlsx"))
    built.refill(warehouse_url, *models)
    assert ask("select rule_code, severity, value from next_quality.history_findings order by 1") == [
        ("E01", "info", "F-0"),
        ("S03", "query", "HTX Ví Dụ"),
    ]
    assert ask("select file_name, status, open_queries from next_marts.fct_submissions order by 1") == [
        ("answered.xlsx", "accepted", 0),
        ("asked.xlsx", "superseded", 0),
    ]


# What the status of a year says ---------------------------------------------------------------------------------------


def of_unit(url, as_of: str, unit=UNIT) -> dict:
    return next(
        row for row in submission_status.of_year(url, YEAR, datetime.fromisoformat(as_of)) if row["unit"] == unit
    )


@pytest.mark.parametrize(
    ("received_at", "state"),
    [
        ("2023-11-29T23:59:59+07:00", "on_time"),
        ("2023-11-30T00:00:00+07:00", "on_due_day"),
        ("2023-11-30T23:59:59+07:00", "on_due_day"),
        ("2023-12-01T00:00:00+07:00", "late"),
        ("2024-02-29T23:59:59+07:00", "late"),
        ("2024-03-01T00:00:00+07:00", "locked"),
    ],
)
def test_a_report_is_on_time_on_the_due_day_late_or_locked_out(reference, load, warehouse_url, received_at, state):
    load(received(workbook(reference, {"01_HTX": [cooperative()]}), datetime.fromisoformat(received_at)))
    assert of_unit(warehouse_url, "2024-04-01T00:00:00+00:00")["state"] == state


def test_the_status_counts_what_became_of_every_file_as_of_an_instant(htx, reference, load, warehouse_url):
    rows = [cooperative(OLD_NUMBER)]
    wrong = workbook(reference, {"01_HTX": [cooperative(members=1)]})
    first = workbook(reference, {"01_HTX": rows})
    second = workbook(reference, {"01_HTX": rows}, {"submission_kind": "full_replacement"})
    beside = workbook(reference, {"01_HTX": [cooperative()]}, {"report_kind": "adhoc"})
    late = workbook(reference, {"01_HTX": rows}, {"document_number": "99/BC-UBND"})
    grant(htx)
    load(
        received(wrong, 1),
        received(first, 2),
        received(first, 3),
        received(other_bytes(first), 4),
        received(beside, 5),
        received(second, 6),
        received(late, LOCKED + timedelta(days=3)),
    )
    counts = ("files", "accepted", "superseded", "rejected", "duplicates", "repeats", "beside", "open_queries")

    def counted(as_of):
        row = of_unit(warehouse_url, as_of)
        return row["state"], row["errors"], tuple(row[name] for name in counts)

    assert counted("2023-11-20T03:31:00+00:00") == ("rejected", 1, (1, 0, 0, 1, 0, 0, 0, 0))
    assert counted("2023-11-20T06:31:00+00:00") == ("on_time", 0, (3, 1, 0, 1, 1, 1, 0, 1))
    assert counted("2024-03-10T00:00:00+00:00") == ("on_time", 0, (6, 2, 2, 1, 1, 1, 1, 1))
    row = of_unit(warehouse_url, "2024-03-10T00:00:00+00:00")
    assert (row["is_locked"], row["exceptions"], len(row["exceptions_used"])) == (False, ["2023-692-1"], 1)
    assert of_unit(warehouse_url, "2024-03-20T00:00:00+00:00")["is_locked"] is True
    said = htx("status", "--year", YEAR, "--as-of", "2024-03-10T00:00:00+00:00").stdout
    assert "đang mở khóa: 2023-692-1" in said


# Preview and load ------------------------------------------------------------------------------------------------


def test_checking_and_loading_find_the_same_in_every_file(htx, reference, ask, tmp_path, example):
    with (example / "deliveries.csv").open(encoding="utf-8", newline="") as file:
        sent = [row for row in csv.DictReader(file) if row["kind"] == "file"]
    files = [example / row["path"] for row in sent if row["stage"] == "2023" or row["expected_verdict"] == "rejected"]
    for name, content in {
        "pdf.xlsx": b"%PDF-1.7",
        "empty.xlsx": b"",
        "queries.xlsx": workbook(reference, {"01_HTX": [cooperative(OLD_NUMBER, revenue=9_999_999)]}),
        "errors.xlsx": workbook(reference, {"01_HTX": [cooperative(members=1), cooperative(members=2)]}),
    }.items():
        files.append(tmp_path / name)
        files[-1].write_bytes(content)
    at = "2023-11-28T09:00:00+07:00"
    checked, loaded = (
        [json.loads(line) for line in htx(command, "--json", "--received-at", at, *files).stdout.splitlines()]
        for command in ("check", "load")
    )
    assert len(checked) == len(files)
    assert checked == loaded
    said = {(file["submission_id"], each["finding_id"], each["cell"]) for file in checked for each in file["findings"]}
    assert said == set(ask("select submission_id, finding_id, cell from quality.file_findings"))
    assert {Path(file["file"]).name for file in checked if file["verdict"] == "rejected"} >= {"pdf.xlsx", "errors.xlsx"}


# What a build asks, on the copies that lie in the outbox --------------------------------------------------------------


@pytest.fixture
def outbox(warehouse_url, tmp_path):
    """A report in force with its copy in the outbox, and what happens to that copy."""

    class Outbox:
        folder = tmp_path / "outbox"
        url = folder.as_uri()

        def load(self, *files):
            return [each for file in files for each in steps.load_files(warehouse_url, [file], outbox_url=self.url)]

        def ask(self, submission_id: str, *messages: str):
            """Publish what a build would ask about the file: one query a message, on cells of its members."""
            with connect(warehouse_url) as connection:
                connection.execute("delete from quality.history_findings")
                for row, message in enumerate(messages, start=3):
                    connection.execute(
                        "insert into quality.history_findings values"
                        " (%s, %s, 'X01', 'query', '01_HTX', %s, 'members', %s, '30', %s, 'members?')",
                        [f"F-{row:012X}", submission_id, row, f"I{row}", message],
                    )
            return steps.answer_queries(warehouse_url, self.url)

        def copy(self, receipt_number: str) -> Workbook:
            return load_workbook(self.folder / UNIT / f"{receipt_number}.xlsx")

    return Outbox()


def rows_of(sheet) -> list[tuple]:
    return [row for row in sheet.iter_rows(min_row=3, max_col=2, values_only=True) if any(row)]


def test_a_query_of_a_build_is_added_to_the_copy_of_its_file_and_only_once(reference, outbox):
    (loaded,) = outbox.load(received(workbook(reference, {"01_HTX": [cooperative(OLD_NUMBER)]})))
    own = next(each.finding_id for each in loaded.findings if each.rule_code == "H13")
    assert rows_of(outbox.copy(loaded.receipt_number)["11_GIAI_TRINH"]) == [(own, None)]

    assert outbox.ask(loaded.file.submission_id, "Năm trước 300 thành viên.") == 1
    copy = outbox.copy(loaded.receipt_number)
    assert rows_of(copy["11_GIAI_TRINH"]) == [(own, None), ("F-000000000003", None)]
    assert "Năm trước 300 thành viên." in copy["01_HTX"]["I3"].comment.text
    assert [row[0] for row in copy[RESULT_SHEET].iter_rows(min_row=5, max_col=6, values_only=True)] == [
        "STT", "1", "2",
    ]  # fmt: skip

    (path,) = (outbox.folder / UNIT).glob("*.xlsx")
    path.write_bytes(b"corrected in place, and not sent yet")
    assert outbox.ask(loaded.file.submission_id, "Năm trước 300 thành viên.") == 0
    assert path.read_bytes() == b"corrected in place, and not sent yet"
    assert outbox.ask(loaded.file.submission_id) == 1
    assert rows_of(outbox.copy(loaded.receipt_number)["11_GIAI_TRINH"]) == [(own, None)]


def test_the_copy_of_a_file_without_a_query_of_a_build_stays_as_it_was(reference, outbox):
    (loaded,) = outbox.load(received(workbook(reference, {"01_HTX": [cooperative()]})))
    (path,) = (outbox.folder / UNIT).glob("*.xlsx")
    before = path.stat().st_mtime_ns
    assert outbox.ask("another file", "?") == 0
    assert path.stat().st_mtime_ns == before
    assert loaded.verdict == "accepted"


def test_a_superseded_file_gets_no_more_queries(reference, outbox):
    first, second = outbox.load(
        received(workbook(reference, {"01_HTX": [cooperative()]}), 1),
        received(workbook(reference, {"01_HTX": [cooperative()]}, {"submission_kind": "full_replacement"}), 2),
    )
    assert outbox.ask(first.file.submission_id, "Năm trước 300 thành viên.") == 0
    assert outbox.ask(second.file.submission_id, "Năm trước 300 thành viên.") == 1


def test_a_file_that_comes_again_keeps_on_its_copy_what_a_build_asked(reference, outbox):
    file = received(workbook(reference, {"01_HTX": [cooperative()]}))
    (loaded,) = outbox.load(file)
    outbox.ask(loaded.file.submission_id, "Năm trước 300 thành viên.")
    outbox.load(file)
    assert rows_of(outbox.copy(loaded.receipt_number)["11_GIAI_TRINH"]) == [("F-000000000003", None)]


def test_a_query_that_a_later_file_answers_leaves_the_copy(reference, outbox, ask, warehouse_url):
    (loaded,) = outbox.load(received(workbook(reference, {"01_HTX": [cooperative(OLD_NUMBER)]}), 1))
    correction = {"11_GIAI_TRINH": answered(ask)}
    outbox.load(received(workbook(reference, correction, {"submission_kind": "partial_correction"}), 2))
    assert steps.answer_queries(warehouse_url, outbox.url) == 1
    assert rows_of(outbox.copy(loaded.receipt_number)["11_GIAI_TRINH"]) == []
