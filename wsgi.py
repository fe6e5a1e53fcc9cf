"""The web application for a WSGI server: ``gunicorn wsgi:app``. Never starts the worker."""

from app import create_app
from config import Config

app = create_app(Config.from_env())
