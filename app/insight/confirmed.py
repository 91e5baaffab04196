"""The confirmations of the database, as the library asks for them."""

from __future__ import annotations

from collections.abc import Sequence

from app.catalog.confirmations import Confirmation
from app.store import Store
from app.store import confirmations as rows


class StoredConfirmations:
    """Reads them from a store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def mark(self) -> object:
        with self.store.reading() as db:
            return rows.mark(db)

    def standing(self) -> Sequence[Confirmation]:
        with self.store.reading() as db:
            return rows.standing(db)
