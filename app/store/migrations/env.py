"""Run by alembic: migrates over the connection that app.store.schema hands in."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

from app.store import confirmation_tables, insight_tables, official_tables, screening_tables, tables

TABLES = (
    tables.Secret, tables.Conversation, tables.Message, tables.Happening, *official_tables.TABLES, screening_tables.Screening,
    *confirmation_tables.TABLES, *insight_tables.TABLES,
)  # fmt: skip

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
