"""Cells with their annotations applied: errors in their places, percentages, text decoded from legacy fonts."""

from ingestion.workbook.annotations.annotations import LAST_COLUMN, LAST_ROW, Place, Run, SheetAnnotations
from ingestion.workbook.cells import AmbiguousText, BrokenValue, Cell, DecodedText, Percentage
from ingestion.workbook.legacy_encodings import LegacyFont, TextDecoder, decode_without_font

Rows = list[list[Cell]]


def apply_annotations(rows: Rows, annotations: SheetAnnotations | None, decoder: TextDecoder) -> None:
    """Replace the cells of a sheet in place by what the annotations tell about them."""
    fonts: dict[Place, LegacyFont] = {}
    if annotations is not None:
        fonts = annotations.fonts
        _insert_broken(rows, annotations.broken)
        for row, column in annotations.percentages:
            if row < len(rows) and column < len(rows[row]):
                cell = rows[row][column]
                if type(cell) is float or type(cell) is int:
                    rows[row][column] = Percentage(cell)
        _decode(rows, fonts, decoder)
        for place, runs in annotations.runs.items():
            text = _text_at(rows, place)
            if text and text == "".join(words for words, _ in runs):
                rows[place[0]][place[1]] = _decode_runs(text, runs, decoder)
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if type(cell) is str and not cell.isascii() and not (fonts and (number, column) in fonts):
                cells[column] = decode_without_font(cell)


def _insert_broken(rows: Rows, broken: dict[Place, str]) -> None:
    for (row, column), text in broken.items():
        if row >= LAST_ROW or column >= LAST_COLUMN:
            continue  # not of the form, and costs memory
        rows.extend([] for _ in range(row + 1 - len(rows)))
        rows[row].extend([""] * (column + 1 - len(rows[row])))
        rows[row][column] = BrokenValue(text)


def _decode(rows: Rows, fonts: dict[Place, LegacyFont], decoder: TextDecoder) -> None:
    texts = [(place, text, font) for place, font in fonts.items() if (text := _text_at(rows, place))]
    for _, text, font in texts:
        decoder.learn(text, font)
    for (row, column), text, font in texts:
        rows[row][column] = decoder.decode(text, font)


def _decode_runs(text: str, runs: list[Run], decoder: TextDecoder) -> Cell:
    """A text whose parts have different fonts, each decoded by its own."""
    for words, font in runs:
        if font:
            decoder.learn(words, font)
    decoded = [decoder.decode(words, font) for words, font in runs]
    meant = "".join(map(str, decoded))
    if any(isinstance(each, AmbiguousText) for each in decoded):
        alternatives = (each.alternative if isinstance(each, AmbiguousText) else str(each) for each in decoded)
        return AmbiguousText(text, "".join(alternatives))
    return DecodedText(meant, text) if meant != text else text


def _text_at(rows: Rows, place: Place) -> str | None:
    row, column = place
    cell = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
    return cell if type(cell) is str else None
