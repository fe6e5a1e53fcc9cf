"""What every page shares: who asks, who may enter, one transaction per request, error pages."""

from flask import Flask
from flask_wtf import CSRFProtect

from app import languages
from app.http import answering, markup, templating, visitors
from app.http.addresses import MAX_ROW, RowNumber, local_path, row_number
from app.http.answering import refusals_on
from app.http.confirming import knows_password
from app.http.entering import enter, leave
from app.http.keeping import keeps_words
from app.http.policies import (
    admin_required,
    agent_required,
    lead_required,
    manager_required,
    needs_session,
    public,
    require_policies,
    signed_in,
)
from app.http.ringing import know_unread
from app.http.saving import saved_as
from app.http.site import Site
from app.http.uploads import takes_files
from app.http.visitors import (
    came_at,
    config,
    cookie_name,
    find_person,
    language,
    person,
    session_id,
    shared_with,
    sight,
    speak_to,
    unattended,
    zone,
)
from config import Config

__all__ = [
    "MAX_ROW",
    "Site",
    "admin_required",
    "agent_required",
    "came_at",
    "config",
    "cookie_name",
    "enter",
    "find_person",
    "install",
    "keeps_words",
    "know_unread",
    "knows_password",
    "language",
    "lead_required",
    "leave",
    "local_path",
    "manager_required",
    "needs_session",
    "person",
    "public",
    "refusals_on",
    "require_policies",
    "row_number",
    "saved_as",
    "session_id",
    "shared_with",
    "sight",
    "signed_in",
    "speak_to",
    "takes_files",
    "unattended",
    "zone",
]


def install(app: Flask, settings: Config) -> None:
    """Give ``app`` everything of this package."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-pledge-form" if settings.is_https else "pledge-form",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.is_https,
    )
    app.url_map.converters["int"] = RowNumber
    templating.equip(app)
    markup.install(app)
    visitors.remember(app)
    languages.install(app, language=visitors.language)
    app.before_request(answering.bound_body)
    CSRFProtect(app)
    markup.share_token(app)
    app.before_request(answering.begin)
    app.teardown_request(answering.end)
    app.before_request(answering.refuse_nul)
    app.after_request(answering.add_headers)
    app.after_request(visitors.touch_session)
    app.after_request(answering.finish)
    answering.catch_errors(app)
