"""The command line: ``flask --app wsgi COMMAND``."""

from flask import Flask

from app.cli.agreements import agreements
from app.cli.clocks import clocks
from app.cli.demo import demo
from app.cli.importing import export_group, import_group
from app.cli.people import people
from app.cli.searching import search
from app.cli.serving import serve
from app.cli.testclock import testclock
from app.cli.working import jobs, worker


def register(app: Flask) -> None:
    """Add every command to ``app``."""
    for command in (
        agreements,
        clocks,
        demo,
        people,
        import_group,
        export_group,
        search,
        serve,
        testclock,
        worker,
        jobs,
    ):
        app.cli.add_command(command)
