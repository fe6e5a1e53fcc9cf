"""An exception to the hours of a version: who may, who is told, and what moves."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from app import jobs
from app.agreements import choosing, contracts, exceptions, newest, stored
from app.agreements.models import AgreementVersion, CalendarChange
from app.businesstime import Calendar, zones
from app.calendars import queries as calendars
from app.calendars import zone_rules
from app.calendars.models import CalendarVersion, ZoneRules
from app.catalogue.words import Priority
from app.clocks import checking, running
from app.clocks import queries as clocks
from app.clocks.models import Clock
from app.clocks.state import Kind
from app.database import db, transaction
from app.errors import Refusal
from app.escalation import firing
from app.jobs.job import never
from app.notices.models import Notice
from app.tickets import classification, conversation, queries, recalculating, refolding
from app.tickets.conversation import Then
from app.tickets.models import HistoryEntry
from app.tickets.words import Channel
from tests.cast import Cast
from tests.factories import open_request

MONDAY = datetime.fromisoformat("2026-11-16T15:00:00+00:00")
"""16:00 in Berlin, where hours are 08:00 to 18:00: two of a promise's four hours are left."""
HOUR = timedelta(hours=1)
TUESDAY = date(2026, 11, 17)


@pytest.fixture
def ticket_id(cast: Cast) -> int:
    """Four hours for the resolution: 18:00 today is two, Tuesday 10:00 the rest."""
    return open_request(cast.elke, cast.vpn_problem, at=MONDAY).id


@pytest.fixture
def follow(config):
    return lambda at: jobs.tickets.follow_hours(lambda: at, config)


def clock(ticket_id: int, measure: str = "resolution") -> Clock:
    db.session.expire_all()
    return [one for one in clocks.clocks_of([ticket_id])[ticket_id] if one.measure == measure][-1]


def hours_of(ticket_id: int) -> tuple[AgreementVersion, CalendarVersion]:
    row = clock(ticket_id)
    newest_id = newest.hours_id(row.version_id, row.calendar_version_id)
    return (
        db.session.get_one(AgreementVersion, row.version_id),
        db.session.get_one(CalendarVersion, newest_id),
    )


def close_on(ticket_id: int, cast: Cast, at: datetime, on=TUESDAY, windows=()) -> CalendarChange:
    with transaction():
        version, hours = hours_of(ticket_id)
        return exceptions.except_day(
            version,
            hours,
            on=on,
            windows=windows,
            name="Works outing",
            reason="The house is away.",
            by=cast.jens,
            at=at,
        )


def forget_a_year() -> None:
    """As if the agreements had been loaded a year earlier."""
    with transaction():
        for hours in db.session.query(CalendarVersion):
            if hours.holidays:
                hours.holidays = {**hours.holidays, "known_until": "2027-12-31"}


def test_a_holiday_added_inside_a_running_window_moves_what_is_left(ticket_id, cast, follow):
    change = close_on(ticket_id, cast, MONDAY + HOUR)

    assert follow(MONDAY + 2 * HOUR) == jobs.Done("reckoned anew 1 ticket")
    assert follow(MONDAY + 3 * HOUR) == jobs.Done()

    row = clock(ticket_id)
    assert (row.used_s, row.running_since) == (3600, MONDAY + HOUR)
    assert row.due_at == MONDAY + timedelta(days=1, hours=18)  # Wednesday 10:00, not Tuesday
    assert row.calendar_version_id == change.after_id
    assert db.session.get_one(CalendarChange, change.id).applied_at == MONDAY + 2 * HOUR
    line = db.session.query(HistoryEntry).filter_by(verb="recalculated").one()
    assert line.facts["reason"] == "Works outing: The house is away."


def test_the_job_that_comes_late_applies_it_at_the_instant_of_the_edit(ticket_id, cast, follow):
    close_on(ticket_id, cast, MONDAY + HOUR)
    follow(MONDAY + timedelta(hours=30))

    events = clocks.events_of(clock(ticket_id))
    assert [event.at for event in events if event.kind is Kind.RECALCULATED] == [MONDAY + HOUR]
    assert clock(ticket_id).breached_at is None


def test_every_verb_applies_a_pending_edit_first(ticket_id, cast):
    close_on(ticket_id, cast, MONDAY + HOUR)
    with transaction():
        ticket = queries.for_change(ticket_id)
        conversation.reply(ticket, by=cast.mara, body="On it.", at=MONDAY + timedelta(hours=20))

    row = clock(ticket_id)
    assert row.due_at == MONDAY + timedelta(days=1, hours=18)
    kinds = [event.kind for event in clocks.events_of(clock(ticket_id, "first_response"))]
    assert kinds == [Kind.STARTED, Kind.BREACHED, Kind.MET]  # its half hour was over before


def test_the_worker_applies_a_pending_edit_before_it_tells_anybody(ticket_id, cast):
    """Three quarters of four hours are used up on Tuesday at nine, or else on Wednesday."""
    close_on(ticket_id, cast, MONDAY + HOUR)
    row = clock(ticket_id)

    for at in (MONDAY + timedelta(hours=17.5), MONDAY + timedelta(hours=41.5)):
        firing.fire_due(lambda at=at: at, budget_s=60)
        told = clocks.escalations_of([row.id]).get(row.id, [])
        assert len(told) == (at > MONDAY + timedelta(days=1))

    assert told[0].instant_at == MONDAY + timedelta(hours=41)


def test_what_happened_before_the_edit_is_not_led_over(ticket_id, cast):
    """A message of four o'clock, known at eight: the edit of seven comes after it."""
    close_on(ticket_id, cast, MONDAY + 3 * HOUR)
    with transaction():
        ticket = queries.for_change(ticket_id)
        outcome = running.requester_wrote(
            ticket_id,
            terms=queries.terms_of(ticket),
            at=MONDAY + 4 * HOUR,
            actor_id=cast.elke.id,
            cause="message:late",
            happened_at=MONDAY + HOUR,
        )

    assert outcome.course.last_at == MONDAY + 3 * HOUR
    assert outcome.course.unanswered_since == MONDAY + HOUR


def test_a_new_ticket_has_the_new_hours_at_once(ticket_id, cast):
    close_on(ticket_id, cast, MONDAY + HOUR)

    row = clock(open_request(cast.elke, cast.vpn_problem, at=MONDAY + HOUR).id)
    assert row.due_at == MONDAY + timedelta(days=1, hours=19)


def test_a_paused_clock_takes_the_newest_hours_when_it_resumes(ticket_id, cast, follow):
    with transaction():
        conversation.reply(
            queries.for_change(ticket_id),
            by=cast.mara,
            body="Which?",
            at=MONDAY + HOUR / 6,
            then=Then.WAIT,
        )
    change = close_on(ticket_id, cast, MONDAY + HOUR)
    assert follow(MONDAY + HOUR) == jobs.Done()
    assert clock(ticket_id).calendar_version_id == change.before_id

    with transaction():
        conversation.requester_message(
            queries.for_change(ticket_id),
            by=cast.elke,
            body="This one.",
            channel=Channel.PORTAL,
            at=MONDAY + 2 * HOUR,
        )
    row = clock(ticket_id)
    assert row.calendar_version_id == change.after_id
    assert row.due_at == MONDAY + timedelta(days=1, hours=19, minutes=50)


def test_an_exception_for_today_counts_from_now_on(ticket_id, cast, follow):
    """Closed from 14:00 on, said at 17:00: the hour from four to five stays counted."""
    close_on(ticket_id, cast, MONDAY + HOUR, on=MONDAY.date(), windows=[("08:00", "14:00")])
    follow(MONDAY + 2 * HOUR)

    row = clock(ticket_id)
    assert row.used_s == 3600
    assert row.due_at == MONDAY + timedelta(hours=19)  # three hours of Tuesday, from 08:00


def test_a_breached_promise_never_moves(ticket_id, cast, follow):
    due_at = clock(ticket_id, "first_response").due_at
    with transaction():
        terms = queries.terms_of(queries.for_change(ticket_id))
        running.settled(ticket_id, terms=terms, at=MONDAY + HOUR)
    close_on(ticket_id, cast, MONDAY + HOUR)
    follow(MONDAY + 2 * HOUR)

    assert clock(ticket_id, "first_response").due_at == due_at
    assert db.session.query(CalendarChange).one().applied_at is not None


def test_two_exceptions_are_applied_in_their_order(ticket_id, cast, follow):
    close_on(ticket_id, cast, MONDAY + HOUR)
    close_on(ticket_id, cast, MONDAY + 1.5 * HOUR, on=date(2026, 11, 18))
    follow(MONDAY + 2 * HOUR)

    events = clocks.events_of(clock(ticket_id))
    ats = [event.at for event in events if event.kind is Kind.RECALCULATED]
    assert ats == [MONDAY + HOUR, MONDAY + 1.5 * HOUR]
    assert clock(ticket_id).due_at == MONDAY + timedelta(days=2, hours=18)


def test_a_priority_raised_on_new_hours_stays_on_them(ticket_id, cast, follow):
    close_on(ticket_id, cast, MONDAY + HOUR)
    with transaction():
        classification.prioritise(
            queries.for_change(ticket_id),
            priority=Priority.NORMAL,
            reason="Less",
            by=cast.mara,
            at=MONDAY + 2 * HOUR,
        )
    assert follow(MONDAY + 3 * HOUR) == jobs.Done()
    assert checking.check([ticket_id], refolding.terms_of_all).drifts == ()


def test_only_versions_that_allow_it_in_a_clause_take_exceptions(ticket_id, cast):
    with transaction():
        hours_of(ticket_id)[0].exceptions_clause = None

    with pytest.raises(Refusal, match="No clause"):
        close_on(ticket_id, cast, MONDAY)


@pytest.mark.parametrize(
    ("on", "windows", "sentence"),
    [
        (date(2026, 11, 15), (), "This day is past"),
        (TUESDAY, [("08:00", "8")], "These are no hours"),
        (TUESDAY, [("08:00", "18:00")], ""),
    ],
)
def test_what_makes_no_sense_is_refused(ticket_id, cast, on, windows, sentence):
    if not sentence:
        close_on(ticket_id, cast, MONDAY, windows=windows)
        sentence = "the hours of that day already"
    with pytest.raises(Refusal, match=sentence):
        close_on(ticket_id, cast, MONDAY, on=on, windows=windows)


def test_of_two_exceptions_to_the_same_hours_the_second_is_sent_back(ticket_id, cast):
    version, hours = hours_of(ticket_id)
    close_on(ticket_id, cast, MONDAY)

    with pytest.raises(Refusal, match="changed meanwhile"), transaction():
        exceptions.except_day(
            version, hours, on=TUESDAY, windows=(), name="", reason="x", by=cast.jens, at=MONDAY
        )


def test_hours_that_would_never_open_are_refused(ticket_id, cast):
    version, hours = hours_of(ticket_id)
    form = {
        "zone": "UTC",
        "week": {"mon": [["09:00", "10:00"]]},
        "exceptions": {},
        "names": {},
    }
    day = date(2026, 11, 23)
    for _ in range(60):
        form["exceptions"][day.isoformat()] = []
        day += timedelta(days=7)
    with transaction():
        hours.definition = Calendar.from_dict(form).to_dict()

    with pytest.raises(Refusal, match="would not open for a year"), transaction():
        exceptions.except_day(
            version,
            hours,
            on=date(2026, 11, 16),
            windows=(),
            name="",
            reason="x",
            by=cast.jens,
            at=MONDAY,
        )


def test_public_holidays_are_kept_to_the_end_of_the_year_after_next(ticket_id, cast, config):
    """Known until the end of 2028 from the year 2026 on; in 2027 a year is added."""
    before = clock(ticket_id).calendar_version_id
    assert jobs.tickets.add_holidays(lambda: MONDAY, config) == jobs.Done()

    done = jobs.tickets.add_holidays(lambda: MONDAY + timedelta(days=60), config)
    again = jobs.tickets.add_holidays(lambda: MONDAY + timedelta(days=60), config)

    assert done == jobs.Done("added public holidays to 2 calendars")
    assert again == jobs.Done()
    hours = hours_of(ticket_id)[1]
    assert hours.id != before
    assert hours.holidays["known_until"] == "2029-12-31"
    assert date(2029, 5, 1) in calendars.value(hours.id).exceptions


def forget_compiled() -> None:
    """As if the process had begun anew."""
    for module in (calendars, choosing, contracts, stored, zone_rules):
        for each in vars(module).values():
            if hasattr(each, "cache_clear"):
                each.cache_clear()


@pytest.fixture
def eternal_summer(cast: Cast) -> Iterator[list[list[int]]]:
    """Loaded when the time zone data knew of no winter time in Berlin after 2025."""
    until = zones.start_of_year(2026)
    changes = [list(one) for one in zones.changes("Europe/Berlin") if one[0] < until]
    with transaction():
        db.session.execute(update(ZoneRules).values(changes=[*changes, [until, 7200]]))
    forget_compiled()
    yield
    forget_compiled()


@pytest.mark.usefixtures("eternal_summer")
def test_newer_time_zone_data_moves_what_is_left_and_nothing_that_was_counted(cast, config, follow):
    """17:00 in eternal summer: one of four hours passes on Monday, whatever is known later."""
    ticket_id = open_request(cast.elke, cast.vpn_problem, at=MONDAY).id
    assert clock(ticket_id).due_at == MONDAY + timedelta(hours=18)  # Tuesday 11:00, in summer
    known_at = MONDAY + timedelta(hours=2, minutes=30)

    done = jobs.tickets.follow_zones(lambda: known_at, config)
    again = jobs.tickets.follow_zones(lambda: known_at, config)

    assert (done.said, again.said) == ("read the zone of 4 calendars anew", None)
    assert follow(known_at + HOUR) == jobs.Done("reckoned anew 1 ticket")
    row = clock(ticket_id)
    assert (row.used_s, row.due_at) == (3600, MONDAY + timedelta(hours=19))  # 11:00, in winter
    change = db.session.query(CalendarChange).filter_by(after_id=row.calendar_version_id).first()
    assert change.reason.endswith("Europe/Berlin reads otherwise from 2026-11-16")
    assert refolding.check(lambda: known_at + HOUR, stopping=never).drifting == 0


@pytest.mark.usefixtures("eternal_summer")
def test_newer_time_zone_data_moves_promises_though_holidays_are_added_at_once(
    cast, config, follow
):
    ticket_id = open_request(cast.elke, cast.vpn_problem, at=MONDAY).id
    forget_a_year()
    known_at = MONDAY + timedelta(hours=2, minutes=30)

    jobs.tickets.add_holidays(lambda: known_at, config)

    follow(known_at + HOUR)
    assert clock(ticket_id).due_at == MONDAY + timedelta(hours=19)
    hours = hours_of(ticket_id)[1]
    assert date(2028, 5, 1) in calendars.value(hours.id).exceptions


def test_a_zone_that_read_otherwise_only_in_the_past_hinders_no_exception(ticket_id, cast):
    change = (zones.start_of_year(2001), 7200)
    with transaction():
        for rules in db.session.query(ZoneRules):
            now = [tuple(one) for one in rules.changes if one[0] != change[0]]
            rules.changes = sorted([*now, change, (change[0] + 86400, 3600)])
    forget_compiled()

    close_on(ticket_id, cast, MONDAY)

    assert hours_of(ticket_id)[1].definition["exceptions"]["2026-11-17"] == []
    forget_compiled()


def test_hours_made_before_rules_of_zones_were_kept_get_those_of_now(ticket_id, config):
    with transaction():
        db.session.execute(update(CalendarVersion).values(zone_rules_id=None))

    assert jobs.tickets.follow_zones(lambda: MONDAY, config) == jobs.Done()

    db.session.expire_all()
    assert all(zone_rules.of(one.zone_rules_id).are_in_use for one in rows_of(CalendarVersion))


def rows_of(table):
    return db.session.query(table).all()


def test_hours_far_ahead_settle_nothing(ticket_id, cast, config, follow):
    forget_a_year()
    assert jobs.tickets.add_holidays(lambda: MONDAY, config).said is not None
    events = clocks.events_of(clock(ticket_id))

    assert follow(MONDAY + HOUR) == jobs.Done()
    assert clocks.events_of(clock(ticket_id)) == events
    assert {change.applied_at for change in db.session.query(CalendarChange)} == {MONDAY + HOUR}


def test_a_near_edit_after_a_far_one_leads_over_both(ticket_id, cast, config, follow):
    forget_a_year()
    assert jobs.tickets.add_holidays(lambda: MONDAY, config).said is not None
    change = close_on(ticket_id, cast, MONDAY + HOUR)

    assert follow(MONDAY + 2 * HOUR) == jobs.Done("reckoned anew 1 ticket")
    assert clock(ticket_id).calendar_version_id == change.after_id
    assert clock(ticket_id).due_at == MONDAY + timedelta(days=1, hours=18)


def test_both_parties_are_told(ticket_id, cast):
    change = close_on(ticket_id, cast, MONDAY)

    notices = db.session.query(Notice).filter_by(kind="hours-exception").all()
    assert {notice.person_id for notice in notices} == {cast.jens.id, cast.martin.id}
    assert notices[0].facts["clause"] == "3.4"
    assert notices[0].event == f"calendar:{change.id}"


def test_the_other_agreements_keep_their_hours(ticket_id, cast):
    other = open_request(cast.sigrid, cast.vpn_problem, at=MONDAY).id
    before = clock(other).due_at
    close_on(ticket_id, cast, MONDAY)

    terms = choosing.choose(
        organisation_id=cast.fjordbank.id,
        service_id=cast.vpn_problem.service_id,
        priority="high",
        kind="incident",
        at=MONDAY,
    )
    target = terms.targets["resolution"]
    assert target.calendar.add(MONDAY, target.seconds) == before


def test_a_preview_counts_what_would_move_and_by_how_much(ticket_id, cast):
    version, hours = hours_of(ticket_id)
    edited = exceptions.edited_hours(version, hours, [exceptions.Day(TUESDAY)], at=MONDAY + HOUR)
    seen = recalculating.preview(version.id, hours.id, edited, at=MONDAY + HOUR)

    assert seen.running == 2
    assert [move.measure for move in seen.moves] == ["resolution"]
    assert (seen.later_s, seen.sooner_s) == (24 * 3600, 0)
    assert seen.moves[0].after_at == MONDAY + timedelta(days=1, hours=18)
    assert calendars.value(hours.id) != edited
