"""What a team takes along from its round: the meetings as a calendar file, and the sheet for the wall."""

import base64
import hashlib
import re
from functools import partial

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.conversation.round_documents import huddle_page, meetings_file
from bot.web.rendering import HEADERS
from bot.web.visits import Reader, Visits

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


async def meetings(visits: Visits, request: Request, reader: Reader) -> Response:
    body = await visits.look(reader, partial(meetings_file, value=request.path_params["round"]))
    named = {"Content-Disposition": 'attachment; filename="knuff.ics"'}
    return Response(body, media_type="text/calendar", headers=HEADERS | named)


async def huddle(visits: Visits, request: Request, reader: Reader) -> Response:
    html = await visits.look(reader, partial(huddle_page, value=request.path_params["round"]))
    return HTMLResponse(html, headers=HEADERS | {"Content-Security-Policy": only_its_own_style(html)})


def only_its_own_style(html: str) -> str:
    """The sheet is one file, to be sent or kept: what is in its style, and nothing else, may dress it."""
    digests = [base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in _STYLE.findall(html)]
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"default-src 'none'; style-src {allowed}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
