"""The audit log as administrators see it: of their place and what lies in it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.accounts import audit as trail
from app.accounts.deps import Admin, StoreDep
from app.clock import SHANXI
from app.console.pages import page, place_name

router = APIRouter(prefix="/console", include_in_schema=False)
ACTIONS = {
    "viewed": "看了", "listed": "看了单子", "changed": "改了", "opened": "开了", "printed": "打了卡", "deleted": "删了", "answered": "回了话",
    "handover_taken": "打开了交接", "handover_refused": "交接码不对", "signed_in": "登录", "signin_refused": "没登录上", "account_added": "开了账号",
    "account_disabled": "停了账号", "password_set": "改了密码", "key_added": "发了密钥", "keys_revoked": "收了密钥",
    "screened": "传了花名册", "fetched": "取了结果", "cancelled": "停了",
}  # fmt: skip
"""Verbs of the log in words; others stand as they are."""
PAGE = 200


@router.get("/audit")
def audit(request: Request, official: Admin, store: StoreDep, before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None) -> Response:
    """The newest lines; looking at them is a line too."""
    with store.writing() as db:
        found = trail.lines(db, official.place, PAGE, before)
        trail.audit(db, official, "viewed", "audit", official.place)
    lines = [
        {"at": r.at.astimezone(SHANXI).strftime("%Y-%m-%d %H:%M"), "who": r.who or "-", "action": ACTIONS.get(r.action, r.action), "what": r.what, "place": place_name(request, r.place)}
        for r in found
    ]  # fmt: skip
    return page(request, "audit.html", lines=lines, more=found[-1].id if len(found) == PAGE else None)
