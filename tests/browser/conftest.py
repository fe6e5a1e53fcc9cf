"""A site with the cast on it, and browsers to visit it with."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from app import create_app, wallclock
from app.agreements import loading
from app.database import db, transaction
from config import Config
from tests import cast as stage
from tests.browser.site import Site
from tests.browser.visiting import Visitor
from tests.migrated import migrate
from tests.smtp_sink import SmtpSink

SECONDS = Path(__file__).with_name("seconds.toml")
Visits = Callable[..., Visitor]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def mail() -> Iterator[SmtpSink]:
    """A real mail server."""
    sink = SmtpSink()
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, mail: SmtpSink) -> Iterator[Site]:
    """The installation with everybody in it, running."""
    folder = tmp_path_factory.mktemp("site")
    site = Site(folder, f"sqlite:///{folder / 'pledge.sqlite'}", mail)
    migrate(site.database_url)
    _people(site)
    try:
        site.start()
        yield site
    finally:
        site.stop()


def _people(site: Site) -> None:
    before = wallclock._source
    app = create_app(
        Config(
            database_url=site.database_url,
            secret_key="a-key-for-browsers-that-is-long-enough",
            public_url=site.url,
            testing=True,
        ).checked()
    )
    with app.app_context():
        stage.assemble()
        with transaction():
            loading.load_file(SECONDS, at=wallclock.now())
        db.session.remove()
        db.engine.dispose()
    wallclock.use(before)


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Visits]:
    """A browser of somebody's own: ``visit("mara.lindt@halden.example")``.

    When the test ends no browser may have complained, nor asked another host for anything.
    """
    visitors: list[Visitor] = []

    def arrive(address: str | None = None, **settings: Any) -> Visitor:
        visitor = Visitor(chromium.new_context(**settings), site.url)
        visitors.append(visitor)
        if address is not None:
            visitor.sign_in(address)
        return visitor

    yield arrive
    for visitor in visitors:
        visitor.context.close()
    assert [complaint for each in visitors for complaint in each.complaints] == []
