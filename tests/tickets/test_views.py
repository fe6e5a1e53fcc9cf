"""Saved views: one's own, a team's or everybody's, and the one that opens first."""

import pytest

from app.database import db, transaction
from app.errors import Forbidden, Refusal
from app.people import access
from app.people.models import Person
from app.tickets import filters, menus, views
from app.tickets.desk_models import SavedView
from app.tickets.filters import Scope
from tests.cast import NOW


def save(name: str, by: Person, *, query: str = "status=new", is_shared=False, team=None):
    with transaction():
        return views.save(name=name, query=query, is_shared=is_shared, team=team, by=by, at=NOW)


def names(person: Person) -> list[str]:
    return [view.name for view in menus.of(access.sight_of(person)).views]


def test_a_view_is_its_owners_a_teams_or_everybodys(cast):
    save("Mine alone", cast.mara)
    save("For the network", cast.mara, team=cast.network)
    save("For all", cast.mara, is_shared=True)

    assert names(cast.mara) == ["Mine alone", "For the network", "For all"]
    assert names(cast.tomas) == ["For the network", "For all"]
    assert names(cast.petra) == ["For all"]


def test_what_a_view_shows_is_kept_in_one_way_and_nonsense_is_dropped(cast):
    view = save("Odd", cast.mara, query="status=closed&team=3&x=y&after=1-2&scope=mine")

    assert view.query == "scope=mine&team=3"
    assert filters.read_query(view.query).scope is Scope.MINE
    assert views.searched_in(save("Found", cast.mara, query="q=is:open+vpn&status=new").query) == (
        "is:open vpn"
    )


def test_two_views_of_one_person_never_have_the_same_name(cast):
    save("Mornings", cast.mara)
    save("Mornings", cast.petra)

    with pytest.raises(Refusal, match="called Mornings already"):
        save("Mornings", cast.mara)
    with pytest.raises(Refusal, match="Give the view a name"):
        save("   ", cast.mara)
    assert names(cast.mara) == ["Mornings"]


def test_only_its_owner_changes_a_view_and_managers_what_is_shared(cast):
    own = save("Mine alone", cast.mara)
    shared = save("For all", cast.mara, is_shared=True)

    for view, by, may in [
        (own, cast.mara, True),
        (own, cast.jens, False),
        (shared, cast.petra, False),
        (shared, cast.jens, True),
    ]:
        assert views.may_change(view, by) is may
    with pytest.raises(Forbidden), transaction():
        views.delete(shared, by=cast.petra)


def test_the_order_of_ones_views_is_ones_own(cast):
    for name in ("A", "B", "C"):
        save(name, cast.mara)
    last = db.session.query(SavedView).filter_by(name="C").one()
    with transaction():
        views.move(last, towards="up", by=cast.mara)
    assert names(cast.mara) == ["A", "C", "B"]

    with transaction():
        views.move(last, towards="up", by=cast.mara)
        views.move(last, towards="up", by=cast.mara)
    assert names(cast.mara) == ["C", "A", "B"]


def test_the_default_is_what_needs_an_agent_until_another_is_chosen_and_while_it_is_there(cast):
    sight = access.sight_of(cast.petra)
    view = save("For all", cast.mara, is_shared=True)
    assert views.default_of(sight, cast.petra) is Scope.NEEDS_AGENT
    with transaction():
        views.make_default(view, by=cast.petra)
    assert views.default_of(sight, cast.petra) == view

    with transaction():
        views.delete(view, by=cast.mara)
    db.session.expire_all()
    assert cast.petra.default_view is None
    assert views.default_of(sight, cast.petra) is Scope.NEEDS_AGENT


def test_somebody_keeps_fifty_views_at_most(cast):
    for number in range(views.MOST):
        save(f"View {number}", cast.mara)

    with pytest.raises(Refusal, match="50 views"):
        save("One more", cast.mara)


def test_of_more_views_than_menus_show_they_are_the_same_ones_every_time(cast):
    many = [
        SavedView(owner_id=cast.petra.id, name=f"{n}", query="", is_shared=True, made_at=NOW)
        for n in range(menus.MOST + 5)
    ]
    with transaction():
        db.session.add_all(many)

    assert names(cast.mara) == names(cast.mara)
    shown = menus.of(access.sight_of(cast.mara)).views
    assert {view.id for view in shown} == {view.id for view in many[: menus.MOST]}
