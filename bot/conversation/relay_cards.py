"""What a team's channel hears of a relay. Pure functions of the relay and the team's leg of it."""

from bot.conversation.cards import Button, Buttons, Card, Divider, Heading, Note, Paragraph, Part, Style
from bot.conversation.relay_chain import (
    afterwards,
    baton_lines,
    closing_day,
    handed_on_to,
    has_received,
    is_followed,
    promise_text,
    standing_text,
)
from bot.conversation.texts import Words
from lessons.challenge_steps import Step
from lessons.challenges import Challenge
from storage.batons import STEP
from storage.moments import local_day
from storage.relay_news import News, news_of
from storage.relay_reading import Chain, Leg
from storage.relay_reading import Words as BatonWords
from storage.tables.relays import LegState
from storage.tables.rounds import Ending


def news_card(chain: Chain, leg: Leg, occurrence: int, words: Words, challenge: Challenge) -> Card:
    """Return the message that tells a team's channel this piece of news. `challenge`: what a leg is a round of."""
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
            return _closing(chain, leg, words)
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


def received_parts(chain: Chain, leg: Leg, words: Words) -> list[Part]:
    """What a team begins its leg with: the relay's question, and the latest words that were handed over before it."""
    parts: list[Part] = [Paragraph(words("relays.question", question=chain.question))]
    written, handed = chain.received_by(leg), chain.handed_to(leg)
    if written is None or written.baton is None:
        first = "you_are_first" if leg.position == 1 else "no_baton_yet"
        parts.append(Paragraph(words(f"relays.{first}")))
    else:
        if handed is not None and handed.id != written.id:
            parts.append(Note(words("relays.came_unchanged", team=handed.team)))
        parts.append(Paragraph(words("relays.from_team", team=written.team, organisation=written.organisation)))
        parts += baton_parts(written.baton.words, words)
    if chain.closing_on is not None and chain.closing_on > (leg.starts_on or leg.planned_on):
        parts.append(Note(words("relays.closes_on", day=words.day(chain.closing_on))))
    return parts


def baton_parts(baton: BatonWords, words: Words) -> list[Part]:
    return [Paragraph(f"**{label}:** {text}") for label, text in baton_lines(baton, words)]


def chain_parts(chain: Chain, words: Words, *, everything: bool = False) -> list[Part]:
    """The relay as text: each team where it is, with what it learned; or with all its words, and what is promised."""
    parts: list[Part] = [Paragraph(words("relays.question", question=chain.question))]
    for leg in chain.legs:
        parts.append(Paragraph(leg_line(chain, leg, words)))
        if leg.baton is not None:
            told = baton_parts(leg.baton.words, words)
            parts += told if everything else told[:1]
    if everything and (day := closing_day(chain)) is not None:
        parts.append(Paragraph(f"**{words('relays.board_closing')}:** {words.day(day)}"))
    if everything and any(leg.commitment is not None for leg in chain.legs):
        parts += [Divider(), *promise_parts(chain, words)]
    return parts


def promise_parts(chain: Chain, words: Words) -> list[Part]:
    """What each organisation goes on with, as far as it has been said."""
    parts: list[Part] = [Heading(words("relays.promises_title"))]
    for leg in chain.legs:
        if leg.commitment is not None:
            parts.append(Paragraph(f"**{leg.organisation}:** {promise_text(leg.commitment, words)}"))
            parts += map(Note, afterwards(leg, words))
    return parts


def leg_line(chain: Chain, leg: Leg, words: Words, *, stands: str | None = None) -> str:
    """Say where a team is; or `stands` of it."""
    return words(
        "relays.leg_line",
        number=leg.position,
        team=leg.team,
        organisation=leg.organisation,
        stands=standing_text(chain, leg, words) if stands is None else stands,
    )


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
    parts: list[Part] = []
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


def _closing(chain: Chain, leg: Leg, words: Words) -> Card:
    return _card(
        chain,
        words,
        "closing",
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
