"""The tables of an earlier edition, read from its annex in Excel."""

from dataclasses import replace

from htx.editions.kept_tables import rows_kept
from reporting.documents.excel import write_excel
from tests.reporting.hand_made_content import about, hand_made, with_rows


def test_the_rows_of_a_kept_annex_have_the_texts_of_its_columns():
    proposal = {"indicator_code": "T08", "proposal_vi": "Nâng mục tiêu thành ít nhất 210 người."}
    made = with_rows(hand_made("phase_review", 1), "target_proposals", [proposal])
    [row] = rows_kept(write_excel(made, about()), made.tables["target_proposals"])
    assert {name: row[name] for name in (*proposal, "because_vi")} == {**proposal, "because_vi": "lời because_vi"}


def test_an_annex_without_the_sheet_and_what_is_no_annex_have_no_rows():
    made = hand_made("phase_review", 1)
    annual, table = write_excel(hand_made("annual", 2025), about()), made.tables["target_proposals"]
    assert rows_kept(annual, table) == rows_kept(b"xlsx", table) == []
    renamed = replace(table, columns=tuple(replace(each, heading_vi="?") for each in table.columns))
    assert rows_kept(write_excel(made, about()), renamed) == [{}, {}, {}]
