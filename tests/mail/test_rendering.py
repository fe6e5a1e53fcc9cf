"""Drawing letters from frozen facts."""

import html
import re

import pytest

from app.mail import house, rendering
from app.mail.agreement_kinds import OF_AGREEMENTS
from app.mail.kinds import FOR_REQUESTERS, KINDS
from app.mail.proposal_kinds import OF_PROPOSALS
from tests.mail.samples import AT, FACTS, letter


@pytest.fixture(autouse=True)
def _links():
    before = house.current()
    rendering.configure(
        link=lambda endpoint, **values: (
            f"https://help.halden.example/{endpoint.replace('.', '/')}/"
            + "/".join(str(value) for value in values.values())
        ),
        house_name="Halden IT Services",
        house_zone="Europe/Berlin",
        mail_domain="halden.example",
    )
    yield
    house.use(before)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_from_the_facts_it_documents(kind):
    drawn = rendering.render(letter(kind))

    assert drawn.subject
    assert "\n" not in drawn.subject
    assert "<" not in drawn.text
    assert "<style" not in drawn.html
    assert "var(--" not in drawn.html
    assert 'style="' in drawn.html


def test_days_off_that_were_set_together_stand_in_one_letter():
    one = letter("hours-exception")
    one.facts["further"] = [{"on": "2026-12-31", "windows": [], "name": "New Year's Eve"}]

    drawn = rendering.render(one)

    assert "\nThu 31 Dec 2026, New Year's Eve: closed all day\n" in drawn.text
    assert "Thu 31 Dec 2026, New Year's Eve: closed all day" in html.unescape(drawn.html)


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"client-promise"}))
def test_every_missing_fact_is_noticed(kind):
    for fact in FACTS[kind].keys() - {"at", "clock_id", "position", "nth", "fired_at"}:
        incomplete = letter(kind)
        del incomplete.facts[fact]
        with pytest.raises(rendering.Undrawable):
            rendering.render(incomplete)


@pytest.mark.parametrize(
    ("state", "left_s", "subject"),
    [
        ("at_risk", 1531, "AT RISK 25 min: #1042 VPN down (Brenner & Voss)"),
        ("at_risk", 40, "AT RISK 40 s: #1042 VPN down (Brenner & Voss)"),
        ("running", 7800, "RUNNING, 2 h 10 min left: #1042 VPN down (Brenner & Voss)"),
        ("breached", 0, "BREACHED just now: #1042 VPN down (Brenner & Voss)"),
        ("breached", -1200, "BREACHED by 20 min: #1042 VPN down (Brenner & Voss)"),
    ],
)
def test_a_subject_begins_with_the_state(state, left_s, subject):
    drawn = rendering.render(letter("escalation", {"state": state, "left_s": left_s}))

    assert drawn.subject == subject


def test_an_escalation_says_what_to_do_and_what_happens_next():
    text = rendering.render(letter("escalation")).text

    assert "Petra, please see to it that Elke Sommer gets a solution by 15:00" in text
    assert "Gold, high priority: resolved in 4 h of service time, § 4.2" in text
    assert "Mara Lindt, told at 75 % (14:00)" in text
    assert "gateway did not answer" in text
    assert "Also reached: 75 % at 14:00 CET" in text
    assert re.search(r"15:00 +The promise breaks: Jens Adler is told\.", text)


def test_the_bar_and_the_chip_have_the_colour_of_the_state():
    at_risk = rendering.render(letter("escalation")).html
    breached = rendering.render(letter("escalation", {"state": "breached", "left_s": -60})).html

    assert "#b96b00" in at_risk
    assert "24 min left" not in breached
    assert "#b4231a" in breached
    assert "over by 1 min" in breached


def test_times_are_told_in_the_readers_zone():
    assert "15:00 CET" in rendering.render(letter("escalation")).text
    nepal = rendering.render(letter("escalation", zone="Asia/Kathmandu"))
    assert "19:45 UTC+05:45" in nepal.text


def test_data_is_text_in_html_and_never_a_link():
    evil = "https://evil.example <a href=x>Elke</a>"
    facts = {"requester": evil, "owner": evil, "subject": evil, "organisation": evil}
    drawn = rendering.render(letter("escalation", facts, to_name=f"{evil} Weiss"))

    links = re.findall(r'href="([^"]+)"', drawn.html)
    assert links
    assert all(link.startswith("https://help.halden.example/") for link in links)
    assert "<a href=x>" not in drawn.html


def test_the_last_words_are_cut_to_about_three_lines():
    words = {"author": "Elke", "at": AT.isoformat(), "text": "word " * 500}

    text = rendering.render(letter("escalation", {"last_words": words})).text

    assert 50 < text.count("word ") < 60
    assert "word …" in text


def test_a_late_letter_says_so():
    text = rendering.render(letter("escalation", {"late_s": 3 * 3600})).text

    assert re.search(r"Told late: +3 h after its time", text)


def test_an_escalation_leads_to_the_page_i_am_on_it_and_to_why():
    drawn = rendering.render(letter("escalation"))

    for body in (drawn.html, drawn.text):
        assert "I am on it" in body
        assert "https://help.halden.example/desk/acknowledge/1042" in body
    assert "Why 15:00?" in drawn.html


def test_a_clients_letter_names_no_staff():
    facts = FACTS["escalation"]
    drawn = rendering.render(letter("client-promise", facts))

    for staff in ("Mara", "Jens", "Service desk"):
        assert staff not in drawn.html + drawn.text


def test_an_acknowledgement_never_quotes_the_request():
    drawn = rendering.render(letter("ticket-opened", {"body": "my secret words"}))

    assert "secret" not in drawn.html + drawn.text
    assert "First response: by 15:00 CET (4 h of service time)" in drawn.text


def test_a_digest_begins_with_what_is_broken():
    drawn = rendering.render(letter("escalation-digest"))

    assert drawn.subject == "BREACHED 1, AT RISK 5: 6 promises need you"
    assert drawn.text.index("BREACHED by 1 h 06 min") < drawn.text.index("AT RISK 24 min")


def test_a_subject_is_never_endless():
    drawn = rendering.render(letter("escalation", {"subject": "VPN " * 200}))

    assert len(drawn.subject) == 200


def test_an_unknown_kind_cannot_be_drawn():
    stranger = letter("assigned")
    stranger.kind = "advertisement"

    with pytest.raises(rendering.Undrawable):
        rendering.render(stranger)


def test_only_kinds_without_internal_facts_are_for_requesters():
    assert sorted(FOR_REQUESTERS - OF_AGREEMENTS.keys() - set(OF_PROPOSALS)) == [
        "account-exists",
        "address-changed",
        "cannot-join",
        "change-address",
        "client-promise",
        "dispute",
        "guest-link",
        "hours-exception",
        "join",
        "no-account",
        "password-changed",
        "password-reset",
        "prove-request",
        "put-in-copy",
        "requester-wrote",
        "resolved-unanswered",
        "still-waiting",
        "ticket-acknowledged",
        "ticket-merged",
        "ticket-opened",
        "ticket-replied",
        "ticket-resolved",
        "ticket-unmerged",
    ]


def test_an_answer_is_read_as_text_and_as_html_with_what_its_writer_signs_with():
    drawn = rendering.render(
        letter(
            "ticket-replied",
            {
                "body": "Use **gateway 2**.",
                "html": "<p>Use <strong>gateway 2</strong>.</p>",
                "signature": "Mara Lindt\nService desk <Berlin>",
            },
        )
    )

    assert "Use **gateway 2**.\n\n-- \nMara Lindt\nService desk <Berlin>\n" in drawn.text
    assert "<strong>gateway 2</strong>" in drawn.html
    assert "Service desk &lt;Berlin&gt;" in drawn.html


def test_a_promise_by_a_time_of_day_is_said_as_one():
    by = {"measure_name": "Resolution", "due_at": None, "words": "1 business day by 16:00"}
    promises = [by | {"by_time": "16:00", "days": 1}, by | {"by_time": "12:00", "days": 2}]
    facts = FACTS["ticket-opened"] | {"promises": promises}

    drawn = rendering.render(letter("ticket-opened", facts))

    for text in (drawn.text, drawn.html):
        assert "by 16:00 on the next working day" in text
        assert "by 12:00 on working day 2" in text
