"""How the texts of a content file in YAML read: every one of them, in both languages."""

from collections.abc import Callable, Iterator

from lessons.faults import Fault
from lessons.models import Content, Language, Text
from lessons.reading import YamlFile
from lessons.wording import heavy_messages
from lessons.yaml_lines import Place

Messages = Callable[[str, Language, str], Iterator[str]]
"""What is to be put right in a text, by what it is called in its file."""


def text_faults(file: YamlFile, what: str, content: Content, messages: Messages) -> Iterator[Fault]:
    """Return what `messages` says of each text, and whether the Swedish of all of them is heavy to read. `what`: what
    the file is called there."""
    texts = list(texts_of(content))
    for place, text in texts:
        for language in Language:
            line = file.yaml.line_of((*place, language.value))
            for message in messages(_name(place), language, text.in_(language)):
                yield Fault(path=file.path, line=line, message=message)
    for message in heavy_messages(what, [text.sv for _, text in texts]):
        yield Fault(path=file.path, line=file.yaml.line_of(()), message=message)


def texts_of(content: Content, place: Place = ()) -> Iterator[tuple[Place, Text]]:
    """Return every text in it, with its place in the file."""
    if isinstance(content, Text):
        yield place, content
        return
    for name, field in type(content).model_fields.items():
        value = getattr(content, name)
        here = (*place, field.alias or name)
        if isinstance(value, Content):
            yield from texts_of(value, here)
        elif isinstance(value, tuple):
            for number, item in enumerate(value):
                if isinstance(item, Content):
                    yield from texts_of(item, (*here, number))


def _name(place: Place) -> str:
    """`prompt` of a step, `safeguards` of one of them."""
    return next(str(part) for part in reversed(place) if isinstance(part, str))
