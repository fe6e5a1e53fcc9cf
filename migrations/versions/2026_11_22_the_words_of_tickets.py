"""the words of tickets.

SQLite keeps them in FTS5, PostgreSQL in a tsvector; `app.fulltext` alone knows the table. It
is filled by ``flask search rebuild``.
"""

from alembic import op

revision = "2026_11_22_04"
down_revision = "2026_11_22_03"


def upgrade() -> None:
    """Go to this revision."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TABLE fts_ticket ("
            " ticket_id bigint NOT NULL CONSTRAINT pk_fts_ticket PRIMARY KEY"
            " CONSTRAINT fk_fts_ticket_ticket_id REFERENCES ticket (id) ON DELETE CASCADE,"
            " words tsvector NOT NULL,"
            " size integer NOT NULL)"
        )
        op.execute(
            "CREATE INDEX ix_fts_ticket_words ON fts_ticket USING gin (words)"
            " WITH (gin_pending_list_limit = 512)"
        )
        op.execute("ALTER TABLE fts_ticket ALTER COLUMN words SET STATISTICS 500")
    else:
        op.execute(
            "CREATE VIRTUAL TABLE fts_ticket USING fts5("
            " public, internal, size UNINDEXED, tokenize = 'unicode61 remove_diacritics 0')"
        )


def downgrade() -> None:
    """Go back to the revision before."""
    op.execute("DROP TABLE fts_ticket")
