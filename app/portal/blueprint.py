"""The portal's blueprint: the front door and what requesters see. It has no URL prefix."""

from flask import Blueprint

blueprint = Blueprint("portal", __name__)
