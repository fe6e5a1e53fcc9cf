"""What a requester asked for and has ended, in the order in which it changed."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_07"
down_revision = "2026_11_22_06"

_IS_DONE = "status IN ('closed', 'resolved')"


def upgrade() -> None:
    """Go to this revision."""
    op.create_index(
        "ix_ticket_requester_done",
        "ticket",
        ["requester_id", "updated_at", "id"],
        sqlite_where=sa.text(_IS_DONE),
        postgresql_where=sa.text(_IS_DONE),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index("ix_ticket_requester_done", "ticket")
