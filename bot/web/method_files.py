"""A method card on our own page, to print."""

from functools import partial

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.conversation.methods import printed
from bot.web.rendering import HEADERS
from bot.web.round_files import only_its_own_style
from bot.web.visits import Reader, Visits


async def card(visits: Visits, request: Request, reader: Reader) -> Response:
    html = await visits.look(reader, partial(printed, method_id=request.path_params["method"]))
    return HTMLResponse(html, headers=HEADERS | {"Content-Security-Policy": only_its_own_style(html)})
