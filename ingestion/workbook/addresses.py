"""Addresses of cells: A1, AA10."""

import re

ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
LAST_ROW_NUMBER, LAST_COLUMN_NUMBER = 1_048_576, 16_384


def column_letter(index: int) -> str:
    """0 -> A, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, remainder = divmod(index - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


def column_index(letters: str) -> int:
    """A -> 0, AA -> 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def address(row: int, column: int) -> str:
    """The address of a row and column, both from 0."""
    return f"{column_letter(column)}{row + 1}"


def parse_address(text: str) -> tuple[int, int] | None:
    """Row and column, both from 0; None if the text is not the address of a cell."""
    match = ADDRESS.fullmatch(text)
    if not match or int(match[2]) > LAST_ROW_NUMBER or column_index(match[1]) >= LAST_COLUMN_NUMBER:
        return None
    return int(match[2]) - 1, column_index(match[1])
