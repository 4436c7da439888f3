"""Bodies of cards and dialogs made to fit into what Teams takes, with as little lost as is enough. Pure."""

import json
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.conversation.cards import Audience, Facts, Input, Note, Paragraph, Part, People, PeopleInput, TextInput
from bot.plain_text import cut
from bot.teams.text import Json

MOST_BYTES = 25_000
"""As sent: Teams refuses from about 28 kB in some of its ways in, and 100 kB everywhere."""
SHORTEST_CUT = 80
PERSON_TEXT = 20
"""About what a name takes."""
AROUND_A_LINE = 60
"""Bytes of a block and its run, without a text: a few less than there are."""

Body = Sequence[Part | Input]


def fitting(body: Body, dressed: Callable[[Body], Json]) -> Json:
    """Dress the body. Too large, it loses people chosen in its inputs, the last of them first, for `dressed` to say;
    then its longest texts are shortened, what is written in inputs last; then parts are left out from the end. Both
    are said with an ellipsis. Raises ValueError rather than leave out what is to be filled in."""

    def tried(body: Body) -> Json | None:
        if sum(_least_bytes(part) for part in body) > MOST_BYTES:  # seen at once, however large
            return None
        payload = dressed(body)
        return payload if size(payload) <= MOST_BYTES else None

    if (whole := tried(body)) is not None:
        return whole
    for lessened, amounts in (
        (_with_fewer_people, range(most_chosen(body) + 1)),
        (_shortened, range(SHORTEST_CUT, MOST_BYTES)),
        (_shortened_throughout, range(SHORTEST_CUT, MOST_BYTES)),
        (_without_the_last, range(len(body) + 1)),
    ):
        fits = _as_much_as_fits(body, lessened, amounts, tried)
        if fits is not None:
            return fits
        body = lessened(body, amounts[0])
    raise ValueError("what is to be filled in does not fit")


def size(payload: Json) -> int:
    """Return the bytes of the payload as botbuilder sends it: a sign beyond ASCII takes six or twelve."""
    return len(json.dumps(payload))


def chosen(part: Part | Input) -> int:
    """Return how many people are chosen in an input."""
    return len(part.initial) if isinstance(part, PeopleInput) and part.audience is Audience.PEOPLE else 0


def most_chosen(body: Body) -> int:
    return max(map(chosen, body), default=0)


def _as_much_as_fits(
    body: Body,
    lessened: Callable[[Body, int], Body],
    amounts: Sequence[int],
    tried: Callable[[Body], Json | None],
) -> Json | None:
    """Return the body dressed with the largest amount that fits; None when not even the smallest does."""
    best = tried(lessened(body, amounts[0]))
    if best is not None:
        place = bisect_left(amounts, True, key=lambda amount: tried(lessened(body, amount)) is None)
        best = tried(lessened(body, amounts[max(0, place - 1)])) or best
    return best


def _least_bytes(part: Part | Input) -> int:
    """Return fewer bytes than the part surely takes."""
    if not isinstance(part, Paragraph | Note):
        return 0
    return sum(AROUND_A_LINE + len(line) for line in part.text.split("\n") if line.strip())


def _with_fewer_people(body: Body, most: int) -> Body:
    return [
        replace(part, initial=part.initial[:most]) if isinstance(part, PeopleInput) and chosen(part) else part
        for part in body
    ]


def _shortened(body: Body, most: int) -> Body:
    return [_shorter(part, most) for part in body]


def _shortened_throughout(body: Body, most: int) -> Body:
    """Shorten what is written in inputs as well."""
    return [
        replace(part, initial=cut(part.initial, most=most)) if isinstance(part, TextInput) else _shorter(part, most)
        for part in body
    ]


def _without_the_last(body: Body, count: int) -> Body:
    """Leave out what comes after the first parts, but nothing to fill in."""
    asks = [part for part in body[count:] if isinstance(part, Input)]
    return body if len(asks) == len(body[count:]) else [*body[:count], Note("…"), *asks]


def _shorter(part: Part | Input, most: int) -> Part | Input:
    match part:
        case Paragraph(text) | Note(text) if len(text) > most:
            return replace(part, text=cut(text, most=most))
        case Facts(pairs):
            return Facts(tuple((cut(label, most=most), cut(value, most=most)) for label, value in pairs))
        case People(label, ids) if len(ids) * PERSON_TEXT > most:
            return replace(part, label=cut(label, most=most), external_ids=(*ids[: most // PERSON_TEXT], "…"))
        case _:
            return part
