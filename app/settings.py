"""Shell: every setting, from GUIYAN_... variables. `guiyan settings` lists them."""

from __future__ import annotations

from pathlib import Path

from limits import parse_many
from pydantic import Field, SecretStr, field_validator
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
    embed_origins: str = Field(
        "", description="origins of the sites that may carry the chat, as script or as frame, with blanks between; empty = only this one"
    )
    max_body_bytes: int = Field(MEBIBYTE, ge=1024, description="largest request body, in bytes")
    max_batch_bytes: int = Field(64 * MEBIBYTE, ge=1024, description="largest body of POST /v1/match/batch, in bytes")
    max_batch_profiles: int = Field(10_000, ge=1, description="most profiles in one JSON batch; a stream (x-ndjson) has no such limit")
    reload_seconds: float = Field(2.0, ge=0, description="how often changed catalogue files are looked for; 0 = never")
    log_level: str = Field("info", description="debug, info, warning or error")
    retention_days: int = Field(180, ge=1, description="days after which a conversation that nobody came back to is deleted")
    rate_conversation: str = Field("40/minute; 1000/day", description="most messages in one conversation")
    rate_address: str = Field("600/minute", description="most conversation requests from one address; a whole village may share one")
    rate_codes: str = Field("20/hour", description="most wrong recovery codes from one address")
    rate_all_codes: str = Field("600/hour", description="most wrong recovery codes from all addresses together")
    session_idle_minutes: int = Field(60, ge=1, description="minutes without doing anything after which an official signs in again")
    session_hours: int = Field(12, ge=1, description="hours after which an official signs in again in any case")
    signin_tries: int = Field(5, ge=1, description="wrong passwords for a name before it is locked")
    signin_lock_minutes: int = Field(15, ge=1, description="minutes for which a name is locked then")
    rate_signin: str = Field("60/minute", description="most sign-ins, keys and handover codes tried from one address")
    household_hours: int = Field(12, ge=1, description="hours after which people taken at the counter are deleted")
    handover_days: int = Field(7, ge=1, description="days for which the code of a handover can be typed in by an official")
    oidc_issuer: str = Field("", description="address of a directory for single sign-on (OpenID Connect); empty = passwords only")
    oidc_client: str = Field("", description="the name under which the directory knows this service")
    oidc_secret: SecretStr = Field(SecretStr(""), description="what the directory gave this service to prove itself with")

    screening_hours: int = Field(
        24, ge=1, description="hours after which names and numbers of an uploaded roster are deleted, fetched or not"
    )
    screening_max_bytes: int = Field(256 * MEBIBYTE, ge=1024, description="largest roster that is taken over HTTP, in bytes")
    screening_path: Path | None = Field(
        None, description="folder for rosters in hand; by default beside the SQLite file, else ./data/screenings"
    )

    @field_validator("rate_conversation", "rate_address", "rate_codes", "rate_all_codes", "rate_signin")
    @classmethod
    def _rate(cls, given: str) -> str:
        parse_many(given)  # raises ValueError for what is no rate
        return given
