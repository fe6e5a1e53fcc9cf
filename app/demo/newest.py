"""The requests that a visitor of the demo sees first: each stands where a queue has one. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from random import Random

from app.demo import stories
from app.demo.stories import Asked, Story
from app.demo.subjects import Topic


class Stand(Enum):
    """How far somebody has come with a request."""

    UNANSWERED = auto()
    IN_WORK = auto()
    WITH_REQUESTER = auto()
    WITH_VENDOR = auto()


@dataclass(frozen=True)
class Newest:
    """One request: ``share`` of its first response or resolution is used up now.

    ``agent`` looks after it, nobody when empty; ``words`` were the last said.
    """

    topic: Topic
    organisation: str
    requester: str
    priority: str
    stand: Stand
    share: float
    agent: str = ""
    words: str = ""


def story(one: Newest, asked: Asked, random: Random, until: datetime) -> Story:
    """The events of ``one``, whose words and people ``asked`` has."""
    if one.stand is Stand.UNANSWERED:
        return stories.unanswered(asked, one.share, random, until, taken=0.0)
    if one.stand is Stand.IN_WORK:
        return stories.in_work(asked, one.share, random, until, words=one.words)
    status = "waiting_requester" if one.stand is Stand.WITH_REQUESTER else "waiting_vendor"
    return stories.waiting(asked, status, random, until, words=one.words)


ALL = (
    Newest(
        Topic(
            "access",
            "Archive access for the auditor until the end of the month",
            "The auditor needs the archive of 2019 to 2024, read only.",
        ),
        "Brenner & Voss",
        "Robert Achter",
        "low",
        Stand.IN_WORK,
        0.4,
        "Mara Lindt",
        "Approved by Martin Voss. Read only, archive 2019 to 2024, please.",
    ),
    Newest(
        Topic(
            "question",
            "Which plan covers the guest Wi-Fi?",
            "A guest asked what we pay for it, and I could not say.",
        ),
        "Harcourt Press",
        "Claire Dunmore",
        "low",
        Stand.IN_WORK,
        0.2,
        "Petra Weiss",
        "Thanks, could someone call me about it this afternoon?",
    ),
    Newest(
        Topic(
            "workplace-problem",
            "Till 2 frozen after the card update",
            "The till shows “please wait” since this morning. Till 1 works.",
        ),
        "Lindner Optik",
        "Ulf Lindner",
        "normal",
        Stand.UNANSWERED,
        0.55,
    ),
    Newest(
        Topic(
            "printer",
            "Scanner sends blank pages",
            "The scanner in the registry office sends blank pages since yesterday.",
        ),
        "Osterrade council",
        "Lena Harms",
        "normal",
        Stand.IN_WORK,
        0.6,
        "Aiko Brandt",
        "The label says HB-2041. It makes a noise, too.",
    ),
    Newest(
        Topic(
            "network-down",
            "Firewall drops the branch tunnel nightly",
            "Each night at two the tunnel to Bergen is down for some minutes.",
        ),
        "Fjordbank",
        "Sigrid Moe",
        "high",
        Stand.WITH_VENDOR,
        0.5,
        "Tomás Rivera",
        "Case 88-4410 with the vendor, an engineer promised an answer.",
    ),
    Newest(
        Topic(
            "network-down",
            "Calls drop after thirty seconds",
            "It happens only on the reception phone, and only on calls from outside.",
        ),
        "Aalto Dental",
        "Noor Haddad",
        "high",
        Stand.IN_WORK,
        0.55,
        "Tomás Rivera",
        "Another one just now, from a patient in pain. Is there anything new?",
    ),
    Newest(
        Topic(
            "clinical-problem",
            "Imaging archive slow from ward 3",
            "A series takes four minutes to open. Rounds begin at eight.",
        ),
        "St. Marien Clinic",
        "Dr. Ines Falk",
        "urgent",
        Stand.IN_WORK,
        1.2,
        "Jonas Okafor",
        "Same result after the restart. Can we read them from the second archive?",
    ),
    Newest(
        Topic(
            "mailbox",
            "Shared mailbox refuses mail from outside",
            "Two clients phoned to say their mail came back. I attach one of the answers.",
        ),
        "Fjordbank",
        "Sigrid Moe",
        "normal",
        Stand.IN_WORK,
        0.5,
        "Mara Lindt",
        "A third client telephoned. May they write to my own address meanwhile?",
    ),
    Newest(
        Topic(
            "new-starter",
            "New starter on the first: laptop, accounts",
            "Name: Hannah Lorenz, litigation, needs the dictation set and a second screen.",
        ),
        "Brenner & Voss",
        "Martin Voss",
        "normal",
        Stand.UNANSWERED,
        0.4,
    ),
    Newest(
        Topic(
            "access",
            "Ledger export for the auditor",
            "The auditor asks for the ledger of the last quarter, please with the receipts.",
        ),
        "Brenner & Voss",
        "Elke Sommer",
        "normal",
        Stand.WITH_REQUESTER,
        0.3,
        "Mara Lindt",
        "Should the auditor see the receipts of the branch offices, too?",
    ),
    Newest(
        Topic(
            "printer",
            "Label printer in the Dresden office prints half labels",
            "The lower half is missing since the roll was changed.",
        ),
        "Brenner & Voss",
        "Elke Sommer",
        "low",
        Stand.UNANSWERED,
        0.3,
    ),
    Newest(
        Topic(
            "printer",
            "Cannot print delivery notes in hall 3",
            "Trucks are waiting at the ramp, both label printers say offline.",
        ),
        "Kestrel Logistics",
        "Piotr Zielinski",
        "high",
        Stand.UNANSWERED,
        1.15,
    ),
    Newest(
        Topic(
            "workplace-problem",
            "Laptop does not wake from sleep",
            "It stays black until I hold the power button.",
        ),
        "Aalto Dental",
        "Maja Kron",
        "normal",
        Stand.WITH_REQUESTER,
        0.4,
        "Mara Lindt",
        "Could you leave it with reception, so that we can swap the board?",
    ),
    Newest(
        Topic(
            "network-down",
            "Badge readers at gate B reject everybody",
            "No badge works at gate B any more, gate A is fine. We let people in by hand.",
        ),
        "Kestrel Logistics",
        "Agnes Mrowka",
        "urgent",
        Stand.UNANSWERED,
        0.8,
    ),
    Newest(
        Topic(
            "vpn",
            "VPN down for the finance team",
            "Good afternoon,\n\nnobody in finance can connect with the VPN. Six people, all at "
            "home today. The window says “gateway did not answer”. We close the month tomorrow at "
            "six.\n\nElke Sommer",
        ),
        "Brenner & Voss",
        "Elke Sommer",
        "high",
        Stand.IN_WORK,
        0.83,
        "Mara Lindt",
        "Still the same after the new profile: “gateway did not answer”. Is there another way in "
        "for today? We need the ledger by four.",
    ),
)
"""The last of them is the newest ticket."""
