"""The person's own messages in the chat: what is edited or deleted there is changed or gone here."""

from dataclasses import replace

from bot.conversation import typed_plans
from bot.conversation.composing import note_card
from bot.conversation.events import Deleted, Edited, Wrote
from bot.conversation.health import mentions_health
from bot.conversation.reflections import take_back
from bot.conversation.saving import fault_in
from bot.conversation.shows import Say, Show
from bot.conversation.titles import title_of
from bot.conversation.typed_answers import saved_card
from bot.conversation.visiting import Visit
from storage import chat_messages, written
from storage.tables.answers import MessageState, Reflection


def as_it_stands(visit: Visit, event: Wrote) -> Wrote | None:
    """Return a message as it stands now: its edit or deletion may have reached us before it did. None: deleted."""
    at = event.message
    text = chat_messages.heard(
        visit.session,
        visit.person,
        conversation_id=at.conversation,
        message_id=at.message,
        body=event.text,
        at=event.done_at or event.at,
        now=visit.now,
    )
    return None if text is None else replace(event, text=text)


def edited(visit: Visit, event: Edited) -> list[Show]:
    """Change what was saved from a message edited in chat. What may not be saved is taken away, and that is said. An
    edit that a later one or a deletion has overtaken changes nothing."""
    text, plan = _text_of(visit, event), typed_plans.from_message(visit, event.message)
    body, may_save = event.text.strip(), visit.person.saves_text
    fault = fault_in(body, visit.words)
    state = chat_messages.edited(
        visit.session,
        visit.person,
        conversation_id=event.message.conversation,
        message_id=event.message.message,
        body=body if may_save and not fault else None,  # what may not be saved may not wait here either
        has_come=text is not None or plan is not None or _is_forgotten(event),
        at=event.done_at or event.at,
        now=visit.now,
    )
    if state is None:
        return []
    if plan is not None:
        return typed_plans.edited(visit, event, plan)
    if text is None:
        is_lost = body and (state is MessageState.HEARD or not may_save)
        said = fault or (visit.words("saving.edit_not_saved") if is_lost else None)
        return [Say(note_card(said))] if said else []
    return _rewritten(visit, text, body, fault)


def deleted(visit: Visit, event: Deleted) -> list[Show]:
    chat_messages.deleted(
        visit.session,
        visit.person,
        conversation_id=event.message.conversation,
        message_id=event.message.message,
        at=event.done_at or event.at,
        now=visit.now,
    )
    text, plan = _text_of(visit, event), typed_plans.from_message(visit, event.message)
    return [
        *(take_back(visit, text) if text is not None else []),
        *(typed_plans.take_back(visit, plan) if plan is not None else []),
    ]


def _rewritten(visit: Visit, text: Reflection, body: str, fault: str | None) -> list[Show]:
    if fault or not body:
        again = take_back(visit, text)
        return [*again, Say(note_card(fault))] if fault else again
    asks = body != text.body and mentions_health(body)
    written.rewrite(text, body, on_page=False, now=visit.now)
    if not asks:
        return []
    return [Say(saved_card(text.id or 0, title_of(visit, text.lesson_id), visit.words, asks=True))]


def _is_forgotten(event: Edited) -> bool:
    """Whether the message is so old that it was not on its way when this reached us: had it come, we would not know any
    more."""
    return event.written_at is not None and event.written_at < event.at - chat_messages.KEPT


def _text_of(visit: Visit, event: Edited | Deleted) -> Reflection | None:
    return written.from_message(
        visit.session,
        visit.person,
        conversation_id=event.message.conversation,
        message_id=event.message.message,
    )
