"""Numbers as a Vietnamese office writes them: 1.234,5. The macro `number_vi` of dbt is the same rule in SQL."""

from decimal import ROUND_HALF_UP, Decimal

MISSING = "–"
MINUS = "−"
POINT_AND_COMMA = str.maketrans(",.", ".,")


def number_vi(
    value: Decimal | int | float | None,
    decimals: int | None = 0,
    *,
    fixed: bool = True,
    signed: bool = False,
    thousands: bool = True,
) -> str:
    """A dot between thousands, a comma before decimals; None is a dash.

    Half a unit is rounded away from zero; `decimals` None keeps all that there are. `fixed` keeps zeros at the end,
    `signed` writes +, without `thousands` no dots are written."""
    if value is None:
        return MISSING
    exact = Decimal(str(value))
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    written = f"{abs(exact):,f}" if thousands else f"{abs(exact):f}"
    if "." in written and not (fixed and decimals is not None):
        written = written.rstrip("0").rstrip(".")
    sign = MINUS if exact < 0 else "+" if signed and exact > 0 else ""
    return sign + written.translate(POINT_AND_COMMA)


def counted_vi(value: int) -> str:
    """A count within a sentence: below ten with a zero, 01 đơn vị, as offices write it."""
    return f"0{value}" if 0 < value < 10 else number_vi(value)
