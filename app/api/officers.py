"""Who may use the routes for officials and integrators: a console session, or a bearer key of an account (`guiyan user key NAME`)."""

from __future__ import annotations

from app.accounts.deps import Official as Officer

__all__ = ["Officer"]
