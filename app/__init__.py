"""Pledge: a helpdesk whose service level agreement is the program."""

import zoneinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Config

# The pinned package tzdata and not the host's files: the same due time on every host.
zoneinfo.reset_tzpath(to=())


def create_app(config: "Config") -> "Flask":
    """The application for ``config``.

    The parts are imported here and not above, so that the pure core can be used (and tested)
    without the rest.
    """
    from app import assembly

    return assembly.assemble(config)
