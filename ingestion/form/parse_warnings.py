"""What the reader of a workbook noticed, for a rule to say."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Remark:
    """Something that the reader noticed and that a rule (V03 V07 V08 F08) has a sentence for."""

    rule_code: str
    sheet_code: str | None = None
    row_number: int | None = None
    field_code: str | None = None
    cell: str | None = None
    value: str | None = None
    details: dict[str, object] = field(default_factory=dict)
