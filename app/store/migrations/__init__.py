"""Alembic's scripts, part of the package: the service brings its database up to date when it starts."""
