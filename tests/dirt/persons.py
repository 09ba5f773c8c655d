"""Persons planted into a clean workbook, each in another place or spelling, and numbers that belong to no person."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import openpyxl
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

Edit = Callable[[openpyxl.Workbook], None]
NAMES = ("Nguyễn Thị Ví Dụ", "Trần Văn Thử", "Lê Thị Mẫu")
CITIZENS = ("070190001234", "070185004321", "079178001111")
SECRETS = (*NAMES, *CITIZENS, "0912345678", "285123456", "070.190.001.234")
"""what no answer may repeat"""


def saved(content: bytes, edit: Edit) -> bytes:
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    edit(workbook)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def in_note(value: object, number_format: str = "General") -> Edit:
    """In the notes of the first cooperative or group."""

    def edit(workbook: openpyxl.Workbook) -> None:
        cell = workbook["02_THT"].cell(3, 16)
        cell.value, cell.number_format = value, number_format

    return edit


def on_sheet(*rows: tuple) -> Edit:
    """On a sheet of its own."""

    def edit(workbook: openpyxl.Workbook) -> None:
        sheet = workbook.create_sheet("Phụ lục")
        for row in rows:
            sheet.append(row)

    return edit


def _archive(name: str, text: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return target.getvalue()


def _workbook(*rows: tuple) -> bytes:
    workbook, target = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        workbook.active.append(row)
    workbook.save(target)
    return target.getvalue()


def with_part(name: str, text: str | bytes) -> Callable[[bytes], bytes]:
    """In a part of the package that a spreadsheet program did not show."""

    def edit(content: bytes) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in old.infolist():
                new.writestr(entry, old.read(entry))
            new.writestr(name, text)
        return target.getvalue()

    return edit


def _comment(workbook: openpyxl.Workbook) -> None:
    workbook["02_THT"]["B3"].comment = Comment("Gọi bà Ví Dụ, 0912 345 678", "Hội")


def _footer(workbook: openpyxl.Workbook) -> None:
    workbook["02_THT"].oddFooter.center.text = f"{NAMES[0]} - CCCD {CITIZENS[0]}"


def _defined_name(workbook: openpyxl.Workbook) -> None:
    workbook.defined_names["DS"] = DefinedName("DS", attr_text=f'"{NAMES[0]};{CITIZENS[0]}"')


def _prompt(workbook: openpyxl.Workbook) -> None:
    prompt = DataValidation(
        prompt=f"Hỏi {NAMES[0]}, điện thoại 0912345678", promptTitle="Liên hệ", showInputMessage=True
    )
    workbook["02_THT"].add_data_validation(prompt)
    prompt.add("B3")


def _property(workbook: openpyxl.Workbook) -> None:
    workbook.properties.description = "liên hệ 0912345678"


def _custom_property(workbook: openpyxl.Workbook) -> None:
    workbook.custom_doc_props.append(StringProperty(name="Người lập", value=f"CMND 285123456 {NAMES[0]}"))


def _sheet_name(workbook: openpyxl.Workbook) -> None:
    workbook.create_sheet("Bà Ví Dụ 0912345678")["A1"] = "x"


LIST = [
    (number, name, day) for number, (name, day) in enumerate(zip(NAMES, ("1985", "12/03/1990", "1978"), strict=True))
]
DRAWING = (
    '<d xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:p><a:r><a:t>CCCD: 0701</a:t></a:r>'
    "<a:r><a:t>90001234</a:t></a:r></a:p></d>"
)
IN_CELLS: dict[str, Edit] = {
    "number of a citizen": in_note(f"giám đốc {CITIZENS[0]}"),
    "number with dots": in_note("070.190.001.234"),
    "number with dashes": in_note("0701-9000-1234"),
    "number with blanks": in_note("070 190 001 234"),
    "number as a number": in_note(70190001234),
    "number with a format": in_note(70190001234, "000000000000"),
    "old identity number": in_note("CMND số 285123456"),
    "telephone beside a name": in_note(f"{NAMES[0]}, 0912.345.678"),
    "birth beside a name": in_note(f"bà {NAMES[0]}, sinh ngày 12/03/1985"),
    "headings": on_sheet(("STT", "Họ và tên")),
    "weak headings": on_sheet(("STT", "Tên", "Tuổi", "Địa chỉ"), (1, "Hoa", 40, "ấp 1")),
    "name and telephone": on_sheet((1, NAMES[0], "0912345678")),
    "name and telephone as a number": on_sheet((1, NAMES[0], 912345678)),
    "name and identity number": on_sheet((1, NAMES[0], 285123456)),
    "name and birthday": on_sheet((1, NAMES[0], date(1985, 3, 12))),
    "names and years of birth": on_sheet(*LIST),
    "names alone": on_sheet(*((name,) for name in NAMES)),
    "names without diacritics": on_sheet((1, "Nguyen Thi Vi Du", "0912345678")),
    "numbers below each other": on_sheet(*((int(number),) for number in CITIZENS)),
}
BESIDE_CELLS: dict[str, Edit] = {
    "comment": _comment,
    "footer": _footer,
    "defined name": _defined_name,
    "prompt": _prompt,
    "property": _property,
    "custom property": _custom_property,
    "name of a sheet": _sheet_name,
}
PLANTED: dict[str, Callable[[bytes], bytes]] = {
    **{name: (lambda content, edit=edit: saved(content, edit)) for name, edit in (IN_CELLS | BESIDE_CELLS).items()},
    "text box, in two runs": with_part("xl/drawings/drawing9.xml", DRAWING),
    "cache of a link": with_part(
        "xl/externalLinks/externalLink9.xml",
        f"<externalLink><row><cell><v>{NAMES[0]}</v></cell><cell><v>0912345678</v></cell></row></externalLink>",
    ),
    "cache of a pivot table": with_part(
        "xl/pivotCache/pivotCacheDefinition9.xml",
        '<pivotCacheDefinition><cacheField name="Họ và tên"/></pivotCacheDefinition>',
    ),
    "drawing that is not well-formed": with_part(
        "xl/drawings/vmlDrawing9.vml", f"<xml><div>CCCD {CITIZENS[0]}<br></div></xml>"
    ),
    "custom part": with_part("customXml/item9.xml", f"<p><ten>{NAMES[0]}</ten><so>{CITIZENS[0]}</so></p>"),
    "document in the workbook": with_part(
        "xl/embeddings/a.docx", _archive("word/document.xml", f"<p>CCCD {CITIZENS[0]}</p>")
    ),
    "workbook in the workbook": with_part("xl/embeddings/a.xlsx", _workbook((1, NAMES[0], 912345678))),
    "sheet that no workbook lists": with_part(
        "xl/worksheets/sheet99.xml",
        f"<worksheet><sheetData><row><c><is><t>{NAMES[0]}, 0912345678</t></is></c></row></sheetData></worksheet>",
    ),
    "chart": with_part(
        "xl/charts/chart9.xml", f"<chartSpace><v>{NAMES[0]}</v><v>{NAMES[1]}</v><v>{NAMES[2]}</v></chartSpace>"
    ),
    "part that is not XML": with_part("xl/embeddings/oleObject9.bin", f"x{CITIZENS[0]}y"),
}
"""where persons are planted -> function that plants them"""

HARMLESS: dict[str, Edit] = {
    "telephone of an office": in_note("Hội LHPN huyện, điện thoại 0271 3879 001"),
    "mobile telephone of an office": in_note("Điện thoại: 0912345678"),
    "number of a document": in_note("Quyết định 123/2024/QĐ-UBND, 12/070188000000"),
    "tax code": in_note("mã số thuế 0312345678, 3800100009-001"),
    "money": on_sheet(("HTX", "Vốn (đồng)"), ("HTX Nguyễn Huệ", 70190001234), ("HTX Lê Lợi", 12345678901)),
    "large sums": on_sheet(
        ("HTX", "Vốn (đồng)"), ("HTX A", 701880012345), ("HTX B", 79178001111), ("HTX C", 70185004321)
    ),
    "money that is proved": in_note("chứng minh năng lực tài chính 500.123.456 đồng"),
    "money with points": in_note("1.070.188.000.000 đồng, 285.123.456 đồng"),
    "names of cooperatives": on_sheet(("HTX Nguyễn Văn Cừ",), ("HTX Trần Phú",), ("HTX Lê Lợi", "0912345678")),
    "a form of words": in_note("đề nghị ghi đủ họ tên, ngày sinh ở bản giấy; phát sinh ngày 12/03/2024"),
    "authors": lambda workbook: setattr(workbook.properties, "creator", NAMES[0]),
}
"""what belongs to no person -> function that writes it"""
