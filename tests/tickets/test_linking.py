"""How tickets belong together, which words stand on them, and who has one open."""

from datetime import timedelta

import pytest

from app.database import db, transaction
from app.errors import Refusal
from app.people import access
from app.tickets import linking, merging, presence, tagging
from app.tickets.linking import Relation
from app.tickets.models import HistoryEntry, Ticket
from app.tickets.queries import for_change
from app.tickets.words import Writing
from tests.cast import NOW, Cast
from tests.factories import open_request

SECOND = timedelta(seconds=1)


@pytest.fixture
def three(cast: Cast) -> list[int]:
    return [open_request(cast.elke, cast.vpn_problem, at=NOW).id for _ in range(3)]


def link(cast: Cast, one: int, other: int, relation: Relation) -> None:
    with transaction():
        linking.link(*merging.for_both(one, other), relation, by=cast.mara, at=NOW)


def links(cast: Cast, ticket_id: int) -> list[tuple[str, int]]:
    ticket = db.session.get_one(Ticket, ticket_id)
    found = linking.links_of(ticket, access.sight_of(cast.mara))
    return [(one.relation.value, one.other.id) for one in found]


def test_a_link_is_read_from_both_ends(cast, three):
    parent, child, other = three
    link(cast, child, parent, Relation.PARENT)
    link(cast, child, other, Relation.DUPLICATE_OF)

    assert links(cast, child) == [("parent", parent), ("duplicate-of", other)]
    assert links(cast, parent) == [("child", child)]
    assert links(cast, other) == [("duplicated-by", child)]
    told = db.session.query(HistoryEntry).filter_by(verb="linked", ticket_id=parent).one()
    assert told.facts == {"other": child, "relation": "child"}


def test_a_link_that_makes_no_sense_is_refused(cast, three):
    parent, child, other = three
    link(cast, parent, child, Relation.CHILD)

    for one, two, relation, words in (
        (child, child, Relation.RELATED, "to itself"),
        (child, parent, Relation.RELATED, "linked already"),
        (child, other, Relation.PARENT, "a part of"),
        (parent, other, Relation.DUPLICATED_BY, None),
        (other, child, Relation.PARENT, None),
        (parent, other, Relation.PARENT, "linked already"),
    ):
        if words is None:
            link(cast, one, two, relation)
        else:
            with pytest.raises(Refusal, match=words):
                link(cast, one, two, relation)


def test_nothing_becomes_a_part_of_itself(cast, three):
    top, middle, bottom = three
    link(cast, middle, top, Relation.PARENT)
    link(cast, bottom, middle, Relation.PARENT)

    with pytest.raises(Refusal, match="itself a part"):
        link(cast, top, bottom, Relation.PARENT)


def test_a_link_is_taken_away_from_either_end(cast, three):
    one, other, third = three
    link(cast, one, other, Relation.RELATED)
    with transaction():
        linking.unlink(*merging.for_both(other, one), by=cast.mara, at=NOW)

    assert links(cast, one) == []
    with pytest.raises(Refusal, match="not linked"):
        linking.unlink(*merging.for_both(one, third), by=cast.mara, at=NOW)


def test_a_tag_is_one_word_in_lower_case_once(cast, three):
    with transaction():
        ticket = for_change(three[0])
        assert tagging.tag(ticket, " #VPN  Gateway ", by=cast.mara, at=NOW) == "vpn-gateway"
        tagging.tag(ticket, "vpn-gateway", by=cast.mara, at=NOW)
        tagging.tag(ticket, "Überlast", by=cast.mara, at=NOW)

    assert tagging.tags_of(three) == {three[0]: ["vpn-gateway", "überlast"]}
    assert tagging.known(access.sight_of(cast.mara)) == ["vpn-gateway", "überlast"]
    for typed in ("", "a,b", "<b>", "x" * 41, "-"):
        with pytest.raises(Refusal):
            tagging.tag(for_change(three[0]), typed, by=cast.mara, at=NOW)


def test_a_tag_comes_off_again_and_the_ticket_was_never_touched_by_it(cast, three):
    before = db.session.get_one(Ticket, three[0]).updated_at
    with transaction():
        tagging.tag(for_change(three[0]), "vpn", by=cast.mara, at=NOW + 9 * SECOND)
        tagging.untag(for_change(three[0]), "VPN", by=cast.mara, at=NOW + 9 * SECOND)

    assert tagging.tags_of(three) == {}
    assert db.session.get_one(Ticket, three[0]).updated_at == before
    with pytest.raises(Refusal, match="no tag"):
        tagging.untag(for_change(three[0]), "vpn", by=cast.mara, at=NOW)


def test_who_has_a_ticket_open_is_seen_by_the_others_until_they_are_gone(cast, three):
    ticket_id = three[0]
    with transaction():
        presence.seen(ticket_id, who=cast.mara, writing=Writing.LOOKING, at=NOW)
        presence.seen(ticket_id, who=cast.tomas, writing=Writing.LOOKING, at=NOW)
        presence.seen(ticket_id, who=cast.tomas, writing=Writing.ANSWERING, at=NOW + SECOND)
        presence.seen(three[1], who=cast.petra, writing=Writing.LOOKING, at=NOW)

    def here(at, besides):
        found = presence.here(three, besides=besides.id, at=at)
        return {id_: [(h.name, h.is_answering) for h in all_] for id_, all_ in found.items()}

    assert here(NOW, cast.mara) == {
        ticket_id: [("Tomás Rivera", True)],
        three[1]: [("Petra Weiss", False)],
    }
    assert here(NOW, cast.petra) == {ticket_id: [("Tomás Rivera", True), ("Mara Lindt", False)]}
    with transaction():
        presence.left(ticket_id, who=cast.tomas)
    assert ticket_id not in here(NOW, cast.mara)
    late = NOW + timedelta(seconds=presence.FRESH_S + 1)
    assert here(late, cast.elke) == {}
    assert presence.forget(at=late) == 2
