"""The blueprint of manage; no common prefix, for it serves /reports as well as /manage."""

from flask import Blueprint

blueprint = Blueprint("manage", __name__)
