"""Shell: every setting, from GUIYAN_... variables. `guiyan settings` lists them."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.files import ROOT

MEBIBYTE = 1024 * 1024


class Settings(BaseSettings):
    """What an operator may set; each has a default that serves on one machine."""

    model_config = SettingsConfigDict(env_prefix="GUIYAN_", frozen=True)

    catalog_path: Path = Field(ROOT, description="folder that holds knowledge/ and rules/")
    database_url: str = Field(
        f"sqlite:///{ROOT / 'data' / 'guiyan.sqlite'}", description="SQLAlchemy address of the database; PostgreSQL: postgresql+psycopg://…"
    )
    public_url: str = Field("http://127.0.0.1:8000", description="address that cards and QR codes carry")
    max_body_bytes: int = Field(MEBIBYTE, ge=1024, description="largest request body, in bytes")
    max_batch_bytes: int = Field(64 * MEBIBYTE, ge=1024, description="largest body of POST /v1/match/batch, in bytes")
    max_batch_profiles: int = Field(10_000, ge=1, description="most profiles in one JSON batch; a stream (x-ndjson) has no such limit")
    reload_seconds: float = Field(2.0, ge=0, description="how often changed catalogue files are looked for; 0 = never")
    log_level: str = Field("info", description="debug, info, warning or error")
