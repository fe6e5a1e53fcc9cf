"""Links of letters: used once, even by two at once."""

import threading

import pytest
from flask import Flask

from app.database import transaction
from app.mail import rendering
from app.people import tokens
from app.people.models import Purpose
from app.people.tokens import LinkIsOver
from tests.people.conftest import AT


def issue(purpose: Purpose = Purpose.RESET) -> str:
    with transaction():
        issued = tokens.issue(
            purpose, address="mara.lindt@halden.example", network="192.0.2.7", at=AT
        )
        return rendering.secret_of(issued.seed)


def test_of_two_who_use_a_link_at_once_one_does(app: Flask):
    secret, together, done = issue(), threading.Barrier(2), []

    def use() -> None:
        with app.app_context():
            together.wait()
            try:
                with transaction():
                    tokens.use(secret, Purpose.RESET, at=AT)
                done.append("used")
            except LinkIsOver:
                done.append("over")

    users = [threading.Thread(target=use) for _ in range(2)]
    for user in users:
        user.start()
    for user in users:
        user.join()

    assert sorted(done) == ["over", "used"]


def test_what_is_forgotten_is_long_over(app: Flask):
    secret = issue(Purpose.JOIN)
    with transaction():
        tokens.forget_old(at=AT + tokens.LASTS[Purpose.JOIN])

    assert tokens.find(secret, Purpose.JOIN, at=AT)

    with transaction():
        tokens.forget_old(at=AT + tokens.LASTS[Purpose.JOIN] + tokens.KEPT)
    with pytest.raises(LinkIsOver):
        tokens.find(secret, Purpose.JOIN, at=AT)
