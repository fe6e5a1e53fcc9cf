"""An agreement to take along: on paper, as PDF, as TOML, and what proves that it is unchanged."""

from flask import Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from app import http, wallclock
from app.agreements import loading, stored, toml_text
from app.http import signed_in
from app.manage import agreement_shelf, pdf
from app.manage.agreement_shelf import Volume
from app.manage.blueprint import blueprint

PREFIX = "/agreements/<key>/versions/<int:number>"


@blueprint.get(f"{PREFIX}/print")
@signed_in
def agreement_print(key: str, number: int) -> str:
    """The version as it looks on paper; says where the PDF comes from, or that there is none."""
    return _on_paper(_volume(key, number), is_pdf=False)


@blueprint.get(f"{PREFIX}.pdf")
@signed_in
def agreement_pdf(key: str, number: int) -> Answer:
    """The version as PDF; without the library for it, the page to print."""
    volume = _volume(key, number)
    made = pdf.of(_on_paper(volume, is_pdf=True)) if pdf.is_possible() else None
    if made is None:
        return redirect(url_for("manage.agreement_print", key=key, number=number), 303)
    return _download(made, "application/pdf", f"{key}-{number}.pdf")


@blueprint.get(f"{PREFIX}.toml")
@signed_in
def agreement_toml(key: str, number: int) -> Answer:
    """The version as a file that loads again, with its signatures."""
    volume = _volume(key, number)
    values = stored.signed_values_of(volume.version, volume.standing.signatures, volume.agreement)
    return _download(toml_text.text(values), "application/toml", f"{key}-{number}.toml")


@blueprint.get(f"{PREFIX}.json")
@signed_in
def agreement_canonical(key: str, number: int) -> Answer:
    """What was signed, byte by byte: its SHA-256 is the digest."""
    canonical = loading.canonical(_volume(key, number).version.source)
    return _download(canonical, "application/json", f"{key}-{number}.json")


@blueprint.get(f"{PREFIX}/check")
@signed_in
def agreement_check(key: str, number: int) -> str:
    """What was signed, with which digest, and how anybody can check it."""
    volume = _volume(key, number)
    return render_template(
        "manage/agreements/check.html", volume=volume, zone=http.zone(), now=wallclock.now()
    )


def _volume(key: str, number: int) -> Volume:
    return agreement_shelf.volume(key, number, seen_by=http.person(), at=wallclock.now())


def _on_paper(volume: Volume, *, is_pdf: bool) -> str:
    return render_template(
        "manage/agreements/print.html",
        volume=volume,
        is_pdf=is_pdf,
        has_pdf=pdf.is_possible(),
        now=wallclock.now(),
    )


def _download(content: str | bytes, kind: str, name: str) -> Response:
    whole = kind if isinstance(content, bytes) else f"{kind}; charset=utf-8"
    return http.saved_as(Response(content, content_type=whole), name)
