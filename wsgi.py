"""The web application for a WSGI server: ``gunicorn wsgi:app``. Never starts the worker.

A web process looks after the worker; the command line, which loads the same module, does not.
"""

import gc
import os

from app import create_app
from app.manage import watchdog
from config import Config

app = create_app(Config.from_env())
if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
    watchdog.start(app)
    gc.collect()
    gc.freeze()  # what is here now stays: no collection need look at it again
    gc.set_threshold(10_000, 20)
