"""The time zone of the province's office: days, deadlines and schedules are Viet Nam's."""

from zoneinfo import ZoneInfo

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
