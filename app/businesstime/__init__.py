"""Business time: what a promise counts (clocks.md). Pure: no database, no Flask, no clock."""

from app.businesstime.arithmetic import NeverOpen
from app.businesstime.calendar import Calendar
from app.businesstime.daytimes import closes_before, seconds_until
from app.businesstime.hours import WrongHours
from app.businesstime.spans import Span

__all__ = ["Calendar", "NeverOpen", "Span", "WrongHours", "closes_before", "seconds_until"]
