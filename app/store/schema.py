"""The tables' version in a database: up to the newest, or back."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from app.store.engine import WRITES

SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 7_142_026
"""Number of the PostgreSQL advisory lock under which one process at a time migrates."""


def config(connection: Connection) -> Config:
    """What alembic needs to know, for one connection."""
    found = Config()
    found.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    found.set_main_option("path_separator", "os")
    found.attributes["connection"] = connection
    return found


def upgrade(engine: Engine, to: str = "head") -> None:
    """Brings a database up to a revision, all or nothing, also when several processes start at once."""
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})
        command.upgrade(config(connection), to)


def downgrade(engine: Engine, to: str = "base") -> None:
    """Takes a database back to a revision; what newer tables held is gone."""
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        command.downgrade(config(connection), to)
