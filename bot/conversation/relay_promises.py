"""What a team's organisation goes on with after the relay, and how that goes: said for the team by whoever is in it."""

from datetime import timedelta

from bot.conversation import relay_doubts
from bot.conversation.cohort_choices import date_or_none
from bot.conversation.events import Pressed, Submitted
from bot.conversation.relay_cards import whole
from bot.conversation.relay_chain import promise_text
from bot.conversation.relay_doubts import Text
from bot.conversation.relay_forms import (
    MOST_PROMISE_WORDS,
    MOST_ROLE_WORDS,
    MOST_SENTENCE_WORDS,
    follow_up_form,
    promise_form,
)
from bot.conversation.relay_view import is_theirs, leg_now, refused, said
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Routes, Visit
from storage import relay_commitments
from storage.moments import local_day
from storage.relay_commitments import CLOSING
from storage.relay_reading import Leg, Question
from storage.relays import NotDone
from storage.tables.relays import Afterwards, RelayState

IN_A_MONTH = timedelta(days=30)


def ask(visit: Visit, event: Pressed) -> list[Show]:
    chain, leg = leg_now(visit, event.value)
    if not is_theirs(visit, leg):
        return refused(visit, NotDone.NOT_YOURS)
    asked = _question(leg, CLOSING)
    if chain.state is RelayState.ENDED:
        return said(visit, visit.words("relays.promise_late"))
    if asked is None or asked.asked_at is None:
        return said(visit, visit.words("relays.promise_not_yet"))
    initial = local_day(visit.now, leg.zone) + IN_A_MONTH
    form = promise_form(visit.words, leg_id=leg.id, organisation=leg.organisation, kept=leg.commitment, initial=initial)
    return [OpenForm(form)]


def promise(visit: Visit, event: Submitted) -> list[Show]:
    chain, leg = leg_now(visit, relay_doubts.what_about(event))
    words = visit.words
    texts = [
        Text(
            name="text", label=words("relays.promise_label"), text=event.text("text").strip(),
            most_words=MOST_PROMISE_WORDS,
        ),
        Text(
            name="role", label=words("relays.role_label"), text=event.text("role").strip(), most_words=MOST_ROLE_WORDS
        ),
    ]  # fmt: skip
    errors = relay_doubts.faults(texts, words)
    due_on = date_or_none(event.text("due_on"))
    if due_on is None or due_on <= local_day(visit.now, leg.zone):
        errors["due_on"] = words("relays.due_missing")
    if errors or due_on is None:
        return [Refuse(errors)]
    form = promise_form(words, leg_id=leg.id, organisation=leg.organisation, kept=None, initial=due_on)
    if (again := relay_doubts.asked_again(form, event, texts, words)) is not None:
        return [OpenForm(again)]
    text, role = (one.text for one in texts)
    why_not = relay_commitments.promise(
        visit.session, visit.person, leg.id, text, owner_role=role, due_on=due_on, now=visit.now
    )
    if why_not is NotDone.DONE:
        return said(visit, words("relays.promise_late"))
    if why_not is not None:
        return refused(visit, why_not)
    return said(visit, _kept(leg, words), whole(chain, words))


def ask_how_it_goes(visit: Visit, event: Pressed) -> list[Show]:
    leg_id, _, weeks = event.value.partition(":")
    _chain, leg = leg_now(visit, leg_id)
    if not is_theirs(visit, leg):
        return refused(visit, NotDone.NOT_YOURS)
    asked = _asked(leg, weeks)
    if asked is None or leg.commitment is None:
        return said(visit, visit.words("relays.follow_up_closed"))
    form = follow_up_form(
        visit.words,
        leg_id=leg.id,
        weeks=asked.weeks,
        answers=list(Afterwards),
        promised=promise_text(leg.commitment, visit.words),
    )
    return [OpenForm(form)]


def answer(visit: Visit, event: Submitted) -> list[Show]:
    leg_id, _, weeks = relay_doubts.what_about(event).partition(":")
    chain, leg = leg_now(visit, leg_id)
    asked = _asked(leg, weeks)
    if asked is None or leg.commitment is None:
        return said(visit, visit.words("relays.follow_up_closed"))
    words, chosen = visit.words, event.text("said")
    texts = [
        Text(
            name="text", label=words("relays.follow_up_text"), text=event.text("text").strip(),
            most_words=MOST_SENTENCE_WORDS, is_optional=True,
        )
    ]  # fmt: skip
    errors = relay_doubts.faults(texts, words)
    if chosen not in list(Afterwards):
        errors["said"] = words("rounds.choose")
    if errors:
        return [Refuse(errors)]
    form = follow_up_form(
        words,
        leg_id=leg.id,
        weeks=asked.weeks,
        answers=list(Afterwards),
        promised=promise_text(leg.commitment, words),
    )
    if (again := relay_doubts.asked_again(form, event, texts, words)) is not None:
        return [OpenForm(again)]
    why_not = relay_commitments.say(
        visit.session, visit.person, leg.id, asked.weeks, Afterwards(chosen), texts[0].text or None, visit.now
    )
    if why_not is not None:
        return refused(visit, why_not)
    return said(visit, words("relays.follow_up_kept"), whole(chain, words))


def _kept(leg: Leg, words: Words) -> str:
    """Say that it is saved, and when the team is asked how it goes: it may have said so when it was asked already."""
    to_come = [words.number(one.weeks) for one in leg.questions if one.weeks > CLOSING and one.asked_at is None]
    if not to_come:
        return words("relays.promise_kept_only")
    key = "promise_kept" if len(to_come) > 1 else "promise_kept_once"
    return words(f"relays.{key}", first=to_come[0], last=to_come[-1])


def _question(leg: Leg, weeks: int) -> Question | None:
    return next((one for one in leg.questions if one.weeks == weeks), None)


def _asked(leg: Leg, weeks: str) -> Question | None:
    """Return what the team has been asked after so many weeks; None when it has not been."""
    asked = [one for one in leg.questions if str(one.weeks) == weeks and one.weeks > CLOSING]
    return asked[0] if asked and asked[0].asked_at is not None else None


ROUTES = Routes(
    presses={"relay.promise": ask, "relay.follow_up": ask_how_it_goes},
    forms={"relay.promise": promise, "relay.follow_up": answer},
    commands={},
    in_channels=frozenset({"relay.promise", "relay.follow_up"}),
)
