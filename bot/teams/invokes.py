"""What an invoke is answered with: a dialog, or a sentence. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from bot.conversation.cards import Card, Form, Paragraph
from bot.conversation.events import Pressed, Submitted
from bot.conversation.shows import OpenForm, Refuse, Say, Show
from bot.conversation.texts import Words
from bot.plain_text import unmarked
from bot.teams import dress, undress
from bot.teams.inputs import Values
from bot.teams.text import Json
from storage.people import DEFAULT_LANGUAGE

NOTHING: Json = {}
"""The answer to what nothing is said to. It closes a dialog."""


@dataclass(kw_only=True, slots=True)
class Invoke:
    """Something that waits for its answer: what somebody did, and the words to answer it in."""

    event: Pressed | Submitted
    words: Words
    form: Form | None = None
    """The form that was sent, as it was shown; None for a press."""
    filled_in: Values | None = None
    token: str = ""
    """Marks the form's dialog, so that the same form sent twice is seen."""
    is_waited_for: bool = True
    """Whether Teams still waits for the answer."""
    is_kept: bool = False

    def kept(self) -> None:
        self.is_kept = True


def invoke_of(activity: Json, event: Pressed | Submitted) -> Invoke:
    """Return what is to be answered. Raises NotOurForm."""
    told = event.profile.language if event.profile else None
    if isinstance(event, Pressed):
        return Invoke(event=event, words=Words(undress.language_of_card(activity) or told or DEFAULT_LANGUAGE))
    form, token = undress.form_of(activity)
    filled_in = undress.filled_in(activity, form, event)
    words = Words(form.language or told or DEFAULT_LANGUAGE)
    return Invoke(event=event, words=words, form=form, filled_in=filled_in, token=token)


def answer_to(invoke: Invoke, shows: Sequence[Show], *, names: Mapping[str, str]) -> Json:
    """Return the answer. Raises ValueError for a form that Teams could not show."""
    for show in shows:
        match show:
            case OpenForm(form):
                return _continue(dress.dialog(form, uuid4().hex, language=invoke.words.language, names=names))
            case Refuse(errors) if invoke.form is not None:
                return refused(invoke, errors, names=names)
            case _:
                pass
    if invoke.form is not None:
        return NOTHING
    return sentence(invoke, in_chat_already(invoke) if after_it(shows) else "intake.received")


def in_chat_already(invoke: Invoke) -> str:
    """Return which of our texts says where the answer is: in a channel, that is another place."""
    return "intake.in_our_chat" if invoke.event.in_channel else "intake.in_the_chat"


def after_it(shows: Sequence[Show]) -> list[Show]:
    """Return what is to be shown beside the answer."""
    return [show for show in shows if not isinstance(show, OpenForm | Refuse)]


def refused(invoke: Invoke, errors: Mapping[str, str], *, names: Mapping[str, str]) -> Json:
    """Return the form that was sent once more, what must change first, with what was filled in. A press has no form:
    then the sentences alone."""
    in_words = _in_words(invoke, " ".join(errors.values()))
    if invoke.form is None:
        return in_words
    language, values = invoke.words.language, invoke.filled_in
    try:
        form = dress.dialog(invoke.form, invoke.token, errors=errors, values=values, language=language, names=names)
    except ValueError:  # it came back from somebody's own client, who may have made it up
        return in_words
    return _continue(form)


def try_again(invoke: Invoke) -> str:
    """Return what to say when it could not be done, and is to be done again."""
    opens_dialog = invoke.event.trigger is not None and invoke.form is None
    return invoke.words("typed.form_not_opened" if opens_dialog else "intake.try_again")


def sentence(invoke: Invoke, key: str) -> Json:
    """Return the answer that says one of our texts, where it was pressed."""
    return _in_words(invoke, invoke.words(key))


def in_chat(show: Show) -> Show:
    """Return what is shown in the chat instead, once the dialog waits for nothing any more."""
    if not isinstance(show, Refuse):
        return show
    sentences = tuple(show.errors.values())
    return Say(Card(summary=unmarked(" ".join(sentences)), parts=tuple(Paragraph(one) for one in sentences)))


def _in_words(invoke: Invoke, text: str) -> Json:
    return _message(unmarked(text)) if invoke.event.trigger is None else _task(unmarked(text))


def _message(text: str) -> Json:
    return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": text}


def _task(text: str) -> Json:
    return {"task": {"type": "message", "value": text}}


def _continue(dialog: Json) -> Json:
    return {"task": {"type": "continue", "value": dialog}}
