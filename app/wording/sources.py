"""Citations as the REST contract shows them."""

from __future__ import annotations

from typing import Any

from app.catalog.catalog import Catalog
from app.catalog.models import Cite


def citation(catalog: Catalog, cite: Cite) -> dict[str, Any]:
    """A document with its number, title and address, and the clause where somebody read it."""
    document = catalog.documents[cite.document]
    return {
        "document": document.id,
        "number": document.number,
        "title": document.title,
        "clause": cite.clause,
        "url": document.url,
        "issued_on": document.issued_on and document.issued_on.isoformat(),
        "status": document.status,
    }
