"""PostgreSQL's driver asked plainly: clocks that come along, plans that are kept, lost servers."""

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from app import clocksource, driver
from app.database import db, is_postgresql
from tests.statements import counted


@pytest.fixture(autouse=True)
def session(app: Flask):
    if not is_postgresql():
        pytest.skip("PostgreSQL's driver alone")
    db.session.rollback()
    return db.session


def test_a_transaction_that_begins_brings_the_clock_along(session):
    with counted() as asked:
        began_s = clocksource.ticking()
    assert asked == []
    here_s = session.scalar(text("SELECT extract(epoch FROM clock_timestamp())"))
    assert 0 <= float(here_s) - began_s < 5


def test_one_that_waited_since_asks_what_time_it_is(session):
    before_s = clocksource.ticking()
    session.execute(text("SELECT pg_sleep(0.05)"))
    with counted() as asked:
        assert clocksource.ticking() - before_s >= 0.05
    assert len(asked) == 1


def test_a_transaction_of_another_kind_is_the_drivers_to_begin(session):
    connection = session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    assert driver.began_s(connection) is None
    assert session.scalar(text("SHOW transaction_isolation")) == "repeatable read"
    assert clocksource.ticking() > 0


def test_what_was_prepared_is_kept_though_the_transaction_is_undone(session):
    with db.engine.connect() as connection:
        for _ in range(8):
            connection.execute(text("SELECT 1 AS often"))
            connection.rollback()
        prepared = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%often%'"
        assert connection.scalar(text(prepared)) >= 1


def test_a_connection_that_died_while_it_lay_by_is_made_anew(session, database_url: str):
    lost = session.scalar(text("SELECT pg_backend_pid()"))
    session.remove()
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (lost,))
    assert session.scalar(text("SELECT pg_backend_pid()")) != lost
    assert clocksource.ticking() > 0


def test_columns_are_described_as_the_driver_describes_them(session):
    cursor = session.connection().connection.cursor()
    assert isinstance(cursor, driver.Reading)
    cursor.execute("SELECT 1 AS one, 'two'::text AS two")
    assert [column.name for column in cursor.description] == ["one", "two"]
    assert (len(cursor.description), cursor.description[1].type_code) == (2, 25)
    cursor.execute("SET LOCAL work_mem = '4MB'")
    assert cursor.description is None
