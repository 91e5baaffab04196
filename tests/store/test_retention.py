"""What nobody came back to is deleted, and nothing else."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from sqlalchemy import update
from sqlmodel import Session, select

from app.clock import now
from app.store import Store, retention
from app.store.desk import Desk, Gone
from app.store.tables import CONVERSATION, Conversation, Happening, Message
from tests.factories import guiyan


def rows(store: Store) -> list[int]:
    with Session(store.engine) as session:
        return [len(session.exec(select(table)).all()) for table in (Conversation, Message, Happening)]


def test_old_conversations_go_with_all_their_rows(desk: Desk) -> None:
    old, fresh = desk.open("zh", "widget"), desk.open("zh", "widget")
    desk.say(old.id, "一", "a")
    with desk.store.writing() as db:
        db.execute(update(CONVERSATION).where(CONVERSATION.c.id == old.id).values(updated_at=now() - dt.timedelta(days=181)))
    assert retention.retain(desk.store, 180) == 1
    assert rows(desk.store) == [1, 1, 1]
    assert desk.admits(fresh.id, fresh.token)
    with pytest.raises(Gone):
        desk.admits(old.id, old.token)


def test_whoever_says_something_is_kept(desk: Desk) -> None:
    found = desk.open("zh", "widget")
    desk.say(found.id, "一", "a")
    assert retention.retain(desk.store, 180, now() + dt.timedelta(days=179)) == 0
    assert retention.retain(desk.store, 180, now() + dt.timedelta(days=181)) == 1


def test_many_are_removed_in_several_transactions(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        desk.open("zh", "widget")
    assert retention.retain(desk.store, 1, now() + dt.timedelta(days=2)) == 5


def test_the_daily_job_runs_at_once_and_ends_when_closed(desk: Desk) -> None:
    desk.open("zh", "widget")
    with desk.store.writing() as db:
        db.execute(update(CONVERSATION).values(updated_at=now() - dt.timedelta(days=9)))
    job = retention.Daily(desk.store, 7)
    job.start()
    end = time.monotonic() + 10
    while rows(desk.store) != [0, 0, 0]:
        assert time.monotonic() < end
        time.sleep(0.02)
    job.close()
    assert not job.running


def test_the_command_does_what_the_job_does(desk: Desk, database: str) -> None:
    found = desk.open("zh", "widget")
    with desk.store.writing() as db:
        db.execute(update(CONVERSATION).where(CONVERSATION.c.id == found.id).values(updated_at=now() - dt.timedelta(days=20)))
    assert "0 conversation(s)" in guiyan("retain", database_url=database).stdout
    assert "1 conversation(s)" in guiyan("retain", "--days", "19", database_url=database).stdout
    assert rows(desk.store) == [0, 0, 0]
    assert guiyan("retain", "--days", "0", database_url=database).returncode == 2
