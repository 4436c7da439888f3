"""The tokens with which the bot calls the connector: given for its id and password, good for an hour of real time."""

from collections.abc import Callable, Mapping
from hmac import compare_digest
from secrets import token_urlsafe
from time import monotonic

from workplace.settings import Secrets
from workplace.shapes import Json

SCOPE = "https://api.botframework.com/.default"
LIFE_SECONDS = 3599


class TokenRefused(Exception):
    """OAuth's own words for why there is no token."""

    def __init__(self, status: int, code: str, description: str) -> None:
        super().__init__(code)
        self.status = status
        self.body: Json = {"error": code, "error_description": description}


class Tokens:
    """Real time, not the workplace's: winding on to the next morning locks nobody out who counts seconds."""

    def __init__(self, secrets: Secrets, *, seconds_passed: Callable[[], float] = monotonic) -> None:
        self.handed_out = 0
        self._secrets = secrets
        self._seconds_passed = seconds_passed
        self._good_until: dict[str, float] = {}

    def grant(self, form: Mapping[str, str]) -> Json:
        """Return the answer of the token endpoint; raises TokenRefused."""
        if form.get("grant_type") != "client_credentials":
            raise TokenRefused(400, "unsupported_grant_type", "AADSTS70003: the grant type is not supported")
        if form.get("client_id") != self._secrets.teams_app_id:
            raise TokenRefused(400, "unauthorized_client", "AADSTS700016: no application with this id in the tenant")
        if not compare_digest(form.get("client_secret", "").encode(), self._secrets.teams_app_password.encode()):
            raise TokenRefused(401, "invalid_client", "AADSTS7000215: the client secret is not valid")
        if form.get("scope") != SCOPE:
            raise TokenRefused(400, "invalid_scope", f"AADSTS70011: the scope must be {SCOPE}")
        token = token_urlsafe(48)
        self._good_until[token] = self._seconds_passed() + LIFE_SECONDS
        self.handed_out += 1
        return {
            "token_type": "Bearer",
            "expires_in": LIFE_SECONDS,
            "ext_expires_in": LIFE_SECONDS,
            "access_token": token,
        }

    def opens(self, authorization: str | None) -> bool:
        """Return whether a header carries a token that is good now."""
        scheme, _, token = (authorization or "").partition(" ")
        return scheme.lower() == "bearer" and self._good_until.get(token, 0.0) > self._seconds_passed()

    def expire(self) -> None:
        """Let every token that is out there be worth nothing."""
        self._good_until.clear()
