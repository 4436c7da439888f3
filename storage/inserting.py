"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy spells per database."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session


def insert(session: Session, table: Table) -> postgresql.Insert | sqlite.Insert:
    return insert_for(session.connection().dialect.name, table)


def insert_for(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


COUNTING = {"preserve_rowcount": True}
"""Execution options for an INSERT whose rows are counted: SQLAlchemy forgets the number otherwise."""
