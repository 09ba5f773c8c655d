"""Warehouses with the example in them, for the tests of what was known, published or decided."""

from collections.abc import Callable

import pytest

from tests.datasets import Province


@pytest.fixture(scope="session")
def copy_of_province(province: Province) -> Callable[[], str]:
    """A function that gives the URL of a copy of the province's warehouse, to be changed at will."""
    return province.copy
