"""Migrations by Alembic, run from code: there is no alembic.ini."""
