"""Every module that defines tables, so that migrations and tests see them all."""

from app import claims, clocksource
from app.agreements import models as agreements
from app.calendars import models as calendars
from app.catalogue import models as catalogue
from app.clocks import models as clocks
from app.disputes import models as disputes
from app.escalation import models as escalation
from app.files import models as files
from app.importing import models as importing
from app.mail import models as mail
from app.negotiations import models as negotiations
from app.notices import models as notices
from app.obligations import models as obligations
from app.people import models as people
from app.qualifications import models as qualifications
from app.tickets import desk_models as desk
from app.tickets import models as tickets

ALL = (
    agreements,
    calendars,
    catalogue,
    claims,
    clocks,
    clocksource,
    desk,
    disputes,
    escalation,
    files,
    importing,
    mail,
    negotiations,
    notices,
    obligations,
    people,
    qualifications,
    tickets,
)
