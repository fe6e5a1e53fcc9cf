"""What each part of an agreement is made of in the editor: fields, rows, and their words. Pure.

The names are the keys of an agreement file (docs/agreements.md).
"""

from app.languages import lazy_gettext as _
from app.negotiations.fields import Field, Layout, Rows, Shape

CLAUSE_HINT = _("The number of a clause, such as 4.2.")

HEAD = Layout(
    fields=(
        Field("agreement.title", _("Title")),
        Field("agreement.client", _("Client"), Shape.CHOICE, offers="clients"),
        Field("agreement.zone", _("Time zone"), offers="zones", hint=_("Such as Europe/Berlin.")),
        Field("agreement.key", _("Key"), hint=_("Its name in addresses and files; it stays.")),
        Field(
            "agreement.exceptions_clause",
            _("Other hours on single days: clause"),
            offers="clauses",
            hint=_("Empty: no clause allows them."),
        ),
        Field("agreement.changes_clause", _("Changes: clause"), offers="clauses"),
        Field("agreement.disputes_clause", _("Disagreements: clause"), offers="clauses"),
    )
)

TEXT = Layout(
    fields=(Field("title", _("Title of the section")),),
    rows=(Rows("clauses", _("Clause"), (Field("", _("Clause"), Shape.AREA),)),),
)

SERVICES = Layout(
    rows=(
        Rows(
            "services",
            _("Service"),
            (
                Field("name", _("Name")),
                Field("key", _("Key"), hint=_("As in the catalogue.")),
                Field("team", _("Team"), offers="teams"),
                Field("description", _("Description"), Shape.AREA),
                Field("scope", _("Scope and limits"), Shape.AREA),
                Field("deliverables", _("Deliverables"), Shape.LINES, hint=_("One in each line.")),
                Field("resources", _("Resources"), Shape.LINES, hint=_("One in each line.")),
            ),
        ),
    )
)

WEEK = (
    ("mon", _("Monday")),
    ("tue", _("Tuesday")),
    ("wed", _("Wednesday")),
    ("thu", _("Thursday")),
    ("fri", _("Friday")),
    ("sat", _("Saturday")),
    ("sun", _("Sunday")),
)

CALENDAR = Layout(
    fields=(
        Field("name", _("Name")),
        Field("zone", _("Time zone"), offers="zones", hint=_("Empty: the agreement's.")),
        *(Field(f"week.{key}", words, Shape.WINDOWS) for key, words in WEEK),
        Field("holidays.country", _("Public holidays of"), hint=_("A country such as DE or NO.")),
        Field("holidays.subdivision", _("and of its part"), hint=_("Such as BE for Berlin.")),
        Field("holidays.from", _("from the year"), Shape.NUMBER),
    ),
    rows=(
        Rows(
            "exceptions",
            _("Other hours on a day"),
            (
                Field("on", _("Day"), Shape.DATE),
                Field("hours", _("Hours"), Shape.WINDOWS),
                Field("name", _("Why")),
            ),
        ),
    ),
)

CELLS = ("urgent", "high", "normal", "low", "any")
"""The columns of the grid: each priority, and any."""

TIER = Layout(
    fields=(
        Field("name", _("Name")),
        Field("calendar", _("Calendar"), Shape.CHOICE, offers="calendars"),
        Field("day", _("One business day is"), Shape.DURATION, hint=_("Empty: 8 h.")),
        Field(
            "pauses.resolution",
            _("The resolution also stands still"),
            Shape.CHOICES,
            offers="resolution_pauses",
            hint=_("A workaround stands still with it."),
        ),
        Field(
            "pauses.first_response",
            _("The first response also stands still"),
            Shape.CHOICES,
            offers="response_pauses",
            hint=_("An acknowledgement stands still with it."),
        ),
        Field("reopen.rule", _("When a request is reopened"), Shape.CHOICE, offers="reopen"),
        Field("reopen.window_days", _("Can be reopened for, days"), Shape.NUMBER),
        Field("reopen.grant_percent", _("Then left at least, %"), Shape.NUMBER),
        Field("floor_percent", _("Left when a shorter target comes, %"), Shape.NUMBER),
        Field("waiting_ask_days", _("Asked again after, business days"), Shape.NUMBER),
        Field("waiting_resolve_days", _("Then resolved after, business days"), Shape.NUMBER),
    ),
    rows=(
        Rows(
            "targets",
            _("Target"),
            (
                Field("measure", _("Measure"), Shape.CHOICE, offers="measures"),
                Field("kind", _("Of"), Shape.CHOICE, offers="kinds"),
                Field("service", _("For the service"), Shape.CHOICE, offers="services"),
                Field("urgent", _("Urgent"), Shape.DURATION),
                Field("high", _("High"), Shape.DURATION),
                Field("normal", _("Normal"), Shape.DURATION),
                Field("low", _("Low"), Shape.DURATION),
                Field("any", _("Any priority"), Shape.DURATION),
                Field("calendar", _("Calendar"), Shape.CHOICE, offers="calendars"),
                Field("clause", _("Clause"), offers="clauses"),
                Field("sentence", _("In words"), hint=_("Empty: written by itself.")),
                Field("team", _("With the team"), Shape.CHOICE, offers="teams"),
                Field("by", _("By a time of day"), Shape.TIME),
            ),
        ),
        Rows(
            "ladder",
            _("Rung"),
            (
                Field("measures", _("Of"), Shape.CHOICES, offers="measures"),
                Field("amount", _("When"), hint=_("“75”, or “30 min”.")),
                Field("unit", _("Counted as"), Shape.CHOICE, offers="units"),
                Field("roles", _("Tell"), Shape.CHOICES, offers="roles"),
                Field("people", _("And by name"), hint=_("Mail addresses, apart by blanks.")),
                Field("every", _("Again every"), Shape.DURATION),
                Field("times", _("At most, times"), Shape.NUMBER),
                Field("acknowledge", _("“I am on it” within"), Shape.DURATION),
                Field("assign", _("Assign it to"), Shape.CHOICE, offers="role"),
                Field("move", _("Move it to"), offers="teams"),
                Field("raise_priority", _("Raise it to"), Shape.CHOICE, offers="priorities"),
                Field("watch", _("Let watch from then on"), Shape.CHOICE, offers="role"),
                Field("start_plan", _("Start the plan"), Shape.CHOICE, offers="plans"),
            ),
        ),
    ),
)

COVERAGE = Layout(
    rows=(
        Rows(
            "coverage",
            _("Who is covered"),
            (
                Field("organisation", _("Organisation"), Shape.CHOICE, offers="covered"),
                Field("service", _("Service"), Shape.CHOICE, offers="services"),
                Field("tier", _("Tier"), Shape.CHOICE, offers="tiers"),
            ),
        ),
    )
)

TERM = Layout(
    fields=(
        Field("agreement.effective_from", _("Holds from"), Shape.DATE),
        Field("agreement.effective_until", _("Last day"), Shape.DATE, hint=_("Empty: no end.")),
        Field("term.renewal", _("When the last day has come"), Shape.CHOICE, offers="renewals"),
        Field("term.months", _("Renewed by, months"), Shape.NUMBER),
        Field("term.notice_days", _("Notice, days before"), Shape.NUMBER),
        Field("term.clause", _("Renewal: clause"), offers="clauses"),
        Field("agreement.termination_clause", _("Termination: clause"), offers="clauses"),
    )
)

REVIEW = Layout(
    fields=(
        Field("review.every_months", _("Reviewed every, months"), Shape.NUMBER),
        Field("review.attendees", _("Who meets"), Shape.CHOICES, offers="contact_roles"),
        Field("review.clause", _("Reviews: clause"), offers="clauses"),
    )
)

CONTACTS = Layout(
    rows=(
        Rows(
            "contacts",
            _("Contact"),
            (
                Field("party", _("Of"), Shape.CHOICE, offers="parties"),
                Field("role", _("Role"), offers="contact_words"),
                Field("name", _("Name")),
                Field("address", _("Mail address")),
                Field("telephone", _("Telephone")),
                Field("acknowledge_within", _("Confirms within"), Shape.DURATION),
            ),
        ),
    )
)

OBJECTIVES = Layout(
    rows=(
        Rows(
            "objectives",
            _("Objective"),
            (
                Field("key", _("Key")),
                Field("measure", _("Of"), Shape.CHOICE, offers="objective_measures"),
                Field("tier", _("Tier"), Shape.CHOICE, offers="tiers"),
                Field("priority", _("Priority"), Shape.CHOICE, offers="priorities"),
                Field("service", _("Service"), Shape.CHOICE, offers="services"),
                Field("goal", _("Goal, %"), Shape.DECIMAL),
                Field("warning", _("Warn below, %"), Shape.DECIMAL),
                Field("per", _("Per"), Shape.CHOICE, offers="periods"),
                Field("calendar", _("Availability counts in"), Shape.CHOICE, offers="calendars"),
                Field("up_to", _("With at most, promises"), Shape.NUMBER),
                Field("allowed_misses", _("may be missed"), Shape.NUMBER),
                Field("clause", _("Clause"), offers="clauses"),
            ),
        ),
    )
)

CREDITS = Layout(
    fields=(
        Field("credits.fee", _("Fee"), Shape.DECIMAL),
        Field("credits.currency", _("Currency"), hint=_("Such as EUR.")),
        Field("credits.per", _("Per"), Shape.CHOICE, offers="periods"),
        Field("credits.cap_percent", _("At most, % of the fee"), Shape.DECIMAL),
        Field("credits.clause", _("Credits: clause"), offers="clauses"),
        Field("credits.exclusions", _("Does not count"), Shape.LINES, hint=_("One in each line.")),
    ),
    rows=(
        Rows(
            "steps",
            _("Step"),
            (
                Field("objective", _("Objective"), Shape.CHOICE, offers="objectives"),
                Field("below", _("Below, %"), Shape.DECIMAL),
                Field("percent", _("Credit, % of the fee"), Shape.DECIMAL),
            ),
        ),
    ),
)
