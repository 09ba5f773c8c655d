"""The guide sheet of the form: how, by when and for whom it is filled in, and what belongs into each cell."""

from collections.abc import Iterator
from datetime import date

from ingestion.template.form_styles import FormStyles
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.dates_vi import day_vi
from warehouse.reference.forms import COVER, Form
from warehouse.reference.reference_data import Reference

WIDTHS = {"A": 16, "B": 44, "C": 96}
TITLE_SIZE = 14


def guide_rows(
    form: Form, reference: Reference, unit: RosterUnit, styles: FormStyles, first_late_day: date | None
) -> Iterator[list[tuple]]:
    """The rows of the guide, as (text, style) from column A: its lines, then one for each field with a definition."""
    sheets = [sheet for sheet in form.sheets.values() if reference.sheet_applies(sheet, unit)]
    words = {
        "unit": reference.unit_name(unit),
        "year": unit.year,
        "deadline": day_vi(first_late_day or unit.due_before or reference.cycles[unit.year].units_due_before),
        "sheets": ", ".join(sheet.sheet_code for sheet in sheets if sheet.sheet_code != COVER),
    }
    title, *lines = form.texts["guide"]
    yield [(title.format(**words), styles.text(bold=True, size=TITLE_SIZE))]
    for line in (*lines, *form.texts_for("signer", unit.code, unit.kind)):
        yield [(line.format(**words), styles.text(wrap=True))]
    yield []
    yield [(heading, styles.heading()) for heading in form.texts["guide_table"]]
    for sheet in sheets:
        for field in sheet.fields:
            definition = form.definitions.get((sheet.sheet_code, field.field_code))
            if definition and reference.field_applies(field, unit):
                yield [(text, styles.boxed()) for text in (sheet.sheet_code, field.header_vi, definition)]
