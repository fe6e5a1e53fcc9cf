"""What the routes are asked about: one request, and a row of every kind that a URL can name.

Whoever adds a route with a new argument adds its value to `Place.samples`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from app import signatures, wallclock
from app.agreements import contacts
from app.agreements.models import Agreement, AgreementVersion, ContactTurn, Tier
from app.agreements.words import Party
from app.calendars.models import CalendarVersion
from app.catalogue import plans
from app.clocks import queries as clocks
from app.database import Base, db, transaction
from app.disputes import raising
from app.disputes.models import Subject
from app.escalation import parking
from app.files import attaching, receiving
from app.mail import outbox
from app.mail.models import Letter
from app.negotiations import proposing, starting
from app.notices import telling
from app.obligations import feeds
from app.obligations.models import Review, ReviewAction
from app.people import absences, access, rostering
from app.people.models import RotaShift, RotaSwap
from app.qualifications import holding, offering
from app.tickets import bulk, guests, views
from app.tickets.bulk import Deed
from app.tickets.desk_models import Macro
from app.tickets.models import Message, Ticket
from tests import cast as stage
from tests import doors, factories
from tests.cast import NOW, Cast
from tests.negotiations import texts


@dataclass
class Place:
    """Elke's request, which the team Network has, and what the other routes are about."""

    cast: Cast
    ticket: Ticket
    made: dict[str, Any]

    def samples(self) -> dict[str, Any]:
        """A value for every argument of every route."""
        return {
            "ref": self.ticket.id,
            "message_id": 1,
            "version_id": self.ticket.version_id,
            "key": "vpn",
            "form": "reply",
            "what": "reply",
            "plan_key": "vpn-outage",
            "qualification_key": "gateway-licence",
            "service_key": "network",
            "scope": "all-open",
            "slug": "network",
            "iso_week": "2026-W47",
            "person_id": self.cast.tomas.id,
            "organisation_id": self.cast.brenner.id,
            "kind": "signatory",
            **self.made,
        }

    def url(self, app: Flask, rule: Rule, **instead: Any) -> str:
        """The address of ``rule`` for the samples, or for what is given ``instead`` of them."""
        of_guest = self.made["of_guest"] if "token" in rule.arguments else {}
        is_theirs = is_of_parties(rule) or rule.rule.startswith("/manage/agreements/<key>")
        of_parties = self.made["of_parties"] if is_theirs else {}
        known = self.samples() | of_guest | of_parties | instead
        with app.test_request_context():
            return app.url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})


def is_of_parties(rule: Rule) -> bool:
    """Whether the route is for the parties of an agreement alone."""
    begins = ("/agreements/", "/disputes/", "/portal/agreement", "/calendar-link")
    return rule.rule.startswith(begins)


def rules(app: Flask, *, of_ticket: bool = False) -> list[Rule]:
    """Every route but that of static files; with ``of_ticket`` those of one ticket.

    What deletes a row that others are asked about comes last.
    """
    found = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    found.sort(key=lambda rule: "delete" in rule.endpoint)
    return [rule for rule in found if "ref" in rule.arguments] if of_ticket else found


def verbs(rule: Rule) -> list[str]:
    """What the route answers to, of GET and POST."""
    return sorted({"GET", "POST"} & (rule.methods or set()))


def policy_of(app: Flask, rule: Rule) -> str:
    """The policy that the route's view declares."""
    return app.view_functions[rule.endpoint].__dict__.get("policy", "none declared")


def all_rows() -> dict[str, list[str]]:
    """What the database holds: all rows of all tables."""
    db.session.rollback()
    return {
        table.name: sorted(map(repr, db.session.execute(select(table))))
        for table in Base.metadata.sorted_tables
    }


@contextmanager
def set_up() -> Iterator[Place]:
    """The place at `NOW`, with the wall clock standing still."""
    with wallclock.frozen(NOW):
        cast = stage.assemble()
        ticket = factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
        with transaction():
            db.session.get_one(Ticket, ticket.id).team_id = cast.network.id
            links = doors.made(cast, ticket)
            made = _rota(cast) | {
                "letter_id": _letter(cast, ticket).id,
                "tier_id": _tier_id(cast),
                "absence_id": _absence_id(cast),
                "file_id": _file_id(ticket),
                **_of_the_queue(cast, ticket),
                **links,
                "of_guest": _on_the_request_of(links["token"]),
                "macro_id": _macro_id(cast),
                "held_id": _held_id(cast),
                "of_parties": _of_parties(cast, ticket),
                **_of_dates(cast),
                "draft_id": starting.from_version(agreement_of(cast), by=cast.jens, at=NOW).id,
                "part": "text.0",
                "session_id": 1,
                "notice_id": _notice_id(cast, ticket),
            }
            plans.add("vpn-outage", title="VPN outage", service=None, steps=["Call the line"])
            for _ in range(parking.MOST_TRIES):
                parking.set_back(ticket.id, ValueError("stuck"), at=NOW)
        clock = clocks.clocks_of([ticket.id])[ticket.id][0]
        hours = db.session.get_one(CalendarVersion, clock.calendar_version_id)
        yield Place(cast, ticket, made | {"clock_id": clock.id, "calendar_id": hours.calendar_id})


def agreement_of(cast: Cast) -> Agreement:
    """The agreement of Halden with Brenner & Voss, in this session."""
    return db.session.get_one(Agreement, cast.workplace.agreement.id)


def _of_parties(cast: Cast, ticket: Ticket) -> dict[str, Any]:
    """What Halden and Brenner & Voss signed, and what hangs on it: by the names in URLs."""
    agreement = db.session.merge(cast.workplace.agreement)
    clock = clocks.clocks_of([ticket.id])[ticket.id][0]
    dispute = raising.contest(
        agreement,
        clock,
        ticket,
        subject=Subject.START,
        claim="It began later.",
        by=cast.martin,
        at=NOW,
    )
    return {
        "key": agreement.key,
        "number": _proposed(cast, agreement),
        "step": 1,
        "dispute_id": dispute.id,
        **_of_review(agreement),
    }


def _proposed(cast: Cast, agreement: Agreement) -> int:
    """The number of a version that Martin proposed, with a step to be done."""
    version = db.session.get_one(AgreementVersion, cast.workplace.version.id)
    proposal = proposing.propose(
        texts.changed(version),
        party=Party.CLIENT,
        reason="Finance works on Saturdays now.",
        by=cast.martin,
        at=NOW,
        plan=[{"what": "Extend the rota", "due_on": NOW.date(), "owner_id": cast.nora.id}],
    )
    return db.session.get_one(AgreementVersion, proposal.version_id).number


def _of_review(agreement: Agreement) -> dict[str, Any]:
    """A review that was not held yet, with something to do."""
    review = Review(agreement_id=agreement.id, due_on=NOW.date())
    db.session.add(review)
    db.session.flush()
    action = ReviewAction(review_id=review.id, position=1, what="Meet", due_on=NOW.date())
    db.session.add(action)
    db.session.flush()
    return {"review_id": review.id, "action_id": action.id, "of": "review", "task_id": action.id}


def _of_dates(cast: Cast) -> dict[str, str]:
    """Martin's calendar link, and that of a letter which he was asked to acknowledge."""
    turn = ContactTurn(
        agreement_id=cast.workplace.agreement.id,
        version_id=cast.workplace.version.id,
        matter="a matter of the tests",
        facts={"kind": "agreement-date", "facts": {"agreement": "Managed workplace"}},
        party=Party.CLIENT,
        role="signatory",
        position=0,
        person_id=cast.martin.id,
        told_at=NOW,
    )
    db.session.add(turn)
    db.session.flush()
    return {
        "feed": feeds.make(cast.martin, at=NOW),
        "contact_link": signatures.sign(str(turn.id), purpose=contacts.LINK),
    }


def _held_id(cast: Cast) -> int:
    """A qualification that Tomás holds; no service requires it."""
    licence = offering.add("Gateway licence", description="", by=cast.jens)
    held = holding.record(
        cast.tomas,
        licence,
        since_on=NOW.date(),
        expires_on=None,
        proof="Certificate 4711",
        by=cast.jens,
        at=NOW,
    )
    return held.id


def _of_the_queue(cast: Cast, ticket: Ticket) -> dict[str, Any]:
    """A view that Mara shares, and a change of many tickets that she made."""
    view = views.save(
        name="Urgent", query="priority=urgent", is_shared=True, team=None, by=cast.mara, at=NOW
    )
    change = bulk.change(
        access.sight_of(cast.mara),
        [ticket.id],
        Deed(tag="vpn"),
        by=cast.mara,
        now=lambda: NOW,
        once="a change of the tests",
        undo_s=10,
    )
    return {"view_id": view.id, "change_id": change.id}


def _notice_id(cast: Cast, ticket: Ticket) -> int:
    """What rang at Elke's bell."""
    notice = telling.tell(
        cast.elke,
        "ticket-replied",
        event="a notice of the tests",
        ticket_id=ticket.id,
        at=NOW,
        facts={"number": ticket.id, "ref": ticket.ref, "subject": ticket.subject, "author": "Mara"},
    )
    assert notice is not None
    return notice.id


def _macro_id(cast: Cast) -> int:
    """A macro that Mara shares."""
    macro = Macro(name="Ask", body="Which building?", made_by_id=cast.mara.id, made_at=NOW)
    macro.changed_at = NOW
    db.session.add(macro)
    db.session.flush()
    return macro.id


def _letter(cast: Cast, ticket: Ticket) -> Letter:
    letter = outbox.queue(
        "ticket-opened",
        to=cast.elke,
        at=NOW,
        facts={
            "number": ticket.id,
            "ref": ticket.ref,
            "subject": ticket.subject,
            "promises": [],
        },
        key="a letter of the tests",
    )
    assert isinstance(letter, Letter)
    return letter


def _tier_id(cast: Cast) -> int:
    """The tier of the house agreement whose ladder is asked for."""
    return db.session.scalars(select(Tier.id).where(Tier.version_id == cast.house.version.id)).one()


def _file_id(ticket: Ticket) -> int:
    """A picture that came with the request."""
    received = receiving.receive(factories.picture(), name="error.png")
    file = attaching.add(received, upload_key="a form", by_id=None, at=NOW)
    message_id = db.session.scalars(select(Message.id).where(Message.ticket_id == ticket.id)).one()
    attaching.bind([file], ticket_id=ticket.id, message_id=message_id)
    return file.id


def _on_the_request_of(token: str) -> dict[str, int]:
    """A promise and a file of the one request that a guest link opens."""
    ticket = db.session.get_one(Ticket, guests.link_of(token, at=NOW).ticket_id)
    clock = clocks.clocks_of([ticket.id])[ticket.id][0]
    return {"clock_id": clock.id, "file_id": _file_id(ticket)}


def _absence_id(cast: Cast) -> int:
    return absences.note(
        cast.mara,
        starts_at=NOW + timedelta(days=1),
        ends_at=NOW + timedelta(days=2),
        substitute=cast.petra,
        reason="",
        by=cast.mara,
        at=NOW,
    ).id


def _rota(cast: Cast) -> dict[str, int]:
    """A shift and a swap of the team whose pages are asked for."""
    shifts: list[RotaShift] = rostering.add_shift(
        cast.network, cast.mara, weekdays=[0], starts="08:00", ends="18:00", by=cast.jens
    )
    swap: RotaSwap = rostering.swap(
        cast.network,
        cast.tomas,
        instead_of=None,
        starts_at=NOW,
        ends_at=NOW + timedelta(days=1),
        reason="a wedding",
        by=cast.jens,
        at=NOW,
    )
    return {"shift_id": shifts[0].id, "swap_id": swap.id}
