"""Lessons about the one behaviour that somebody keeps up: their texts say `{infinitive}`, `{behaviour}` or `{seen}`,
and what each person has chosen stands there when they read it. Pure."""

import re
from collections.abc import Mapping

from lessons.models import Language, Lesson, Text
from lessons.sections import SECTIONS
from lessons.taxonomy import Behaviour, Infinitive

INFINITIVE, BEHAVIOUR, SEEN = "infinitive", "behaviour", "seen"
"""The infinitive goes on in a sentence; the label is a name, as lessons that were confirmed earlier have it."""
PLACES = (INFINITIVE, BEHAVIOUR, SEEN)
SECTIONS_WITH_PLACES = ("do", "question", "reflection", "follow-up", "smaller step")
"""Where a place may stand. A title is also read in lists, and a case also comes back without its person's choice."""
NOT_CHOSEN = Behaviour(
    principle="",
    label=Text(sv="något du redan gör och vill fortsätta med", en="something you already do and want to go on doing"),
    infinitive=Infinitive(sv="hålla i något du redan gör", en="keep up something you already do"),
    seen=Text(sv="Någon annan kan se att du gör det.", en="Somebody else can see you do it."),
)
"""What stands there until one is chosen."""

_PLACE = re.compile(r"\{(\w*)\}")
_FIELDS = tuple(SECTIONS[name] for name in SECTIONS_WITH_PLACES)


def has_places(lesson: Lesson) -> bool:
    """Whether the lesson says what the person has chosen."""
    return any("{" in text.sv for name in _FIELDS if isinstance(text := getattr(lesson, name), Text))


def filled(lesson: Lesson, chosen: Behaviour | None) -> Lesson:
    """Return the lesson as somebody reads it who has chosen this behaviour, or none yet."""
    behaviour = chosen or NOT_CHOSEN
    texts: Mapping[str, Text] = {name: getattr(lesson, name) for name in _FIELDS}
    return lesson.model_copy(
        update={
            name: Text(sv=filled_in(text.sv, behaviour, Language.SV), en=filled_in(text.en, behaviour, Language.EN))
            for name, text in texts.items()
        }
    )


def filled_in(text: str, behaviour: Behaviour, language: Language) -> str:
    """Return one text with the behaviour in its places. A place we do not know stays as it stands."""
    if "{" not in text:
        return text
    known = {
        INFINITIVE: behaviour.infinitive.in_(language),
        BEHAVIOUR: behaviour.label.in_(language),
        SEEN: behaviour.seen.in_(language),
    }
    return _PLACE.sub(lambda place: known.get(place[1], place[0]), text)


def places_in(text: str) -> list[str]:
    """Return the names of the places in a text, in their order."""
    return _PLACE.findall(text) if "{" in text else []
