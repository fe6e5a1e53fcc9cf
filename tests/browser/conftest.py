"""A site with the cast on it, and browsers to visit it with."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, StorageState, sync_playwright

from app import wallclock
from app.agreements import loading
from app.database import transaction
from tests import cast as stage
from tests.browser.inside import inside
from tests.browser.site import Site
from tests.browser.visiting import Visitor
from tests.nursery import Nursery
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


@pytest.fixture(scope="session")
def peopled(template: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with everybody in it, to copy."""
    path = tmp_path_factory.mktemp("peopled") / "pledge.sqlite"
    shutil.copyfile(template, path)
    with inside(f"sqlite:///{path}"):
        stage.assemble()
        with transaction():
            loading.load_file(SECONDS, at=wallclock.now())
    return path


@pytest.fixture(scope="module")
def site(
    peopled: Path, tmp_path_factory: pytest.TempPathFactory, mail: SmtpSink, nursery: Nursery
) -> Iterator[Site]:
    """The installation with everybody in it, running."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copyfile(peopled, folder / "pledge.sqlite")
    site = Site(folder, f"sqlite:///{folder / 'pledge.sqlite'}", mail, nursery)
    try:
        site.start()
        yield site
    finally:
        site.stop()


@pytest.fixture(scope="module")
def sessions() -> dict[str, StorageState]:
    """The sessions of those who came in by the front door of the site, by their address."""
    return {}


@pytest.fixture
def visit(chromium: Browser, site: Site, sessions: dict[str, StorageState]) -> Iterator[Visits]:
    """A browser of somebody's own: ``visit("mara.lindt@halden.example")``.

    When the test ends no browser may have complained, nor asked another host for anything.
    """
    visitors: list[Visitor] = []

    def arrive(address: str | None = None, **settings: Any) -> Visitor:
        known = sessions.get(address or "")
        visitor = Visitor(chromium.new_context(storage_state=known, **settings), site.url)
        visitors.append(visitor)
        if known is not None:
            visitor.go("/")
        elif address is not None:
            visitor.sign_in(address)
            sessions[address] = visitor.context.storage_state()
        return visitor

    yield arrive
    for visitor in visitors:
        visitor.context.close()
    assert [complaint for each in visitors for complaint in each.complaints] == []
