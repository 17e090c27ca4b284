"""What a line of a log is looked up by: the anchor of each message's text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

# What is looked up by must be what was written by: another way to make anchors is a migration too.
from app.catalog.templates import anchor_of

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BATCH_SIZE = 10_000


def upgrade() -> None:
    op.add_column("message", sa.Column("anchor", sa.BigInteger(), nullable=True))
    fill()
    op.create_index("ix_message_anchor", "message", ["anchor"])


def downgrade() -> None:
    op.drop_index("ix_message_anchor", "message")
    op.drop_column("message", "anchor")


def fill() -> None:
    """Give each message its anchor."""
    message = sa.table("message", sa.column("id"), sa.column("text"), sa.column("anchor"))
    connection = op.get_bind()
    last = 0
    while True:
        rows = connection.execute(
            sa.select(message.c.id, message.c.text)
            .where(message.c.id > last)
            .order_by(message.c.id)
            .limit(BATCH_SIZE)
        ).all()
        if not rows:
            return
        connection.execute(
            sa.update(message)
            .where(message.c.id == sa.bindparam("message_id"))
            .values(anchor=sa.bindparam("found")),
            [{"message_id": row.id, "found": anchor_of(row.text)} for row in rows],
        )
        last = rows[-1].id
