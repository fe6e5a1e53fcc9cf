"""How the application is put together: extensions, blueprints, error pages and commands."""

import os
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import (
    account,
    agenda,
    clocksource,
    desk,
    driver,
    editor,
    failpoints,
    hearings,
    http,
    logs,
    manage,
    portal,
    proposals,
    signatures,
    styleguide,
    tables,
    waking,
    wallclock,
)
from app.database import db, prepare
from app.files import storage
from app.mail import connection, rendering
from app.people import signing_in
from config import ROOT, Config


def assemble(config: Config) -> Flask:
    """The application for ``config``, ready to serve."""
    logs.configure(config.log_format)
    failpoints.arm(config.failpoint)
    app = http.Site("app", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.extensions["pledge.config"] = config
    app.config.update(
        SECRET_KEY=config.secret_key,
        TESTING=config.testing,
        SQLALCHEMY_DATABASE_URI=config.sqlalchemy_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(config),
        MAX_CONTENT_LENGTH=26 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
    )
    if config.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.proxies, x_proto=config.proxies
        )
    _prepare_database(app, config)
    wallclock.use(clocksource.testing if config.testing else clocksource.installed)
    signing_in.configure(cheap=config.testing)
    signatures.use(config.secret_key)
    storage.use(config.files_folder)
    connection.install(app)
    http.install(app, config)
    for audience in (portal, desk, manage, account, agenda, editor, hearings, proposals):
        audience.register(app)
    if config.testing or os.environ.get("FLASK_RUN_FROM_CLI") == "true":
        _add_commands(app)
    if config.testing or app.debug:
        styleguide.register(app)
    http.require_policies(app)
    _tell_letters_about_the_house(app, config)
    return app


def _add_commands(app: Flask) -> None:
    """Commands, the worker and migrations, which a web process need not carry along."""
    from flask_migrate import Migrate

    from app import cli

    Migrate(app, db, directory=str(ROOT / "migrations"), compare_type=True)
    cli.register(app)


def _engine_options(config: Config) -> dict[str, object]:
    if config.database_url.startswith("sqlite"):
        return {}
    return {
        "connect_args": {"cursor_factory": driver.Reading},
        "pool_pre_ping": True,
        "pool_use_lifo": True,
        "pool_size": 8,
        "max_overflow": 8,
    }


def _prepare_database(app: Flask, config: Config) -> None:
    if config.database_url.startswith("sqlite:///"):
        path = Path(config.database_url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    assert tables.ALL, "every table is known before the first query"
    waking.install()
    with app.app_context():
        prepare(app)


def _tell_letters_about_the_house(app: Flask, config: Config) -> None:
    """Links in mails begin with the public address and need no request."""
    scheme, rest = config.public_url.split("://", 1)
    host, _, path = rest.partition("/")
    links = app.url_map.bind(host, f"/{path}", url_scheme=scheme)
    rendering.configure(
        link=lambda endpoint, **values: links.build(endpoint, values, force_external=True),
        house_name=config.house_name,
        house_zone=config.house_zone,
        mail_domain=config.mail_from.rpartition("@")[2],
    )
