"""``flask serve``: everything on one machine with one command, for a look or a small team.

Migrates, loads the demo on the first start (with ``PLEDGE_DEMO=1``), then runs gunicorn and the
worker as processes of their own until one ends or somebody presses Ctrl-C.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from app import wallclock
from app.database import db
from app.demo import accounts, loading

TEN_SECONDS = 10
FROM_CLI = "FLASK_RUN_FROM_CLI"
"""What Flask sets for its commands; a web server that we start is none of them."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, type=int)
@click.option("--web-processes", default=2, show_default=True, type=int)
@click.option("--tickets", default=600, show_default=True, type=int, help="Size of the demo.")
@with_appcontext
def serve(host: str, port: int, web_processes: int, tickets: int) -> None:
    """Migrate, load the demo on first start, and serve web and worker."""
    upgrade()
    settings = current_app.extensions["pledge.config"]
    if settings.demo and not loading.is_loaded():
        click.echo("First start: loading the demo ...", err=True)
        loading.load(tickets=tickets, seed=1, at=wallclock.now())
    db.session.remove()
    db.engine.dispose()
    children = [_web(host, port, web_processes), _worker()]

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        _greet(host, port, children[0], demo=settings.demo)
        while all(child.poll() is None for child in children):
            time.sleep(0.2)
    except KeyboardInterrupt:
        pass
    finally:
        code = _end(children)
    sys.exit(code)


def _web(host: str, port: int, processes: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "wsgi:app",
            "--bind",
            f"{host}:{port}",
            "--worker-class",
            "gthread",
            "--workers",
            str(processes),
            "--threads",
            "4",
            "--log-level",
            "warning",
        ],
        env={name: value for name, value in os.environ.items() if name != FROM_CLI},
    )


def _worker() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker"], env=os.environ
    )


def _greet(host: str, port: int, web: "subprocess.Popen[bytes]", *, demo: bool) -> None:
    address = f"http://{host}:{port}"
    for _ in range(300):
        if web.poll() is not None:
            raise KeyboardInterrupt
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=1).close()
            break
        except urllib.error.HTTPError:
            break
        except OSError:
            time.sleep(0.1)
    click.echo(f"\n  Pledge answers at {address}\n")
    if demo:
        click.echo("  This is a demo. Sign in as one of these:")
        for account in accounts.SHOWN:
            click.echo(f"    {account.address:34} {account.password:24} {account.what}")
    click.echo("\n  Ctrl-C stops it.\n")
    sys.stdout.flush()


def _end(children: list["subprocess.Popen[bytes]"]) -> int:
    """Ask every child to end; kill what has not ended after ten seconds."""
    codes = [child.poll() for child in children]
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(TEN_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
    return next((code for code in codes if code), 0)
