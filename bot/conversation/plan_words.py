"""What makes an if-then plan one that is remembered, and comes: a cue to recognise, and few words."""

import re
from datetime import date

from bot.conversation import days
from bot.conversation.saving import fault_in
from bot.conversation.visiting import Visit

MOST_WORDS = 25
"""In the cue and in the action: a plan is remembered as one sentence."""
# Occasions that never come, because they could come at any time.
_VAGUE = (
    "det passar", "jag hinner", "jag har tid", "någon gång", "vid tillfälle", "snart", "alltid", "ofta",
    "it suits", "i have time", "i get time", "some time", "sometime", "someday", "soon", "always",
)  # fmt: skip


def fault_in_plan(
    visit: Visit, *, cue: str, action: str, cue_on: date | None, calendar: days.CalendarChoices
) -> dict[str, str]:
    """Return what must change, by input; empty when the plan can be kept. The calendar is the one that its day goes
    by."""
    words = visit.words
    faults: dict[str, str] = {}
    for name, text in (("cue", cue), ("action", action)):
        if not without_lead(text, name):
            faults[name] = words(f"plans.{name}_missing")
        elif len(text.split()) > MOST_WORDS:
            faults[name] = words("plans.too_many_words", most=MOST_WORDS)
        elif fault := fault_in(text, words):
            faults[name] = fault
    if "cue" not in faults and is_vague(cue):
        faults["cue"] = words("plans.vague")
    return faults | fault_in_day(visit, cue_on, calendar)


def fault_in_day(visit: Visit, cue_on: date | None, calendar: days.CalendarChoices) -> dict[str, str]:
    if cue_on is None:
        return {"cue_on": visit.words("plans.day_missing")}
    if cue_on <= days.today(visit):
        return {"cue_on": visit.words("plans.day_past")}
    if not days.is_working_day(visit, cue_on, calendar):
        return {"cue_on": visit.words("plans.day_off", day=visit.words.day(cue_on))}
    return {}


def is_vague(cue: str) -> bool:
    """Whether the cue is an occasion nobody can recognise when it comes: one word, or "when I have time"."""
    text = without_lead(cue, "cue").casefold().rstrip(".")
    return len(text.split()) < 2 or text.startswith(_VAGUE)


def without_lead(text: str, name: str) -> str:
    """Return the text without the "om", "då" and full stop that our sentence adds itself."""
    lead = r"(?:om|if|när|when)" if name == "cue" else r"(?:då|så|then)"
    return re.sub(rf"^{lead}\s+", "", " ".join(text.split()), flags=re.IGNORECASE).strip(" .,")
