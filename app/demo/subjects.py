# ruff: noqa: E501
"""What people of the demo ask for: subjects with the words they write, per request type. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """One thing that goes wrong or is wanted; ``{where}`` and ``{what}`` vary."""

    request_type: str
    subject: str
    body: str
    only: tuple[str, ...] = ()
    """The organisations that ask for it, empty for all."""


WHERE = {
    "Brenner & Voss": ("the finance team", "litigation", "the Dresden office", "the reception"),
    "Fjordbank": ("the branch in Bergen", "the branch in Leipzig", "the trading room", "lending"),
    "Aalto Dental": ("the practice in Turku", "room 2", "the reception", "the laboratory"),
    "Kestrel Logistics": ("hall 3", "the loading ramp", "dispatch", "the Hamburg office"),
    "St. Marien Clinic": ("ward 3", "ward 7", "radiology", "the laboratory", "admissions"),
    "Osterrade council": ("the registry office", "the library", "room 214", "the town hall"),
    "Harcourt Press": ("the archive", "proofreading", "the London office", "accounts"),
    "Lindner Optik": ("the shop in Dresden", "the workshop", "the shop in Pirna"),
}
WHAT = (
    "since this morning",
    "since yesterday's update",
    "every few minutes",
    "only in the afternoon",
    "since about half past nine",
    "after each restart",
)

CLINICAL = ("St. Marien Clinic", "Aalto Dental")
TOPICS = (
    Topic(
        "vpn",
        "VPN down for {where}",
        "Good morning,\n\nnobody in {where} can connect with the VPN {what}. The window says “gateway did not answer”.\n\nKind regards",
    ),
    Topic(
        "vpn",
        "VPN slow in {where}",
        "Copying a file through the VPN takes minutes {what}. Others in {where} see the same.",
    ),
    Topic(
        "vpn",
        "VPN profile expired for {where}",
        "The profile says that it expired. We need a new one in {where}.",
    ),
    Topic(
        "network-down",
        "Tunnel to {where} unstable",
        "The connection of {where} drops {what}. The telephone still works.",
    ),
    Topic(
        "network-down",
        "Calls drop after thirty seconds in {where}",
        "It happens only in {where}, {what}. Mobile telephones are fine.",
    ),
    Topic(
        "network-down",
        "Wi-Fi portal in {where} shows old terms",
        "Guests in {where} get the terms of last year and cannot go on.",
    ),
    Topic(
        "network-down",
        "Badge readers reject everybody in {where}",
        "No badge works {what}. People wait outside {where}.",
    ),
    Topic(
        "workplace-problem",
        "Laptop in {where} does not wake from sleep",
        "It stays black {what}. I am in {where} and have to hold the power button.",
    ),
    Topic(
        "workplace-problem",
        "Two screens, one stays dark in {where}",
        "The left screen at my desk in {where} is dark {what}.",
    ),
    Topic(
        "workplace-problem",
        "Remote desktop black for the night shift",
        "In {where} the remote desktop shows only black {what}.",
    ),
    Topic(
        "workplace-problem",
        "Payroll export of {where} stops half-way",
        "The export from payroll stops at the same record {what}. The bank wants the file by four.",
    ),
    Topic(
        "workplace-problem",
        "Dictation software loses profiles",
        "Two colleagues in {where} have to train it anew {what}.",
    ),
    Topic(
        "new-starter",
        "New starter in {where}: laptop, access, badge",
        "She begins in {where} and needs a laptop, a mailbox and a badge.",
    ),
    Topic(
        "new-starter",
        "Leaver in {where} at the end of the month",
        "Please close the accounts of Jan Peters and forward the mail to {where}.",
    ),
    Topic(
        "mailbox",
        "Shared mailbox of {where} refuses mail from outside",
        "Two clients telephoned to say that their mail to {where} came back {what}.",
    ),
    Topic(
        "mailbox",
        "Calendar of {where} shows everything twice",
        "Everything in the calendar of {where} stands there twice {what}.",
    ),
    Topic(
        "mailbox",
        "Cannot open encrypted letters",
        "Letters from the court cannot be opened in {where} {what}.",
        only=("Brenner & Voss", "Osterrade council"),
    ),
    Topic(
        "access",
        "Archive access for the auditor in {where}",
        "Read only, until the end of the month, for {where}. It is approved.",
    ),
    Topic(
        "access",
        "Access to the folder of {where}",
        "I have taken over from a colleague and need the folder of {where}.",
    ),
    Topic(
        "clinical-problem",
        "Imaging archive slow from {where}",
        "A series takes four minutes to open {what}, and only in {where}.",
        only=CLINICAL,
    ),
    Topic(
        "clinical-problem",
        "Lab results of {where} stop at the interface",
        "Results of {where} do not arrive {what}. We telephone them through.",
        only=CLINICAL,
    ),
    Topic(
        "printer",
        "Cannot print delivery notes in {where}",
        "Both label printers in {where} say offline {what}. Trucks are waiting.",
        only=("Kestrel Logistics",),
    ),
    Topic(
        "printer",
        "Scanner in {where} sends blank pages",
        "The scanner in {where} sends blank pages {what}.",
    ),
    Topic(
        "printer",
        "Label printer prints half labels",
        "The lower half is missing {what}. It is the printer in {where}.",
    ),
    Topic(
        "clinical-problem",
        "Cannot open discharge letters in {where}",
        "The letters stay grey {what}. Two patients go home at noon.",
        only=("St. Marien Clinic",),
    ),
    Topic(
        "printer",
        "Public PCs forget the print quota",
        "After each restart everybody in {where} has 50 pages again.",
        only=("Osterrade council",),
    ),
    Topic(
        "workplace-problem",
        "Till frozen after the card update",
        "The till in {where} shows “please wait” {what}. The other one works.",
        only=("Lindner Optik",),
    ),
    Topic(
        "workplace-problem",
        "Two invoices with the same number",
        "It happens in {where}, {what}. We must not send them.",
        only=("Harcourt Press", "Kestrel Logistics"),
    ),
    Topic(
        "workplace-problem",
        "Backup skipped two shares of {where}",
        "The report of the night lists two shares of {where} as in use.",
    ),
    Topic(
        "network-down",
        "Handhelds lose the network in {where}",
        "They find it again after a minute, {what}. Pickers write on paper meanwhile.",
        only=("Kestrel Logistics",),
    ),
    Topic(
        "mailbox",
        "Meeting room booked twice in {where}",
        "Two groups stood before the door. It goes on {what}.",
    ),
    Topic(
        "access",
        "Two-factor code for a new telephone",
        "My telephone is new and the codes go to the old one. I work in {where}.",
    ),
    Topic(
        "new-starter",
        "Intern for six weeks in {where}",
        "A laptop from the pool is enough, and mail. The contract ends by itself.",
    ),
    Topic(
        "question",
        "Which plan covers the guest Wi-Fi in {where}?",
        "Could someone tell us which plan covers the guest Wi-Fi in {where}?",
    ),
    Topic(
        "question",
        "Can {where} keep the old telephones?",
        "We move within {where} and would like to keep the telephones.",
    ),
)
_OF = {name: tuple(t for t in TOPICS if not t.only or name in t.only) for name in WHERE}


def topics_of(organisation: str) -> tuple[Topic, ...]:
    """What people of this organisation ask for."""
    return _OF[organisation]


FIRST_ANSWERS = (
    "Good morning, I have this in hand and look at it now.",
    "Thank you for writing. I can see it from here and will call the provider.",
    "I have it. Please leave the machine on, I connect to it within the hour.",
    "Thank you, that is enough to start with. You hear from me today.",
)
WORKAROUNDS = (
    "A way round for now: the web client at the same address does it, and keeps everything.",
    "Until it is mended, please use the one on the floor below; it is set up the same way.",
    "As a way round I have put you on the version of last week, where this works.",
)
QUESTIONS = (
    "Could you send me the log of one machine? In the window: Help, then Save log.",
    "Which number stands on the yellow label?",
    "Does it also happen with a cable instead of Wi-Fi?",
    "Who should have access, and who approves it?",
)
REPLIES = (
    "Here is what you asked for.",
    "It happens with the cable, too.",
    "The label says HB-2041. Thank you for looking into it.",
    "Our director approves it and is in copy.",
)
FOLLOW_UPS = (
    "Thank you. Two more colleagues see the same.",
    "Is there anything new? We close at six.",
    "It came back just now.",
)
UPDATES = (
    "We found the cause: a certificate that expired last night. The new one is on its way.",
    "The supplier has confirmed the fault and sends a part.",
    "I have changed the setting on our side. Please try again.",
)
SOLUTIONS = (
    "The gateway has a new certificate. Everything connects again; please tell us if not.",
    "The driver is replaced and a test page came out.",
    "The account is set up. The first password comes by letter.",
    "We have raised the limit and the export ran to its end.",
    "The cable in the wall was broken and is replaced.",
)
NOTES = (
    "Same as last month; see the change of that night.",
    "The supplier's case number is 88-4410.",
    "Told the team lead by telephone.",
)
