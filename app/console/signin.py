"""Signing in and out."""

from __future__ import annotations

import secrets
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts import sessions
from app.accounts.deps import FORGED_PAGE, Official, Refusal, StoreDep, cookie_name, terms
from app.accounts.people import SignedIn
from app.accounts.sessions import LockedOut, Refused, form_token
from app.api.deps import SettingsDep
from app.api.rates import Rates
from app.clock import now
from app.console.pages import HEADERS, page
from app.settings import Settings
from app.store import Store
from app.store.keys import same

router = APIRouter(include_in_schema=False)
FORM_COOKIE, PATH = "guiyan_form", "/console/sign-in"
HOME = "/console/counter"
WRONG = "名字或者密码不对。大小写、多余的空格都看一看。"
LOCKED = "这个名字输错太多次了，{minutes}分钟以后再试。忘了密码请找管理员重设。"
Word = Annotated[str, Form(max_length=400)]


@router.get("/console")
def home(_: Official) -> Response:
    """The first page."""
    return RedirectResponse(HOME, 303, HEADERS)


@router.get(PATH)
def form(
    request: Request,
    settings: SettingsDep,
    store: StoreDep,
    next: Annotated[str, Query(max_length=2_000)] = "",
    over: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    """The form, bound to this browser."""
    told = "您有一阵没动，或者已经退出。请重新登录。" if over else ""
    return _form(request, settings, store, next, told, 200)


def _form(request: Request, settings: Settings, store: Store, then: str, told: str, status: int, name: str = "") -> Response:
    drawn = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(16)
    mark = form_token(store.prepare(), "sign-in", drawn)
    answer = page(request, "signin.html", status, then=_local(then), told=told, mark=mark, name=name, oidc=bool(settings.oidc_issuer))
    answer.set_cookie(FORM_COOKIE, drawn, path=PATH, httponly=True, samesite="strict", secure=_secure(settings))
    return answer


@router.post(PATH)
def sign_in(
    request: Request,
    settings: SettingsDep,
    store: StoreDep,
    name: Word = "",
    password: Word = "",
    mark: Word = "",
    next: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """Name and password tried. Slow on purpose; a few wrong tries lock the name for a while."""
    rates: Rates = request.app.state.rates
    rates.signin(request)
    if not same(mark, form_token(store.prepare(), "sign-in", request.cookies.get(FORM_COOKIE, ""))) or FORM_COOKIE not in request.cookies:
        raise Refusal(FORGED_PAGE)
    try:
        who = _tried(store, settings, name, password)
    except LockedOut as error:
        return _form(request, settings, store, next, LOCKED.format(minutes=error.minutes), 429, name)
    except Refused:
        return _form(request, settings, store, next, WRONG, 401, name)
    return enter(settings, store, who, _local(next), "password", request)


def _tried(store: Store, settings: Settings, name: str, password: str) -> SignedIn:
    """The account of name and password. Raises LockedOut, Refused."""
    secret = store.prepare()
    with store.writing() as db:
        sessions.attempt(db, secret, name, terms(settings), now())
    with store.reading() as db:
        who = sessions.find(db, name, password)
    if who is None:
        with store.writing() as db:
            sessions.refused(db, name)
        raise Refused("name or password")
    return who


def enter(settings: Settings, store: Store, who: SignedIn, then: str, how: str, request: Request) -> Response:
    """A session for who has proved themselves; the one before in this browser ends."""
    at, secret, before = now(), store.prepare(), request.cookies.get(cookie_name(settings), "")
    with store.writing() as db:
        sessions.sweep(db, terms(settings), at)
        sessions.end(db, before)
        token = sessions.start(db, who, secret, at, how)
    answer = RedirectResponse(then or HOME, 303, HEADERS)
    answer.set_cookie(cookie_name(settings), token, path="/", httponly=True, samesite="lax", secure=_secure(settings))
    return answer


@router.post("/console/sign-out")
def sign_out(request: Request, settings: SettingsDep, store: StoreDep, _: Official) -> Response:
    """The session ends here and in the database."""
    with store.writing() as db:
        sessions.end(db, request.cookies.get(cookie_name(settings), ""))
    answer = RedirectResponse(PATH, 303, HEADERS)
    answer.delete_cookie(cookie_name(settings), path="/", httponly=True, samesite="lax", secure=_secure(settings))
    return answer


def _secure(settings: Settings) -> bool:
    return settings.public_url.startswith("https://")


def _local(address: str) -> str:
    """An address of the console to go on to; empty for any other, so that nobody is led away from here."""
    parts = urlsplit(address)
    fine = address.startswith("/console") and not parts.netloc and not parts.scheme and "\\" not in address and address.isprintable()
    return address if fine and not address.startswith(PATH) else ""
