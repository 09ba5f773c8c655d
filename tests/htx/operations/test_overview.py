"""The page of the year at a glance."""

import re
from datetime import UTC, datetime, timedelta

from htx.operations import overview
from htx.operations.places import Places
from tests.htx.conftest import ID

AT = datetime(2025, 12, 29, 2, tzinfo=UTC)
STATUS = """
    create table reports.rpt_reporting_status (
        report_year integer, expected boolean, received_at timestamptz, on_time boolean, open_queries bigint
    )
"""
ROWS = """
    insert into reports.rpt_reporting_status values
        (2024, true, '2024-12-01', true, 0), (2025, true, '2025-12-01', true, 2), (2025, true, '2025-12-09', false, 1),
        (2025, true, null, null, 0), (2025, false, '2025-12-01', null, 0)
"""


def cells(html: str) -> list[list[str]]:
    """The texts of each row of a page's tables."""
    rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S) for row in re.findall(r"<tr>(.*?)</tr>", html, re.S)]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in rows]


def test_it_says_what_waits_for_whom_and_where_each_year_stands(url, connection):
    connection.execute(STATUS)
    connection.execute(ROWS)
    connection.execute("set session_replication_role = replica")
    connection.execute("update raw.publications set recorded_at = published_at")
    connection.execute(
        "insert into raw.mails (mail_id, mailbox, uid_validity, uid, received_at, sender, state, doubt)"
        " values ('T-1', 'm', 1, 1, %s, '<b>ai</b>@noi-khac.example', 'waiting', 'not_listed')",
        [AT - timedelta(hours=1)],
    )
    connection.commit()
    html = overview.page(url, AT, Places())
    assert "<b>ai</b>" not in html
    assert cells(html)[:7] == [
        ["Việc", "Từ", "Báo cho"],
        ["Báo cáo năm 2025: biên tập dự thảo", "08:00 26/12/2025", "Chuyên viên tổng hợp (26/12/2025)"],
        [
            "Thư có tệp báo cáo chờ quyết định T-1: &lt;b&gt;ai&lt;/b&gt;@noi-khac.example địa chỉ gửi không có trong"
            " danh sách hộp thư của các đơn vị docs/runbook.md#mail_waiting",
            "08:00 29/12/2025",
            "Chuyên viên tổng hợp (29/12/2025)",
        ],
        ["Năm", "Đơn vị đã báo cáo", "Đúng hạn", "Nội dung cần giải trình", "Báo cáo năm"],
        ["2025", "2/3", "1", "3", "1.0.0: dự thảo"],
        ["2024", "1/1", "1", "0", ""],
        ["Nhận tệp báo cáo", "–", ""],
    ]
    assert ID not in html


def test_before_the_first_build_no_year_stands_anywhere_and_nothing_waits(warehouse_url):
    html = overview.page(warehouse_url, AT, Places())
    assert "Không có việc nào đang chờ." in html
    assert cells(html)[0][0] == "Năm"
    assert cells(html)[1][0] == "Nhận tệp báo cáo"
