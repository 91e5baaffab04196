"""Core room. In: the texts of knowledge/ and rules/. Out: one immutable, fully checked `Catalog`, or every problem at once."""

from app.catalog.build import build_catalog
from app.catalog.catalog import Catalog
from app.catalog.problems import CatalogInvalid, Problem

__all__ = ["Catalog", "CatalogInvalid", "Problem", "build_catalog"]
