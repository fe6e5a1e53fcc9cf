"""The demo's accounts, shown on its sign-in page. They exist in a demo only."""

from dataclasses import dataclass

PASSWORD = "keeps its promises"


@dataclass(frozen=True)
class Account:
    """Somebody a visitor of the demo may be, and what that shows."""

    address: str
    password: str
    name: str
    what: str


SHOWN = [
    Account(
        "elke.sommer@brenner-voss.example",
        PASSWORD,
        "Elke Sommer",
        "asks for help, at Brenner & Voss",
    ),
    Account(
        "martin.voss@brenner-voss.example",
        PASSWORD,
        "Martin Voss",
        "signs and disputes, at Brenner & Voss",
    ),
    Account("sigrid.moe@fjordbank.example", PASSWORD, "Sigrid Moe", "asks for help, at Fjordbank"),
    Account("mara.lindt@halden.example", PASSWORD, "Mara Lindt", "works the queue, at Halden"),
    Account("petra.weiss@halden.example", PASSWORD, "Petra Weiss", "leads the service desk"),
    Account("jens.adler@halden.example", PASSWORD, "Jens Adler", "manages, reads the week"),
    Account("nora.falk@halden.example", PASSWORD, "Nora Falk", "runs the installation"),
]
