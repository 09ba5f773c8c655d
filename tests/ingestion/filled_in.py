"""A small clean report of a district, Lộc Ninh, for its first year."""

from datetime import UTC, date, datetime

RECEIVED_AT = datetime(2023, 11, 20, 2, 30, tzinfo=UTC)

COVER = {
    "report_kind": "annual",
    "submission_kind": "first",
    "data_from": date(2023, 1, 3),
    "data_to": date(2023, 11, 20),
    "value_kind": "actual",
    "document_number": "12/BC-UBND",
    "signed_on": date(2023, 11, 21),
    "nil_04_DAO_TAO": True,
}
COOPERATIVE = {
    "registration_number": "3800100009",
    "cooperative_name": "HTX Hoa Lan",
    "commune_code": "25280",
    "registered_on": date(2019, 5, 6),
    "sector": "crop",
    "status": "active",
    "union_supported_founding": True,
    "members": 30,
    "women_members": 12,
    "revenue": 1234.5,
    "note": None,
}
GROUP = {
    "group_name": "Tổ đan lát Sao Mai",
    "commune_code": "25294",
    "founded_on": date(2021, 3, 4),
    "sector": "handicraft",
    "status": "active",
    "union_supported_founding": False,
    "woman_leads": True,
}
