"""The house of these tests."""

import pytest
from flask import Flask

from tests.measures import rows
from tests.measures.rows import House


@pytest.fixture
def house(app: Flask) -> House:
    return rows.house()
