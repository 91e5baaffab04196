"""Single sign-on through a province's own directory (OpenID Connect, code flow with PKCE). Optional: takes the extra `oidc`.

Nobody gets an account by it: an administrator makes one with `guiyan user add NAME --subject SUB`, and the directory only says who is at the door.
"""

from __future__ import annotations

import datetime as dt
import importlib
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2

from app.catalog.problems import GuiyanError
from app.settings import Settings

TIMEOUT_S = 10.0
LEEWAY_S = 60
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures that are accepted: none that a shared secret or nobody makes."""
NOT_INSTALLED = "single sign-on needs the extra packages: pip install 'guiyan[oidc]'; or unset GUIYAN_OIDC_ISSUER"


class DirectoryError(GuiyanError):
    """The directory cannot be reached, refuses, or says something that does not hold; the message is for the operator."""


class NotInstalled(DirectoryError):
    """The optional packages are not there."""


@dataclass(frozen=True)
class Errand:
    """What must be remembered while somebody is away at the directory."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Errand:
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))

    @classmethod
    def read(cls, text: str) -> Errand | None:
        """From a cookie; None when it holds none."""
        parts = text.split(".")
        return cls(*parts) if len(parts) == 3 and all(parts) else None

    def __str__(self) -> str:
        return f"{self.state}.{self.nonce}.{self.verifier}"


@dataclass(frozen=True)
class Directory:
    """The directory of the settings."""

    issuer: str
    client: str
    secret: str
    back: str
    """The address to which it sends people back."""

    @classmethod
    def of(cls, settings: Settings) -> Directory:
        """Raises NotInstalled, DirectoryError for an address that is not safe."""
        _library("authlib.oidc.core")
        issuer = settings.oidc_issuer.rstrip("/")
        parts = urlsplit(issuer)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
            raise DirectoryError("GUIYAN_OIDC_ISSUER must begin with https://")
        back = settings.public_url.rstrip("/") + "/console/sign-in/oidc/back"
        return cls(issuer, settings.oidc_client, settings.oidc_secret.get_secret_value(), back)

    def way(self, errand: Errand) -> str:
        """Where somebody goes to prove who they are."""
        challenge = _library("authlib.oauth2.rfc7636").create_s256_code_challenge(errand.verifier)
        asked = {"response_type": "code", "client_id": self.client, "redirect_uri": self.back, "scope": "openid", "state": errand.state}
        asked |= {"nonce": errand.nonce, "code_challenge": challenge, "code_challenge_method": "S256"}
        return f"{self._told()['authorization_endpoint']}?{urlencode(asked)}"

    def subject(self, code: str, errand: Errand, at: dt.datetime) -> str:
        """Who came back with a code, as the directory names them. Raises DirectoryError when anything about it does not hold."""
        told = self._told()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.back, "code_verifier": errand.verifier}
        answer = _json(_ask("POST", told["token_endpoint"], data=form, auth=(self.client, self.secret)))
        claims = self._proved(str(answer.get("id_token", "")), told["jwks_uri"], errand.nonce, at)
        found = claims.get("sub")
        if not isinstance(found, str) or not found:
            raise DirectoryError("the directory's token names nobody")
        return found

    def _proved(self, token: str, keys_at: str, nonce: str, at: dt.datetime) -> dict[str, Any]:
        """A token's claims, once signature, issuer, audience, time and nonce hold."""
        jwt, jwk, errors = _library("joserfc.jwt"), _library("joserfc.jwk"), _library("joserfc.errors")
        keys = jwk.KeySet.import_key_set(_json(_ask("GET", keys_at)))
        wanted = {"iss": self.issuer, "aud": self.client, "exp": None, "nonce": nonce}
        needed = {name: {"essential": True, **({"value": value} if value else {})} for name, value in wanted.items()}
        try:
            found = jwt.decode(token, keys, algorithms=ALGORITHMS)
            jwt.JWTClaimsRegistry(now=int(at.timestamp()), leeway=LEEWAY_S, **needed).validate(found.claims)
        except (errors.JoseError, ValueError) as error:
            raise DirectoryError(f"the directory's token does not hold: {type(error).__name__}") from None
        claims: dict[str, Any] = found.claims
        return claims

    def _told(self) -> dict[str, Any]:
        """What the directory says of itself. Raises DirectoryError unless it is the one of the settings."""
        found = _json(_ask("GET", f"{self.issuer}/.well-known/openid-configuration"))
        if (
            str(found.get("issuer", "")).rstrip("/") != self.issuer
            or not {"authorization_endpoint", "token_endpoint", "jwks_uri"} <= found.keys()
        ):
            raise DirectoryError("the directory names another issuer, or not all of its addresses")
        return found


def _ask(method: str, address: str, **more: Any) -> httpx2.Response:
    try:
        with httpx2.Client(timeout=TIMEOUT_S, follow_redirects=False) as client:
            return client.request(method, address, **more)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise DirectoryError(f"the directory does not answer: {type(error).__name__}") from None


def _json(answer: httpx2.Response) -> dict[str, Any]:
    try:
        found = answer.json() if answer.status_code == 200 else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise DirectoryError(f"the directory answered {answer.status_code}, and not with what was asked for")
    return found


def _library(name: str) -> Any:
    """A module of the optional packages. Raises NotInstalled."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        raise NotInstalled(NOT_INSTALLED) from None
