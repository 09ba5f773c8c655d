"""Warehouses with the example province in them, for the tests that ask what was known, published or decided."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from psycopg.sql import SQL, Identifier

from tests.warehouse.staged import Province, play_in_stages
from warehouse.connection import connect
from warehouse.server import embedded as embedded_server


@pytest.fixture(scope="session")
def province(tmp_path_factory, new_database) -> Province:
    folder = tmp_path_factory.mktemp("example") / "province"
    return play_in_stages(new_database(), folder, tmp_path_factory.mktemp("dbt"))


@pytest.fixture(scope="session")
def copy_of_province(province: Province, server: Path) -> Callable[[], str]:
    """A function that gives the URL of a copy of the province's warehouse, to be changed at will."""
    numbers = itertools.count(1)

    def copy() -> str:
        name = f"copy_{next(numbers)}"
        with connect(embedded_server.url(server, "postgres"), autocommit=True) as connection:
            template = province.url.rsplit("/", 1)[1]
            connection.execute(SQL("create database {} template {}").format(Identifier(name), Identifier(template)))
        return embedded_server.url(server, name)

    return copy
