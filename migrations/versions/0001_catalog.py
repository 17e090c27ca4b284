"""Services, their codes, the messages of these, and the index that finds them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import postgresql
from migrations.postgresql import is_postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=True),
        sa.Column("default_locale", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service"),
        sa.UniqueConstraint("slug", name="uq_service_slug"),
    )
    op.create_table(
        "error_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("http_status_given", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("replaced_by", sa.Text(), nullable=True),
        sa.Column("sunset_at", sa.DateTime(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'active', 'deprecated', 'retired')",
            name=op.f("ck_error_code_status"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name="fk_error_code_service_id_service",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_error_code"),
        sa.UniqueConstraint("service_id", "code", name="uq_error_code_service_id_code"),
    )
    for columns in (
        ["code"],
        ["key"],
        ["service_id", "http_status"],
        ["service_id", "key"],
        ["service_id", "position", "id"],
        ["service_id", "status"],
    ):
        op.create_index(f"ix_error_code_{'_'.join(columns)}", "error_code", columns)
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("error_code_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("remedy", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("translated_wording", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("state IN ('approved', 'needs_review')", name=op.f("ck_message_state")),
        sa.CheckConstraint(
            "text IS NOT NULL OR description IS NOT NULL OR remedy IS NOT NULL",
            name=op.f("ck_message_not_empty"),
        ),
        sa.ForeignKeyConstraint(
            ["error_code_id"],
            ["error_code.id"],
            name="fk_message_error_code_id_error_code",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("error_code_id", "locale", name="uq_message_error_code_id_locale"),
    )
    if is_postgresql():
        postgresql.create_search_index()
        return
    op.execute(
        "CREATE VIRTUAL TABLE search_part USING fts5 (code, key, text, tokenize = 'trigram')"
    )
    op.execute("CREATE VIRTUAL TABLE search_word USING fts5 (code, key, text)")


def downgrade() -> None:
    indexes = ("search_gram",) if is_postgresql() else ("search_word", "search_part")
    for table in (*indexes, "message", "error_code", "service"):
        op.drop_table(table)
