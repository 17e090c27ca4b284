"""Sign-ins to the pages, what their cookies are signed with, and the queue of texts to review.

Going back over this one signs everybody out.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY_BYTES = 32


def upgrade() -> None:
    op.create_table(
        "sign_in",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name="fk_sign_in_account_id_account",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name="pk_sign_in"),
    )
    op.create_index("ix_sign_in_account_id", "sign_in", ["account_id"])
    op.create_index("ix_sign_in_expires_at", "sign_in", ["expires_at"])
    signing_key = op.create_table(
        "signing_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_signing_key"),
    )
    op.bulk_insert(signing_key, [{"key": secrets.token_urlsafe(KEY_BYTES)}])
    op.create_index("ix_message_state_id", "message", ["state", "id"])


def downgrade() -> None:
    op.drop_index("ix_message_state_id", "message")
    op.drop_table("signing_key")
    op.drop_table("sign_in")
