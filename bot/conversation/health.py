"""Whether a text seems to be about somebody's health: a word for an illness and a word for a person in one sentence.

A short list on purpose. It leads to a question before the text is saved, never to a refusal, and nothing is noted about
who was asked.
"""

import re
from dataclasses import replace

from bot.conversation.cards import ChoiceInput, DateInput, Form, Input, Paragraph, TextInput
from bot.conversation.events import Submitted
from bot.conversation.texts import Words

AGAIN = "_again"
"""Ends the name of a form that is shown a second time, so that the same words are taken then."""

_ILLNESS = re.compile(
    r"\b(?:diagnos|cancer|tumör|tumou?r|demens|dement(?!er)|alzheimer|depress|deprim|psyko(?:s(?!o)|tisk)"
    r"|psycho(?:sis|tic)|bipol[aä]r|adhd\b|autis|diabet|epilep|hiv\b|ångest|anxiety|ätstörning|eating disorder"
    r"|självmord|självskad|suicid|self-harm|missbruk|alkoholis|alcoholi|addict|utbränd|utmattning|burn(?:ed|t)?[ -]?out"
    r"|sjukskriv|sick leave|gravid|pregnan|funktionsnedsättning|disabilit)"
)
_SOMEBODY = re.compile(
    r"\b(?:patient(?:en|er|erna)?|elev(?:en|er|erna)?|klient(?:en|er|erna)?|brukar(?:e|en|na)|boende(?:n|t|na)?"
    r"|barn(?:et|en)?|kolleg(?:a|an|or|orna)|medarbetar(?:e|en|na)|anställd(?:a|e)?|anhörig(?:a|e)?"
    r"|pupil|student|client|resident|child(?:ren)?|colleague|employee|relative)s?\b"
)
_SENTENCE_ENDS = re.compile(r"[.!?\n]+")


def mentions_health(*texts: str) -> bool:
    """Whether a sentence names both an illness, or the like, and a person by their role."""
    sentences = (sentence for text in texts for sentence in _SENTENCE_ENDS.split(text.casefold()))
    return any(_ILLNESS.search(sentence) and _SOMEBODY.search(sentence) for sentence in sentences)


def was_asked(event: Submitted) -> bool:
    return event.form.endswith(AGAIN)


def asked_again(form: Form, event: Submitted, words: Words, *, is_edit: bool = False) -> Form:
    """Return the form with what was written in it, and the question whether to change it. `is_edit`: something is saved
    already."""
    body = tuple(as_sent(item, event) if isinstance(item, Input) else item for item in form.body)
    about = Paragraph(words("saving.someones_health_edit" if is_edit else "saving.someones_health"))
    return replace(form, name=f"{form.name}{AGAIN}", body=(about, *body))


def as_sent(item: Input, event: Submitted) -> Input:
    """Return the input as it was filled in."""
    if isinstance(item, TextInput | DateInput):
        return replace(item, initial=event.text(item.name))
    if isinstance(item, ChoiceInput) and (chosen := event.many(item.name)):
        return replace(item, initial=chosen)
    return item
