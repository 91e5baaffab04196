"""The frame of every console page: templates, static files, headers, and what happens to those who may not see a page.

A room that adds pages extends templates/base.html, asks for `Official` (app.accounts.deps) and answers with `page`; its entry in the menu is a line in
NAV. Templates get `official`, `csrf` (the field {{ csrf_field }} stands ready), `nav`, `path`, `asset` (address of a static file).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.routing import Match

from app.accounts.deps import FIELD, ROLE_NAMES, Refusal, SignInNeeded, is_page
from app.accounts.people import SignedIn
from app.api.limits import TooLarge, refused
from app.api.problems import NotFound
from app.library import Library
from app.screening.guards import bytes_in_words
from app.widget.routes import STAMPS as CHAT_STAMPS

HERE = Path(__file__).parent
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
FILES = {p.relative_to(HERE / "static").as_posix(): p.read_bytes() for p in sorted((HERE / "static").rglob("*")) if p.suffix in TYPES}
STAMPS = {name: hashlib.sha256(body).hexdigest()[:12] for name, body in FILES.items()}
TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NAV = (
    ("/console/counter", "柜台"),
    ("/console/inbox", "收件箱"),
    ("/console/rosters", "花名册"),
    ("/console/gaps", "供需缺口"),
    ("/console/catalogue", "政策目录"),
    ("/console/audit", "操作记录"),
)
"""Address and name of each part; shown once a room has a page there."""
TOO_LARGE = "传来的东西太大了，最多{most}，没有收，什么都没有留下。把文件拆成几份，或者另存为小一点的再传。"
ADMINS_ONLY = frozenset({"/console/audit"})

router = APIRouter(include_in_schema=False)


def page(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    """A template of the console as an answer."""
    return HTMLResponse(render(request, template, **context), status, HEADERS)


def render(request: Request, template: str, **context: Any) -> str:
    """A template as text: for fragments that several are put together from."""
    who: SignedIn | None = getattr(request.state, "official", None)
    csrf = getattr(request.state, "csrf", "")
    field = Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf)
    shared = {"official": who, "csrf": csrf, "csrf_field": field, "nav": _nav(request, who), "path": request.url.path}
    shared |= {"asset": asset, "place_name": place_name(request, who.place) if who else "", "role_names": ROLE_NAMES}
    return TEMPLATES.get_template(template).render(**shared, **context)


def asset(name: str) -> str:
    """The address of a static file, with its stamp; the chat's own files under `widget/`."""
    if name.startswith("widget/"):
        return f"/{name}?v={CHAT_STAMPS[name.removeprefix('widget/')]}"
    return f"/console/static/{name}?v={STAMPS[name]}"


def place_name(request: Request, code: str | None) -> str:
    """A place's full name; the whole province's for who has no known place."""
    library: Library = request.app.state.library
    places = library.edition.catalog.places
    if code is None:
        return "不知道是哪里"
    return places.full_name(code) if code in places.by_code else code or "全国"


def _nav(request: Request, who: SignedIn | None) -> list[tuple[str, str]]:
    """The menu: what rooms have a page for and the role reaches."""
    there: frozenset[str] | None = getattr(request.app.state, "console_pages", None)
    if there is None:
        there = request.app.state.console_pages = frozenset(path for path, _ in NAV if _is_there(request.app, path))
    return [(path, name) for path, name in NAV if who and path in there and (path not in ADMINS_ONLY or who.may("admin"))]


def _is_there(app: FastAPI, path: str) -> bool:
    scope = {"type": "http", "path": path, "method": "GET", "headers": [], "root_path": "", "query_string": b""}
    return any(route.matches(scope)[0] is Match.FULL for route in app.routes)


@router.get("/console/static/{name:path}")
def static_file(name: str, v: str = Query("", max_length=64)) -> Response:
    """A file of the console; for ever where the address carries its stamp."""
    if name not in FILES:
        raise NotFound(f"There is no file «{name[:80]}».")
    kept = "public, max-age=31536000, immutable" if v == STAMPS[name] else "no-cache"
    kind = TYPES[Path(name).suffix]
    return Response(FILES[name], media_type=kind, headers={"Cache-Control": kept, "X-Content-Type-Options": "nosniff"})


def install(app: FastAPI) -> None:
    """Adds the static files, and pages in place of problems for those who may not see one."""
    app.include_router(router)

    @app.exception_handler(SignInNeeded)
    async def sign_in(request: Request, _: SignInNeeded) -> Response:
        return to_sign_in(request)

    @app.exception_handler(Refusal)
    async def not_shown(request: Request, error: Refusal) -> Response:
        return page(request, "refused.html", error.status, why=error.why, back=_room(request))

    @app.exception_handler(TooLarge)
    async def not_taken(request: Request, error: TooLarge) -> Response:
        return too_large(request, error.limit)


def too_large(request: Request, limit: int) -> Response:
    """The answer to a body over the limit: a page at the console, a problem everywhere else."""
    if not is_page(request):
        return refused(request, limit)
    return page(request, "refused.html", 413, why=TOO_LARGE.format(most=bytes_in_words(limit)), back=_room(request))


def _room(request: Request) -> str:
    """Where somebody who was refused goes back to: the room whose address it was."""
    return next((address for address, _ in NAV if request.url.path.startswith(address)), "/console")


def to_sign_in(request: Request) -> Response:
    """Off to the sign-in, and back here afterwards where that makes sense."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": "/console/sign-in?over=1", **HEADERS})
    then = {"next": here} if request.method == "GET" else {"over": "1"}
    return RedirectResponse(f"/console/sign-in?{urlencode(then)}", 303, HEADERS)
