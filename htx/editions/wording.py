"""Answers about the province's reports, in Vietnamese: what a report waits for, whether it was published and sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from warehouse.editions.records import Publication
from warehouse.reference.dates_vi import instant_vi

REPORTS = {"annual": "Báo cáo năm {}", "phase_review": "Báo cáo sơ kết giai đoạn {}"}


def named(kind: str, period: int) -> str:
    """Báo cáo năm 2025."""
    return REPORTS[kind].format(period)


def units_missing(row: Mapping) -> list[str]:
    """The names of the mandatory units that have not reported."""
    return [name for name in (row["missing_units"] or "").split("; ") if name]


def waiting(row: Mapping, at: datetime) -> str:
    """Why a report cannot be published yet."""
    missing, parts = units_missing(row), []
    if row["opens_at"] is not None and at < row["opens_at"]:
        parts.append(f"giai đoạn chưa kết thúc (phát hành được từ {instant_vi(row['opens_at'])})")
    if missing:
        parts.append(f"còn {len(missing)} đơn vị chưa có báo cáo: {', '.join(missing)}")
    if row["units_with_errors"]:
        parts.append(f"{row['units_with_errors']} đơn vị có tệp bị trả lại, chưa có tệp thay thế")
    if row["units_with_open_queries"]:
        units = f"{row['units_with_open_queries']} đơn vị"
        parts.append(f"{units} còn {row['open_queries']} câu hỏi chưa giải trình")
    if not row["expected_units"]:
        parts.append("danh sách đơn vị báo cáo còn trống")
    goes = f" Báo cáo phát hành khi đủ, chậm nhất lúc {instant_vi(row['goes_at'])}." if row["goes_at"] else ""
    return f"{named(row['kind'], row['period'])} chưa phát hành được: {'; '.join(parts)}.{goes}"


def published(publication: Publication, is_new: bool) -> str:
    """A report was published, now or before."""
    name = named(publication.kind, publication.period)
    at = instant_vi(publication.published_at)
    if not is_new:
        return f"{name} không có gì thay đổi: vẫn là phiên bản {publication.version}, phát hành lúc {at}."
    forced = f" trước khi đủ điều kiện, vì: {publication.forced_because}" if publication.forced_because else ""
    lacking = f" Thiếu báo cáo của {', '.join(publication.missing_units)}." if publication.missing_units else ""
    return f"{name} đã phát hành{forced}: phiên bản {publication.version}, lúc {at}.{lacking}"


def sent(publication: Publication, sent: Sequence[str], sent_before: Sequence[str]) -> str:
    """A report was sent to these recipients, now and before."""
    name = f"{named(publication.kind, publication.period)}, phiên bản {publication.version}"
    now = f"đã gửi {', '.join(sent)}" if sent else "không gửi thêm cho ai"
    before = f" (đã gửi trước đó: {', '.join(sent_before)})" if sent_before else ""
    return f"{name}: {now}{before}."
