"""Days and instants as a Vietnamese office writes them, in the time of Viet Nam: 05/02/2022, 08:00 05/02/2022."""

from datetime import UTC, date, datetime, timedelta

from warehouse.reference.numbers_vi import MISSING
from warehouse.reference.phrases import phrase
from warehouse.reference.time_zone import VIET_NAM


def day_vi(value: date | None) -> str:
    """05/02/2022; an instant is that of Viet Nam."""
    return MISSING if value is None else f"{in_viet_nam(value):%d/%m/%Y}"


def instant_vi(value: datetime | None) -> str:
    """08:00 05/02/2022."""
    return MISSING if value is None else f"{in_viet_nam(value):%H:%M %d/%m/%Y}"


def last_day_vi(value: datetime) -> str:
    """The last day before an instant: 31/12/2022."""
    return day_vi(value - timedelta(microseconds=1))


def moment_vi(value: datetime) -> str:
    """08 giờ 00 ngày 05/02/2022, as letters write an instant."""
    local = local_time(value)
    return phrase("moment", hour=f"{local:%H}", minute=f"{local:%M}", day=day_vi(local))


def in_viet_nam(value: date) -> date:
    """A day unchanged, an instant in Viet Nam's time."""
    return local_time(value) if isinstance(value, datetime) else value


def local_time(value: datetime) -> datetime:
    """An instant in Viet Nam's time; one without an offset is UTC."""
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(VIET_NAM)
