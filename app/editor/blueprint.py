"""The blueprint of the editor: both parties', in the shell of where they work."""

from flask import Blueprint

blueprint = Blueprint("editor", __name__)
