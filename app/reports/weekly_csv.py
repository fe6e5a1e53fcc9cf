"""The week as a table for a spreadsheet: a line per figure of the page, none of its own."""

from collections.abc import Iterable

from app import spreadsheets
from app.languages import gettext as _
from app.reports.weekly import Figure, WeeklyPage

HEAD = (
    "week",
    "zone",
    "judged_at",
    "about",
    "group",
    "name",
    "promises",
    "kept",
    "missed",
    "still_open",
    "kept_percent",
    "still_to_come",
    "excluded",
    "last_week_promises",
    "last_week_kept_percent",
    "paused_now",
    "open_tickets_at_end",
    "new_tickets",
    "ended_tickets",
    "resolved_unanswered_tickets",
)


def text(page: WeeklyPage) -> str:
    """The table as CSV with CRLF, safe to open in a spreadsheet."""
    return spreadsheets.MARK + "".join(map(spreadsheets.line, [HEAD, *_lines(page)]))


def _lines(page: WeeklyPage) -> Iterable[list[object]]:
    end = page.backlog[-1]
    tickets: list[object] = [page.paused, end.open_at_end, end.new, end.ended, page.unanswered]
    yield [*_line(page, _("All"), page.total), *tickets]
    for figure in page.measures:
        yield _line(page, _("By measure"), figure)
    for group in page.groups:
        for figure in group.figures:
            yield _line(page, group.label, figure)


def _line(page: WeeklyPage, group: str, figure: Figure) -> list[object]:
    this, last = figure.this, figure.last
    return [
        page.week.name,
        page.week.zone,
        f"{page.at:%Y-%m-%dT%H:%M:%SZ}",
        page.subject.name or _("all"),
        group,
        figure.label,
        this.counted,
        this.kept,
        this.missed,
        this.still_open,
        _blank(this.percent),
        this.to_come,
        this.excluded,
        last.counted,
        _blank(last.percent),
    ]


def _blank(percent: int | None) -> object:
    return "" if percent is None else percent
