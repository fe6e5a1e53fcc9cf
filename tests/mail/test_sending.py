"""Sending to a real server: what arrives, what is tried again, what is parked."""

import time
from dataclasses import replace
from datetime import timedelta
from email.utils import parseaddr

import pytest
from sqlalchemy.exc import OperationalError

from app.mail import leasing, outbox, rendering, sending
from app.mail.connection import Connection
from app.mail.messages import message_of
from app.mail.models import LetterState
from tests.mail.conftest import AT, PETRA, REPLIED, Somebody


def somebody(name):
    return Somebody(name=name.title(), address=f"{name}@halden.example")


def test_a_letter_arrives_once_with_text_and_html(post, send, letter, smtp_sink):
    id = post()

    assert send() == sending.Batch(sent=1)
    assert send() == sending.Batch()

    (got,) = smtp_sink.received
    assert got.recipients == ["petra.weiss@halden.example"]
    assert got.sender == "help@halden.example"
    assert got.subject == "ANSWERED: #1042 VPN down"
    assert "Please try the new profile." in got.text
    assert "Please try the new profile." in got.html
    assert letter(id).state is LetterState.SENT
    assert letter(id).sent_at == AT


def test_headers_say_that_a_machine_wrote_and_keep_one_thread(app, settings, smtp_sink):
    with Connection(settings) as connection:
        for key in ("one", "two"):
            connection.send(message_of(a_lease(key, ticket_id=1042), settings))

    one, two = (each.message for each in smtp_sink.received)
    assert one["Auto-Submitted"] == "auto-generated"
    assert one["References"] == two["References"] == outbox.thread_root_of(1042)
    assert one["Message-ID"] != two["Message-ID"]
    assert parseaddr(str(one["From"]))[1] == "help@halden.example"
    assert parseaddr(str(one["To"])) == (PETRA.name, PETRA.address)


def test_without_a_server_letters_stay_queued(post, app, clock, config, letter):
    id = post()

    assert sending.send_batch(clock, config) == sending.Batch()
    assert letter(id).state is LetterState.QUEUED
    assert rendering.render(letter(id)).subject == "ANSWERED: #1042 VPN down"


def test_urgent_letters_go_first_then_the_oldest(post, send, smtp_sink):
    for name, urgent in (("anna", False), ("bert", False), ("cara", True), ("dora", True)):
        post(name, to=somebody(name), urgent=urgent)

    send()

    order = [each.recipients[0].partition("@")[0] for each in smtp_sink.received]
    assert order == ["cara", "dora", "anna", "bert"]


def test_one_connection_carries_a_batch(post, send, smtp_sink):
    for number in range(5):
        post(f"message:{number}")

    assert send(most=3).sent == 3
    assert smtp_sink.connections == 1
    assert send(most=3).sent == 2


def test_a_5xx_for_one_of_three_parks_that_one_alone(post, send, letter, smtp_sink):
    ids = {name: post(name, to=somebody(name)) for name in ("anna", "bert", "cara")}
    smtp_sink.answer("550 no such mailbox", to="bert@halden.example")

    assert send() == sending.Batch(sent=2, parked=1)

    assert letter(ids["bert"]).state is LetterState.PARKED
    assert letter(ids["bert"]).reason == "The mail server answered 550: no such mailbox"
    assert [each.recipients[0] for each in smtp_sink.received] == [
        "anna@halden.example",
        "cara@halden.example",
    ]


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
def test_a_4xx_waits_twice_as_long_each_time(post, send, letter, clock, smtp_sink, stage):
    id = post()
    smtp_sink.answer("451 try later", stage=stage)

    waits = []
    for _ in range(4):
        assert send() == sending.Batch(put_back=1)
        waits.append((letter(id).next_try_at - clock.at).total_seconds())
        assert send() == sending.Batch()
        clock.at = letter(id).next_try_at
    smtp_sink.behave()

    for expected, wait in zip([2, 4, 8, 16], waits, strict=True):
        assert expected * 0.8 - 1 <= wait <= expected * 1.2 + 1
    assert send().sent == 1
    assert len(smtp_sink.received) == 1
    assert letter(id).tries == 5


def test_no_wait_is_longer_than_an_hour():
    waits = [leasing.pause(tries, retry_base_s=30) for tries in range(200)]

    assert max(waits) <= timedelta(hours=1)


def test_after_five_days_of_4xx_the_letter_is_parked(post, send, letter, clock, smtp_sink):
    id = post()
    smtp_sink.answer("452 mailbox full")
    clock.pass_by(days=5)

    send()

    assert letter(id).state is LetterState.PARKED
    assert "452" in letter(id).reason


def test_a_server_that_refuses_connections_costs_no_letter_a_try(post, send, letter, smtp_sink):
    ids = [post(f"message:{number}") for number in range(3)]
    smtp_sink.stop()

    down = send()

    assert down.server_down
    assert {(letter(id).state, letter(id).tries) for id in ids} == {(LetterState.QUEUED, 0)}
    smtp_sink.start()
    assert send() == sending.Batch(sent=3)


@pytest.mark.parametrize("answer", ["421 closing", "530 sign in first"])
def test_a_refused_sender_is_the_servers_failure(post, send, letter, smtp_sink, answer):
    id = post()
    smtp_sink.answer(answer, stage="MAIL")

    assert answer[:3] in send().server_down
    assert letter(id).state is LetterState.QUEUED
    assert letter(id).tries == 0


def test_a_lost_final_reply_sends_a_second_copy_with_the_same_message_id(
    post, send, letter, clock, smtp_sink
):
    lost = post("lost")
    post("next", to=somebody("anna"))
    smtp_sink.drop_before_final_reply()

    assert send() == sending.Batch(sent=1, put_back=1)
    clock.at = letter(lost).next_try_at
    assert send() == sending.Batch(sent=1)

    first, second = smtp_sink.to(PETRA.address)
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert len(smtp_sink.to("anna@halden.example")) == 1


def test_a_server_that_goes_away_for_good_keeps_the_letters_place(post, send, letter, smtp_sink):
    id = post()
    smtp_sink.answer("drop", stage="DATA")
    post("other")

    assert send().server_down
    assert letter(id).state is LetterState.QUEUED


def test_a_server_too_slow_with_its_answer_is_waited_for_only_so_long(
    post, settings, clock, smtp_sink
):
    post()
    smtp_sink.delay_s = 3

    result = sending.send_batch(clock, replace(settings, mail_final_timeout_s=1))

    assert result.sent == 0


def test_a_letter_that_cannot_be_drawn_is_parked_alone(post, send, letter):
    broken = post("broken", facts={"ref": "#1042"})
    post("good")

    assert send() == sending.Batch(sent=1, parked=1)
    assert "UndefinedError" in letter(broken).reason


def test_a_subject_with_a_line_break_forges_no_header(post, send, letter, smtp_sink):
    id = post(facts={**REPLIED, "subject": "VPN\r\nBcc: all@halden.example"})

    assert send() == sending.Batch(parked=1)
    assert smtp_sink.received == []
    assert "line break" in letter(id).reason


def test_a_name_that_looks_like_an_address_does_not_move_the_letter(post, send, smtp_sink):
    post(to=Somebody(name="boss@evil.example, Petra <ceo@evil.example> Ünal" + " lang" * 20))

    send()

    (got,) = smtp_sink.received
    assert got.recipients == [PETRA.address]
    assert [each.addr_spec for each in got.message["To"].addresses] == [PETRA.address]


def test_a_lease_keeps_others_away_until_it_ends(post, app, clock):
    id = post()

    held = leasing.lease_next(clock, lease_s=60)
    assert held.letter_id == id
    assert leasing.lease_next(clock, lease_s=60) is None
    clock.pass_by(seconds=60)

    assert leasing.lease_next(clock, lease_s=60).fence == held.fence + 1


def test_a_sender_that_slept_through_its_lease_marks_nothing(post, app, clock, letter):
    id = post()
    asleep = leasing.lease_next(clock, lease_s=60)
    clock.pass_by(seconds=61)
    awake = leasing.lease_next(clock, lease_s=60)

    assert not leasing.park(asleep, "too late")
    assert letter(id).state is LetterState.SENDING
    assert leasing.mark_sent(awake, clock)
    assert not leasing.release(asleep)
    assert letter(id).state is LetterState.SENT


def test_a_letter_is_marked_however_long_the_database_was_away(
    post, send, letter, smtp_sink, clock, monkeypatch
):
    id, usual = post(), leasing.mark_sent
    away = iter([True] * 3)

    def mark(lease, now):
        if next(away, False):
            raise OperationalError("UPDATE", {}, ConnectionError("refused"))
        return usual(lease, now)

    monkeypatch.setattr(leasing, "mark_sent", mark)
    monkeypatch.setattr(time, "sleep", lambda _s: clock.pass_by(seconds=50))
    monkeypatch.setattr(time, "monotonic", lambda: clock().timestamp())

    assert send() == sending.Batch(sent=1)
    assert letter(id).state is LetterState.SENT
    assert send() == sending.Batch()
    assert len(smtp_sink.received) == 1


def test_no_transaction_is_open_while_the_server_is_spoken_to(post, send, session, monkeypatch):
    seen = []
    usual = Connection.send

    def watch(self, message, envelope_from=None):
        seen.append(session.registry().in_transaction())
        usual(self, message, envelope_from)

    monkeypatch.setattr(Connection, "send", watch)
    post()

    send()

    assert seen == [False]


def test_a_certificate_nobody_vouches_for_is_refused(post, clock, settings, letter, smtp_sink):
    id = post()

    result = sending.send_batch(clock, replace(settings, mail_use_tls="starttls"))

    assert result.server_down
    assert letter(id).state is LetterState.QUEUED


def a_lease(key, *, ticket_id):
    return leasing.Lease(
        letter_id=1,
        fence=1,
        kind="ticket-replied",
        to_address=PETRA.address,
        to_name=PETRA.name,
        language="en",
        zone=None,
        ticket_id=ticket_id,
        facts=REPLIED,
        message_id=outbox.message_id_of(key, AT),
        created_at=AT,
        tries=0,
    )
