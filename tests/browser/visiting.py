"""A person at a browser: what they do, and what the browser complained about meanwhile."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect

from tests.cast import PASSWORD

SLOW_MS = 20_000
expect.set_options(timeout=SLOW_MS)


@dataclass
class Visitor:
    """Somebody's browser; `complaints` holds errors, and requests that left the host."""

    context: BrowserContext
    url: str
    complaints: list[str] = field(default_factory=list)
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.set_default_timeout(SLOW_MS)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)

    def sign_in(self, address: str) -> None:
        """Come in by the front door."""
        self.go("/sign-in")
        self.page.get_by_label("Mail address").fill(address)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def go(self, path: str) -> None:
        """Open a page of ours, which must be there."""
        answer = self.page.goto(f"{self.url}{path}")
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "about"} and not request.url.startswith(f"{self.url}/"):
            self.complaints.append(f"a request left the host: {request.url}")
