"""The operator's page: what is stuck and why, that it mends itself or what to do. Numbers and error classes only.

It is read when something is broken: it needs no script, nobody's session and no platform, and says of each part that
cannot be read that it cannot.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.conversation.texts import LANGUAGES, Words
from bot.readiness import LONGEST_WITHOUT_TICK_SECONDS
from bot.web.rendering import STYLESHEET, page, stylesheet
from bot.web.troubles_in_words import moment, second, told, where_sent
from scheduler.clock import Clock
from scheduler.troubles import Outlook, Trouble, look_around
from storage.database import Store
from storage.moments import local_day

CHALLENGE = {"WWW-Authenticate": 'Basic realm="Knuff", charset="UTF-8"'}


def operator_routes(
    store: Store,
    clock: Clock,
    *,
    token: SecretStr,
    organisation: str,
    zone: str,
    lease_seconds: float,
    seconds_since_tick: Callable[[], float | None],
) -> list[BaseRoute]:
    """Return the routes of the page. `seconds_since_tick` is about this process; None before the first tick."""

    async def show(request: Request) -> Response:
        words = Words(preferred_language(request.headers.get("accept-language", "")))
        answer = partial(page, words=words, organisation=organisation)
        if not is_token(request.headers.get("authorization", ""), token):
            text = words("operator.closed_text")
            locked = answer("plain", title=words("operator.closed_title"), paragraphs=[text])
            locked.status_code = HTTPStatus.UNAUTHORIZED
            locked.headers.update(CHALLENGE)
            return locked
        now = clock.now()
        outlook = await look_around(store, now, zone=zone, lease_seconds=lease_seconds)
        troubles = [*_of_this_process(seconds_since_tick(), outlook), *outlook.troubles]
        return answer(
            "operator",
            title=words("operator.title"),
            read_at=f"{words.day(local_day(now, zone))} {second(now, words, zone)}",
            needs=[told(trouble, words, zone) for trouble in troubles if not trouble.mends],
            mends=[told(trouble, words, zone) for trouble in troubles if trouble.mends],
            workspaces=_workspaces(outlook, words, zone),
        )

    return [Route("/operator", show, methods=["GET"]), Route(STYLESHEET, stylesheet)]


def is_token(authorization: str, token: SecretStr) -> bool:
    """Whether a request's header gives the token: as a Bearer, or as the password of Basic, whoever the user is."""
    scheme, _, rest = authorization.partition(" ")
    given = rest.strip().encode("latin-1", "replace")  # what a header's bytes were read as
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).partition(b":")[2]
        except binascii.Error:
            return False
    elif scheme.lower() != "bearer":
        return False
    # Of the same length, whatever was given: how long it takes tells nothing of the token.
    mine, theirs = (hashlib.sha256(one).digest() for one in (token.get_secret_value().encode(), given))
    return hmac.compare_digest(mine, theirs)


def preferred_language(accepted: str) -> str:
    """Return which of our languages the header Accept-Language wants most; English when it wants neither."""
    wanted = dict[str, float]()
    for one in accepted.split(","):
        name, _, quality = one.strip().partition(";q=")
        language = name.partition("-")[0].lower()
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        if language in LANGUAGES:
            wanted[language] = max(weight, wanted.get(language, 0))
    return max(wanted, key=lambda language: wanted[language]) if any(wanted.values()) else "en"


def _of_this_process(seconds: float | None, outlook: Outlook) -> list[Trouble]:
    if seconds is None or seconds <= LONGEST_WITHOUT_TICK_SECONDS:
        return []
    if any(_tells_why(trouble) for trouble in outlook.troubles):
        return []  # to restart is no help, or told there
    return [Trouble(name="no_tick", mends=False, values={"seconds": int(seconds)})]


def _tells_why(trouble: Trouble) -> bool:
    """Whether it is why nothing is planned."""
    parts = str(trouble.values.get("part", "")).split(", ")
    return trouble.name == "another_schema" or (trouble.name == "unreadable" and "planning" in parts)


def _workspaces(outlook: Outlook, words: Words, zone: str) -> list[tuple[str, ...]]:
    """Return the table of the workspaces, row by row."""
    return [
        (
            str(lane.workspace_id),
            words(f"operator.{lane.platform}"),
            where_sent(lane, words, zone),
            str(lane.due),
            moment(lane.due_since, words, zone) if lane.due_since else "–",
        )
        for lane in outlook.sending
    ]
