"""A ticket that raises leaves behind the half that it had done."""

from contextlib import nullcontext

from sqlalchemy.orm import scoped_session

from tests.faults.planted import swap


def plant() -> None:
    swap(scoped_session, "begin_nested", lambda _self: nullcontext())
