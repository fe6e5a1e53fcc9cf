"""The blueprint of what is coming of agreements: both parties', in the shell of where they work."""

from flask import Blueprint

blueprint = Blueprint("agenda", __name__)
