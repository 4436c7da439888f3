"""What leaves the organisation is looked at once more where it seems to say something about a person: marked, asked
about, and sent anyway if that is what is meant. Nothing is noted about who was asked."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.conversation.cards import Divider, Form, Input, Paragraph, Part
from bot.conversation.events import Submitted
from bot.conversation.health import as_sent
from bot.conversation.saving import LONGEST, has_personal_number
from bot.conversation.texts import Words
from lessons.batons import Found, traces_of_persons
from lessons.plain_language import words as words_in


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """One text of a form that was sent."""

    name: str
    label: str
    text: str
    most_words: int
    is_optional: bool = False


def faults(texts: Sequence[Text], words: Words) -> dict[str, str]:
    """Return what must change before anything is kept, by input."""
    return {one.name: fault for one in texts if (fault := _fault(one, words)) is not None}


def asked_again(form: Form, sent: Submitted, texts: Sequence[Text], words: Words) -> Form | None:
    """Return the form once more, with what was found marked above it. None: nothing was found, or just this has been
    looked at. What a form is about ends with what its reader has seen."""
    found = {one.name: traces_of_persons(one.text) for one in texts}
    if not any(found.values()):
        return None
    about, _, seen = sent.about.partition(SEEN)
    now = _digest(texts, found)
    if seen == now:
        return None
    marked: list[Part] = [
        Paragraph(words("relays.names_found", label=one.label, text=_marked(one.text, found[one.name])))
        for one in texts
        if found[one.name]
    ]
    body = tuple(as_sent(item, sent) if isinstance(item, Input) else item for item in form.body)
    return replace(
        form,
        about=f"{about}{SEEN}{now}",
        title=words("relays.names_title"),
        submit=words("relays.send_anyway"),
        body=(Paragraph(words("relays.names_intro")), *marked, Divider(), *body),
    )


def what_about(sent: Submitted) -> str:
    """Return what a form is about, without what has been seen."""
    return sent.about.partition(SEEN)[0]


def _fault(one: Text, words: Words) -> str | None:
    number = len(words_in(one.text))
    if number == 0:
        return None if one.is_optional and not one.text else words("rounds.write_something")
    if number > one.most_words:
        return words("rounds.too_many_words", most=one.most_words, number=number)
    if len(one.text) > LONGEST:
        return words("saving.too_long", length=len(one.text), most=LONGEST)
    if has_personal_number(one.text) or any(found.is_refused for found in traces_of_persons(one.text)):
        return words("relays.names_refused")
    return None


def _marked(text: str, found: Sequence[Found]) -> str:
    """Return the text with what was found in bold."""
    marked, end = "", 0
    for one in found:
        marked += f"{text[end : one.start]}**{text[one.start : one.end]}**"
        end = one.end
    return marked + text[end:]


def _digest(texts: Sequence[Text], found: dict[str, tuple[Found, ...]]) -> str:
    seen = [[one.name, [one.text[trace.start : trace.end] for trace in found[one.name]]] for one in texts]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]


SEEN = "/"
