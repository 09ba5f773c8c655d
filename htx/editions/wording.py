"""Publications in words: what a report still waits for, what a version has otherwise, the letter that it goes with."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import psycopg

from reporting.content import formats
from reporting.content.recipients import Recipient
from warehouse.editions.cell_changes import CellChange
from warehouse.editions.changes import PROVINCE, Change
from warehouse.editions.records import Publication
from warehouse.reference.numbers_vi import number_vi

CELLS_NAMED = 3
DECIMALS_AT_MOST = 6
CHANGES_IN_DOCUMENTS = 60  # a page or two; the whole list is in raw.publication_changes
REPORTS = {"annual": "Báo cáo năm {}", "phase_review": "Báo cáo sơ kết giai đoạn {}"}
COLUMNS = {
    "value": "",
    "value_status": "tình trạng số liệu",
    "value_low": "mức thấp nhất có thể",
    "value_high": "mức cao nhất có thể",
    "numerator": "tử số",
    "denominator": "mẫu số",
    "verdict": "đánh giá",
    "comparator": "cách so sánh với mục tiêu",
    "target": "mục tiêu",
    "target_year": "năm của mục tiêu",
}
CODED = {"value_status": "value_statuses", "verdict": "verdicts"}
PLAIN = ("comparator", "target_year")
WITHOUT_UNIT = (formats.PERCENT, "0/1")  # its sign stands with each figure; its name says which values there are
REASONS = {
    "new_registry": "do sổ đăng ký hợp tác xã",
    "changed_reference": "do dữ liệu tham chiếu",
    "changed_code": "do cách tính",
    "publications": "do thời điểm và việc gửi báo cáo của tỉnh",
}


def named(kind: str, period: int) -> str:
    """Báo cáo năm 2025."""
    return REPORTS[kind].format(period)


def units_missing(row: Mapping) -> list[str]:
    """The names of the units whose reports are not in."""
    return [name for name in (row["missing_units"] or "").split("; ") if name]


def waiting(row: Mapping, at: datetime) -> str:
    """What a report waits for that is not ready."""
    missing, parts = units_missing(row), []
    if row["opens_at"] is not None and at < row["opens_at"]:
        parts.append(f"giai đoạn chưa kết thúc (phát hành được từ {formats.instant(row['opens_at'])})")
    if missing:
        parts.append(f"còn {len(missing)} đơn vị chưa có báo cáo: {', '.join(missing)}")
    if row["units_with_errors"]:
        parts.append(f"{row['units_with_errors']} đơn vị có tệp bị trả lại, chưa có tệp thay thế")
    if row["units_with_open_queries"]:
        said = f"{row['units_with_open_queries']} đơn vị còn {row['open_queries']} câu hỏi chưa giải trình"
        parts.append(said)
    if not row["expected_units"]:
        parts.append("danh sách đơn vị báo cáo còn trống")
    goes = f" Báo cáo phát hành khi đủ, chậm nhất lúc {formats.instant(row['goes_at'])}." if row["goes_at"] else ""
    return f"{named(row['kind'], row['period'])} chưa phát hành được: {'; '.join(parts)}.{goes}"


def ready(row: Mapping) -> str:
    """That a report may go, and what it lacks."""
    missing = units_missing(row)
    name = named(row["kind"], row["period"])
    if row["is_complete"]:
        received = f"{row['expected_units']} báo cáo đã nhận, không còn gì phải giải trình"
        return f"{name} đã đủ điều kiện phát hành: {received}."
    lacking = f"thiếu {len(missing)} đơn vị: {', '.join(missing)}" if missing else "đủ đơn vị"
    queries = f"; còn {row['open_queries']} câu hỏi chưa giải trình" if row["open_queries"] else ""
    return f"{name} đã đến hạn phát hành: {lacking}{queries}."


def published(publication: Publication, is_new: bool) -> str:
    """That a report was published, or is published already."""
    name = named(publication.kind, publication.period)
    at = formats.instant(publication.published_at)
    if not is_new:
        return f"{name} không có gì thay đổi: vẫn là phiên bản {publication.version}, phát hành lúc {at}."
    forced = f" trước khi đủ điều kiện, vì: {publication.forced_because}" if publication.forced_because else ""
    lacking = f" Thiếu báo cáo của {', '.join(publication.missing_units)}." if publication.missing_units else ""
    return f"{name} đã phát hành{forced}: phiên bản {publication.version}, lúc {at}.{lacking}"


def letter(publication: Publication, recipient: Recipient, changes: Sequence[str]) -> tuple[str, str]:
    """Subject and text of the message that the documents go with."""
    name = named(publication.kind, publication.period)
    again = "" if publication.supersedes is None else f" (phiên bản {publication.version}, thay phiên bản đã gửi)"
    lines = [
        f"Kính gửi: {'; '.join(recipient.addressee_vi)}",
        "",
        f"{recipient.letterhead.issuing_agency_vi} kính gửi {name[0].lower()}{name[1:]}{again}, kèm phụ lục số liệu và"
        " trang biểu đồ.",
    ]
    if publication.missing_units:
        lines += ["", "Chưa có số liệu của: " + ", ".join(publication.missing_units) + "."]
    if changes:
        lines += ["", "Thay đổi so với phiên bản trước:", *(f"- {each}" for each in changes)]
    lines += ["", f"Mã phát hành: {publication.publication_id}, phiên bản {publication.version}."]
    return f"{name}: {recipient.letterhead.issuing_agency_vi}{again}", "\n".join(lines)


def in_documents(publication_id: str, changes: Sequence[tuple[Mapping, str]]) -> tuple[str, ...]:
    """The sentences that the documents of a version print, of all its changes as (key, sentence): what the province
    and its units sign for comes first, and where it is too long, a number stands for the rest."""
    told = [sentence for key, sentence in changes if _is_signed_for(key)]
    rest = len(changes) - min(len(told), CHANGES_IN_DOCUMENTS)
    if rest:
        more = f"Và {number_vi(rest)} thay đổi khác, trong danh sách của phiên bản ({publication_id})."
        return (*told[:CHANGES_IN_DOCUMENTS], more)
    return tuple(told)


def _is_signed_for(key: Mapping) -> bool:
    return (key.get("basis") or "as_reported", key.get("breakdown") or "total") == ("as_reported", "total")


def sent(publication: Publication, sent: Sequence[str], sent_before: Sequence[str]) -> str:
    """To whom a report was sent, now and before."""
    name = f"{named(publication.kind, publication.period)}, phiên bản {publication.version}"
    now = f"đã gửi {', '.join(sent)}" if sent else "không gửi thêm cho ai"
    before = f" (đã gửi trước đó: {', '.join(sent_before)})" if sent_before else ""
    return f"{name}: {now}{before}."


class Sentences:
    """Changes in Vietnamese, by the names that the public tables and documents have."""

    def __init__(self, connection: psycopg.Connection, tables: Mapping[str, str], percent_decimals: int = 1):
        """`tables`: {table of the documents: title}."""
        self._tables, self._percent_decimals = tables, percent_decimals
        ask = connection.execute
        self._measures = {
            (indicator, measure): (indicator_name if measure == "value" else f"{indicator_name} ({name})", *about)
            for indicator, measure, indicator_name, name, *about in ask(
                "select indicator_code, measure_code, indicator_name_vi, measure_name_vi, measures.unit, unit_name_vi,"
                " counts_priority_groups from marts.dim_measures as measures"
                " inner join marts.dim_indicators using (indicator_code)"
            )
        }
        self._units = dict(
            ask(
                "select unit_uid, unit_name from marts.dim_administrative_units"
                " union select unit_uid, unit_name_vi from marts.dim_reporting_units"
            ).fetchall()
        )
        self._codes = {
            (code_list, code): label
            for code_list, code, label in ask("select code_list, code, label_vi from marts.dim_codes")
        }
        self._parts = {
            (breakdown, code): f"{name}: {code_name}"
            for breakdown, code, name, code_name in ask(
                "select breakdown, breakdown_code, breakdown_name_vi, breakdown_code_name_vi"
                " from marts.dim_breakdown_codes"
            )
        }
        self._maps = dict(ask("select basis, map_name_vi from marts.dim_maps").fetchall())
        self._files = {
            id: f"tệp “{name}” (biên nhận {receipt})"
            for id, name, receipt in ask("select submission_id, file_name, receipt_number from raw.received_files")
        }

    def of(self, change: Change) -> str:
        """What changed, from what to what, and why: one sentence."""
        if change.change != "changed":
            return self._scope(change)
        if "indicator_code" not in change.key:
            return f"Nội dung bảng “{self._tables.get(change.column, change.column)}” thay đổi."
        key = change.key
        measure = str(key["indicator_code"]), str(key.get("measure_code", "value"))
        name, unit, unit_name, is_hidden = self._measures.get(measure, (measure[0], None, None, False))
        subject = ", ".join(filter(None, [
            f"{measure[0]} {name}, năm {key['report_year']}",
            self._place(key),
            self._part(key),
            self._maps.get(str(key.get("basis")), None) and f"bản đồ {self._maps[str(key['basis'])]}",
            COLUMNS.get(change.column, change.column),
        ]))  # fmt: skip
        if is_hidden:  # small counts of persons follow from differences, too
            moved = "số liệu thay đổi (không nêu số, vì có thể nhận ra từng người)"
        else:
            moved = " → ".join(self._both_written(change, unit))
            if unit_name and unit not in WITHOUT_UNIT and change.column in ("value", "target"):
                moved += f" {unit_name}"
        because = self._because(change, is_hidden)
        return f"{subject}: {moved}{f'; {because}' if because else ''}."

    def all(self, changes: Iterable[Change]) -> list[tuple[Change, str]]:
        """Each with its sentence."""
        return [(change, self.of(change)) for change in changes]

    def _scope(self, change: Change) -> str:
        came = change.change == "added"
        if "unit_uid" in change.key:
            name = self._units.get(str(change.key["unit_uid"]), change.key["unit_uid"])
            said = "có thêm báo cáo" if came else "không còn báo cáo"
            return f"Năm {change.key['report_year']} {said} của {name}."
        measure = str(change.key["indicator_code"]), str(change.key["measure_code"])
        name = self._measures.get(measure, (measure[1],))[0]
        return f"{'Thêm' if came else 'Bỏ'} chỉ tiêu {measure[0]} {name}."

    def _place(self, key: Mapping) -> str:
        unit_uid = str(key.get("unit_uid", PROVINCE))
        return self._units.get(unit_uid) or self._codes.get(("places", unit_uid), unit_uid)

    def _part(self, key: Mapping) -> str | None:
        part = str(key.get("breakdown", "total")), str(key.get("breakdown_code", "total"))
        return None if part[0] == "total" else self._parts.get(part, f"{part[0]}: {part[1]}")

    def _both_written(self, change: Change, unit: str | None) -> tuple[str, str]:
        written = self._written(change, change.old_value, unit), self._written(change, change.new_value, unit)
        if written[0] != written[1] or change.old_value is None or change.new_value is None:
            return written
        # too small a difference for the decimals that reports show
        sign = "%" if unit == formats.PERCENT else ""
        exact = (number_vi(Decimal(value), DECIMALS_AT_MOST, fixed=False) + sign
                 for value in (change.old_value, change.new_value))  # fmt: skip
        return tuple(exact)

    def _written(self, change: Change, value: str | None, unit: str | None) -> str:
        if value is None:
            return "chưa có số liệu"
        if change.column in CODED:
            return self._codes.get((CODED[change.column], value), value)
        if change.column in PLAIN:
            return value
        of_whole = unit if change.column not in ("numerator", "denominator") else None
        return formats.figure(Decimal(value), of_whole, None, self._percent_decimals)

    def _because(self, change: Change, is_hidden: bool) -> str:
        if change.reason != "new_files":
            reason = REASONS.get(change.reason)
            return f"{reason}: {change.cause}" if reason and change.cause else reason or ""
        if is_hidden or not change.cells:
            named = [self._files.get(id, id) for id in change.files[:CELLS_NAMED]]
            return f"do {', '.join(named)}{self._others(len(change.files), 'tệp')}"
        cells = [self._cell(each) for each in change.cells[:CELLS_NAMED]]
        return f"do {'; '.join(cells)}{self._others(len(change.cells), 'ô')}"

    def _others(self, count: int, of: str) -> str:
        return f" và {count - CELLS_NAMED} {of} khác" if count > CELLS_NAMED else ""

    def _cell(self, each: CellChange) -> str:
        file = self._files.get(each.submission_id, each.submission_id)
        if each.row_number is None:
            return f"{file} không còn dòng có “{each.old_value}” ở trang {each.sheet_code}"
        was = "trước đó không có dòng này" if each.old_value is None else f"trước đó “{each.old_value}”"
        place = f"ô {each.cell}" if each.cell else f"dòng {each.row_number}"
        return f"{place}, trang {each.sheet_code}, {file}: “{each.new_value or ''}”, {was}"
