"""A baton, or a whole relay, as a document for the registrar: HTML that prints, and JSON. Pure; nobody is named.

The two say the same. The JSON names its schema, `knuff.baton/1` or `knuff.relay/1`: a field is added under the same
number, and taken away or changed under the next.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from bot.conversation.relay_chain import baton_lines, closing_day, promise_lines, standing_of, standing_text, state_text
from bot.conversation.texts import Words
from bot.web.relay_picture import picture
from bot.web.rendering import document
from storage.moments import local_day
from storage.relay_reading import Baton, Chain, Leg
from storage.tables.relays import LegState, RelayState

BATON_SCHEMA, RELAY_SCHEMA = "knuff.baton/1", "knuff.relay/1"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Section:
    texts: Sequence[tuple[str, str]]
    title: str = ""
    note: str = ""


def baton_html(chain: Chain, leg: Leg, words: Words) -> str:
    """Return one baton as a page of its own. Raises ValueError for a leg without words of its own."""
    baton = _baton(leg)
    facts = [
        *_facts(chain, words, organisation=leg.organisation, day=_written_on(leg, baton)),
        (words("relays.document_team"), leg.team),
        (words("relays.document_leg"), words("relays.document_leg_of", number=leg.position, all=len(chain.legs))),
    ]
    facts += _tested(baton, words)
    return document(
        "relay_document",
        words,
        title=words("relays.document_title", team=leg.team),
        facts=facts,
        picture=None,
        sections=[_Section(texts=baton_lines(baton.words, words), note=words("relays.document_note"))],
    )


def baton_json(chain: Chain, leg: Leg, words: Words) -> dict[str, Any]:
    """As above."""
    baton = _baton(leg)
    return {
        "schema": BATON_SCHEMA,
        "title": words("relays.document_title", team=leg.team),
        "date": _written_on(leg, baton).isoformat(),
        "organisation": leg.organisation,
        "team": leg.team,
        "relay": chain.name,
        "relay_question": chain.question,
        "leg": leg.position,
        "legs": len(chain.legs),
        **asdict(baton.words),
    }


def relay_html(chain: Chain, words: Words, *, organisation: str, today: date) -> str:
    """Return the whole relay, as far as it has come, with its picture."""
    sections = [
        _Section(
            title=f"{leg.position}. {leg.team}",
            note=_note(chain, leg, words),
            texts=_texts(leg, words),
        )
        for leg in chain.legs
    ]
    promised = [(leg.organisation, " ".join(lines)) for leg in chain.legs if (lines := promise_lines(leg, words))]
    if promised:
        sections.append(_Section(title=words("relays.promises_title"), texts=promised))
    return document(
        "relay_document",
        words,
        title=chain.name,
        facts=[*_facts(chain, words, organisation=organisation, day=today), *_state(chain, words, today)],
        picture=Markup(picture(chain, words)),  # noqa: S704 - everything in it is escaped where it is drawn
        sections=sections,
    )


def relay_json(chain: Chain, *, organisation: str, today: date) -> dict[str, Any]:
    day = closing_day(chain)
    return {
        "schema": RELAY_SCHEMA,
        "title": chain.name,
        "date": today.isoformat(),
        "organisation": organisation,
        "relay_question": chain.question,
        "state": chain.state.value,
        "closing_on": day.isoformat() if day is not None else None,
        "legs": [_leg_json(chain, leg) for leg in chain.legs],
    }


def _leg_json(chain: Chain, leg: Leg) -> dict[str, Any]:
    promise, words_from = leg.commitment, _words_from(chain, leg)
    over = leg.ended_at if leg.state is LegState.HANDED_OVER else None
    return {
        "leg": leg.position,
        "team": leg.team,
        "organisation": leg.organisation,
        "standing": standing_of(chain, leg).value,
        "handed_over_on": local_day(over, leg.zone).isoformat() if over is not None else None,
        "words_from_leg": words_from.position if words_from is not None else None,
        "baton": asdict(leg.baton.words) if leg.baton is not None else None,
        "commitment": None
        if promise is None
        else {"text": promise.words, "owner_role": promise.owner_role, "due_on": promise.due_on.isoformat()},
        "afterwards": [
            {"weeks": one.weeks, "said": one.said.value, "text": one.words}
            for one in leg.questions
            if one.said is not None
        ],
    }


def _texts(leg: Leg, words: Words) -> list[tuple[str, str]]:
    if leg.baton is None:
        return []
    return [*baton_lines(leg.baton.words, words), *_tested(leg.baton, words)]


def _tested(baton: Baton, words: Words) -> list[tuple[str, str]]:
    tested = baton.words.tested
    return [] if tested is None else [(words("relays.document_tested"), words("rounds.yes" if tested else "rounds.no"))]


def _note(chain: Chain, leg: Leg, words: Words) -> str:
    said = f"{leg.organisation}: {standing_text(chain, leg, words)}."
    if (words_from := _words_from(chain, leg)) is None:
        return said
    return f"{said} {words('relays.document_words_from', team=words_from.team)}"


def _words_from(chain: Chain, leg: Leg) -> Leg | None:
    """Return whose words a leg let go on; None when they were its own, or it let none."""
    return chain.received_by(leg) if leg.passed_on else None


def _state(chain: Chain, words: Words, today: date) -> list[tuple[str, str]]:
    state, day = (words("relays.board_state"), state_text(chain, words, today)), closing_day(chain)
    if day is None and chain.state is RelayState.ENDED:
        return [state]
    return [state, (words("relays.board_closing"), words("relays.board_unset") if day is None else words.long_day(day))]


def _facts(chain: Chain, words: Words, *, organisation: str, day: date) -> list[tuple[str, str]]:
    return [
        (words("relays.document_date"), words.long_day(day)),
        (words("relays.document_organisation"), organisation),
        (words("relays.document_relay"), chain.name),
        (words("relays.document_question"), chain.question),
    ]


def _baton(leg: Leg) -> Baton:
    if leg.baton is None:
        raise ValueError("a leg without a baton of its own has no document")
    return leg.baton


def _written_on(leg: Leg, baton: Baton) -> date:
    return local_day(baton.written_at, leg.zone)
