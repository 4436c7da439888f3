"""What lessons are sorted by: eight principles, thirty behaviours somebody else can see, twelve elements."""

from lessons.models import Content, Text


class Principle(Content):
    label: Text
    about: Text


class Behaviour(Content):
    """`seen` is what an observer notices when somebody does it."""

    principle: str
    label: Text
    seen: Text


class Element(Content):
    label: Text


class Taxonomy(Content):
    """Keys are stable and never shown; labels are what people read."""

    principles: dict[str, Principle]
    behaviours: dict[str, Behaviour]
    elements: dict[str, Element]
