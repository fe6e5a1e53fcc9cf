"""Further promises: acknowledgement, workaround, by a time of day, by team; rules of zones."""

import sqlalchemy as sa
from alembic import op

from app.database import Json, UtcDateTime

revision = "2026_11_22_06"
down_revision = "2026_11_22_05"

_IS_OPEN = "status IN ('new', 'on_hold', 'open', 'waiting_requester', 'waiting_vendor')"
_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go to this revision."""
    op.create_index(
        "ix_ticket_requester_open",
        "ticket",
        ["requester_id", "updated_at", "id"],
        sqlite_where=sa.text(_IS_OPEN),
        postgresql_where=sa.text(_IS_OPEN),
    )
    op.drop_index("ix_ticket_split_from_id", "ticket")
    op.create_index(
        "ix_ticket_split_from_id",
        "ticket",
        ["split_from_id"],
        sqlite_where=sa.text("split_from_id IS NOT NULL"),
        postgresql_where=sa.text("split_from_id IS NOT NULL"),
    )
    op.create_table(
        "zone_rules",
        sa.Column("id", _INT, nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("tzdata", sa.String(), nullable=False),
        sa.Column("changes", Json, nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone_rules")),
    )
    op.create_index("ix_zone_rules_zone", "zone_rules", ["zone", "id"])
    with op.batch_alter_table("calendar_version") as table:
        table.add_column(sa.Column("zone_rules_id", _INT, nullable=True))
        table.create_foreign_key(
            op.f("fk_calendar_version_zone_rules_id"), "zone_rules", ["zone_rules_id"], ["id"]
        )
        table.create_index(op.f("ix_calendar_version_zone_rules_id"), ["zone_rules_id"])
    with op.batch_alter_table("target") as table:
        table.add_column(sa.Column("team_id", _INT, nullable=True))
        table.add_column(sa.Column("business_days", _INT, nullable=True))
        table.add_column(sa.Column("by_time", sa.String(), nullable=True))
        table.create_foreign_key(op.f("fk_target_team_id"), "team", ["team_id"], ["id"])
        table.create_index(op.f("ix_target_team_id"), ["team_id"])
        table.create_check_constraint(
            op.f("ck_target_by_time"), "(business_days IS NULL) = (by_time IS NULL)"
        )
    with op.batch_alter_table("message") as table:
        table.add_column(
            sa.Column("is_workaround", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("message") as table:
        table.drop_column("is_workaround")
    with op.batch_alter_table("target") as table:
        table.drop_constraint(op.f("ck_target_by_time"), type_="check")
        table.drop_index(op.f("ix_target_team_id"))
        table.drop_constraint(op.f("fk_target_team_id"), type_="foreignkey")
        table.drop_column("by_time")
        table.drop_column("business_days")
        table.drop_column("team_id")
    with op.batch_alter_table("calendar_version") as table:
        table.drop_index(op.f("ix_calendar_version_zone_rules_id"))
        table.drop_constraint(op.f("fk_calendar_version_zone_rules_id"), type_="foreignkey")
        table.drop_column("zone_rules_id")
    op.drop_table("zone_rules")
    op.drop_index("ix_ticket_requester_open", "ticket")
    op.drop_index("ix_ticket_split_from_id", "ticket")
    op.create_index("ix_ticket_split_from_id", "ticket", ["split_from_id"])
