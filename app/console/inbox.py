"""One inbox for each county: handovers, marks that an answer is wrong, notes; with status, reply, receipt, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection, Row

from app.accounts import handovers
from app.accounts.audit import audit
from app.accounts.deps import Official, Refusal, StoreDep
from app.accounts.people import PROVINCE_DIGITS, SignedIn
from app.api.conversations import DeskDep
from app.api.rates import Rates
from app.clock import now
from app.console.case import Person
from app.console.counter import WorldDep
from app.console.live import Live, live
from app.console.pages import HEADERS, page, place_name
from app.conversation import World
from app.conversation.facts import label
from app.conversation.state import Case, State
from app.store import inbox as rows
from app.store import repository
from app.store.desk import Desk

router = APIRouter(prefix="/console", include_in_schema=False)
KIND_NAMES = {"handover": "交接", "wrong": "说回答不对", "note": "留言"}
STATUS_NAMES = {"new": "新的", "working": "在办", "answered": "回了", "closed": "办结"}
OUTCOME_NAMES = {"applied": "已经去申请", "received": "拿到了", "refused": "没批"}
NO_CODE = "这个码打不开：打错了、过期了、收回了，或者不归本地看。请来人在手机上再看一眼，或者重新要一个。"
NO_ITEM = "收件箱里没有这一件，或者不归本地看。"
WHY = "没批的要写明为什么，本人看得到。"
LONGEST_REPLY = 1_000
AGAINST_OFFICIALS = {
    f"trouble.{what}" for what in ("bribe_asked", "office_refused_or_silent", "illegal_fee", "promise_not_kept", "papers_not_published")
}
"""Notes about these are read by administrators alone: whoever sits at the counter may be the one complained of."""
Number = Annotated[int, Path(ge=0, le=2**31 - 1)]


@dataclass(frozen=True)
class Content:
    """What an official may see of an item: words that were left for the county, our own answer, or the facts that were handed over."""

    gone: str = ""
    """Why there is nothing to see any more."""
    said: str = ""
    answer: str = ""
    live: Live | None = None


@router.post("/handover")
def take(request: Request, official: Official, store: StoreDep, code: Annotated[str, Form(max_length=40)] = "") -> Response:
    """A code typed in: the handover comes into the inbox. Another county's code is as good as none."""
    rates: Rates = request.app.state.rates
    rates.signin(request)
    hashed = handovers.hashed(store.prepare(), code)
    at = now()
    with store.writing() as db:
        found = rows.by_code(db, hashed) if handovers.read_code(code) else None
        if found is None or found.expires_at <= at or not (found.place is None or official.sees(found.place)):
            audit(db, official, "handover_refused", "code unknown", official.place)
            number = None
        else:
            rows.take(db, found.id, found.place or official.place, at)
            place = found.place or official.place
            number = rows.put(db, "handover", place, handovers.receipt(), found.conversation_id, found.id, [], at)
            audit(db, official, "handover_taken", f"handover {found.id}", place)
    if number is None:
        raise Refusal(NO_CODE, 404)
    return RedirectResponse(f"/console/inbox/{number}", 303, HEADERS)


@router.get("/inbox")
def listing(
    request: Request, official: Official, store: StoreDep, everything: Annotated[str, Query(alias="all", max_length=1)] = ""
) -> Response:
    """What waits for this county."""
    province = len(official.place) <= PROVINCE_DIGITS
    with store.writing() as db:
        found = rows.items(db, official.place, province, bool(everything))
        audit(db, official, "listed", "inbox", official.place)
    items = [{"row": r, "place": place_name(request, r.place)} for r in found if _may_read(official, r)]
    return page(request, "inbox.html", items=items, everything=everything, kinds=KIND_NAMES, statuses=STATUS_NAMES, outcomes=OUTCOME_NAMES)


@router.get("/inbox/{number}")
def one(request: Request, official: Official, store: StoreDep, desk: DeskDep, w: WorldDep, number: Number) -> Response:
    """One item with what may be seen of it."""
    return _shown(request, official, store, desk, w, number)


def _shown(
    request: Request,
    official: SignedIn,
    store: Any,
    desk: Desk,
    w: World,
    number: int,
    problem: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    with store.writing() as db:
        found = _item(db, official, number)
        content = _content(db, desk, w, found)
        audit(db, official, "viewed", f"inbox {number} {found.kind}", found.place)
        answers = rows.replies(db, number)
    names = {"kinds": KIND_NAMES, "statuses": STATUS_NAMES, "outcomes": OUTCOME_NAMES}
    shown = {
        "item": found,
        "content": content,
        "replies": answers,
        "about": _about(w, found.about),
        "place": place_name(request, found.place),
    }
    given = typed or {"status": found.status, "outcome": found.outcome or "", "text": ""}
    status = 422 if problem else 200
    return page(request, "item.html", status, problem=problem, given=given, **shown, **names)


@router.post("/inbox/{number}")
def answer(
    request: Request,
    official: Official,
    store: StoreDep,
    desk: DeskDep,
    w: WorldDep,
    number: Number,
    status: Annotated[str, Form(max_length=20)],
    outcome: Annotated[str, Form(max_length=20)] = "",
    text: Annotated[str, Form(max_length=LONGEST_REPLY)] = "",
) -> Response:
    """Status, outcome and reply. A refusal needs its reason."""
    if status not in rows.STATUSES or (outcome and outcome not in rows.OUTCOMES):
        raise Refusal("请从单子里选。", 422)
    if outcome == "refused" and not text.strip():
        return _shown(request, official, store, desk, w, number, WHY, {"status": status, "outcome": outcome, "text": text})
    at = now()
    with store.writing() as db:
        found = _item(db, official, number, lock=True)
        rows.mark(db, number, status, outcome or None, at)
        if text.strip() and found.conversation_id:
            rows.reply(db, number, found.conversation_id, official.id, text.strip(), at)
        done = " ".join(["inbox", str(number), status, *([outcome] if outcome else [])])
        audit(db, official, "answered" if text.strip() else "changed", done, found.place)
    return RedirectResponse(f"/console/inbox/{number}", 303, HEADERS)


def _item(db: Connection, official: SignedIn, number: int, lock: bool = False) -> Row[Any]:
    """An item of this official's place. Raises Refusal for every other."""
    found = rows.item(db, number, lock)
    if found is None or not official.sees(found.place) or not _may_read(official, found):
        raise Refusal(NO_ITEM, 404)
    return found


def _may_read(official: SignedIn, found: Row[Any]) -> bool:
    against = AGAINST_OFFICIALS & set(found.about)
    return not against or official.may("admin")


def _about(w: World, names: Sequence[str]) -> list[str]:
    entries = w.catalog.entries
    return [entries[n].measure.name.zh if n in entries else label(w, n, "zh") for n in names]


def _content(db: Connection, desk: Desk, w: World, found: Row[Any]) -> Content:
    if found.conversation_id is None:
        return Content(gone="本人已经把自己的信息删掉了，这里只剩编号和办理情况。")
    if found.kind == "handover":
        return _handed_over(db, desk, w, found)
    kept = repository.message(db, found.conversation_id, found.message)
    if kept is None:
        return Content(gone="这句话已经不在了。")
    if found.kind == "note":
        return Content(said=kept.text or "")
    return Content(answer=((kept.reply or {}).get("reply") or {}).get("text", ""))


def _handed_over(db: Connection, desk: Desk, w: World, found: Row[Any]) -> Content:
    """The facts that the person agreed to show, as they are now, and what follows from just these."""
    consent = rows.handover_by_id(db, found.message)
    if consent is None or consent.conversation_id != found.conversation_id:
        return Content(gone="本人已经收回同意。")
    state: State = desk.state(db, found.conversation_id)
    case = state.cases.get(consent.who, Case())
    facts = {name: held for name, held in case.facts.items() if name in consent.facts and held.counts}
    return Content(live=live(w, Person(0, "", Case(facts=facts))))
