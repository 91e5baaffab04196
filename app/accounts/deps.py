"""What routes ask for when an official must be signed in: `Official`, `Editor`, `Admin`.

A console session (cookie) or a bearer key lets in. With a session every request that changes something must carry the session's form token, in the
header X-CSRF-Token or the field `csrf`; that is checked here, so that no route can forget it. Signed out, a page leads to the sign-in and the API
answers 401.

    @router.get("/console/thing")
    def thing(request: Request, official: Official) -> Response: ...
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from app.accounts import sessions, users
from app.accounts.people import Role, SignedIn
from app.accounts.sessions import Terms, form_token
from app.api.deps import SettingsDep
from app.api.rates import Rates
from app.catalog.problems import GuiyanError
from app.clock import now
from app.settings import Settings
from app.store import Store
from app.store.keys import same, token_hash

COOKIE = "guiyan_session"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD, HEADER = "csrf", "x-csrf-token"
PAD = 22
"""Characters drawn anew for each form, so that compressed pages give nothing away of the rest."""
SIGN_IN = "Sign in at /console/sign-in, or send Authorization: Bearer <key>; `guiyan user key NAME` makes a key."
FORGED_PAGE = "这个表单不是从您打开的页面来的，或者页面放得太久了。什么也没有改。请重新打开那一页再做一次。"
FORGED = "This form does not come from a page of yours. Open the page again and send it once more; nothing was changed."
ROLE_NAMES = {"official": "经办员", "editor": "编辑", "admin": "管理员"}


class SignInNeeded(GuiyanError):
    """Nobody is signed in, or the session is over: a page leads to the sign-in."""


class Refusal(GuiyanError):
    """A page that somebody may not see, or that is not there; says why, in Chinese."""

    def __init__(self, why: str, status: int = 403) -> None:
        super().__init__(why)
        self.why, self.status = why, status


@dataclass(frozen=True)
class _Found:
    who: SignedIn
    token: str
    """Of the session; empty for a key."""


def store(request: Request) -> Store:
    found: Store = request.app.state.desk.store
    return found


def terms(settings: Settings) -> Terms:
    """The settings' terms of sessions."""
    return Terms(
        dt.timedelta(minutes=settings.session_idle_minutes),
        dt.timedelta(hours=settings.session_hours),
        settings.signin_tries,
        dt.timedelta(minutes=settings.signin_lock_minutes),
    )


StoreDep = Annotated[Store, Depends(store)]


def cookie_name(settings: Settings) -> str:
    """The session's cookie; over https only this very host can set it."""
    return f"__Host-{COOKIE}" if settings.public_url.startswith("https://") else COOKIE


def _identify(request: Request, store: StoreDep, settings: SettingsDep) -> _Found | None:
    """Who asks, by key or by session. A key that opens nothing is not made up for by a cookie."""
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return _by_key(request, store, key.strip())
    token = request.cookies.get(cookie_name(settings), "")
    if not token:
        return None
    at = now()
    with store.reading() as db:
        found = sessions.of_token(db, token, terms(settings), at)
    if found is None:
        return None
    who, renew = found
    if renew:
        with store.writing() as db:
            sessions.seen(db, token, at)
    return _Found(who, token)


def _by_key(request: Request, store: Store, key: str) -> _Found | None:
    with store.reading() as db:
        who = users.by_key(db, key)
    if who is None:
        rates: Rates = request.app.state.rates
        rates.signin(request)
        return None
    return _Found(who, "")


async def official(request: Request, store: StoreDep, found: Annotated[_Found | None, Depends(_identify)]) -> AsyncIterator[SignedIn]:
    """The official behind a request. Raises SignInNeeded on pages, 401 in the API, 403 for a form that is not ours."""
    if found is None:
        if is_page(request):
            raise SignInNeeded("signed out")
        raise HTTPException(401, SIGN_IN, {"WWW-Authenticate": "Bearer"})
    secret = store.prepare()
    if found.token and request.method not in SAFE and not _ours(secret, found.token, await _sent(request)):
        await request.close()
        raise Refusal(FORGED_PAGE) if is_page(request) else HTTPException(403, FORGED)
    request.state.official = found.who
    request.state.csrf = new_csrf(secret, found.token) if found.token else ""
    yield found.who
    await request.close()  # files of a form that was read for its token alone


def is_page(request: Request) -> bool:
    return request.url.path.startswith("/console")


def new_csrf(secret: bytes, token: str) -> str:
    """A form token of a session, different each time."""
    pad = secrets.token_urlsafe(16)
    return pad + form_token(secret, f"csrf {pad}", token_hash(token))


def _ours(secret: bytes, token: str, sent: str) -> bool:
    pad, mark = sent[:PAD], sent[PAD:]
    return len(pad) == PAD and same(mark, form_token(secret, f"csrf {pad}", token_hash(token)))


async def _sent(request: Request) -> str:
    """The form token of a request, from its header or its form."""
    if HEADER in request.headers:
        return request.headers[HEADER]
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return ""
    found = (await request.form()).get(FIELD)
    return found if isinstance(found, str) else ""


def _needs(role: Role) -> object:
    async def check(request: Request, who: Annotated[SignedIn, Depends(official)]) -> SignedIn:
        if who.may(role):
            return who
        if is_page(request):
            raise Refusal(f"这一页要{ROLE_NAMES[role]}才能用，您的账号是{ROLE_NAMES[who.role]}。")
        raise HTTPException(403, f"This takes the role {role}; yours is {who.role}. An administrator can change it.")

    return Depends(check)


Official = Annotated[SignedIn, Depends(official)]
"""Anybody who is signed in."""
Editor = Annotated[SignedIn, _needs("editor")]
Admin = Annotated[SignedIn, _needs("admin")]
