"""Findings and their words."""

from ingestion.feedback.findings import finding_from, make_finding
from ingestion.form.parse_warnings import ParseWarning
from ingestion.workbook.rejected_file import RejectedFile
from warehouse.reference.reference_data import read_reference


def with_templates(seeds, **templates):
    """The reference data with other sentences for some rules."""
    import csv

    path = seeds / "rules.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        row["message_vi"] = row["message_en"] = templates.get(row["rule_code"], row["message_vi"])
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return read_reference(seeds)


def test_a_finding_names_sheet_header_and_cell_in_the_words_of_its_rule(seeds):
    reference = with_templates(seeds, H01="{sheet}, {header} ({cell}): {value} > {other_value}")
    found = make_finding(reference, "abc", "H01", "01_HTX", 7, "women_members", "J7", 40, other_value=30)
    assert found.message_vi == "Hợp tác xã, Thành viên nữ (J7): 40 > 30"
    assert (found.severity, found.cell, found.value, found.row_number) == ("error", "J7", "40", 7)


def test_the_id_of_a_finding_is_a_function_of_file_rule_and_place(reference):
    one = make_finding(reference, "abc", "V01", "01_HTX", 7, "members", "I7")
    same = make_finding(reference, "abc", "V01", "01_HTX", 7, "members", "I7", value="sent in other words")
    other = make_finding(reference, "abc", "V01", "01_HTX", 8, "members", "I8")
    assert one.finding_id == same.finding_id == "F-2F51DE4E0A2C"
    assert other.finding_id != one.finding_id


def test_a_template_that_names_what_nobody_gave_is_no_error(seeds):
    reference = with_templates(seeds, V03="{read_as} / {nobody} / {value:>{width}}", V02="{}")
    assert make_finding(reference, "abc", "V03", read_as="45").message_vi == "{read_as} / {nobody} / {value:>{width}}"
    assert make_finding(reference, "abc", "V02").message_vi == "{}"
    reference = with_templates(seeds, V03="{read_as} / {nobody} / {value}")
    assert make_finding(reference, "abc", "V03", read_as="45").message_vi == "45 / … / …"


def test_what_stands_in_the_sheet_of_priority_groups_is_never_repeated(seeds):
    reference = with_templates(seeds, P01="{header}: {value} {other_value} {other_header} {read_as} {rows}")
    found = make_finding(
        reference, "abc", "P01", "09_UU_TIEN", 4, "women_employed", "C4", 17,
        other_value=16, other_header="Số phụ nữ được hỗ trợ", read_as="Bà Nào Đó", rows=5,
    )  # fmt: skip
    assert found.value is None
    assert found.message_vi == "Số phụ nữ có việc làm: … … Số phụ nữ được hỗ trợ … 5"


def test_warnings_and_rejections_become_findings(seeds):
    reference = with_templates(seeds, V03="{value} = {read_as}", F12="{unit} ≠ {folder}")
    warning = ParseWarning("V03", "01_HTX", 5, "members", "I5", "1,234", {"read_as": "1234", "other": "1.234"})
    rejection = RejectedFile("F12", "00_BIA", "C5", "691", {"folder": "692", "unit": "691"})
    assert finding_from(reference, "abc", warning).message_vi == "1,234 = 1234"
    found = finding_from(reference, "abc", rejection)
    assert (found.message_vi, found.cell, found.severity) == ("691 ≠ 692", "C5", "error")
