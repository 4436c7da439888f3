"""Our cards and forms as messages and dialogs of Teams. Pure, and within every limit of Teams' whatever it is given."""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.conversation.cards import Card, Divider, Facts, Form, Input, Note, Paragraph, Part, People, TextInput
from bot.plain_text import cut
from bot.teams.again import pack
from bot.teams.inputs import Values, elements, filled_in, is_offered
from bot.teams.parts import Dresser, Surface
from bot.teams.text import Json, as_it_stands, lines, plain, run

VERSION = "1.5"
"""The newest that Teams shows in a bot's cards."""
CARD = "application/vnd.microsoft.card.adaptive"
MOST_BYTES = 25_000
"""As sent: Teams refuses from about 28 kB in some of its ways in, and 100 kB everywhere."""
SUMMARY_TEXT = 300
TITLE_TEXT = 24
SHORTEST_CUT = 80
LONGEST_CUT = MOST_BYTES
PERSON_TEXT = 20
"""About what a name takes."""
LONG_DIALOG = 600
"""Characters to read, from which on a dialog is a high one."""

NOBODY: Mapping[str, str] = {}
Body = Sequence[Part | Input]


def message(card: Card, *, language: str | None = None, names: Mapping[str, str] = NOBODY) -> Json:
    """Return the activity that shows the card, but for whom. `language` is what it is written in where the card does
    not say; `names` are people's by their ids."""
    language = card.language or language
    summary = cut(plain(card.summary), most=SUMMARY_TEXT)
    spoken = as_it_stands(summary)

    def dressed(body: Body) -> Json:
        content = _card(_body(body, Dresser(Surface.MESSAGE, names), language), spoken, language)
        return {"type": "message", "summary": summary, "attachments": [{"contentType": CARD, "content": content}]}

    return _fitting(card.parts, dressed)


def dialog(
    form: Form,
    token: str,
    *,
    errors: Mapping[str, str] = NOBODY,
    values: Values | None = None,
    language: str | None = None,
    names: Mapping[str, str] = NOBODY,
) -> Json:
    """Return what the answer to an invoke shows as a dialog. `token` marks what is sent from it; `errors` stand first
    (input name to sentence), and `values` are what had been filled in. Raises ValueError for a form that Teams could
    not show at all."""
    language = form.language or language
    asks = [part.name for part in form.body if isinstance(part, Input)]
    if asks and not form.submit:
        raise ValueError(f"the form {form.name!r} has inputs and nothing to send them with")
    if twice := [name for name, times in Counter(asks).items() if times > 1]:
        raise ValueError(f"the form {form.name!r} has several inputs called {twice[0]!r}")
    spoken = as_it_stands(cut(form.title, most=SUMMARY_TEXT))

    def dressed(body: Body) -> Json:
        shown = [*_errors(form, errors), *_body(body, Dresser(Surface.DIALOG, names), language)]
        content = _card(shown, spoken, language)
        if form.submit:
            content["actions"] = [_submit(form, form.submit, token, body)]
        return {
            "title": cut(plain(form.title), most=TITLE_TEXT),
            "height": "large" if _is_long(body) else "medium",
            "width": "medium",
            "card": {"contentType": CARD, "content": content},
        }

    return _fitting([_filled_in(part, values) for part in form.body], dressed)


def _submit(form: Form, title: str, token: str, body: Body) -> Json:
    """Return the button that sends the form, and with it the form: without what is written, which comes along."""
    unwritten = tuple(replace(part, initial="") if isinstance(part, TextInput) else part for part in body)
    again = pack(replace(form, body=unwritten))
    data = {"knuff": {"form": form.name, "about": form.about, "token": token, "again": again}}
    return {"type": "Action.Submit", "title": cut(plain(title), most=TITLE_TEXT), "style": "positive", "data": data}


def _card(body: list[Json], spoken: str, language: str | None) -> Json:
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": VERSION,
        **({"lang": language} if language else {}),
        "speak": spoken,
        "fallbackText": spoken,
        "msteams": {"width": "Full"},
        "body": body or lines(""),
    }


def _body(body: Body, dresser: Dresser, language: str | None) -> list[Json]:
    dressed: list[Json] = []
    divided = False
    for part in body:
        if isinstance(part, Divider):
            divided = True
            continue
        if not isinstance(part, Input):
            some = dresser.elements(part)
        else:
            some = elements(part, language=language) if is_offered(part) else []
        if some and divided:
            some[0] |= {"separator": True, "spacing": "Large"}
            divided = False
        dressed += some
    return dressed


def _errors(form: Form, errors: Mapping[str, str]) -> list[Json]:
    """Return what must change, each sentence behind the label of its input."""
    labels = {part.name: plain(part.label) for part in form.body if isinstance(part, Input)}
    said: list[Json] = []
    for name, sentence in errors.items():
        some = lines(cut(sentence, most=SUMMARY_TEXT))
        if name in labels:
            some[0]["inlines"].insert(0, run(f"{labels[name]}: ", bold=True))
        said += some
    return [{"type": "Container", "id": "errors", "style": "attention", "items": said}] if said else []


def _filled_in(part: Part | Input, values: Values | None) -> Part | Input:
    return filled_in(part, values) if values is not None and isinstance(part, Input) else part


def _is_long(body: Body) -> bool:
    inputs = sum(isinstance(part, Input) for part in body)
    return inputs > 2 or sum(len(part.text) for part in body if isinstance(part, Paragraph | Note)) > LONG_DIALOG


def _fitting(body: Body, dressed: Callable[[Body], Json]) -> Json:
    """Dress the body. Too large, its longest texts are shortened, as little as is enough, what is written in inputs
    last; were that not enough, parts are left out from the end. Each is said with an ellipsis."""
    whole = dressed(body)
    if _size(whole) <= MOST_BYTES:
        return whole
    for shortened in (_shortened, _shortened_throughout):
        cuts = range(SHORTEST_CUT, LONGEST_CUT)
        # bisect has seen the one before the place it returns, so that one fits.
        if place := bisect_right(cuts, MOST_BYTES, key=lambda most: _size(dressed([shortened(p, most) for p in body]))):
            return dressed([shortened(part, cuts[place - 1]) for part in body])
    short = [_shortened_throughout(part, SHORTEST_CUT) for part in body]
    kept = bisect_right(range(len(short)), MOST_BYTES, key=lambda count: _size(dressed([*short[:count], Note("…")])))
    return dressed([*short[: max(0, kept - 1)], Note("…")])


def _size(payload: Json) -> int:
    """Return the bytes of the payload as botbuilder sends it: a sign beyond ASCII takes six or twelve."""
    return len(json.dumps(payload))


def _shortened(part: Part | Input, most: int) -> Part | Input:
    match part:
        case Paragraph(text) | Note(text):
            return replace(part, text=cut(text, most=most))
        case Facts(pairs):
            return Facts(tuple((cut(label, most=most), cut(value, most=most)) for label, value in pairs))
        case People(label, ids) if len(ids) * PERSON_TEXT > most:
            return People(cut(label, most=most), (*ids[: most // PERSON_TEXT], "…"))
        case _:
            return part


def _shortened_throughout(part: Part | Input, most: int) -> Part | Input:
    if isinstance(part, TextInput):
        return replace(part, initial=cut(part.initial, most=most))
    return _shortened(part, most)
