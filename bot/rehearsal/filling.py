"""How a simulated person fills in a form: what they came for, else what is already there, else something likely."""

from datetime import date, timedelta
from random import Random

from bot.conversation.cards import ChoiceInput, DateInput, Form, Input, PeopleInput, TextInput, TimeInput
from bot.conversation.facilitation_forms import OTHER
from bot.conversation.nameless import NAME
from bot.rehearsal.acts import Values

CUES = {"sv": "veckomötet drar i gång", "en": "the weekly meeting begins"}
ACTIONS = {"sv": "frågar jag gruppen först", "en": "I ask the group first"}
TEXTS = {
    "sv": ("Vi testade på mötet och det gick bra.", "Svårare än jag trodde.", "Jag frågar hellre nästa gång."),
    "en": ("We tried it at the meeting and it went well.", "Harder than I thought.", "Next time I will ask first."),
}

LED = {"sv": "En övning av vårt eget slag", "en": "An exercise of our own"}
SIGNED = {"sv": "Kim på vårdcentralen", "en": "Kim at the health centre"}


def filled(form: Form, *, wanted: Values, today: date, language: str, lots: Random) -> Values:
    """Return a value for every input. `wanted` goes before everything else."""
    inputs = (part for part in form.body if isinstance(part, Input))
    return {
        one.name: wanted[one.name] if one.name in wanted else _likely(one, today=today, language=language, lots=lots)
        for one in inputs
    }


def led(form: Form, language: str, lots: Random) -> Values:
    """Return what is noted of an exercise that somebody has led: one of ours, or one of their own."""
    [methods] = [one.options for one in form.body if isinstance(one, ChoiceInput) and one.name == "method"]
    method = lots.choice(methods).value
    return {"method": method, "what": LED[language] if method == OTHER else "", "people": str(lots.randrange(3, 15))}


def suggested(language: str, lots: Random) -> Values:
    """Return who suggests a change in an exercise: every other one says so."""
    return {NAME: lots.choice(("", SIGNED[language]))}


def _likely(one: Input, *, today: date, language: str, lots: Random) -> str | tuple[str, ...]:
    match one:
        case TextInput():
            return one.initial or _text(one, language, lots)
        case ChoiceInput():
            chosen = one.initial or (() if one.optional else (lots.choice(one.options).value,))
            return chosen if one.many else (chosen[0] if chosen else "")
        case DateInput():
            return one.initial or (today + timedelta(days=lots.randrange(1, 8))).isoformat()
        case TimeInput():
            return one.initial or "08:15"
        case PeopleInput():
            return one.initial


def _text(one: TextInput, language: str, lots: Random) -> str:
    if one.name == "cue":
        return CUES[language]
    if one.name == "action":
        return ACTIONS[language]
    return lots.choice(TEXTS[language])[: one.most]
