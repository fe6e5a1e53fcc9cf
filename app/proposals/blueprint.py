"""The blueprint of proposals: both parties', in the shell of where they work."""

from flask import Blueprint

blueprint = Blueprint("proposals", __name__)
