"""What an edited plan would move, before anything is public: a copy of the warehouse is built with it."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from htx.cli import main
from tests.datasets import Province, rows
from warehouse.connection import connect
from warehouse.editions.deliveries import record_sending
from warehouse.editions.editions import record

SENT_AT = datetime(2025, 12, 20, tzinfo=UTC)
WRITTEN = "select count(*), (select count(*) from quality.builds) from raw.accepted_verdicts"


@pytest.fixture
def preview(seeds, tmp_path):
    """Runs `htx preview` on a warehouse with a copy of the plan; nothing of it is left in the home."""
    home = tmp_path / "home"

    def run(url: str, *arguments: str):
        variables = {"WAREHOUSE_URL": url, "HTX_PLAN": str(seeds), "HTX_HOME": str(home)}
        said = CliRunner(env=variables).invoke(main, ["preview", *arguments])
        assert not (home / "preview").exists()
        return said

    return run


def replace(path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_plan_that_nobody_edited_moves_nothing(province: Province, preview):
    said = preview(province.url)
    assert (said.exit_code, said.stdout) == (0, "nothing changed since the last promotion\n"), said.output


def test_a_target_moves_a_verdict_and_a_definition_a_figure_and_nothing_is_written(province: Province, preview, seeds):
    url = province.copy()
    with connect(url) as connection:
        kept = record(connection, "annual", 2025, "CENTRAL_UNION", SENT_AT)
        record_sending(connection, kept.publication_id, "CENTRAL_UNION", SENT_AT, None)
        connection.execute("update quality.builds set code_sha256 = 'of the version before'")
        connection.commit()
        before = rows(connection, WRITTEN)
    replace(seeds / "targets.csv", "T02,1,2025,50,", "T02,1,2025,60,")
    replace(seeds / "decisions.csv", ",women_managed_means,any_manager,", ",women_managed_means,leads,")
    said = preview(url)
    assert said.exit_code == 0, said.output
    lines = said.stdout.splitlines()
    assert lines[:5] == [
        "decisions.csv: decision_code=A2: value any_manager → leads",
        "targets.csv: indicator_code=T02, phase=1, target_year=2025: target 50 → 60",
        "Tính cả những gì có thêm từ đó: cách tính của phiên bản phần mềm mới.",
        "Năm 2023",  # nothing was issued
        "  T01-2023             thực hiện 10 → 5; mục tiêu >= 20 (2025); đánh giá Đang thực hiện",
    ]
    of_2025 = lines[lines.index("Năm 2025, đã phát hành annual") :]
    assert of_2025[1:3] == [
        "  T01-2025             thực hiện 22 (22–23) → 12 (12–13); mục tiêu >= 20 (2025); đánh giá Vượt → Chưa đạt",
        "  T02-2025             thực hiện 49 (49–54); mục tiêu >= 50 (2025) → >= 60 (2025);"
        " đánh giá Chưa đủ số liệu để kết luận → Chưa đạt",
    ]
    assert "  T01.union_founded-2025 thực hiện 7 (7–8) → 4 (4–5)" in of_2025
    assert lines[-1] == (
        "Ngoài ra 957 số liệu của đơn vị, theo nhóm hoặc theo hệ thống đơn vị hành chính thay đổi (--json liệt kê)."
    )
    with connect(url) as connection:
        assert rows(connection, WRITTEN) == before
