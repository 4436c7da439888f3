"""The page of a relay, and its documents for the registrar: for its teams, and for whoever coordinates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import orjson
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from bot.conversation.enrolling import HOME_ZONE
from bot.conversation.references import number
from bot.conversation.relay_chain import baton_lines, promise_lines, standing_text
from bot.conversation.relay_view import chain_for
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer
from bot.web.relay_documents import baton_html, baton_json, relay_html, relay_json
from bot.web.relay_picture import picture
from bot.web.rendering import HEADERS, page
from bot.web.visits import Reader, Visits
from storage.moments import local_day
from storage.relay_reading import Chain, Leg

_FILE = re.compile(r"(?:relay|baton-(?P<number>[1-9]))\.(?P<kind>html|json)")
_TYPES = {"html": "text/html; charset=utf-8", "json": "application/json"}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shown:
    """A team on the page."""

    number: int
    team: str
    organisation: str
    stands: str
    baton: Sequence[tuple[str, str]]


async def relay_page(visits: Visits, request: Request, reader: Reader) -> Response:
    """Return the relay's page. Raises CannotAnswer for whoever has no part in it."""
    chain, words = await _chain(visits, request, reader), reader.words
    return page(
        "relay",
        words,
        organisation=reader.organisation,
        title=chain.name,
        form_token=reader.form_token,
        question=words("relays.question", question=chain.question),
        picture=Markup(picture(chain, words)),  # noqa: S704 - everything in it is escaped where it is drawn
        teams=[_shown(chain, leg, words) for leg in chain.legs],
        promises=[(leg.organisation, promise_lines(leg, words)) for leg in chain.legs if leg.commitment is not None],
        files=_files(chain, words),
    )


async def relay_file(visits: Visits, request: Request, reader: Reader) -> Response:
    """Return a document to take along. Raises CannotAnswer for whoever has no part in the relay, and for a baton that
    has not been handed over."""
    wanted = _FILE.fullmatch(request.path_params["file"])
    chain = await _chain(visits, request, reader)
    if wanted is None:
        raise CannotAnswer("relays.gone")
    kind, position = wanted["kind"], wanted["number"]
    today = local_day(visits.clock.now(), HOME_ZONE.key)
    if position is None:
        body, name = _whole(kind, chain, reader, today), f"stafett-{chain.id}.{kind}"
    else:
        body, name = _one(kind, chain, position, reader.words), f"stafett-{chain.id}-pinne-{position}.{kind}"
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=_TYPES[kind], headers=HEADERS | named)


async def _chain(visits: Visits, request: Request, reader: Reader) -> Chain:
    relay_id = number(request.path_params["relay"])
    return await visits.look(reader, lambda visit: chain_for(visit, relay_id))


def _whole(kind: str, chain: Chain, reader: Reader, today: date) -> bytes:
    if kind == "html":
        return relay_html(chain, reader.words, organisation=reader.organisation, today=today).encode()
    return _json(relay_json(chain, organisation=reader.organisation, today=today))


def _one(kind: str, chain: Chain, position: str, words: Words) -> bytes:
    leg = next((leg for leg in chain.legs if str(leg.position) == position and leg.baton is not None), None)
    if leg is None:
        raise CannotAnswer("relays.gone")
    return baton_html(chain, leg, words).encode() if kind == "html" else _json(baton_json(chain, leg, words))


def _json(data: object) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_INDENT_2)


def _shown(chain: Chain, leg: Leg, words: Words) -> _Shown:
    return _Shown(
        number=leg.position,
        team=leg.team,
        organisation=leg.organisation,
        stands=standing_text(chain, leg, words),
        baton=baton_lines(leg.baton.words, words) if leg.baton is not None else (),
    )


def _files(chain: Chain, words: Words) -> list[tuple[str, str]]:
    """Return where each document is, and what it is called."""
    here = f"/my/relay/{chain.id}"
    files = [(f"{here}/relay.{kind}", words(f"relays.document_whole_{kind}")) for kind in _TYPES]
    for leg in chain.legs:
        if leg.baton is not None:
            files += [
                (f"{here}/baton-{leg.position}.{kind}", words(f"relays.document_{kind}", number=leg.position))
                for kind in _TYPES
            ]
    return files
