"""A form as text that travels with its dialog: whoever gets the answer can show the form once more, with nothing
kept anywhere."""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import fields
from functools import cache, lru_cache

import orjson
from pydantic import TypeAdapter

from bot.conversation.cards import (
    Buttons,
    Channel,
    ChoiceInput,
    DateInput,
    Divider,
    Facts,
    Form,
    Heading,
    Input,
    Note,
    Paragraph,
    Part,
    People,
    PeopleInput,
    TextInput,
    TimeInput,
)
from bot.teams.text import Json

LONGEST = 40_000
LONGEST_UNPACKED = 25_000
MOST_PARTS = 100
"""Whoever makes up a form must not keep everybody else waiting while it is read."""

_KINDS: dict[str, type[Part | Input]] = {
    kind.__name__: kind
    for kind in (
        Heading, Paragraph, Note, Facts, People, Channel, Buttons, Divider,
        TextInput, ChoiceInput, DateInput, TimeInput, PeopleInput,
    )
}  # fmt: skip


def pack(form: Form) -> str:
    about = {name: getattr(form, name) for name in ("name", "title", "submit", "close", "about", "language")}
    body = [[type(part).__name__, _given(part)] for part in form.body]
    return urlsafe_b64encode(zlib.compress(orjson.dumps({**about, "body": body}), level=9)).decode()


@lru_cache(maxsize=1)  # what is sent is read for its event, and at once again for its answer
def unpack(text: str) -> Form:
    """Return the form that was packed. Raises ValueError (pydantic's is one) for anything else, however large."""
    if len(text) > LONGEST:
        raise ValueError("too long for a form of ours")
    try:
        unpacking = zlib.decompressobj()
        packed = orjson.loads(unpacking.decompress(urlsafe_b64decode(text), LONGEST_UNPACKED))
        if not unpacking.eof:
            raise ValueError("cut off, or too large for a form of ours")
        parts = packed.pop("body")
        if len(parts) > MOST_PARTS:
            raise ValueError("more parts than a form of ours has")
        body = tuple(_part(kind, given) for kind, given in parts)
        return TypeAdapter(Form).validate_python({**packed, "body": body})
    except (zlib.error, AttributeError, KeyError, TypeError) as error:
        raise ValueError("no form of ours") from error


def _given(part: Part | Input) -> Json:
    """Return the fields of a part, those left out that are as they are by themselves."""
    given = {field.name: (getattr(part, field.name), field.default) for field in fields(part)}
    return {name: value for name, (value, default) in given.items() if value != default}


def _part(kind: str, given: Json) -> Part | Input:
    return _adapter(kind).validate_json(orjson.dumps(given))


@cache
def _adapter(kind: str) -> TypeAdapter[Part | Input]:
    return TypeAdapter(_KINDS[kind])
