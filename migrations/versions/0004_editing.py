"""What editing needs: ids that are never given twice, meanings of texts, four eyes, reservations,
proposals, and a log in which a text can be blanked and nothing else be changed.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from migrations import postgresql
from migrations.postgresql import is_postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MEANINGS = ("text_meaning", "description_meaning", "remedy_meaning")
BLANKED = ("before", "after", "reason", "breaking")
KEPT = (
    ["revision", "change_set", "at", "actor", "action", "service", "code", "locale"]
    + [f"{column}_digest" for column in BLANKED]
    + ["previous_hash", "hash"]
)


def upgrade() -> None:
    for meaning in MEANINGS:
        column = sa.Column(meaning, sa.Integer(), nullable=False, server_default="1")
        op.add_column("message", column)
    op.execute(
        "UPDATE message SET "
        + ", ".join(f"{meaning} = coalesce(translated_wording, wording)" for meaning in MEANINGS)
    )
    with rebuilt("message", autoincrement=True) as message:
        message.drop_column("wording")
        message.drop_column("translated_wording")
        for meaning in MEANINGS:
            message.alter_column(meaning, server_default=None)
    with rebuilt("error_code", autoincrement=True) as error_code:
        error_code.add_column(sa.Column("deprecated_at", sa.DateTime(), nullable=True))
    op.add_column(
        "service", sa.Column("four_eyes", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    with rebuilt("service", autoincrement=True) as service:
        service.alter_column("four_eyes", server_default=None)
    create_reservations()
    create_proposals()
    if is_postgresql():
        postgresql.let_texts_be_blanked(KEPT, BLANKED)
        return
    op.execute("DROP TRIGGER change_is_not_updated")
    altered = [f"NEW.{column} IS NOT OLD.{column}" for column in KEPT]
    unblanked = [
        f"(NEW.{column} IS NOT OLD.{column} AND coalesce(instr(NEW.{column}, '[redacted]'), 0) = 0)"
        for column in BLANKED
    ]
    create_trigger("change_is_only_blanked", f"WHEN {' OR '.join(altered + unblanked)}")


def downgrade() -> None:
    if is_postgresql():
        postgresql.let_nothing_be_updated()
    else:
        op.execute("DROP TRIGGER change_is_only_blanked")
        create_trigger("change_is_not_updated")
    op.drop_table("proposal")
    op.drop_table("reservation")
    with rebuilt("service") as service:
        service.drop_column("four_eyes")
    with rebuilt("error_code") as error_code:
        error_code.drop_column("deprecated_at")
    op.add_column("message", sa.Column("wording", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("message", sa.Column("translated_wording", sa.Integer(), nullable=True))
    smallest, largest = ("least", "greatest") if is_postgresql() else ("min", "max")
    own, newest = (
        f"{largest}({', '.join(f'{table}.{meaning}' for meaning in MEANINGS)})"
        for table in ("message", "source")
    )
    fresh = " AND ".join(
        f"(message.{meaning.removesuffix('_meaning')} IS NULL"
        f" OR message.{meaning} = source.{meaning})"
        for meaning in MEANINGS
    )
    op.execute(
        f"UPDATE message SET wording = {own}, translated_wording = ("
        "SELECT CASE WHEN message.locale = service.default_locale THEN NULL"
        f" WHEN {fresh} THEN {newest} ELSE {smallest}({own}, {newest} - 1) END"
        " FROM error_code JOIN service ON service.id = error_code.service_id"
        " JOIN message AS source ON source.error_code_id = error_code.id"
        " AND source.locale = service.default_locale"
        " WHERE error_code.id = message.error_code_id)"
    )
    with rebuilt("message") as message:
        message.alter_column("wording", server_default=None)
        for meaning in MEANINGS:
            message.drop_column(meaning)


def rebuilt(table: str, *, autoincrement: bool = False) -> AbstractContextManager[BatchOperations]:
    """Alter a table, which SQLite does by making it anew with all its constraints and indexes."""
    return op.batch_alter_table(
        table,
        recreate="never" if is_postgresql() else "always",
        table_kwargs={"sqlite_autoincrement": autoincrement},
    )


def create_reservations() -> None:
    op.create_table(
        "reservation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("reserved_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name="fk_reservation_service_id_service",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reservation"),
        sa.UniqueConstraint("service_id", "code", name="uq_reservation_service_id_code"),
    )


def create_proposals() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("edit", sa.JSON(), nullable=False),
        sa.Column("base", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("breaking", sa.Text(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'approved', 'rejected')", name=op.f("ck_proposal_state")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_proposal_service_state_id", "proposal", ["service", "state", "id"])


def create_trigger(name: str, condition: str = "") -> None:
    op.execute(
        f"CREATE TRIGGER {name} BEFORE UPDATE ON change {condition}"
        " BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END"
    )
