"""What answers tell a browser that no route gives; those of the routes: tests/test_access.py."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from app import create_app, wallclock
from app.database import db
from config import Config
from tests import cast as stage
from tests.place import Place
from tests.security.conftest import Visits


def test_error_pages_say_it_too(visit: Visits, place: Place):
    for path in ("/never-was", "/desk/tickets/987654", "/static/never-was.css"):
        answer = visit(place.cast.nora).get(path)
        assert answer.status_code == 404
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_session_is_bound_to_this_host_where_tls_is_used(config: Config):
    before = wallclock._source
    app = create_app(replace(config, public_url="https://help.example").checked())
    wallclock.use(before)
    with app.app_context():
        cast = stage.assemble()
        app.config["WTF_CSRF_ENABLED"] = False
        answer = app.test_client().post(
            "/sign-in",
            data={"address": cast.mara.address, "password": stage.PASSWORD},
            base_url="https://help.example",
        )
        db.session.remove()
        db.engine.dispose()
    cookie = next(
        line for line in answer.headers.getlist("Set-Cookie") if line.startswith("__Host-pledge=")
    )
    for word in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert word in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\r\nSet-Cookie: x=1",
        "/\t/evil.example",
    ],
)
def test_signing_in_leads_nowhere_else(client: FlaskClient, place: Place, target: str):
    answer = client.post(
        "/sign-in",
        data={
            "address": place.cast.mara.address,
            "password": stage.PASSWORD,
            "next": target,
        },
    )
    assert answer.status_code == 303
    assert answer.location.startswith("/")
    assert not answer.location.startswith(("//", "/\\"))
    assert "evil" not in answer.location
    assert "x=1" not in answer.location
