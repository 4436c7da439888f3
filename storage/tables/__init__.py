"""Every table, by subject. Rows only: a table validates nothing, so nothing from outside is stored unchecked.

Importing this package registers all tables on `metadata`.
"""

from sqlmodel import SQLModel

from storage.tables import (
    answers,
    audit,
    chores,
    deliveries,
    inbox,
    lanes,
    pairs,
    people,
    programmes,
    relays,
    rounds,
    teams,
    web,
)

metadata = SQLModel.metadata

__all__ = [
    "answers",
    "audit",
    "chores",
    "deliveries",
    "inbox",
    "lanes",
    "metadata",
    "pairs",
    "people",
    "programmes",
    "relays",
    "rounds",
    "teams",
    "web",
]
