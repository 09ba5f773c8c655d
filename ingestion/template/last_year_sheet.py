"""Last year's figures beside this year's form: what was reported on the unit's ground, to compare with."""

from collections.abc import Iterator, Mapping, Sequence

from ingestion.template.form_styles import FormStyles
from warehouse.reference.forms import Form

WIDTHS = {"A": 12, "B": 18, "C": 44, "D": 56, "E": 20}
FIGURES = ("integer", "money", "number")
NAMES = ("cooperative_name", "group_name")


def last_year_rows(
    form: Form, reported: Mapping[str, Sequence[Mapping[str, object]]], styles: FormStyles
) -> Iterator[list[tuple]]:
    """The rows of the sheet, as (text or number, style) from column A: one for each figure of each reported row.

    `reported`: sheet code -> rows of field code -> value."""
    yield [(heading, styles.heading()) for heading in form.texts["last_year_table"]]
    for code, rows in reported.items():
        sheet = form.sheets[code]
        for row in rows:
            name = next((row[each] for each in NAMES if row.get(each)), "")
            for field in sheet.fields:
                if field.type in FIGURES and row.get(field.field_code) is not None:
                    words = (code, row.get(sheet.key[0], ""), name, field.header_vi)
                    figure = (row[field.field_code], styles.data(field))
                    yield [*((each, styles.boxed()) for each in words), figure]
