"""A slot is a window: over how long a day's messages are spread from the slot on. Where in it somebody's place is, is
their own (`storage.places`)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from storage.planning import InWorkspace

SLOT_WINDOW = timedelta(minutes=30)
"""Nobody's place is later than this after the slot, however many there are."""

Paces = Mapping[str, float]
"""Seconds that one message takes in one workspace of a platform. Nothing for a platform without a limit of ours."""

NO_PACES: Paces = {}


def sending_takes(people: Sequence[InWorkspace], paces: Paces) -> dict[int, timedelta]:
    """Return how long a message to everybody takes at the platform's pace, by workspace."""
    return {one.workspace_id: timedelta(seconds=one.people * paces.get(one.platform, 0.0)) for one in people}


def spread(takes: timedelta, *, kind_for: timedelta) -> timedelta:
    """Return over how long people's places are spread: not longer than sending takes anyway, so that a small group has
    its messages at once; and not into the second half of the time that is kind, which is for whoever must wait."""
    return max(min(SLOT_WINDOW, takes, kind_for / 2), timedelta(0))
