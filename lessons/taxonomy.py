"""What lessons are sorted by: eight principles, thirty behaviours somebody else can see, twelve elements."""

from typing import Annotated

from pydantic import ConfigDict, StringConstraints

from lessons.models import LONGEST_CHOICE, Content, Text

InfinitiveWords = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=LONGEST_CHOICE,
        pattern=r"^(?!(?:att|to)\b)[a-zåäö](?:.*[^\W_])?$",
    ),
]


class Principle(Content):
    label: Text
    about: Text


class Infinitive(Text):
    """What goes on in a sentence after "att" and "to": begins with a small letter, and ends as a word does."""

    model_config = ConfigDict(regex_engine="python-re")

    sv: InfinitiveWords
    en: InfinitiveWords


class Behaviour(Content):
    """`infinitive` names it inside a sentence said to whoever does it. `seen` is what an observer notices."""

    principle: str
    label: Text
    infinitive: Infinitive
    seen: Text


class Element(Content):
    label: Text


class Taxonomy(Content):
    """Keys are stable and never shown; labels are what people read."""

    principles: dict[str, Principle]
    behaviours: dict[str, Behaviour]
    elements: dict[str, Element]
