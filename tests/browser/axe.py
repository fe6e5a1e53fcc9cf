"""What axe finds wrong with a page: every rule of WCAG 2.2 AA, and good practice."""

from collections.abc import Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = """(rules) => axe
  .run({resultTypes: ["violations"], runOnly: rules})
  .then((found) => found.violations)"""


def violations(page: Page, rules: Sequence[str] = RULES) -> list[str]:
    """The rules that ``page`` breaks as it stands, and where; axe is brought along once a page."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    return [
        f"{each['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for each in page.evaluate(RUN, list(rules))
        for node in each["nodes"]
    ]
