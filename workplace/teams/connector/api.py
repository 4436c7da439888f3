"""The connector's edge: token, size, limits and faults around every operation, and a line in the ledger for each."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web

from workplace.faults import Faults
from workplace.ledger import Ledger
from workplace.shapes import Json
from workplace.teams.connector import members, talking
from workplace.teams.connector.call import Call, Operation
from workplace.teams.faults import CALLS, FaultRule
from workplace.teams.limits import Limits
from workplace.teams.refusals import Refused, error
from workplace.teams.tenant import Tenant
from workplace.teams.tokens import Tokens

LARGEST_MESSAGE = 100 * 1024
"""Bytes of the activity in UTF-16, which is how Microsoft counts: two for most signs, four for emoji."""
SEND = Operation(name="POST conversations/activities", run=talking.send, status=201, limit="conversation")
CREATE = Operation(name="POST conversations", run=talking.create, status=201, limit="conversation")
UPDATE = Operation(name="PUT conversations/activities", run=talking.update)
DELETE = Operation(name="DELETE conversations/activities", run=talking.delete)
MEMBERS = Operation(name="GET conversations/members", run=members.everybody, limit="members")
MEMBER = Operation(name="GET conversations/members", run=members.one, limit="members")
PAGED_MEMBERS = Operation(name="GET conversations/pagedmembers", run=members.paged, limit="members")

_STATUS_OF = {"error500": 500, "error502": 502, "error503": 503, "error504": 504}
_CODE_OF = {500: "ServiceError", 502: "BadGateway", 503: "ServiceUnavailable", 504: "GatewayTimeout"}


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: Any
    retry_after: int | None = None

    def response(self) -> web.Response:
        response = web.json_response(self.body, status=self.status)
        if self.retry_after is not None:
            response.headers["Retry-After"] = str(self.retry_after)
        return response


@dataclass(frozen=True, kw_only=True, slots=True)
class Connector:
    tenant: Tenant
    tokens: Tokens
    limits: Limits
    faults: Faults[FaultRule]
    ledger: Ledger

    async def handle(self, operation: Operation, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        rule = self.faults.strike(operation.name, among=CALLS)
        body = _decoded(raw)
        call = Call(tenant=self.tenant, place=request.match_info, query=request.query, body=body or {})
        reply = self._before(rule)
        if reply is None:
            if rule and rule.kind == "slow":
                await asyncio.sleep(rule.seconds)
            problem = _problem(body)
            reply = self._reply(operation, call, problem, request.headers.get("Authorization"))
        self._note(operation, call, reply, rule)
        return await self._send(request, rule, reply)

    def _before(self, rule: FaultRule | None) -> Reply | None:
        """Return the answer of a fault that strikes before anything is done."""
        if rule is None or rule.after_accept or rule.kind == "slow":
            return None
        match rule.kind:
            case "ratelimit":
                self.limits.refused["(fault)"] += 1
                return _too_many(max(1, round(rule.seconds)))
            case "precondition":
                return Reply(412, error("PreconditionFailed", "Another operation on the conversation is under way."))
            case "error":
                return Reply(rule.status, error(rule.error))
            case "expired_token":
                self.tokens.expire()
                return _DENIED
            case _:
                return _broken(rule.kind)

    def _reply(self, operation: Operation, call: Call, problem: Refused | None, authorization: str | None) -> Reply:
        if not self.tokens.opens(authorization):
            return _DENIED
        try:
            if problem:
                raise problem
            wait = self.limits.retry_after_seconds(
                kind=operation.limit, conversation=self._counted_in(call), now=self.tenant.clock.seconds()
            )
            if wait is not None:
                return _too_many(wait)
            body = operation.run(call)
        except Refused as refused:
            return Reply(refused.status, error(refused.code, refused.message))
        if operation.limit != "members":
            self.tenant.changes.happened()
        return Reply(operation.status, body)

    def _counted_in(self, call: Call) -> str:
        """Return whose limit a call counts against; a new chat counts against the person it is begun with, a new thread
        against its channel."""
        found = self.tenant.conversation(call.place.get("conversation", "") or talking.channel_of(call.body))
        return found.id if found else json.dumps(call.body.get("members"))

    def _note(self, operation: Operation, call: Call, reply: Reply, rule: FaultRule | None) -> None:
        conversation = self.tenant.conversation(call.place.get("conversation", ""))
        person_id = (conversation.person_id if conversation else None) or call.note.get("person")
        person = self.tenant.people.get(person_id or "")
        begun_with = call.body.get("activity")
        said = begun_with if isinstance(begun_with, dict) else call.body
        ok = reply.status < 300
        self.ledger.note(
            {
                "platform": "teams",
                "method": operation.name,
                "person": person_id,
                "tz": person.tz if person else None,
                "conversation": call.note.get("conversation") or call.place.get("conversation"),
                "id": call.note.get("id") or call.place.get("activity"),
                "summary": talking.summary(said) or None,
                "delivery_id": talking.delivery_id(said),
                "ok": ok,
                "status": reply.status,
                "error": None if ok else _code(reply),
                "fault": rule.kind if rule else None,
            },
            at=self.tenant.clock.now(),
        )

    async def _send(self, request: web.Request, rule: FaultRule | None, reply: Reply) -> web.StreamResponse:
        kind = rule.kind if rule else ""
        if kind in ("drop_before", "drop_after_accept"):
            if request.transport:
                request.transport.abort()
            return web.Response()
        if rule and kind == "slow_after_accept":
            await asyncio.sleep(rule.seconds)
        if kind in ("non_json", "non_json_after_accept"):
            return web.Response(text="<html><body>Bad gateway</body></html>", status=502, content_type="text/html")
        if rule and rule.after_accept and kind != "slow_after_accept":
            reply = _broken(kind)
        return reply.response()


# What a wrong token is answered with has no error in the Bot Framework's usual shape.
_DENIED = Reply(401, {"message": "Authorization has been denied for this request."})


def _too_many(seconds: int) -> Reply:
    return Reply(429, error("TooManyRequests", "Too many requests."), retry_after=seconds)


def _broken(kind: str) -> Reply:
    status = _STATUS_OF.get(kind.removesuffix("_after_accept"), 502)
    return Reply(status, error(_CODE_OF[status]))


def _code(reply: Reply) -> str:
    body = reply.body
    return str(body["error"]["code"]) if isinstance(body, dict) and "error" in body else "Unauthorized"


def _decoded(raw: bytes) -> Json | None:
    """Return the object in a body, empty for an empty body; None for what is no object."""
    try:
        body = orjson.loads(raw or b"{}")
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _problem(body: Json | None) -> Refused | None:
    """Return why a body is refused whatever it was for."""
    if body is None:
        return Refused(400, "BadSyntax", "The body is no JSON object.")
    if len(orjson.dumps(body).decode().encode("utf-16-le")) > LARGEST_MESSAGE:
        return Refused(413, "MessageSizeTooBig", "Message size too large.")
    return None
