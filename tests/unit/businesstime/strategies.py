"""Random calendars and instants, near the days on which zones change their offset."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

# A zone and a day near which its wall clock jumps (or a plain one).
TURNS = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Kathmandu", date(1986, 1, 1)),
    ("Asia/Kathmandu", date(2026, 5, 1)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("America/Santiago", date(2026, 9, 6)),
    ("UTC", date(2026, 1, 1)),
]

_minutes = st.one_of(
    st.integers(0, 24 * 4 - 1).map(lambda quarter: quarter * 15), st.integers(0, 24 * 60 - 1)
)


def _text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def windows(draw: st.DrawFn) -> tuple[str, str]:
    opens = draw(_minutes)
    closes = draw(st.one_of(st.just(24 * 60), _minutes).filter(lambda minute: minute != opens))
    return _text(opens), _text(closes)


days = st.lists(windows(), max_size=3)


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, Any], datetime]:
    """The arguments of a calendar, and an instant within days of a turn of its zone."""
    zone, turn = draw(st.sampled_from(TURNS))
    week = draw(st.dictionaries(st.integers(0, 6), days, min_size=1).filter(_opens))
    near = st.integers(-5, 5).map(lambda n: turn + timedelta(days=n))
    exceptions = draw(st.dictionaries(near, days, max_size=4))
    names = {
        on: f"Day off {on}"
        for on in draw(st.sets(st.sampled_from([*exceptions, None])))
        if on is not None
    }
    noon = datetime(turn.year, turn.month, turn.day, 12, tzinfo=UTC)
    start = noon + timedelta(seconds=draw(st.integers(-4 * 86_400, 3 * 86_400)))
    return {"zone": zone, "week": week, "exceptions": exceptions, "names": names}, start


def _opens(week: dict[int, Any]) -> bool:
    return any(week.values())
