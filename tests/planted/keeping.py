"""Inbox key dropped: an event is kept under a name of its own each time it comes."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from sqlmodel import Session

from storage import inbox
from storage.inbox import NewEvent
from tests.planted.patching import Patch


def without_its_key(patch: Patch) -> None:
    keep_all = inbox.keep_all

    def keep_each(session: Session, events: Sequence[NewEvent]) -> list[int | None]:
        return keep_all(session, [replace(event, key=uuid4().hex) for event in events])

    patch(inbox, "keep_all", keep_each)
