"""Our cards and forms as Slack's messages and views. Pure, and within every limit of Slack's whatever it is given."""

import re
from collections.abc import Iterable

from bot.conversation.cards import Card, ChoiceInput, DateInput, Form, Input, Part, PeopleInput, TextInput, TimeInput
from bot.plain_text import cut, unmarked
from bot.slack.inputs import input_block
from bot.slack.mrkdwn import Json, escape, plain
from bot.slack.parts import ActionIds, blocks

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_TEXT = 8000
"""All text of a message's blocks together: Slack's own sum is undocumented, and was seen to fail from 11,341."""
VIEW_TEXT = 40_000
FALLBACK_TEXT = 3000
TITLE_TEXT = 24
SHORTEST_CUT = 80

# A cut may leave half a link or half an entity behind.
_HALF_A_SIGN = re.compile(r"(<[^<>]*|&\w*)…$")


def message(card: Card) -> Json:
    """Return the arguments of chat.postMessage and chat.update that show the card, but for where."""
    return {
        "text": escape(cut(unmarked(card.summary).strip(), most=FALLBACK_TEXT // 2)) or "–",
        "blocks": _fitting(_dressed(card.parts), most_blocks=MESSAGE_BLOCKS, most_text=MESSAGE_TEXT),
    }


def home(card: Card) -> Json:
    """Return the view for views.publish."""
    return {"type": "home", "blocks": _fitting(_dressed(card.parts), most_blocks=VIEW_BLOCKS, most_text=VIEW_TEXT)}


def modal(form: Form) -> Json:
    """Return the view for views.open and views.update. Raises ValueError for a form that Slack could not show at
    all."""
    asks = any(isinstance(part, Input) for part in form.body)
    if asks and not form.submit:
        raise ValueError(f"the form {form.name!r} has inputs and nothing to send them with")
    view: Json = {
        "type": "modal",
        "callback_id": form.name,
        "private_metadata": form.about,
        "title": plain(form.title, most=TITLE_TEXT),
        "close": plain(form.close, most=TITLE_TEXT),
        "blocks": _fitting(_dressed(form.body), most_blocks=VIEW_BLOCKS, most_text=VIEW_TEXT),
    }
    if form.submit:
        view["submit"] = plain(form.submit, most=TITLE_TEXT)
    return view


def _dressed(body: Iterable[Part | Input]) -> list[Json]:
    ids = ActionIds()
    dressed: list[Json] = []
    for part in body:
        match part:
            case TextInput() | ChoiceInput() | DateInput() | TimeInput() | PeopleInput():
                dressed.append(input_block(part))
            case _:
                dressed += blocks(part, ids)
    return [{"block_id": f"part-{number}", **block} for number, block in enumerate(dressed, start=1)]


def _fitting(dressed: list[Json], *, most_blocks: int, most_text: int) -> list[Json]:
    """Drop blocks beyond the limit, saying so with an ellipsis, and shorten the longest texts until all fit
    together."""
    if len(dressed) > most_blocks:
        more = {"type": "context", "block_id": "more", "elements": [plain("…", most=1)]}
        dressed = [*dressed[: most_blocks - 1], more]
    texts = [text for block in dressed for text in _shortenable(block)]
    fixed = sum(_length(block) for block in dressed) - sum(len(text["text"]) for text in texts)
    longest = _longest_allowed([len(text["text"]) for text in texts], room=most_text - fixed)
    for text in texts:
        if len(text["text"]) > longest:
            text["text"] = _HALF_A_SIGN.sub("…", cut(text["text"], most=longest))
    return dressed


def _longest_allowed(lengths: list[int], *, room: int) -> int:
    """Return the length to cut each text at, so that all of them together take no more than `room`."""
    longest = max(lengths, default=SHORTEST_CUT)
    while sum(min(length, longest) for length in lengths) > room and longest > SHORTEST_CUT:
        longest -= max(1, (sum(min(length, longest) for length in lengths) - room) // len(lengths))
    return max(longest, SHORTEST_CUT)


def _shortenable(block: Json) -> list[Json]:
    if block["type"] == "section" and "text" in block:
        return [block["text"]]
    return list(block["elements"]) if block["type"] == "context" else []


def _length(block: Json) -> int:
    """Return the number of characters in all texts of a block."""
    if isinstance(block.get("text"), str):
        return len(block["text"])
    total = 0
    for value in block.values():
        if isinstance(value, dict):
            total += _length(value)
        elif isinstance(value, list):
            total += sum(_length(item) for item in value if isinstance(item, dict))
    return total
