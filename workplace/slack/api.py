"""The Web API's edge: token, scopes, limits and faults around every method, and a line in the ledger for each call."""

import asyncio
from dataclasses import dataclass

from aiohttp import web

from workplace.faults import Faults
from workplace.ledger import Ledger
from workplace.shapes import Json
from workplace.slack.arguments import Arguments, bearer_token, read_arguments
from workplace.slack.conversations import direct_id
from workplace.slack.faults import CALLS, FaultRule
from workplace.slack.limits import Limits
from workplace.slack.methods.call import Call, Method
from workplace.slack.methods.table import METHODS
from workplace.slack.refusals import Refused
from workplace.slack.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class WebApi:
    workspace: Workspace
    limits: Limits
    faults: Faults[FaultRule]
    ledger: Ledger

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        try:
            arguments = await read_arguments(request)
        except Refused as refused:
            return web.json_response(refused.as_json())
        rule = self.faults.strike(name, among=CALLS)
        answer, status, headers = self._answer_before(rule)
        if answer is None:
            if rule and rule.kind == "slow":
                await asyncio.sleep(rule.seconds)
            answer, status, headers = self._answer(name, arguments, request)
        self._note(name, arguments, answer, rule)
        return await self._send(request, rule, answer, status=status, headers=headers)

    def _answer_before(self, rule: FaultRule | None) -> tuple[Json | None, int, dict[str, str]]:
        """Return the answer of a fault that strikes before anything is done."""
        if rule is None or rule.after_accept or rule.kind == "slow":
            return None, 200, {}
        if rule.kind == "ratelimit":
            self.limits.refused["(fault)"] += 1
            return _error("ratelimited"), 429, {"Retry-After": str(max(1, round(rule.seconds)))}
        if rule.kind == "internal_error":
            return _error("internal_error"), 200, {}
        if rule.kind == "error":
            return _error(rule.error), 200, {}
        return _error(rule.kind), 500, {}

    def _answer(self, name: str, arguments: Arguments, request: web.Request) -> tuple[Json, int, dict[str, str]]:
        try:
            method = METHODS.get(name)
            if method is None:
                raise Refused("unknown_method", req_method=name)
            self._authorise(method, bearer_token(request, arguments))
            wait = self.limits.retry_after_seconds(
                name, tier=method.tier, channel=self._limited_channel(arguments), now=self.workspace.now()
            )
            if wait is not None:
                return _error("ratelimited"), 429, {"Retry-After": str(wait)}
            call = Call(workspace=self.workspace, arguments=arguments, base_url=f"http://{request.host}")
            answer = method.run(call)
        except Refused as refused:
            return refused.as_json(), 200, {}
        if name.startswith(("chat.", "views.")):
            self.workspace.changes.happened()
        return answer, 200, self._scopes()

    def _scopes(self) -> dict[str, str]:
        """Return the header in which Slack tells what the token may do."""
        granted = self.workspace.app.scopes
        return {} if granted is None else {"X-OAuth-Scopes": ",".join(granted)}

    def _authorise(self, method: Method, token: str | None) -> None:
        if not token:
            raise Refused("not_authed")
        secrets = self.workspace.secrets
        if token not in (secrets.bot_token, secrets.app_token):
            raise Refused("invalid_auth")
        if not self.workspace.installed:
            raise Refused("account_inactive")
        if (token == secrets.app_token) != method.app_token:
            raise Refused("not_allowed_token_type")
        granted = self.workspace.app.scopes
        if granted is not None and method.scopes and not set(granted) & set(method.scopes):
            raise Refused("missing_scope", needed=",".join(method.scopes), provided=",".join(granted))

    def _limited_channel(self, arguments: Arguments) -> str | None:
        """Return the channel a post counts against; a person and their direct messages are one."""
        name = arguments.text("channel")
        return direct_id(name) if name in self.workspace.people else name

    def _note(self, name: str, arguments: Arguments, answer: Json, rule: FaultRule | None) -> None:
        channel_id = str(answer.get("channel") or arguments.text("channel") or "")
        channel = self.workspace.conversations.channel(channel_id)
        person_id = (channel.person_id if channel else None) or arguments.text("user_id") or arguments.text("user")
        person = self.workspace.people.get(person_id or channel_id)
        self.ledger.note(
            {
                "platform": "slack",
                "method": name,
                "person": person.id if person else None,
                "tz": person.tz if person else None,
                "channel": channel_id or None,
                "ts": answer.get("ts") or arguments.text("ts"),
                "text": arguments.text("text"),
                "metadata": arguments.values.get("metadata"),
                "ok": bool(answer.get("ok")),
                "error": answer.get("error"),
                "fault": rule.kind if rule else None,
            },
            at=self.workspace.now(),
        )

    async def _send(
        self, request: web.Request, rule: FaultRule | None, answer: Json, *, status: int, headers: dict[str, str]
    ) -> web.StreamResponse:
        kind = rule.kind if rule else None
        if kind in ("drop_before", "drop_after_accept"):
            if request.transport:
                request.transport.abort()
            return web.Response()
        if rule and kind == "slow_after_accept":
            await asyncio.sleep(rule.seconds)
        if kind == "error500_after_accept":
            return web.json_response(_error("fatal_error"), status=500)
        if kind == "internal_error_after_accept":
            return web.json_response(_error("internal_error"))
        if kind in ("non_json", "non_json_after_accept"):
            return web.Response(text="<html><body>Bad gateway</body></html>", status=502, content_type="text/html")
        return web.json_response(answer, status=status, headers=headers)


def _error(code: str) -> Json:
    return {"ok": False, "error": code}
