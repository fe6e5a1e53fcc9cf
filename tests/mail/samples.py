"""One letter of each kind, as it stood on Wed 18 November 2026 at 14:36 CET."""

from datetime import UTC, datetime
from types import SimpleNamespace

AT = datetime(2026, 11, 18, 13, 36, tzinfo=UTC)


def at(hour, minute, day=18):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC).isoformat()


TICKET = {"number": 1042, "ref": "#1042", "subject": "VPN down"}
LAST_WORDS = {
    "author": "Elke Sommer",
    "at": at(13, 9),
    "text": "Still the same after the new profile: “gateway did not answer”.",
}
LINK = {"seed": "a-random-seed", "until": at(14, 36)}
PROMISES = [
    {"measure_name": "First response", "due_at": at(14, 0), "words": "4 h of service time"},
    {"measure_name": "Resolution", "due_at": at(14, 0, 20), "words": "2 business days"},
]
CLOCK = TICKET | {
    "clock_id": 7,
    "organisation": "Brenner & Voss",
    "measure": "resolution",
    "measure_name": "Resolution",
    "state": "at_risk",
    "left_s": 24 * 60 + 31,
    "due_at": at(14, 0),
    "fired_at": at(13, 36),
    "position": 2,
    "nth": 0,
    "point": "90 %",
    "promise": "Gold, high priority: resolved in 4 h of service time, § 4.2",
}
ESCALATION = CLOCK | {
    "rung": 2,
    "rungs": 5,
    "requester": "Elke Sommer",
    "owner": "Mara Lindt, told at 75 % (14:00)",
    "role": "team lead of Service desk",
    "late_s": 0,
    "again": None,
    "passed_over": None,
    "passed_on": None,
    "others": [{"point": "75 %", "fired_at": at(13, 0)}],
    "last_words": LAST_WORDS,
    "next": [{"at": at(14, 0), "words": "The promise breaks: Jens Adler is told."}],
}
AGREEMENT = {
    "agreement": "Managed workplace",
    "key": "managed-workplace-brenner-voss",
    "version": 3,
    "party": "client",
    "acknowledge": {"turn": "7", "until": "2026-11-19T13:20:00+00:00"},
}
CLAUSE = AGREEMENT | {"clause": "8.3", "quote": "It runs for a year and renews itself."}
OF_AGREEMENTS = {
    "agreement-date": CLAUSE
    | {"what": "notice", "on": "2027-06-30", "days": 30, "until": "2028-09-30"},
    "agreement-renewed": CLAUSE | {"first_on": "2027-10-01", "last_on": "2028-09-30", "number": 4},
    "agreement-ended": AGREEMENT
    | {
        "on": "2027-09-30",
        "how": "notice",
        "who": "Halden",
        "covers": [["Standard service", 2]],
    },
    "agreement-terminated": CLAUSE
    | {
        "how": "notice",
        "withdrawn": False,
        "by": "Martin Voss",
        "organisation": "Brenner & Voss",
        "effective_on": "2027-09-30",
        "reason": "",
    },
    "review-arranged": AGREEMENT
    | {
        "review_id": 4,
        "due_on": "2027-01-13",
        "meeting_at": "2027-01-12T09:00:00+00:00",
        "place": "Room 3",
        "attendees": ["Jens Adler", "Martin Voss"],
        "by": "Jens Adler",
    },
    "review-held": AGREEMENT
    | {
        "review_id": 4,
        "held_on": "2027-01-12",
        "attendees": ["Jens Adler", "Martin Voss"],
        "minutes": "Both are content.",
        "actions": [{"due_on": "2027-02-01", "owner": "Jens Adler", "what": "Send the new rota"}],
        "by": "Jens Adler",
    },
    "agreement-task": AGREEMENT
    | {"of": "exit", "what": "Hand over the passwords", "due_on": "2027-09-20", "is_late": False},
    "contact-unreached": AGREEMENT
    | {
        "acknowledge": None,
        "organisation": "Brenner & Voss",
        "role": "signatory",
        "name": "Martin Voss",
        "because": "silent",
        "matter": "its termination",
    },
}
VERSION = {
    "agreement": "Managed workplace",
    "key": "managed-workplace-brenner-voss",
    "number": 4,
    "effective_on": "2027-01-01",
}
OF_PROPOSALS = {
    "agreement-proposed": VERSION
    | {
        "by": "Martin Voss",
        "organisation": "Brenner & Voss",
        "reason": "Finance works on Saturdays now.",
        "is_first": False,
        "instead_of": 3,
        "voids": True,
    },
    "agreement-commented": VERSION
    | {"by": "Jens Adler", "clause": "4.2", "body": "Two hours need a rota at night."},
    "agreement-signed": VERSION
    | {
        "by": "Jens Adler",
        "organisation": "Halden",
        "digest": "3f" * 32,
        "is_bound": True,
        "signatures": [{"name": "Jens Adler", "organisation": "Halden", "at": at(13, 0)}],
        "enclosed": {"name": "managed-workplace-version-4.json", "text": "{}"},
    },
    "agreement-given-up": VERSION
    | {
        "by": "Jens Adler",
        "organisation": "Halden",
        "is_rejected": True,
        "reason": "Nobody is on the rota on Saturdays.",
    },
    "agreement-in-force": VERSION
    | {"reason": "Saturdays.", "is_first": False, "check_on": "2027-03-01"},
    "agreement-check": VERSION | {"reason": "Saturdays."},
    "agreement-step": VERSION | {"what": "Extend the rota", "due_on": "2026-12-20"},
}
FACTS = {
    **OF_AGREEMENTS,
    **OF_PROPOSALS,
    "escalation": ESCALATION,
    "escalation-digest": {
        "at": at(13, 36),
        "breached": 1,
        "at_risk": 5,
        "items": [CLOCK | {"state": "breached", "left_s": -4000}] + [CLOCK] * 5,
    },
    "plan-started": TICKET
    | {
        "plan": "VPN outage",
        "steps": ["Call the provider of the line.", "Tell the desk's contacts."],
        "because": "the ladder at 100 % of resolution started it",
    },
    "dispute": {
        "dispute": 7,
        "agreement": "Managed workplace",
        "ref": "#1042",
        "what": "decided",
        "subject": "breach",
        "outcome": "corrected",
        "author": "Martin Voss",
        "body": "The line was ours, not yours.",
        "at": at(13, 0),
    },
    "qualification-ends": {
        "name": "Medical devices",
        "holder": "Mara Lindt",
        "expires_on": "2026-12-18",
        "days": 30,
        "is_own": False,
    },
    "client-promise": CLOCK | {"others": []},
    "ticket-opened": TICKET | {"promises": PROMISES},
    "ticket-acknowledged": TICKET | {"name": "Mara Lindt", "at": at(13, 0)},
    "ticket-replied": TICKET
    | {"author": "Mara Lindt", "body": "Try this.\n\nMara", "at": at(13, 0), "waiting": True},
    "ticket-resolved": TICKET
    | {"author": "Mara Lindt", "body": "Done.", "at": at(13, 0), "reopen_until": at(13, 0, 25)},
    "ticket-merged": TICKET | {"into": {"number": 1040, "ref": "#1040", "subject": "VPN"}},
    "ticket-unmerged": TICKET | {"into": {"number": 1040, "ref": "#1040", "subject": "VPN"}},
    "requester-wrote": TICKET | {"author": "Martin Voss", "body": "It is back.", "at": at(13, 9)},
    "requester-answered": TICKET | {"author": "Elke Sommer", "body": "Still.", "at": at(13, 9)},
    "put-in-copy": TICKET | {"by": "Elke Sommer", "requester": "Elke Sommer"},
    "guest-link": TICKET,
    "agreed-date": TICKET
    | {
        "due_at": at(13, 0, 25),
        "when": "before",
        "reason": "The spare part comes then",
        "accepted_by": "Elke Sommer",
        "requester": "Elke Sommer",
    },
    "still-waiting": TICKET
    | {
        "since": at(13, 0, 4),
        "until": at(13, 0, 25),
        "last_words": {"author": "Mara Lindt", "at": at(13, 0, 4), "text": "Which gateway?"},
    },
    "resolved-unanswered": TICKET
    | {
        "body": "We have not heard from you, so we take it that this is solved.",
        "at": at(13, 0),
        "reopen_until": at(13, 0, 25),
        "since": at(13, 0, 4),
    },
    "answer-came-back": TICKET
    | {
        "requester": "Elke Sommer",
        "address": "elke.sommer@brenner-voss.example",
        "author": "Mara Lindt",
        "at": at(13, 0),
        "reason": "The mail server answered 550: no such mailbox",
        "still": "the requester has written since",
    },
    "hours-exception": {
        "agreement": "Managed workplace",
        "version": 3,
        "clause": "3.4",
        "calendar": "Berlin office hours",
        "on": "2026-12-24",
        "windows": ["08:00 to 12:00"],
        "zone": "Europe/Berlin",
        "name": "Christmas Eve",
        "reason": "The house closes at noon.",
        "by": "Jens Adler",
    },
    "waiting-in-vain": TICKET | {"requester": "Elke Sommer", "since": at(13, 0, 4)},
    "worker-stopped": {"since": at(13, 4), "oldest_due_at": at(13, 5)},
    **dict.fromkeys(("join", "password-reset", "change-address", "prove-request"), LINK),
    "account-exists": {},
    "no-account": {},
    "cannot-join": {},
    "password-changed": {"at": at(13, 0)},
    "address-changed": {"at": at(13, 0), "name": "Elke Sommer", "address": "elke@new.example"},
    "assigned": TICKET
    | {
        "organisation": "Brenner & Voss",
        "requester": "Elke Sommer",
        "priority": "High",
        "by": "Jens Adler",
        "at": at(13, 0),
        "promises": PROMISES,
        "last_words": LAST_WORDS,
    },
}


def letter(kind, facts=None, *, to_name="Petra Weiss", zone="Europe/Berlin", language="en"):
    """A letter of ``kind`` with its sample facts and perhaps some others."""
    return SimpleNamespace(
        kind=kind,
        to_name=to_name,
        language=language,
        zone=zone,
        facts=FACTS[kind] | (facts or {}),
        created_at=AT,
    )
