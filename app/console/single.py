"""Signing in through the directory of single sign-on, where one is set."""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts import users
from app.accounts.audit import audit
from app.accounts.deps import Refusal, StoreDep
from app.accounts.oidc import Directory, DirectoryError, Errand, NotInstalled
from app.api.deps import SettingsDep
from app.api.rates import Rates
from app.clock import now
from app.console.pages import HEADERS
from app.console.signin import enter
from app.settings import Settings
from app.store.keys import same

router = APIRouter(prefix="/console/sign-in/oidc", include_in_schema=False)
log = structlog.get_logger("guiyan.console")
COOKIE, PATH = "guiyan_errand", "/console/sign-in/oidc"
MINUTES = 10
"""How long somebody may be away at the directory."""
UNSET = "这里没有设统一账号，请用名字和密码登录。"
MISSING = "统一账号还用不了：服务器上缺一个组件。请管理员运行 pip install 'guiyan[oidc]'。先用名字和密码登录。"
BROKEN = "统一账号这会儿用不了，或者这次登录对不上。请再试一次，还不行就用名字和密码。"
STRANGER = "统一账号认得您，但是这里还没有给您开账号。请找管理员。"


def _directory(settings: Settings) -> Directory:
    """The directory of the settings. Raises Refusal that says what is missing."""
    if not settings.oidc_issuer:
        raise Refusal(UNSET, 404)
    try:
        return Directory.of(settings)
    except NotInstalled as error:
        log.error("oidc_not_installed", error=type(error).__name__)
        raise Refusal(MISSING, 503) from None
    except DirectoryError as error:
        raise _broken(error) from None


def _broken(error: DirectoryError) -> Refusal:
    log.error("oidc_failed", reason=str(error))
    return Refusal(BROKEN, 502)


@router.get("")
def leave(request: Request, settings: SettingsDep) -> Response:
    """Off to the directory, with something in the browser by which it is known again."""
    rates: Rates = request.app.state.rates
    rates.signin(request)
    errand = Errand.new()
    try:
        way = _directory(settings).way(errand)
    except DirectoryError as error:
        raise _broken(error) from None
    answer = RedirectResponse(way, 303, HEADERS)
    secure = settings.public_url.startswith("https://")
    answer.set_cookie(COOKIE, str(errand), max_age=MINUTES * 60, path=PATH, httponly=True, samesite="lax", secure=secure)
    return answer


@router.get("/back")
def back(
    request: Request,
    settings: SettingsDep,
    store: StoreDep,
    code: Annotated[str, Query(max_length=4_000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Back from the directory: only in the browser that left, and only for an account that an administrator has made."""
    rates: Rates = request.app.state.rates
    rates.signin(request)
    errand = Errand.read(request.cookies.get(COOKIE, ""))
    if errand is None or not code or not same(state, errand.state):
        raise Refusal(BROKEN, 403)
    try:
        subject = _directory(settings).subject(code, errand, now())
    except DirectoryError as error:
        raise _broken(error) from None
    with store.writing() as db:
        found = users.by_subject(db, subject)
        if found is None:
            audit(db, None, "signin_refused", "account unknown oidc", None)
    if found is None:
        raise Refusal(STRANGER, 403)
    answer = enter(settings, store, users.signed_in(found), "", "oidc", request)
    answer.delete_cookie(COOKIE, path=PATH)
    return answer
