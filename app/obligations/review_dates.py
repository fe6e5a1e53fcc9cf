"""On which days an agreement's parties meet to review it. Pure.

Due days are counted from the first day of the agreement, so that months of different length
shift nothing. Source: agreements.md, "Review".
"""

from datetime import date

from app.agreements.months import add_months


def next_due(first_on: date, every_months: int, *, after: date) -> date:
    """The first day later than ``after`` on which a review is due.

    ``first_on`` is the agreement's first day; the first review is due ``every_months`` later.
    """
    passed = (after.year - first_on.year) * 12 + after.month - first_on.month
    turn = max(1, passed // every_months)
    while (due := add_months(first_on, turn * every_months)) <= after:
        turn += 1
    return due


def after_holding(due_on: date, held_on: date) -> date:
    """The day after which the next review is due: a late one stands for those missed meanwhile."""
    return max(due_on, held_on)
