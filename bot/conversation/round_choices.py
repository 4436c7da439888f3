"""What some challenges want settled before they begin: who says yes or no, and that those concerned have agreed."""

from typing import Any

from bot.conversation.cohort_choices import Fault
from bot.conversation.events import Profile, Submitted
from bot.conversation.team_choices import picked
from lessons.challenges import Challenge

MANDATE, CONSENT = "mandate", "consent"
AGREED = "yes"


def mandate_in(sent: Submitted, challenge: Challenge, faults: list[Fault]) -> Profile | None:
    """Return who was picked to say yes or no; None where nobody is asked to, and with a fault."""
    if challenge.mandate is None:
        return None
    chosen = picked(sent, MANDATE, faults)
    if len(chosen) == 1:
        return chosen[0]
    if not faults:
        faults.append(Fault(MANDATE, "teams.mandate_one" if chosen else "teams.mandate_missing"))
    return None


def lacks_consent(sent: Submitted) -> bool:
    """Whether it was asked in the form, and not answered with a yes."""
    return CONSENT in sent.values and sent.text(CONSENT) != AGREED


def has_consent(sent: Submitted, challenge: Challenge) -> bool:
    return challenge.consent is None or sent.text(CONSENT) == AGREED


def as_kept(profile: Profile | None) -> dict[str, Any] | None:
    """Return who was picked as a draft keeps it."""
    if profile is None:
        return None
    return {"external_id": profile.external_id, "zone": profile.zone, "language": profile.language}


def kept_profile(kept: dict[str, Any] | None) -> Profile | None:
    return Profile(**kept) if kept is not None else None
