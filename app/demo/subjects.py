# ruff: noqa: E501
"""What people of the demo ask for: subjects with the words they write, per request type. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """One thing that goes wrong or is wanted; ``{where}`` and ``{what}`` vary."""

    request_type: str
    subject: str
    body: str


WHERE = (
    "hall 3",
    "the reception",
    "room 214",
    "the Dresden office",
    "the branch in Leipzig",
    "the second floor",
    "the archive",
    "ward 3",
    "the home office",
    "the finance team",
    "the Hamburg office",
    "the laboratory",
    "the loading ramp",
    "the training room",
)
WHAT = (
    "since this morning",
    "since yesterday's update",
    "every few minutes",
    "only in the afternoon",
    "since about half past nine",
    "after each restart",
)

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
        "Branch tunnel of {where} unstable",
        "The connection of {where} drops {what}. The telephone still works.",
    ),
    Topic(
        "network-down",
        "Calls drop after thirty seconds",
        "It happens only in {where}, {what}. Mobile telephones are fine.",
    ),
    Topic(
        "network-down",
        "Wi-Fi guest portal shows old terms",
        "Guests in {where} get the terms of last year and cannot go on.",
    ),
    Topic(
        "network-down",
        "Badge readers reject everybody in {where}",
        "No badge works {what}. People wait outside {where}.",
    ),
    Topic(
        "workplace-problem",
        "Laptop does not wake from sleep",
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
        "Payroll export stops at record 4,096",
        "The export from payroll stops at the same record {what}. The bank wants the file by four.",
    ),
    Topic(
        "workplace-problem",
        "Dictation software loses profiles",
        "Two colleagues in {where} have to train it anew {what}.",
    ),
    Topic(
        "new-starter",
        "New starter on the first: laptop, access, badge",
        "Name: Hannah Brück, litigation. She needs a laptop, a mailbox and a badge for {where}.",
    ),
    Topic(
        "new-starter",
        "Leaver at the end of the month",
        "Please close the accounts of Jan Peters and forward the mail to {where}.",
    ),
    Topic(
        "mailbox",
        "Shared mailbox refuses mail from outside",
        "Two clients telephoned to say that their mail to {where} came back {what}.",
    ),
    Topic(
        "mailbox",
        "Calendar shared twice",
        "Everything in the calendar of {where} stands there twice {what}.",
    ),
    Topic(
        "mailbox",
        "Cannot open encrypted letters",
        "Letters from the court cannot be opened in {where} {what}.",
    ),
    Topic(
        "access",
        "Archive access for the auditor",
        "Read only, until the end of the month, for {where}. Dr. Voss has approved it.",
    ),
    Topic(
        "access",
        "Access to the folder of {where}",
        "I have taken over from a colleague and need the folder of {where}.",
    ),
    Topic(
        "clinical-problem",
        "Imaging archive slow from {where}",
        "A series takes four minutes to open {what}. {where} is affected.",
    ),
    Topic(
        "clinical-problem",
        "Lab results stop at the interface",
        "Results of {where} do not arrive {what}. We telephone them through.",
    ),
    Topic(
        "printer",
        "Cannot print delivery notes in {where}",
        "Both label printers in {where} say offline {what}. Trucks are waiting.",
    ),
    Topic(
        "printer", "Scanner sends blank pages", "The scanner in {where} sends blank pages {what}."
    ),
    Topic(
        "printer",
        "Label printer prints half labels",
        "The lower half is missing {what}. It is the printer in {where}.",
    ),
    Topic(
        "question",
        "Which plan covers the guest Wi-Fi?",
        "Could someone tell us which plan covers the guest Wi-Fi in {where}?",
    ),
    Topic(
        "question",
        "Can we keep the old telephones?",
        "We move within {where} and would like to keep the telephones.",
    ),
)

FIRST_ANSWERS = (
    "Good morning, I have this in hand and look at it now.",
    "Thank you for writing. I can see it from here and will call the provider.",
    "I have it. Please leave the machine on, I connect to it within the hour.",
    "Thank you, that is enough to start with. You hear from me today.",
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
    "Dr. Voss approves it. He is in copy.",
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
