"""The time zone of the province's office: days, deadlines and schedules are Viet Nam's."""

from datetime import datetime
from zoneinfo import ZoneInfo

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")


def instant_of(text: str) -> datetime:
    """An instant from ISO text, of Viet Nam where it names no time zone. Raises ValueError."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=VIET_NAM)
