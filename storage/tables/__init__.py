"""Every table, by subject. Rows only: a table validates nothing, so nothing from outside is stored unchecked.

Importing this package registers all tables on `metadata`.
"""

from sqlmodel import SQLModel

from storage.tables import (
    answers,
    audit,
    chores,
    deliveries,
    feedback,
    focus,
    inbox,
    lanes,
    pairs,
    people,
    programmes,
    relays,
    rounds,
    sessions,
    surveys,
    teams,
    web,
)

metadata = SQLModel.metadata

__all__ = [
    "answers",
    "audit",
    "chores",
    "deliveries",
    "feedback",
    "focus",
    "inbox",
    "lanes",
    "metadata",
    "pairs",
    "people",
    "programmes",
    "relays",
    "rounds",
    "sessions",
    "surveys",
    "teams",
    "web",
]
