"""The chat's pages and files, the public pages of measures, and cards to forward.

Every page carries a strict policy: nothing inline, nothing from another host. Settings: `public_url` (what cards carry) and
`embed_origins` (sites that may carry the chat, as script or as frame).
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.middleware.cors import CORSMiddleware

from app.api.deps import EditionDep, Language, SettingsDep
from app.api.problems import BadInput, NotFound, to_json
from app.catalog.catalog import Entry
from app.clock import today
from app.library import Edition
from app.matching.profile import FactError
from app.settings import Settings
from app.widget import cards
from app.widget.build import STYLE_HASH
from app.widget.words import WORDS
from app.wording.answer import Voice, voice
from app.wording.measure import measure_page

HERE = Path(__file__).parent
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
FILES = {path.name: path.read_bytes() for path in sorted((HERE / "static").iterdir()) if path.suffix in TYPES}
PACKED = {name: gzip.compress(body, 9, mtime=0) for name, body in FILES.items()}
STAMPS = {name: hashlib.sha256(body).hexdigest()[:12] for name, body in FILES.items()}
_STYLE = STYLE_HASH.search(FILES["guiyan-chat.js"].decode())
PAGES = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
SHARED = {"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "cross-origin"}
MOST_MEASURES = 8
POLICY = (
    f"default-src 'none'; script-src 'self'; style-src 'self' '{_STYLE.group(1) if _STYLE else 'none'}'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors "
)
"""The hash is that of the chat's own rules, for browsers that know no constructed sheets."""

router = APIRouter(include_in_schema=False)
Lang = Annotated[Language, Query()]
Version = Annotated[str | None, Query(alias="v", max_length=64)]
Made = Annotated[str | None, Query(alias="d", max_length=10)]
Figures = Annotated[str | None, Query(alias="f", max_length=400)]
Ids = Annotated[str, Query(max_length=800)]


def install(app: FastAPI, settings: Settings) -> None:
    """Adds the pages, and lets the sites of `embed_origins` call the API from a browser (bearer tokens only, no cookies)."""
    app.include_router(router)
    origins = settings.embed_origins.split()
    if origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=origins, allow_methods=["GET", "POST", "PATCH", "DELETE"], allow_headers=["Authorization", "Content-Type"], expose_headers=["Retry-After"]
        )  # fmt: skip


def headers(settings: Settings, *, embeddable: bool = False) -> dict[str, str]:
    """The headers of a page; only an embeddable one may stand in a frame of `embed_origins`."""
    ancestors = " ".join(["'self'", *(settings.embed_origins.split() if embeddable else [])])
    return {
        "Content-Security-Policy": POLICY + ancestors,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
    }


def page(name: str, settings: Settings, language: str, *, status: int = 200, embeddable: bool = False, **more: Any) -> Response:
    """A template as an answer. Templates get `w` (words), `lang`, `asset` (address of a static file with its stamp)."""
    text = PAGES.get_template(name).render(lang=language, w=WORDS[language], asset=lambda n: f"/widget/{n}?v={STAMPS[n]}", **more)
    return HTMLResponse(text, status, headers(settings, embeddable=embeddable))


@router.get("/")
def whole_page(settings: SettingsDep, lang: Lang = "zh") -> Response:
    """The chat as a page of its own."""
    return page("chat.html", settings, lang, framed=False)


@router.get("/frame")
def frame(settings: SettingsDep, lang: Lang = "zh") -> Response:
    """The same for the iframe mode."""
    return page("chat.html", settings, lang, embeddable=True, framed=True)


@router.get("/embed")
def embed(settings: SettingsDep, lang: Lang = "zh") -> Response:
    """An example of a site that carries the chat."""
    return page("embed.html", settings, lang, server=settings.public_url)


@router.get("/widget/{name}")
def static_file(name: str, request: Request, v: Version = None) -> Response:
    """A file of the chat; for ever where the address carries its stamp, else for five minutes."""
    if name not in FILES:
        raise NotFound(f"There is no file «{name[:80]}»; there are {', '.join(FILES)}.")
    packed = "gzip" in request.headers.get("accept-encoding", "")
    tag = f'"{STAMPS[name]}{"-gz" if packed else ""}"'
    kept = "public, max-age=31536000, immutable" if v == STAMPS[name] else "public, max-age=300"
    held = {"Cache-Control": kept, "ETag": tag, "Vary": "Accept-Encoding", **SHARED}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=held)
    kind = TYPES[Path(name).suffix]
    if packed:
        return Response(PACKED[name], media_type=kind, headers={**held, "Content-Encoding": "gzip"})
    return Response(FILES[name], media_type=kind, headers=held)


def _entries(edition: Edition, ids: str) -> list[Entry]:
    """The measures of a comma list, at most eight. Raises BadInput naming those that are not there."""
    names = list(dict.fromkeys(i for i in ids.split(",") if i))[:MOST_MEASURES]
    missing = [i for i in names if i not in edition.catalog.entries]
    if missing or not names:
        raise BadInput("Name measures that the catalogue has.", [FactError("/ids", f"«{i[:80]}» is no measure") for i in missing or [""]])
    return [edition.catalog.entries[i] for i in names]


@router.get("/m/card.json")
def card(edition: EditionDep, settings: SettingsDep, ids: Ids, lang: Lang = "zh") -> Response:
    """A card to forward, as data that the chat draws and copies."""
    day = today()
    body = cards.card(settings.public_url, voice(edition.on(day), lang), _entries(edition, ids), day)
    return Response(to_json(body), media_type="application/json", headers={"Cache-Control": "no-cache"})


@router.get("/m/qr.svg")
def qr(edition: EditionDep, settings: SettingsDep, ids: Ids, lang: Lang = "zh") -> Response:
    """The QR code of a card, which only ever leads to this service's own pages."""
    day = today()
    address = cards.link(settings.public_url, voice(edition.on(day), lang), _entries(edition, ids), day)
    return Response(
        cards.qr_svg(address), media_type="image/svg+xml", headers={"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    )


@router.get("/m")
def several(edition: EditionDep, settings: SettingsDep, ids: Ids, lang: Lang = "zh", v: Version = None, d: Made = None) -> Response:
    """Where the card of several measures leads: each with its figures as they are today."""
    day = today()
    speaker, forwarded = voice(edition.on(day), lang), cards.Forwarded.read(v, d, None)
    names = list(dict.fromkeys(i for i in ids.split(",") if i))[:MOST_MEASURES]
    entries = [edition.catalog.entries[i] for i in names if i in edition.catalog.entries]
    rows = [_row(speaker, e, forwarded, day) for e in entries]
    return page("measures.html", settings, lang, rows=rows, gone=len(names) - len(entries), **_age(speaker, forwarded, day))


def _row(speaker: Voice, entry: Entry, forwarded: cards.Forwarded, day: dt.date) -> dict[str, Any]:
    standing = speaker.day.measures[entry.id].standing
    return {
        "id": entry.id, **speaker.general[entry.id], "amounts": cards.amounts(speaker, entry), "standing": standing,
        "changes": cards.changes(speaker, entry, forwarded, day) if forwarded.day else [],
    }  # fmt: skip


@router.get("/m/{measure}")
def measure(
    measure: str, edition: EditionDep, settings: SettingsDep, lang: Lang = "zh", v: Version = None, d: Made = None, f: Figures = None
) -> Response:
    """The public page of a measure as it stands today; told which card led here, it says what has changed since."""
    entry, day = edition.catalog.entries.get(measure), today()
    if entry is None:
        return page("missing.html", settings, lang, status=404)
    speaker, forwarded = voice(edition.on(day), lang), cards.Forwarded.read(v, d, f)
    found = measure_page(speaker, measure, day)
    replaced = found["valid"]["replaced_by"]
    return page(
        "measure.html",
        settings,
        lang,
        m=found,
        changes=cards.changes(speaker, entry, forwarded, day),
        replaced=speaker.general.get(replaced) if replaced else None,
        phone=speaker.phone(entry),
        **_age(speaker, forwarded, day),
    )


def _age(speaker: Voice, forwarded: cards.Forwarded, day: dt.date) -> Mapping[str, Any]:
    return {"older": forwarded.older_than(speaker.catalog.version), "made": forwarded.day, "day": day, "version": speaker.catalog.version}
