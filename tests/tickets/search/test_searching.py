"""What a search finds: words, fields, and nothing beyond what its reader may see."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from app.database import db, transaction
from app.people import access, joining
from app.people.models import Person
from app.tickets import assignment, conversation, lifecycle, merging, spam, tagging, undoing
from app.tickets.conversation import Then
from app.tickets.models import Rating, Ticket
from app.tickets.queries import for_change
from app.tickets.search import excerpts, listing, searching, suggesting
from app.tickets.search.terms import Mistake
from app.tickets.words import Status
from tests.cast import NOW, Cast
from tests.factories import open_request
from tests.statements import counted

LATER = NOW + timedelta(minutes=20)


@pytest.fixture
def house(cast: Cast) -> SimpleNamespace:
    """Four tickets: Elke's VPN, its certificate in a note; Sigrid's printer; one done; spam."""
    vpn = open_request(cast.elke, cast.vpn_problem, at=NOW)
    printer = open_request(
        cast.sigrid,
        cast.vpn_problem,
        at=NOW + timedelta(minutes=1),
        subject="Printer prints half labels",
        body="The VPN works, but the lower half of each label is missing.",
    )
    done = open_request(cast.elke, cast.vpn_problem, at=NOW, subject="Old gateway", body="Slow.")
    junk = open_request(cast.elke, cast.vpn_problem, at=NOW, subject="Win a VPN", body="Now!")
    with transaction():
        ticket = for_change(vpn.id)
        conversation.note(ticket, by=cast.mara, body="The certificate expired.", at=LATER)
        assignment.assign(ticket, assignee=cast.mara, team=cast.network, by=cast.mara, at=LATER)
        tagging.tag(ticket, "vpn", by=cast.mara, at=LATER)
        other = for_change(printer.id)
        conversation.reply(other, by=cast.mara, body="Which label?", at=LATER, then=Then.WAIT)
        lifecycle.resolve(for_change(done.id), by=cast.mara, solution="A new one.", at=LATER)
        db.session.add(
            Rating(ticket_id=done.id, person_id=cast.elke.id, score=2, at=LATER, comment="")
        )
        spam.set_aside(for_change(junk.id), reason="an advertisement", by=cast.mara, at=LATER)
    return SimpleNamespace(vpn=vpn.id, printer=printer.id, done=done.id, junk=junk.id)


def found(person: Person, line: str, **page) -> list[int]:
    return [row.ticket.id for row in listing.page(understood(person, line), **page).rows]


def understood(person: Person, line: str) -> searching.Search:
    sight = access.sight_of(person)
    return searching.understand(line, sight, zone="Europe/Berlin", at=LATER)


def test_words_are_found_wherever_they_stand_on_a_ticket(cast, house):
    assert found(cast.mara, "vpn") == [house.printer, house.vpn]
    assert found(cast.mara, "vpn certificate") == [house.vpn]
    assert found(cast.mara, '"half labels"') == [house.printer]
    assert found(cast.mara, "vpn -label") == [house.vpn]
    assert found(cast.mara, "-vpn") == [house.done]
    assert found(cast.mara, "certif*") == [house.vpn]


FOUND = (
    ("is:open", ["printer", "vpn"]),
    ("is:done", ["done"]),
    ("is:waiting,resolved", ["done", "printer"]),
    ("is:spam", ["junk"]),
    ("-is:open", ["done"]),
    ("is:mine", ["vpn"]),
    ("assignee:lindt", ["vpn"]),
    ("assignee:nobody", ["done", "printer"]),
    ("-assignee:mara is:open", ["printer"]),
    ("team:net", ["done", "printer", "vpn"]),
    ("from:elke", ["done", "vpn"]),
    ("from:moe", ["printer"]),
    ("from:SIGRID.moe@fjordbank.example", ["printer"]),
    ("org:fjord", ["printer"]),
    ('org:"Brenner & Voss" is:open', ["vpn"]),
    ("tag:vpn", ["vpn"]),
    ("tag:v*", ["vpn"]),
    ("has:note", ["vpn"]),
    ("has:tag,rating", ["done", "vpn"]),
    ("has:attachment", []),
    ("rating:<3", ["done"]),
    ("rating:3..5", []),
    ("status:waiting-requester", ["printer"]),
    ("priority:high,urgent is:open", ["printer", "vpn"]),
    ("kind:incident,request,question channel:portal is:open", ["printer", "vpn"]),
    ("sla:breached", []),
    ("sla:paused", ["printer"]),
    ("sla:running", ["vpn"]),
    ("due:<2h", ["vpn"]),
    ("due:over", []),
    ("created:today", ["done", "printer", "vpn"]),
    ("created:..2026-10", []),
    ("updated:<1h vpn", ["printer", "vpn"]),
    ("resolved:<1h", ["done"]),
    ("due:today sla:running team:network vpn", ["vpn"]),
)


def test_each_field_narrows_what_is_found(cast, house):
    names = {number: name for name, number in vars(house).items()}
    wrong = []
    for line, wanted in FOUND:
        seen = sorted(names[number] for number in found(cast.mara, line))
        if seen != wanted:
            wrong.append((line, seen, wanted))

    assert wrong == []


@pytest.mark.parametrize(
    "typed",
    [
        *("groß", "Groß", "gross", "GROSS", "GROẞ", "brück", "bruck", "BRUCK", "sabíne"),
        *('"Sabine Groß"', '"Groß Sabine"', '"brückner-gro"', "s.gross@fjordbank.example"),
    ],
)
def test_a_person_is_meant_without_minding_accents_case_or_order(cast, typed):
    with transaction():
        sabine = joining.add_person(
            "Sabine Groß-Brückner",
            organisation=cast.fjordbank,
            at=NOW,
            address="s.gross@fjordbank.example",
        )
    hers = open_request(sabine, cast.vpn_problem, at=NOW).id
    open_request(cast.elke, cast.vpn_problem, at=NOW)

    assert found(cast.mara, f"from:{typed}") == [hers]


@pytest.mark.parametrize(
    "typed", ["rück", '"%"', '"-"', "_abine", '"[a-z]"', "sabine@", '"gro sommer"']
)
def test_nobody_is_meant_by_the_middle_of_a_word_or_by_signs(cast, typed):
    with transaction():
        sabine = joining.add_person("Sabine Groß-Brückner", organisation=cast.fjordbank, at=NOW)
    open_request(sabine, cast.vpn_problem, at=NOW)

    assert found(cast.mara, f"from:{typed}") == []


def test_a_number_names_its_ticket(cast, house):
    assert found(cast.mara, f"#{house.vpn}") == [house.vpn]
    assert found(cast.mara, f"ref:{house.junk}") == [house.junk]
    assert understood(cast.mara, f" {house.vpn} ").number == house.vpn


MISTAKES = (
    ("vpn statsu:open", "statsu", "Did you mean “status:”"),
    ("vpn colour:red", "colour", "put them in quotation marks"),
    ("is:opne", "opne", "Did you mean “open”"),
    ("team:xyz", "xyz", "“team:” has no “xyz”"),
    ("assignee:marra", "marra", "has no “marra”"),
    ("tag:vpm", "vpm", "Did you mean “vpn”"),
    ("due:soon", "soon", "is no time"),
    ("rating:good", "good", "is no number"),
    ("priority:<high", "high", "takes a word"),
    ("vpn is: x", "", "A value is missing"),
    ("vpn ne*", "ne*", "at least 3 letters"),
)


def test_what_cannot_be_meant_is_pointed_at(cast, house):
    for line, spot, sentence in MISTAKES:
        with pytest.raises(Mistake, match=sentence) as mistake:
            understood(cast.mara, line)

        where = mistake.value.spot
        assert line[where.start : where.end].strip() == spot


STRANGERS = (
    ("vpn OR printer", "OR", "there is no “or” between them", None),
    ("is:new OR is:waiting vpn", " OR is:", "either will do: is:new,waiting", "is:new,waiting vpn"),
    ("team:network | team:none", " | team:", "there is no “or”", "team:network,none"),
    ("vpn|printer", "|", "To look for “|” itself", None),
    ("vpn AND printer", "AND", "leave “AND” out", "vpn  printer"),
    ("label NOT vpn", "NOT ", "A minus before a word leaves out", "label -vpn"),
    ("NOT is:open", "NOT ", "A minus before a word leaves out", "-is:open"),
    ("vpn NOT", "NOT", "A minus before a word leaves out", None),
    ("label --vpn", "--", "One minus leaves out", "label -vpn"),
    ("is:open (vpn label)", "(vpn label)", "Brackets are not understood", "is:open vpn label"),
    ("(vpn OR label)", "OR", "there is no “or” between them", None),
    ("-(vpn", "(", "Brackets are not understood", "-vpn"),
    ("a) (b", ") (", "Brackets are not understood", "a b"),
    ("*", "*", "nothing to look for here", None),
    ("😀 %", "😀 %", "nothing to look for here", None),
    ("---", "---", "nothing to look for here", None),
)


@pytest.mark.parametrize(("line", "spot", "sentence", "mended"), STRANGERS)
def test_what_other_searches_know_is_no_word_without_a_sentence(cast, line, spot, sentence, mended):
    with pytest.raises(Mistake, match=re.escape(sentence)) as mistake:
        understood(cast.mara, line)

    where = mistake.value.spot
    assert line[where.start : where.end] == spot
    assert mistake.value.mended(line) == mended


@pytest.mark.parametrize(
    "line",
    [
        '"VPN OR not"',
        "vpn or printer and not",
        "printer(s) f(x) :-) vpn",
        "vpn - down",
        "oral AND1",
    ],
)
def test_what_may_stand_in_a_text_is_looked_for(cast, line):
    assert understood(cast.mara, line).sought


def test_a_requester_finds_their_own_and_never_the_words_of_a_note(cast, house):
    assert found(cast.elke, "vpn") == [house.junk, house.vpn]
    assert found(cast.elke, "certificate") == []
    assert found(cast.elke, "vpn -certificate") == [house.junk, house.vpn]
    assert found(cast.sigrid, "vpn") == [house.printer]
    assert found(cast.martin, "vpn") == []
    for line in ("tag:vpn", "sla:breached", "is:mine", "has:note", "team:network", "from:elke"):
        with pytest.raises(Mistake):
            understood(cast.elke, line)


def test_staff_in_the_portal_find_no_more_than_a_requester(cast, house):
    sight = access.sight_of(cast.mara).as_requester()
    search = searching.understand("certificate", sight, zone="UTC", at=LATER)

    assert listing.page(search).rows == ()
    assert listing.count(search) == 0


def test_a_limited_agent_finds_what_is_with_their_teams(cast, house):
    with transaction():
        db.session.get_one(Person, cast.petra.id).is_limited = True

    assert found(cast.petra, "vpn") == []
    assert found(cast.mara, "vpn") == [house.printer, house.vpn]


def test_what_is_suggested_stands_on_a_ticket_that_one_may_see(cast, house):
    with transaction():
        db.session.get_one(Person, cast.petra.id).is_limited = True

    def offered(person: Person, line: str) -> list[str]:
        sight = access.sight_of(db.session.get_one(Person, person.id))
        return [one.label for one in suggesting.suggest(line, len(line), sight)]

    for line, label in (
        ("from:si", "sigrid.moe@fjordbank.example"),
        ("org:fj", "fjordbank"),
        ("tag:v", "vpn"),
    ):
        assert offered(cast.mara, line) == [label]
        assert offered(cast.petra, line) == []
        assert offered(cast.elke, line) == []
    assert offered(cast.elke, "is:w") == ["waiting"]
    for before in ('"two words" ', 'team:"Service desk" -from:"a b",si '):
        assert offered(cast.mara, f"{before}tag:v") == ["vpn"]
        assert offered(cast.mara, f"{before}pri") == ["priority:urgent,high"]


def test_a_tag_of_tickets_one_may_not_see_answers_as_one_that_is_not_there(cast, house):
    with transaction():
        tagging.tag(for_change(house.printer), "zz-merger", by=cast.mara, at=LATER)
        db.session.get_one(Ticket, house.printer).team_id = cast.service_desk.id
        db.session.get_one(Person, cast.tomas.id).is_limited = True
    limited = db.session.get_one(Person, cast.tomas.id)

    def answer(person: Person, line: str) -> str | list[int]:
        try:
            return found(person, line)
        except Mistake as mistake:
            return mistake.sentence

    for typed in ("zz", "zz-merger", "zz-merge", "nosuch"):
        assert answer(limited, f"tag:{typed}") == f"“tag:” has no “{typed}”."
    assert answer(limited, "tag:zz*") == answer(limited, "tag:nosuch*") == []
    assert answer(limited, "tag:vpn") == [house.vpn]
    assert answer(cast.mara, "tag:zz-merger") == [house.printer]
    assert tagging.known(access.sight_of(limited)) == ["vpn"]
    assert tagging.known(access.sight_of(cast.mara)) == ["vpn", "zz-merger"]


def test_an_answer_that_was_undone_is_found_by_staff_alone(cast, house):
    with transaction():
        ticket = for_change(house.vpn)
        message = conversation.reply(
            ticket, by=cast.mara, body="Reboot the concentrator.", at=LATER, undo_s=10
        )
    assert found(cast.elke, "concentrator") == [house.vpn]
    with transaction():
        undoing.undo(for_change(house.vpn), message, by=cast.mara, at=LATER)

    assert found(cast.elke, "concentrator") == []
    assert found(cast.mara, "concentrator") == [house.vpn]


def test_a_rebuilt_index_finds_the_same(app, cast, house):
    lines = ("vpn", "vpn certificate", '"half labels"', "-vpn", "new one")
    before = [found(cast.mara, line) for line in lines]
    with transaction():
        db.session.connection().exec_driver_sql("DELETE FROM fts_ticket")
    assert found(cast.mara, "vpn") == []
    answer = app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert "4 tickets can be found." in answer.output

    assert [found(cast.mara, line) for line in lines] == before


def test_pages_and_neighbours_go_from_the_newest_to_the_oldest(cast):
    ids = [
        open_request(cast.elke, cast.vpn_problem, at=NOW, subject=f"VPN {n}").id for n in range(5)
    ][::-1]
    search = understood(cast.mara, "vpn is:open")
    first = listing.page(search, limit=2)
    second = listing.page(search, after=first.after, limit=2)
    third = listing.page(search, after=second.after, limit=2)
    back = listing.page(search, before=second.before, limit=2)

    assert [row.ticket.id for page in (first, second, third) for row in page.rows] == ids
    assert back == first
    assert (first.before, third.after) == (None, None)
    assert listing.neighbours(search, ids[1]) == (ids[0], ids[2])
    assert listing.neighbours(search, ids[0]) == (None, ids[1])
    assert listing.count(search, cap=3) == 3
    assert [row.ticket.id for row in listing.all_rows(search, most=4)] == ids[:4]


def test_the_excerpt_shows_the_newest_words_that_were_looked_for(cast, house):
    search = understood(cast.mara, "certificate")
    shown = excerpts.of([house.vpn], search.sought, with_notes=True)[house.vpn]

    assert [(part.said, part.is_hit) for part in shown.parts] == [
        ("The ", False),
        ("certificate", True),
        (" expired.", False),
    ]
    assert shown.is_note
    assert excerpts.of([house.vpn], search.sought, with_notes=False) == {}


def test_a_page_of_a_search_with_its_count_is_two_statements_whatever_it_finds(cast, house):
    search = understood(cast.mara, "vpn is:open sla:running due:<5h has:note tag:vpn")
    with counted() as statements:
        page = listing.page(search)

    assert (len(page.rows), page.count) == (1, 1)
    assert len(statements) == 2


def test_a_merged_ticket_is_found_where_its_words_were_said(cast, house):
    into = open_request(cast.martin, cast.vpn_problem, at=NOW, subject="Tunnel").id
    with transaction():
        both = merging.for_both(house.vpn, into)
        merging.merge(*both, reason="the same", by=cast.mara, at=LATER)

    assert db.session.get_one(Ticket, house.vpn).status is Status.MERGED
    assert found(cast.mara, "certificate") == [house.vpn]
    assert found(cast.elke, "tunnel") == [into]
