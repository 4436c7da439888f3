"""Inputs of a form as elements of an adaptive card. An element's id is the input's name, so answers find it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from bot.conversation.cards import Audience, ChoiceInput, DateInput, Input, Option, PeopleInput, TextInput, TimeInput
from bot.plain_text import cut
from bot.teams.text import Json, as_it_stands, lines, plain

LABEL_TEXT = 500
OPTION_TEXT = 75
PLACEHOLDER_TEXT = 150
INPUT_TEXT = 3000
ALL_SHOWN = 10
"""More options than this become a list to open. (Not one to search in: Teams shows fifteen options of such a list.)"""
MOST_OPTIONS = 100

Values = Mapping[str, str | tuple[str, ...]]

_MISSING = {"sv": "Fyll i det här.", "en": "Fill this in."}
_CHANNEL_LINK = {
    "sv": "Klistra in länken till kanalen. Du får den i Teams, i kanalens meny.",
    "en": "Paste the link to the channel. You get it in Teams, in the channel’s menu.",
}
_NOT_EVERYBODY = {
    "sv": "Alla fick inte plats. Fortfarande valda: de {kept} första av {all}. Välj resten igen, här eller efteråt.",
    "en": "Not everybody fitted. Still chosen: the first {kept} of {all}. Choose the rest again, here or afterwards.",
}


def is_offered(of: Input) -> bool:
    """Say whether Teams has something to fill it in with. There are no user groups to write."""
    return not (isinstance(of, PeopleInput) and of.audience is Audience.GROUP)


def elements(of: Input, *, language: str | None) -> list[Json]:
    """Return the input, and close behind it what helps to fill it in: before it, that would stand above its label, and
    seem to be said of the input before."""
    helps = lines(cut(of.hint, most=LABEL_TEXT), small=True) if of.hint else []
    if isinstance(of, PeopleInput) and of.audience is Audience.CHANNEL:
        helps += lines(_ours(_CHANNEL_LINK, language), small=True)
    asks = {
        **_element(of),
        "id": of.name,
        "label": cut(plain(of.label), most=LABEL_TEXT),
        "isRequired": not of.optional,
        "errorMessage": _ours(_MISSING, language),
    }
    return [asks | {"spacing": "Medium"}, *({**one, "spacing": "Small"} for one in helps)]


def filled_in(of: Input, values: Values) -> Input:
    """Return the input with what somebody had filled in; what is not among the values was left empty."""
    value = values.get(of.name, "")
    text = value if isinstance(value, str) else ", ".join(value)
    many = value if isinstance(value, tuple) else tuple(one for one in (value,) if one)
    match of:
        case TextInput():
            return replace(of, initial=text)
        case ChoiceInput() | PeopleInput():
            return replace(of, initial=many)
        case DateInput() | TimeInput():
            return replace(of, initial=text or None)
        case _:
            assert_never(of)


def emptied(of: Input) -> Input:
    """Return the input as it travels with its form: nothing filled in, and no option that is not shown."""
    empty = filled_in(of, {})
    return replace(empty, options=empty.options[:MOST_OPTIONS]) if isinstance(empty, ChoiceInput) else empty


def not_everybody(kept: int, *, of: int, language: str | None) -> str:
    """Say that some of the people who were chosen had no room in the form."""
    return _ours(_NOT_EVERYBODY, language).format(kept=kept, all=of)


def _element(of: Input) -> Json:
    match of:
        case TextInput():
            most = min(of.most, INPUT_TEXT)
            return _text(of.initial[:most], most=most, multiline=of.multiline) | (
                {"placeholder": cut(plain(of.placeholder), most=PLACEHOLDER_TEXT)} if of.placeholder else {}
            )
        case ChoiceInput():
            return _choices(of)
        case DateInput():
            return {"type": "Input.Date"} | ({"value": of.initial} if of.initial else {})
        case TimeInput():
            return {"type": "Input.Time"} | ({"value": of.initial} if of.initial else {})
        case PeopleInput():
            return _people(of)
        case _:
            assert_never(of)


def _text(initial: str, *, most: int, multiline: bool) -> Json:
    element: Json = {"type": "Input.Text", "isMultiline": multiline, "maxLength": most}
    return element | ({"value": initial} if initial else {})


def _choices(of: ChoiceInput) -> Json:
    if not of.options:
        raise ValueError(f"the input {of.name!r} has nothing to choose from")
    options = of.options[:MOST_OPTIONS]
    chosen = [option.value for option in options if option.value in of.initial]
    return {
        "type": "Input.ChoiceSet",
        "choices": [_choice(option, many=of.many) for option in options],
        "isMultiSelect": of.many,
        "style": "expanded" if len(options) <= ALL_SHOWN else "compact",
        "wrap": True,
        **({"value": ",".join(chosen if of.many else chosen[:1])} if chosen else {}),
    }


def _choice(option: Option, *, many: bool) -> Json:
    if len(option.value) > OPTION_TEXT or (many and "," in option.value):
        raise ValueError(f"the value of an option is longer than {OPTION_TEXT} characters, or has a comma in it")
    return {"title": as_it_stands(cut(option.text, most=OPTION_TEXT)), "value": option.value}


def _people(of: PeopleInput) -> Json:
    if of.audience is not Audience.PEOPLE:
        return _text("\n".join(of.initial)[:INPUT_TEXT], most=INPUT_TEXT, multiline=True)
    return {
        "type": "Input.ChoiceSet",
        "choices": [],
        "choices.data": {"type": "Data.Query", "dataset": "graph.microsoft.com/users"},
        "isMultiSelect": True,
        "style": "compact",
        **({"value": ",".join(of.initial)} if of.initial else {}),
    }


def _ours(sentence: Mapping[str, str], language: str | None) -> str:
    """Return the sentence in the language, in both when it is not known."""
    return sentence[language] if language else f"{sentence['sv']} / {sentence['en']}"
