"""How large a file is, in words."""

from app.languages import gettext as _
from app.languages import ngettext


def size(count: int) -> str:
    """ "214 kB" for a number of bytes: rounded up, thousands as on a disk's label."""
    if count < 1000:
        return ngettext("%(num)s byte", "%(num)s bytes", count)
    if count < 1_000_000:
        return _("%(number)s kB", number=-(-count // 1000))
    return _("%(number)s MB", number=-(-count // 1_000_000))
