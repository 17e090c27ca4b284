"""The append-only log of changes.

Going back over this one forgets the history: what services, codes and messages are stays.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import postgresql
from migrations.postgresql import is_postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# The guard on INSERT also stops INSERT OR REPLACE, which no DELETE trigger sees, and keeps the
# revisions free of gaps.
TRIGGERS = {
    "change_is_not_updated": "BEFORE UPDATE ON change",
    "change_is_not_deleted": "BEFORE DELETE ON change",
    "change_is_only_appended": (
        "BEFORE INSERT ON change"
        " WHEN NEW.revision <> (SELECT coalesce(max(revision), 0) + 1 FROM change)"
    ),
}


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("change_set", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("before_digest", sa.Text(), nullable=True),
        sa.Column("after_digest", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reason_digest", sa.Text(), nullable=True),
        sa.Column("breaking", sa.Text(), nullable=True),
        sa.Column("breaking_digest", sa.Text(), nullable=True),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name="pk_change"),
    )
    for columns in (
        ["change_set"],
        ["service", "code", "revision"],
        ["locale", "revision"],
        ["actor", "revision"],
    ):
        op.create_index(f"ix_change_{'_'.join(columns)}", "change", columns)
    if is_postgresql():
        postgresql.create_append_only_triggers()
        return
    for name, occasion in TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER {name} {occasion}"
            " BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END"
        )


def downgrade() -> None:
    if not is_postgresql():
        for name in TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
    op.drop_table("change")
    if is_postgresql():
        postgresql.drop_append_only_functions()
