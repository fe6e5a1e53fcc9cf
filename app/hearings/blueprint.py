"""The blueprint of disputes: both parties', in the shell of where each works."""

from flask import Blueprint

blueprint = Blueprint("hearings", __name__)
