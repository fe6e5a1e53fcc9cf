"""What no linter says: pages carry no inline code, and migrations lead to the models and back."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

from app.database import db

TEMPLATES = Path(__file__).parents[1] / "templates"
INLINE = re.compile(
    r"""\sstyle\s*=\s*["'{]|\son[a-z]+\s*=\s*["'{]|<style\b|javascript:"""
    r"""|<script(?![^>]*\bsrc=)|\|\s*safe\b""",
    re.IGNORECASE,
)


def test_no_page_carries_inline_style_or_script():
    found = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        if path.is_relative_to(TEMPLATES / "mail"):
            continue  # mail programs read nothing else; the pages that show letters are sandboxed
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if INLINE.search(line):
                found.append(f"{path.relative_to(TEMPLATES)}:{number}: {line.strip()[:80]}")
    assert found == []


@pytest.mark.own_database
def test_migrations_lead_up_down_and_up_again_to_the_models(app: Flask):
    upgrade()
    tables = set(inspect(db.engine).get_table_names())

    downgrade(revision="base")
    left = set(inspect(db.engine).get_table_names()) - {"alembic_version", "sqlite_sequence"}
    upgrade()

    assert left == set()
    assert set(inspect(db.engine).get_table_names()) == tables
    check()


def test_the_pattern_finds_what_it_must():
    for inline in ("<p style='x'>", '<a onclick="x">', "<script>", "{{ body | safe }}"):
        assert INLINE.search(f" {inline}"), inline
    assert not INLINE.search('<script type="module" src="/x.js"></script>')
