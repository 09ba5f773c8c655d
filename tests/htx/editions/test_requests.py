"""What a run of the publishing DAGs is about."""

import json
import shutil
from datetime import UTC, datetime

import pytest

from htx.editions import requests
from htx.local.demo import when_it_goes
from tests.datasets import first_seed
from warehouse.reference.reference_data import SEEDS

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
NOTHING_ASKED = {"kind": "annual", "report_year": None, "as_of": None, "force_because": None}


def test_a_run_is_about_the_year_that_its_parameters_name_by_the_clock_that_they_set(warehouse_url):
    params = {**NOTHING_ASKED, "report_year": 2025, "as_of": "2025-12-26T08:00", "force_because": " "}
    assert requests.choose(warehouse_url, "annual", params, [{"kind": "annual", "report_year": 2024}], NOW) == [
        {"kind": "annual", "report_year": 2025, "as_of": "2025-12-26T08:00:00+07:00", "force_because": None,
         "at": "2025-12-26T08:00:00+07:00"},
    ]  # fmt: skip


def test_what_other_systems_ask_is_done_once_each_and_what_nobody_can_read_is_left(warehouse_url):
    asked = [
        {"kind": "annual", "report_year": "2024"},
        {"kind": "annual", "report_year": 2024},
        {"kind": "annual", "report_year": 2024.0},
        {"kind": "phase_review", "phase": 1},
        {"kind": "annual"},
        {"kind": "annual", "report_year": "last"},
        {"kind": "annual", "report_year": 2025, "as_of": "soon"},
        {"report_year": 2025},
        {"kind": "annual", "report_year": 2023},
    ]
    found = requests.choose(warehouse_url, "annual", NOTHING_ASKED, asked, NOW)
    assert [(each["report_year"], each["at"]) for each in found] == [(2024, NOW.isoformat()), (2023, NOW.isoformat())]


NO_WAREHOUSE = "postgresql://nowhere"
NOT_A_YEAR = "Không lập được dự thảo: năm báo cáo «{}» không phải là một số từ 0 đến 9999."
NOT_AN_INSTANT = "Không lập được dự thảo: thời điểm as_of «{}» không đọc được."


@pytest.mark.parametrize(
    ("conf", "answer"),
    [
        ({"report_year": -1}, NOT_A_YEAR.format("-1")),
        ({"report_year": 10**30}, NOT_A_YEAR.format(10**30)),
        ({"report_year": 2025.5}, NOT_A_YEAR.format("2025.5")),
        ({"report_year": {"year": [2025]}}, NOT_A_YEAR.format("{'year': [2025]}")),
        ({"report_year": "x" * 200}, NOT_A_YEAR.format("x" * 100 + "…")),
        ({"report_year": 2025, "as_of": "soon"}, NOT_AN_INSTANT.format("soon")),
        ({"report_year": 2025, "as_of": "2025-99-99"}, NOT_AN_INSTANT.format("2025-99-99")),
        ({"report_year": 2025, "as_of": {"a": 1}}, NOT_AN_INSTANT.format("{'a': 1}")),
        (
            {"report_year": 2025, "as_of": "0001-01-01T00:00:00+14:00"},
            NOT_AN_INSTANT.format("0001-01-01T00:00:00+14:00"),
        ),
        ({"as_of": "soon"}, NOT_AN_INSTANT.format("soon")),
        ({"report_year": "20\x0025 \ud800\u202e"}, NOT_A_YEAR.format("20 25")),
    ],
)
@pytest.mark.parametrize("road", ["parameters", "event"])
def test_a_request_that_cannot_be_read_is_answered_in_vietnamese(conf, answer, road):
    params, events = {**NOTHING_ASKED, **conf}, []
    if road == "event":
        params, events = NOTHING_ASKED, [{"kind": "annual", **conf}]
    [request] = requests.choose(NO_WAREHOUSE, "annual", params, events, NOW)
    outcome = requests.publish(NO_WAREHOUSE, request, "file:///nowhere", other_runs=0)
    assert (outcome["published"], outcome["awaits_approval"], outcome["answer_vi"]) == (False, False, answer)
    assert requests.answer(outcome, None, None)["answer_vi"] == answer


def test_a_reason_is_one_line_that_can_be_kept_and_printed(warehouse_url):
    because = "gấp\n\nlắm \x00\ud800\u202e" + "x" * 2000
    asked = [{"kind": "annual", "report_year": 2025, "force_because": because}]
    [request] = requests.choose(warehouse_url, "annual", NOTHING_ASKED, asked, NOW)
    assert request["force_because"] == "gấp lắm " + "x" * 992 + "…"
    assert json.dumps(request, ensure_ascii=False).encode()


@first_seed
def test_reference_data_with_a_mistake_is_answered_in_vietnamese_alone(played, tmp_path, monkeypatch, caplog):
    seeds = shutil.copytree(SEEDS, tmp_path / "seeds")
    letterheads = (seeds / "letterheads.csv").read_text(encoding="utf-8")
    (seeds / "letterheads.csv").write_text(letterheads.replace("2023-01-03", "soon"), encoding="utf-8")
    monkeypatch.setattr("htx.editions.documents.plan_folder", lambda: seeds)  # edited while it is published
    at = when_it_goes(played[1], "annual", 2025).isoformat()
    request = {"kind": "annual", "report_year": 2025, "as_of": None, "at": at, "force_because": None}
    outcome = requests.publish(played[1], request, tmp_path.as_uri(), other_runs=0)
    assert (outcome["published"], outcome["answer_vi"]) == (
        False,
        "Không lập được dự thảo: dữ liệu tham chiếu có lỗi, chi tiết ghi trong nhật ký của hệ thống.",
    )
    assert "letterheads.csv, row 2: valid_from must be a date" in caplog.text


def test_a_run_that_nobody_asked_for_is_about_nothing_where_nothing_is_due(warehouse_url):
    assert requests.choose(warehouse_url, "annual", NOTHING_ASKED, [], NOW) == []
    assert requests.answer(None, None, None) == {
        "published": False,
        "is_new": False,
        "answer_vi": "Hiện không có báo cáo nào đến hạn lập dự thảo.",
    }


def test_only_a_run_of_ours_says_what_it_follows(warehouse_url):
    params = {**NOTHING_ASKED, "report_year": 2025, "follows": {"publication_id": "P-1"}}
    [given] = requests.choose(warehouse_url, "annual", params, [], NOW)
    assert "follows" not in given
    [ours] = requests.choose(warehouse_url, "annual", params, [], NOW, True)
    assert ours["follows"] == {"publication_id": "P-1"}


def test_a_refusal_is_answered_in_vietnamese(warehouse_url):
    request = {"kind": "annual", "report_year": 2025, "as_of": None, "at": NOW.isoformat(), "force_because": None}
    outcome = requests.publish(warehouse_url, request, "file:///nowhere", other_runs=0)
    assert outcome["answer_vi"] == "Không lập được dự thảo: chưa có số liệu được tổng hợp."


@pytest.mark.parametrize("as_of", ["2099-01-02T00:00:00+07:00", "2025-12-26T08:00:00+07:00"])
def test_others_may_not_set_the_clock(warehouse_url, as_of):
    [request] = requests.choose(
        warehouse_url, "annual", {**NOTHING_ASKED, "report_year": 2023, "as_of": as_of}, [], NOW
    )
    outcome = requests.publish(warehouse_url, request, "file:///nowhere", other_runs=0)
    assert (outcome["published"], outcome["awaits_approval"]) == (False, False)
    assert outcome["answer_vi"] == (
        "Không lập được dự thảo: không được tự đặt thời điểm lập báo cáo (as_of); thời điểm là giờ của máy chủ."
    )
