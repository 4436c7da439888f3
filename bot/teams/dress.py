"""Our cards and forms as messages and dialogs of Teams. Pure, and within every limit of Teams' whatever it is given."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bot.conversation.cards import Card, Divider, Form, Input, Note, Paragraph, Part
from bot.plain_text import cut
from bot.teams.again import MOST_PARTS, pack
from bot.teams.fitting import Body, chosen, fitting
from bot.teams.inputs import Values, elements, emptied, filled_in, is_offered, not_everybody
from bot.teams.parts import Dresser, Surface
from bot.teams.text import Json, as_it_stands, lines, plain, run

VERSION = "1.5"
"""The newest that Teams shows in a bot's cards."""
CARD = "application/vnd.microsoft.card.adaptive"
SUMMARY_TEXT = 300
TITLE_TEXT = 24
LONG_DIALOG = 600
"""Characters to read, from which on a dialog is a high one."""

NOBODY: Mapping[str, str] = {}


def message(card: Card, *, language: str | None = None, names: Mapping[str, str] = NOBODY) -> Json:
    """Return the activity that shows the card, but for whom. `language` is what it is written in where the card does
    not say; `names` are people's by their ids."""
    language = card.language or language
    summary = cut(plain(card.summary), most=SUMMARY_TEXT)
    spoken = as_it_stands(summary)

    def dressed(body: Body) -> Json:
        content = _card(_body(body, Dresser(Surface.MESSAGE, names, language), language), spoken, language)
        return {"type": "message", "summary": summary, "attachments": [{"contentType": CARD, "content": content}]}

    return fitting(card.parts, dressed)


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
    not show with everything there is to fill in, or whose answers we could not read."""
    language = form.language or language
    asks = [part.name for part in form.body if isinstance(part, Input)]
    if asks and not form.submit:
        raise ValueError(f"the form {form.name!r} has inputs and nothing to send them with")
    if twice := [name for name, times in Counter(asks).items() if times > 1]:
        raise ValueError(f"the form {form.name!r} has several inputs called {twice[0]!r}")
    if form.submit and len(form.body) > MOST_PARTS:
        raise ValueError(f"the form {form.name!r} has more parts than come back with it")
    spoken = as_it_stands(cut(form.title, most=SUMMARY_TEXT))
    filled = [_filled_in(part, values) for part in form.body]

    def dressed(body: Body) -> Json:
        must_change = [*errors.items(), *_left_out(filled, body, language)]
        shown = [*_errors(form, must_change), *_body(body, Dresser(Surface.DIALOG, names, language), language)]
        content = _card(shown, spoken, language)
        if form.submit:
            content["actions"] = [_submit(form, form.submit, token, body)]
        return {
            "title": cut(plain(form.title), most=TITLE_TEXT),
            "height": "large" if _is_long(body) else "medium",
            "width": "medium",
            "card": {"contentType": CARD, "content": content},
        }

    return fitting(filled, dressed)


def _submit(form: Form, title: str, token: str, body: Body) -> Json:
    """Return the button that sends the form, and with it the form: without what is filled in, which comes along."""
    again = pack(replace(form, body=tuple(emptied(part) if isinstance(part, Input) else part for part in body)))
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


def _errors(form: Form, errors: Iterable[tuple[str, str]]) -> list[Json]:
    """Return what must change, each sentence behind the label of its input."""
    labels = {part.name: plain(part.label) for part in form.body if isinstance(part, Input)}
    said: list[Json] = []
    for name, sentence in errors:
        some = lines(cut(sentence, most=SUMMARY_TEXT))
        if label := labels.get(name):
            stop = "" if label.endswith(("?", "!", ".", ":")) else ":"
            some[0]["inlines"].insert(0, run(f"{label}{stop} ", bold=True))
        said += some
    return [{"type": "Container", "id": "errors", "style": "attention", "items": said}] if said else []


def _left_out(wanted: Body, shown: Body, language: str | None) -> Iterator[tuple[str, str]]:
    """Yield a sentence for each input that shows fewer of the chosen people than are wanted."""
    kept = {part.name: chosen(part) for part in shown if isinstance(part, Input)}
    for part in wanted:
        if isinstance(part, Input) and kept[part.name] < chosen(part):
            yield part.name, not_everybody(kept[part.name], of=chosen(part), language=language)


def _filled_in(part: Part | Input, values: Values | None) -> Part | Input:
    return filled_in(part, values) if values is not None and isinstance(part, Input) else part


def _is_long(body: Body) -> bool:
    inputs = sum(isinstance(part, Input) for part in body)
    return inputs > 2 or sum(len(part.text) for part in body if isinstance(part, Paragraph | Note)) > LONG_DIALOG
