"""The newest change of a service, found at once: it names the state of the service's bundle."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_change_service_revision", "change", ["service", "revision"])


def downgrade() -> None:
    op.drop_index("ix_change_service_revision", "change")
