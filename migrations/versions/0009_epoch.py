"""The epoch: a name for the time from one restore of the catalog to the next.

Revisions and versions that were given after a backup was made are given again after it is restored;
with the epoch beside them they name one state still.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    epoch = op.create_table(
        "epoch",
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_epoch"),
    )
    op.bulk_insert(epoch, [{"name": f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"}])


def downgrade() -> None:
    op.drop_table("epoch")
