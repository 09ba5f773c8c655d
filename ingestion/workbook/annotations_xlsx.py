"""What the values of a workbook do not tell: what is hidden, broken, coloured, commented on or taken from elsewhere,
and in which font a text stands.

The library that reads the values gives none of this. A clean form has almost nothing of it, so each part of the
archive is first searched as bytes, and parsed, without document types or entities, only where something is found.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from posixpath import dirname, join, normpath

from ingestion.workbook.annotations import (
    IN_QUOTES,
    PLAIN_FILLS,
    PLAIN_INKS,
    Place,
    Run,
    StyleMark,
    Unseen,
    UnseenWorkbook,
    note_cell,
    note_comment,
    parse,
)
from ingestion.workbook.annotations_ods import LAST_COLUMN, LAST_ROW, read_open_document
from ingestion.workbook.annotations_xls import read_xls, read_xlsb
from ingestion.workbook.cells import EPOCH_1904, Broken, Cell, Decoded, Doubtful, Percentage
from ingestion.workbook.legacy_encodings import LegacyFont, TextDecoder, legacy_font, without_font
from ingestion.workbook.own_markup import LISTS_SHEET

HIDDEN = (b' hidden="1"', b' hidden="true"', b' ht="0"', b' width="0"')
ROW_OR_COLUMN = re.compile(rb"<(?:\w+:)?(row|col)\s")
NUMBER = {name: re.compile(rb"\s" + name + rb'="(\d+)"') for name in (b"r", b"min", b"max")}
FORMULA_OR_ERROR = (b"<f>", b"<f ", b":f>", b":f ", b't="e"')
MARKED_STYLE = re.compile(rb'\ss="(\d+)"')
# The end of a run, a sign by its number, a section, a formula whose value is a text.
NOT_PLAIN = (b"r>", b"&#", b"<!", b'str"', b"str'")
PLAIN_TEXT = re.compile(r"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)<")
SHARED = "xl/sharedStrings.xml"
OLD_FONT = re.compile(rb'rFont\s+val="(?:\.vn|vni)', re.IGNORECASE)
WIDEST = 16_384


def read_unseen(content: bytes, archive: zipfile.ZipFile | None = None) -> UnseenWorkbook:
    """What stands beside the values of a workbook of any format; `archive`: the same, where it is open already.

    Raises what a damaged archive or part makes zipfile and expat raise, and Encrypted for an old workbook with a
    password.
    """
    if not content.startswith(b"PK"):
        return read_xls(content)
    archive = archive or zipfile.ZipFile(io.BytesIO(content))
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return _office_open(archive, names)
    if "content.xml" in names:
        return read_open_document(archive.read("content.xml"))
    if "xl/workbook.bin" in names:
        return read_xlsb(archive, names)
    return UnseenWorkbook()


def marked_rows(rows: list[list[Cell]], unseen: Unseen | None, decoder: TextDecoder) -> list[list[Cell]]:
    """The rows with broken cells in their places, percentages as such, and old encodings decoded."""
    if unseen is not None:
        for (row, column), text in unseen.broken.items():
            if row >= LAST_ROW or column >= LAST_COLUMN:
                continue  # what claims to stand there is no form's, and costs memory
            rows.extend([] for _ in range(row + 1 - len(rows)))
            rows[row].extend([""] * (column + 1 - len(rows[row])))
            rows[row][column] = Broken(text)
        for row, column in unseen.percentages:
            if row < len(rows) and column < len(rows[row]) and type(rows[row][column]) in (float, int):
                rows[row][column] = Percentage(rows[row][column])
        for place, font in unseen.fonts.items():
            text = _text_at(rows, place)
            if text:
                decoder.learn(text, font)
        for place, font in unseen.fonts.items():
            text = _text_at(rows, place)
            if text:
                rows[place[0]][place[1]] = decoder.read(text, font)
        for place, runs in unseen.runs.items():
            text = _text_at(rows, place)
            if text and text == "".join(words for words, _ in runs):
                rows[place[0]][place[1]] = _read_runs(text, runs, decoder)
    fonts = unseen.fonts if unseen is not None else {}
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if type(cell) is str and not cell.isascii() and not (fonts and (number, column) in fonts):
                row[column] = without_font(cell)
    return rows


def _read_runs(text: str, runs: list[Run], decoder: TextDecoder) -> Cell:
    """A text whose parts stand in fonts of their own: decoded as far as each part is."""
    for words, font in runs:
        if font:
            decoder.learn(words, font)
    read = [decoder.read(words, font) for words, font in runs]
    meant = "".join(map(str, read))
    doubtful = [isinstance(each, Doubtful) for each in read]
    if any(doubtful):
        other = "".join(each.other if isinstance(each, Doubtful) else str(each) for each in read)
        return Doubtful(text, other)
    return Decoded(meant, text) if meant != text else text


def texts_of_sheet(archive: zipfile.ZipFile, part: str | None) -> set[str] | None:
    """The texts that may stand on a sheet, for less than reading it: its own and all that its workbook shares. None
    where they are not plain to see: set in several runs, escaped, or the result of a formula."""
    if part is None:
        return None
    texts: set[str] = set()
    for name in (part, SHARED):
        if name not in archive.NameToInfo:
            continue
        text = archive.read(name)
        end = text.rfind(b"sheetData>")
        text = text[:end] if end > 0 else text
        if b"\x00" in text[:4] or any(sign in text for sign in NOT_PLAIN):
            return None
        texts.update(PLAIN_TEXT.findall(text.decode("utf-8")))
    return texts


def _text_at(rows: list[list[Cell]], place: Place) -> str | None:
    row, column = place
    cell = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
    return cell if type(cell) is str else None


# xlsx and xlsm ------------------------------------------------------------------------------------------------


def _office_open(archive: zipfile.ZipFile, names: set[str]) -> UnseenWorkbook:
    found = UnseenWorkbook()
    book = archive.read("xl/workbook.xml")
    if re.search(rb'date1904="(?:1|true)"', book):
        found.epoch = EPOCH_1904
    has_comments = any("comments" in name for name in names)
    marks = style_marks(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else {}
    shared = archive.read(SHARED) if SHARED in names else b""
    runs = _texts_in_runs(shared) if OLD_FONT.search(shared) else {}
    relations = "xl/_rels/workbook.xml.rels"
    for name, part in _sheet_parts(book, archive.read(relations) if relations in names else b""):
        if part not in names:
            continue
        found.parts.setdefault(name, part)
        if name == LISTS_SHEET:
            continue
        unseen = _sheet(archive.read(part), marks, runs)
        if has_comments:
            _add_comments(archive, names, part, unseen)
        found.sheets[name] = unseen
    return found


# A form names the same sheets wherever it comes from.
@lru_cache(maxsize=64)
def _sheet_parts(book: bytes, relations: bytes) -> list[tuple[str, str]]:
    targets = _targets(relations, "xl") if relations else {}
    sheets: list[tuple[str, str]] = []

    def start(tag: str, given: dict[str, str]) -> None:
        if tag == "sheet":
            relations = [value for name, value in given.items() if name.endswith(":id")]
            sheets.append((given.get("name", ""), targets.get(relations[0], "") if relations else ""))

    parse(book, start)
    return sheets


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Relation -> the part that it points to, of those inside the archive."""
    folder = dirname(part)
    path = join(folder, "_rels", part.rpartition("/")[2] + ".rels")
    return _targets(archive.read(path), folder) if path in archive.namelist() else {}


def _targets(text: bytes, folder: str) -> dict[str, str]:
    targets = {}

    def start(tag: str, given: dict[str, str]) -> None:
        if tag == "Relationship" and given.get("TargetMode") != "External":
            target = given.get("Target", "")
            targets[given.get("Id", "")] = target.lstrip("/") if target[:1] == "/" else normpath(join(folder, target))

    parse(text, start)
    return targets


def _texts_in_runs(text: bytes) -> dict[int, list[Run]]:
    """Number of a shared text of which a part stands in a font of before Unicode -> its parts."""
    texts: list[list[Run]] = []
    collected: list[str] = []
    state: dict[str, LegacyFont | None] = {"font": None}

    def start(tag: str, given: dict[str, str]) -> None:
        if tag == "si":
            texts.append([])
        elif tag == "r":
            state["font"] = None
        elif tag == "rFont":
            state["font"] = legacy_font(given.get("val", ""))
        elif tag == "t":
            collected.clear()

    def end(tag: str) -> None:
        if tag == "t" and texts:
            texts[-1].append(("".join(collected), state["font"]))
        elif tag in ("r", "si"):
            state["font"] = None

    parse(text, start, end, collected.append)
    return {number: runs for number, runs in enumerate(texts) if any(font for _, font in runs)}


def _sheet(text: bytes, marks: dict[int, StyleMark], runs: dict[int, list[Run]]) -> Unseen:
    unseen = Unseen(is_filtered=b"filterColumn" in text)
    # Behind the cells stand their lists to choose from, often longer than they are.
    whole, end = text, text.rfind(b"sheetData>")
    text = text[:end] if end > 0 else text
    for tag in _hidden_tags(text):
        kind = ROW_OR_COLUMN.match(tag)
        row, first, last = (NUMBER[name].search(tag) for name in (b"r", b"min", b"max"))
        if kind and kind[1] == b"row" and row:
            unseen.hidden_rows.add(int(row[1]) - 1)
        elif kind and first and last:
            unseen.hidden_columns.update(range(int(first[1]) - 1, min(int(last[1]), WIDEST)))
    is_marked = bool(marks) and any(int(number) in marks for number in set(MARKED_STYLE.findall(text)))
    has_runs = bool(runs) or (b"rFont" in text and OLD_FONT.search(text) is not None)
    if is_marked or has_runs or any(sign in text for sign in FORMULA_OR_ERROR):
        _add_cells(whole, marks, unseen, runs)
    return unseen


def _hidden_tags(text: bytes) -> Iterator[bytes]:
    """The tags that may hide a row or column."""
    for sign in HIDDEN:
        place = text.find(sign)
        while place >= 0:
            end = text.find(b">", place)
            yield text[text.rfind(b"<", 0, place) : end]
            place = text.find(sign, max(end, place + 1))


def _add_cells(text: bytes, marks: dict[int, StyleMark], unseen: Unseen, runs: dict[int, list[Run]]) -> None:
    """Looks into every cell of the sheet."""
    shared: dict[str, str] = {}
    state = {"row": -1, "column": -1, "style": 0, "type": "", "formula": None, "value": None, "shared": ""}
    collected: list[str] = []
    own: list[Run] = []
    font: list[LegacyFont | None] = [None]

    def start(tag: str, given: dict[str, str]) -> None:
        if tag == "row":
            state["row"] = int(given["r"]) - 1 if given.get("r", "").isdigit() else state["row"] + 1
            state["column"] = -1
        elif tag == "c":
            place = _place(given.get("r", ""))
            state["row"], state["column"] = place or (state["row"], state["column"] + 1)
            state["style"] = int(given["s"]) if given.get("s", "").isdigit() else 0
            state["type"] = given.get("t", "")
            state["formula"] = state["value"] = None
            own.clear()
            font[0] = None
        elif tag == "r":
            font[0] = None
        elif tag == "rFont":
            font[0] = legacy_font(given.get("val", ""))
        elif tag in ("f", "v", "t"):
            collected.clear()
            if tag == "f":
                state["shared"] = given.get("si", "") if given.get("t") == "shared" else ""

    def end(tag: str) -> None:
        if tag == "f":
            formula = "".join(collected)
            if state["shared"]:
                formula = shared.setdefault(state["shared"], formula) if formula else shared.get(state["shared"], "")
            state["formula"] = formula
        elif tag == "v":
            state["value"] = "".join(collected)
        elif tag == "t":
            own.append(("".join(collected), font[0]))
            state["value"] = "".join(words for words, _ in own)
        elif tag == "c":
            note_cell(
                unseen,
                (state["row"], state["column"]),
                state["value"],
                state["formula"],
                is_error=state["type"] == "e",
                may_be_empty=state["type"] in ("str", "inlineStr", "s"),
                mark=marks.get(state["style"]),
            )
            place = state["row"], state["column"]
            if any(each for _, each in own):
                unseen.runs[place] = list(own)
            elif runs and state["type"] == "s" and (state["value"] or "").isdigit() and int(state["value"]) in runs:
                unseen.runs[place] = runs[int(state["value"])]

    parse(text, start, end, collected.append)


def _add_comments(archive: zipfile.ZipFile, names: set[str], part: str, unseen: Unseen) -> None:
    for target in _relations(archive, part).values():
        if "comments" not in target.lower() or not target.endswith(".xml") or target not in names:
            continue
        authors: list[str] = []
        letters: list[str] = []
        about: dict[str, str] = {}

        def start(tag: str, given: dict[str, str], letters: list[str] = letters, about: dict[str, str] = about) -> None:
            if tag in ("comment", "threadedComment"):
                about.update({"ref": "", "authorId": ""} | given)
            if tag in ("comment", "threadedComment", "author"):
                letters.clear()

        def end(
            tag: str, authors: list[str] = authors, letters: list[str] = letters, about: dict[str, str] = about
        ) -> None:
            if tag == "author":
                authors.append("".join(letters))
            elif tag in ("comment", "threadedComment") and (place := _place(about["ref"])):
                number = about["authorId"]
                author = authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""
                note_comment(unseen, place, "".join(letters), author)

        parse(archive.read(target), start, end, letters.append)


@lru_cache(maxsize=64)
def style_marks(text: bytes) -> dict[int, StyleMark]:
    """Number of a cell style -> what it says, from styles.xml."""
    fonts: list[dict[str, str]] = []
    fills: list[str | None] = []
    formats: dict[str, str] = {"9": "0%", "10": "0.00%"}
    styles: list[dict[str, str]] = []
    within: list[str] = []

    def start(tag: str, given: dict[str, str]) -> None:
        path = within[-3:]
        within.append(tag)
        if tag == "font" and path[-1:] == ["fonts"]:
            fonts.append({})
        elif path[-2:] == ["fonts", "font"]:
            if tag in ("name", "strike"):
                fonts[-1][tag] = given.get("val", "1")
            elif tag == "color":
                fonts[-1][tag] = _colour(given)
        elif tag == "fill" and path[-1:] == ["fills"]:
            fills.append(None)
        elif tag == "patternFill" and path[-1:] == ["fill"] and "fills" in path and given.get("patternType") == "solid":
            fills[-1] = ""
        elif tag == "fgColor" and "fills" in path and fills[-1] is not None:
            fills[-1] = _colour(given)
        elif tag == "numFmt" and path[-1:] == ["numFmts"]:
            formats[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif tag == "xf" and path[-1:] == ["cellXfs"]:
            styles.append(given)

    parse(text, start, lambda tag: within.pop())
    marks = {number: _mark(style, fonts, fills, formats) for number, style in enumerate(styles)}
    return {number: mark for number, mark in marks.items() if mark != StyleMark()}


def _mark(
    style: dict[str, str], fonts: list[dict[str, str]], fills: list[str | None], formats: dict[str, str]
) -> StyleMark:
    font = _at(fonts, style.get("fontId")) or {}
    fill = _at(fills, style.get("fillId"))
    ink = font.get("color", "")
    colour = None
    if font.get("strike", "0") not in ("0", "false"):
        colour = "strike"
    elif fill and fill not in PLAIN_FILLS:
        colour = fill
    elif ink and not ink.startswith("theme:") and ink not in PLAIN_INKS:
        colour = f"ink {ink}"
    shape = IN_QUOTES.sub("", formats.get(style.get("numFmtId", ""), ""))
    return StyleMark(legacy_font(font.get("name", "")), colour, "%" in shape)


def _at(values: list, number: str | None):
    return values[int(number)] if number and number.isdigit() and int(number) < len(values) else None


def _colour(given: dict[str, str]) -> str:
    """RRGGBB, theme:N or indexed:N; nothing for an automatic colour."""
    if "rgb" in given:
        return given["rgb"][-6:].upper()
    if "theme" in given:
        # The first two are the paper and the ink; a tint of them is a decoration.
        return "" if given["theme"] in ("0", "1") else f"theme:{given['theme']}:{given.get('tint', '')}"
    return f"indexed:{given['indexed']}" if "indexed" in given else ""


def _place(address: str) -> Place | None:
    match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", address)
    if not match:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
