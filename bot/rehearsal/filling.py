"""How a simulated person fills in a form: what they came for, else what is already there, else something likely."""

from datetime import date, timedelta
from random import Random

from bot.conversation.cards import ChoiceInput, DateInput, Form, Input, PeopleInput, TextInput, TimeInput
from bot.rehearsal.acts import Values

CUES = {"sv": "mötet på tisdag drar i gång", "en": "the meeting on Tuesday begins"}
ACTIONS = {"sv": "frågar jag gruppen först", "en": "I ask the group first"}
TEXTS = {
    "sv": ("Vi testade på mötet och det gick bra.", "Svårare än jag trodde.", "Jag frågar hellre nästa gång."),
    "en": ("We tried it at the meeting and it went well.", "Harder than I thought.", "Next time I will ask first."),
}


def filled(form: Form, *, wanted: Values, today: date, language: str, lots: Random) -> Values:
    """Return a value for every input. `wanted` goes before everything else."""
    inputs = (part for part in form.body if isinstance(part, Input))
    return {
        one.name: wanted[one.name] if one.name in wanted else _likely(one, today=today, language=language, lots=lots)
        for one in inputs
    }


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
