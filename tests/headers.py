"""What every answer has to tell a browser, whatever it answers."""

from collections.abc import Iterator

from werkzeug.test import TestResponse

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def faults(name: str, answer: TestResponse) -> Iterator[str]:
    """What the answer called ``name`` fails to say, each in a line."""
    said = answer.headers
    whole = said.get("Content-Security-Policy", "")
    policy = dict(part.strip().split(" ", 1) for part in whole.split(";") if " " in part.strip())
    if policy != policy | POLICY and "sandbox" not in whole:
        yield f"{name}: {policy}"
    if "unsafe" in whole and "sandbox" not in whole:
        yield f"{name}: unsafe"
    if not all(value.isascii() for _header, value in said):
        yield f"{name}: letters that no server sends"
    if said.get("X-Content-Type-Options") != "nosniff":
        yield f"{name}: sniffed"
    if said.get("Referrer-Policy") != "same-origin":
        yield f"{name}: tells where one was"
    if said.get("Cache-Control") != "no-store":
        yield f"{name}: kept by browsers"
