"""What is said about few people, and what stands in a log about one."""

from scheduler.account import FEWEST, shown_reasons
from storage.tables.deliveries import Reason


def test_what_is_hidden_never_follows_by_subtraction_to_be_about_fewer_than_five() -> None:
    """Six paused, one stopped, one left: with the total beside it, the two hidden promises are about two people."""
    by_reason = {Reason.PAUSED: (30, 6), Reason.STOPPED: (1, 1), Reason.LEFT: (1, 1)}
    shown = shown_reasons(by_reason)
    hidden = [people for reason, (_promises, people) in by_reason.items() if reason not in shown]
    assert not shown or not hidden or sum(hidden) >= FEWEST
