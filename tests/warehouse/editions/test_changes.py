"""What moved the figures between two versions: each by its own cause, worked out step by step."""

from dataclasses import replace
from datetime import UTC, datetime

from htx import steps
from tests.datasets import rows
from tests.life import UNIT, course, received, workbook
from warehouse.connection import connect
from warehouse.editions.changes import changes_between
from warehouse.editions.editions import edition_as_of, edition_kept, record, restated
from warehouse.editions.figure_changes import Change
from warehouse.editions.versioning import scope_of, units_reported
from warehouse.reference.reference_data import SEEDS, read_reference
from warehouse.restate import build_inputs

PUBLISHED_AT = datetime(2023, 12, 20, 2, 0, tzinfo=UTC)
AGAIN_AT = datetime(2023, 12, 20, 3, 0, tzinfo=UTC)  # nothing else came in that hour
A2_CHANGED = "decisions.csv: decision_code=A2: value any_manager → leads"


def test_of_new_files_and_an_edited_decision_each_moves_its_own_figures(copy_of_province, province):
    url = copy_of_province()
    with connect(url) as connection:
        kept = record(connection, "annual", 2023, "W-CENTRAL", PUBLISHED_AT)
        old = edition_kept(connection, kept)

        content = workbook(
            read_reference(SEEDS), {"04_DAO_TAO": [{**course("L-99", 25), "members_and_workers": 25}]},
            {"submission_kind": "partial_correction"},
        )  # fmt: skip
        [loaded] = steps.load_files(url, [received(content, AGAIN_AT, name="bổ sung.xlsx")])
        connection.execute("update reference.decisions set value = 'leads' where decision_code = 'A2'")
        [(build_id,)] = rows(connection, "select build_id from quality.builds where outcome = 'promoted'")
        build_inputs.keep_versions(connection, province.output, build_id)
        connection.commit()

        again = replace(kept, published_at=AGAIN_AT)
        new = edition_as_of(connection, again, build_inputs.published_versions(connection))
        figures = restated(connection, new)
        new = replace(new, figures=figures, scope=scope_of(figures, units_reported(connection, new.inputs)))
        changes = changes_between(connection, old, new)

    [trained] = of_province(changes, "T06")
    assert int(trained.new_value) - int(trained.old_value) == 25
    assert (trained.reason, trained.files) == ("new_files", (loaded.file.submission_id,))
    assert "692/bổ sung.xlsx, received 2023-12-20 03:00 UTC" in trained.cause
    assert [(each.sheet_code, each.row_number, each.cell) for each in trained.cells] == [("04_DAO_TAO", 3, "A3")]
    [strengthened] = of_province(changes, "T01")
    assert (strengthened.reason, strengthened.cause, strengthened.cells) == ("changed_reference", A2_CHANGED, ())
    assert int(strengthened.new_value) < int(strengthened.old_value)
    # a unit that had reported before comes and goes with neither
    assert {each.change for each in changes} == {"changed"}
    # what the province signs for comes first
    assert changes[0].key["unit_uid"] == "province"
    assert {each.key.get("unit_uid") for each in changes if each.reason == "new_files"} == {
        f"{UNIT}@2023", "province", "unplaced",
    }  # fmt: skip


def of_province(changes: list[Change], indicator: str) -> list[Change]:
    return [
        each for each in changes
        if each.column == "value" and each.key == {
            "indicator_code": indicator, "measure_code": "value", "breakdown": "total", "breakdown_code": "total",
            "report_year": 2023, "unit_uid": "province", "basis": "as_reported",
        }
    ]  # fmt: skip
