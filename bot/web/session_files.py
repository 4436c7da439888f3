"""What somebody takes along from their programme: its meetings as a calendar file."""

from starlette.requests import Request
from starlette.responses import Response

from bot.conversation.sessions_coming import sessions_file
from bot.web.rendering import HEADERS
from bot.web.visits import Reader, Visits


async def meetings(visits: Visits, request: Request, reader: Reader) -> Response:
    """Return the reader's own meetings: an empty calendar when there are none."""
    body = await visits.look(reader, sessions_file)
    named = {"Content-Disposition": 'attachment; filename="knuff.ics"'}
    return Response(body, media_type="text/calendar", headers=HEADERS | named)
