"""The blueprint of one's own account: everybody's, in the shell of where they work."""

from flask import Blueprint

blueprint = Blueprint("account", __name__)
