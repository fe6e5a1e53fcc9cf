"""The promises of a ticket, as the tests read them."""

from app.clocks import queries
from app.clocks.models import Clock


def clock(ticket_id: int, measure: str) -> Clock:
    """The clock of that promise: the newest, where it runs anew."""
    found = queries.clocks_of([ticket_id])[ticket_id]
    return [one for one in found if one.measure == measure][-1]
