"""Numbers as an office writes them."""

from decimal import Decimal

POINT_AND_COMMA = str.maketrans(",.", ".,")


def as_written(value: Decimal | int | None, decimals: int | None = 0, suffix: str = "") -> str:
    """A dot between thousands, a comma before decimals; as many decimals as there are when `decimals` is None."""
    if value is None:
        return "–"
    written = f"{value:,.{decimals}f}" if decimals is not None else f"{value:,f}"
    if decimals is None and "." in written:
        written = written.rstrip("0").rstrip(".")
    return written.translate(POINT_AND_COMMA) + suffix
