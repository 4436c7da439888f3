"""What a team's channel hears of a relay. Pure functions of the relay and the team's leg of it."""

from bot.conversation.cards import Button, Buttons, Card, Divider, Heading, Note, Paragraph, Part, Style
from bot.conversation.relay_chain import (
    handed_on_to,
    has_received,
    is_followed,
    over_text,
    promise_text,
    stood_aside,
)
from bot.conversation.relay_parts import chain_parts, received_parts
from bot.conversation.texts import Words
from lessons.challenge_steps import Step
from lessons.challenges import Challenge
from storage.batons import STEP
from storage.moments import local_day
from storage.relay_news import News, news_of
from storage.relay_reading import Chain, Leg
from storage.tables.relays import LegState, RelayEnding
from storage.tables.rounds import Ending


def news_card(
    chain: Chain, leg: Leg, occurrence: int, words: Words, challenge: Challenge, *, has_heard_last: bool = False
) -> Card:
    """Return the message that tells a team's channel this piece of news. `challenge`: what a leg is a round of.
    `has_heard_last`: whether the team has been told that the last leg is over."""
    news = news_of(occurrence)
    match news:
        case News.ARRIVED:
            return _arrived(chain, leg, words)
        case News.REMINDED:
            return _reminded(chain, leg, words)
        case News.STALLED:
            return _stalled(chain, leg, words)
        case News.PASSED_ON:
            return _passed_on(chain, leg, words, challenge)
        case News.ACKNOWLEDGED:
            return _acknowledged(chain, leg, words)
        case News.LAST:
            return _last(chain, leg, words)
        case News.CLOSING:
            return _closing(chain, leg, words, has_heard_last=has_heard_last)
        case News.ENDED_EARLY:
            return _ended_early(chain, words)
        case News.CLOSING_DAY:
            return _closing_day(chain, words, is_another=occurrence > News.CLOSING_DAY)


def follow_up_card(chain: Chain, leg: Leg, weeks: int, words: Words) -> Card:
    """Ask once how it goes with what the team promised."""
    asked: list[Part] = [Paragraph(words("relays.follow_up", weeks=words.number(weeks)))]
    if leg.commitment is not None:
        asked.append(Paragraph(words("relays.follow_up_promise", promise=promise_text(leg.commitment, words))))
    answer = Button(
        text=words("relays.follow_up_answer"),
        action="relay.follow_up",
        value=f"{leg.id}:{weeks}",
        style=Style.PRIMARY,
        opens_form=True,
    )
    notes = (Note(words("relays.follow_up_once")), Note(words("relays.all_read")))
    return _card(chain, words, "follow_up", *asked, _row(answer, whole(chain, words)), *notes)


def parts_of_step(chain: Chain, leg: Leg, step: Step, words: Words, *, is_last: bool) -> list[Part]:
    """What the channel is told with a step of a leg's round, beside what the step says itself."""
    if step.day != 1:
        return [_already_over(chain, leg, words, is_last=is_last)] if _is_handed_over(leg) else []
    parts = [Divider(), *received_parts(chain, leg, words)]
    if _is_to_receive(leg):
        parts.append(_received_note(chain, leg, words))
    return parts


def buttons_of_step(chain: Chain, leg: Leg, step: Step, words: Words, *, is_last: bool) -> tuple[Button, ...]:
    if step.day == 1:
        came = (_received(leg, words),) if _is_to_receive(leg) else ()
        return (*came, whole(chain, words))
    if step.key == STEP:
        return (whole(chain, words),)
    return (baton(leg, words), whole(chain, words)) if is_last else ()


def baton(leg: Leg, words: Words, *, style: Style = Style.PLAIN) -> Button:
    return _button(leg, words, "baton", style=style)


def told_of_baton(chain: Chain, leg: Leg, words: Words) -> list[Part]:
    """What stands below the words of a baton in its team's channel: that it has been handed over, and what leads to
    it."""
    gone: list[Part] = []
    if _is_handed_over(leg):
        following = handed_on_to(chain, leg)
        said = words("relays.handed_over", team=following.team) if following else words("relays.handed_over_last")
        gone.append(Paragraph(said))
    return [*gone, _row(baton(leg, words))]


def _is_handed_over(leg: Leg) -> bool:
    """Whether the team's own words have gone on."""
    return leg.state is LegState.HANDED_OVER and not leg.passed_on


def _already_over(chain: Chain, leg: Leg, words: Words, *, is_last: bool) -> Paragraph:
    """The days of a leg go on when its baton is handed over, and their steps speak of what is done already."""
    following = handed_on_to(chain, leg)
    if following is None:
        return Paragraph(words("relays.already_over_last"))
    return Paragraph(words("relays.already_over_meeting" if is_last else "relays.already_over", team=following.team))


def _received(leg: Leg, words: Words, *, style: Style = Style.PLAIN) -> Button:
    return _button(leg, words, "received", style=style)


def _received_note(chain: Chain, leg: Leg, words: Words) -> Note:
    return Note(words(f"relays.{of_what(chain, leg, 'received_note')}"))


def _is_to_receive(leg: Leg) -> bool:
    """Whether the team may say that what was handed to it has come."""
    return leg.position > 1 and leg.acknowledged_at is None


def whole(chain: Chain, words: Words) -> Button:
    return Button(text=words("relays.whole"), action="relay.chain", value=str(chain.id), opens_form=True)


def of_what(chain: Chain, leg: Leg, key: str) -> str:
    """Return the text for what has come to a team: a baton, or the relay's question alone."""
    return key if has_received(chain, leg) else f"question_{key}"


def _arrived(chain: Chain, leg: Leg, words: Words) -> Card:
    begins = words("relays.begins_later")
    if leg.starts_on is not None:
        begins = words("relays.begins", day=words.day(leg.starts_on))
    buttons = _row(_received(leg, words, style=Style.PRIMARY), whole(chain, words))
    return _card(
        chain,
        words,
        of_what(chain, leg, "arrived"),
        *received_parts(chain, leg, words),
        Paragraph(begins),
        buttons,
        _received_note(chain, leg, words),
    )


def _reminded(chain: Chain, leg: Leg, words: Words) -> Card:
    key, handed = of_what(chain, leg, "reminded"), chain.handed_to(leg)
    said = words(f"relays.{key}", team=handed.team if handed is not None else "")
    return _card(
        chain, words, key, Paragraph(said), _row(_received(leg, words, style=Style.PRIMARY), whole(chain, words))
    )


def _stalled(chain: Chain, leg: Leg, words: Words) -> Card:
    if leg.state is not LegState.RUNNING:
        return _stalled_no_more(chain, leg, words)
    key = "stalled_first" if chain.received_by(leg) is None else "stalled_by_itself"
    if not is_followed(chain, leg):
        key += "_last"
    if leg.is_approved:
        key = "stalled_approved"
    day = local_day(leg.passes_on_at, leg.zone) if leg.passes_on_at is not None else leg.deadline
    return _card(
        chain,
        words,
        "stalled" if leg.is_approved else of_what(chain, leg, "stalled"),
        *([] if leg.is_approved else [Paragraph(words(_why_stalled(leg)))]),
        Paragraph(words(f"relays.{key}", day=words.day(day))),
        _row(baton(leg, words, style=Style.PRIMARY), whole(chain, words)),
    )


def _stalled_no_more(chain: Chain, leg: Leg, words: Words) -> Card:
    """What stands in its place once the leg is over."""
    title = "skipped" if leg.state is LegState.SKIPPED else "passed_on"
    if handed_on_to(chain, leg) is None:
        title = "ended_early" if chain.ending is RelayEnding.ENDED_EARLY else "finish"
    return _card(chain, words, title, Paragraph(over_text(chain, leg, words)), _row(whole(chain, words)))


def _why_stalled(leg: Leg) -> str:
    return "relays.stalled_early" if leg.round_ending is Ending.ENDED_EARLY else "relays.stalled"


def _acknowledged(chain: Chain, leg: Leg, words: Words) -> Card:
    later = chain.legs[leg.position :]
    following = next((one for one in later if one.acknowledged_at is not None), leg)
    key = of_what(chain, following, "acknowledged")
    said = words(f"relays.{key}", team=following.team, organisation=following.organisation)
    return _card(chain, words, key, Paragraph(said), _row(whole(chain, words)))


def _passed_on(chain: Chain, leg: Leg, words: Words, challenge: Challenge) -> Card:
    """Where the team had its days and did not get there, the challenge has words of its own for that. A team that let
    it go on before its days were over did not run out of them."""
    key = "skipped" if leg.state is LegState.SKIPPED else "passed_on"
    said = words(f"relays.{key}")
    if leg.round_ending is Ending.NOT_MADE and leg.stalled_at is not None:
        said = words.of(challenge.ending.not_made)
    return _card(chain, words, key, Paragraph(said), _row(whole(chain, words)))


def _last(chain: Chain, leg: Leg, words: Words) -> Card:
    """To whoever had it last, with what became of it; the other teams hear the day."""
    is_last = not any(one.begun_at is not None for one in chain.legs[leg.position :])
    parts: list[Part] = _stood_aside(leg, words)
    if is_last and leg.passed_on:
        parts.append(Paragraph(words("relays.passed_on_last")))
    if chain.closing_on is not None:
        parts.append(Paragraph(words("relays.last_day", day=words.day(chain.closing_on))))
    title = "last" if is_last and leg.baton is not None else "finish"
    return _card(chain, words, title, *parts, _row(whole(chain, words)))


def _closing_day(chain: Chain, words: Words, *, is_another: bool) -> Card:
    """`is_another`: there was a day before. With none any more, the relay takes longer."""
    if chain.closing_on is None:
        key, said = "no_day", words("relays.no_day")
    else:
        key = "moved_day" if is_another else "last_day"
        said = words(f"relays.{key}", day=words.day(chain.closing_on))
    return _card(chain, words, key, Paragraph(said), _row(whole(chain, words)))


def _ended_early(chain: Chain, words: Words) -> Card:
    key = "ended_early" if any(one.baton for one in chain.legs) else "ended_early_without"
    return _card(chain, words, "ended_early", Paragraph(words(f"relays.{key}")), _row(whole(chain, words)))


def _stood_aside(leg: Leg, words: Words) -> list[Part]:
    """What the first message says to a team that was passed by in silence: why it is written to at all."""
    return [Paragraph(words("relays.stood_aside"))] if stood_aside(leg) else []


def _closing(chain: Chain, leg: Leg, words: Words, *, has_heard_last: bool) -> Card:
    return _card(
        chain,
        words,
        "closing",
        *([] if has_heard_last else _stood_aside(leg, words)),
        Paragraph(words("relays.closing" if any(one.baton for one in chain.legs) else "relays.closing_without")),
        Divider(),
        *chain_parts(chain, words),
        Divider(),
        Paragraph(words("relays.closing_asks", organisation=leg.organisation)),
        _row(_button(leg, words, "promise", style=Style.PRIMARY), whole(chain, words)),
        Note(words("relays.all_read")),
    )


def _card(chain: Chain, words: Words, key: str, *parts: Part) -> Card:
    """A message of a relay: its heading, which relay it is, and what there is to say."""
    title = words(f"relays.{key}_title")
    heading = (Heading(title), Note(words("relays.of_relay", relay=chain.name)))
    summary = words("relays.summary", relay=chain.name, title=title)
    return Card(summary=summary, parts=(*heading, *parts), language=words.language)


def _row(*buttons: Button) -> Buttons:
    return Buttons(buttons)


def _button(leg: Leg, words: Words, what: str, *, style: Style = Style.PLAIN) -> Button:
    text = words(f"relays.{what}")
    return Button(text=text, action=f"relay.{what}", value=str(leg.id), style=style, opens_form=True)
