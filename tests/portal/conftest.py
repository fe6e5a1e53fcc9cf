"""The cast on stage at the moment of the drawings."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app import wallclock
from tests import cast as stage
from tests.cast import Cast


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    """Everybody, at 14:20 CET on Wednesday 18 November 2026."""
    with wallclock.frozen(stage.NOW):
        yield stage.assemble()
