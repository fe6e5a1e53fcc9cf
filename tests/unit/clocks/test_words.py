"""Instants and amounts as people read them."""

from datetime import UTC, datetime, timedelta

from app.clocks import words

NINE = datetime(2026, 11, 18, 9, tzinfo=UTC)


def test_a_span_names_its_zone_only_where_the_clocks_were_set() -> None:
    night = datetime(2026, 10, 24, 20, tzinfo=UTC)

    assert words.span_instants(NINE, NINE + timedelta(hours=2), "Europe/Berlin") == (
        "Wed 18 Nov 10:00:00 – 12:00:00"
    )
    assert words.span_instants(night, night + timedelta(hours=12), "Europe/Berlin") == (
        "Sat 24 Oct 22:00:00 CEST – Sun 25 Oct 09:00:00 CET"
    )
