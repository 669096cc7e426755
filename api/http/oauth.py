"""`POST /{trust}/oauth/token`: client credentials of partners' apps (RFC 6749, section 4.4)."""

import base64
import binascii
from urllib.parse import parse_qsl, unquote_plus
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from actions.partners.agreements import issue_token
from domain.refusals import Refusal, RefusalCode

from .guard import BadRequest, ClientGone, read_body
from .services import Services

LARGEST_FORM = 4_000  # bytes
_CODES = {RefusalCode.SCOPE_UNKNOWN: "invalid_scope"}


class TokenEndpoint:
    """Gives access tokens. Tries from one address are limited, so that secrets can't be guessed."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, request: Request, trust_id: UUID) -> Response:
        wait = self._services.token_tries.take(request.client.host if request.client else "unknown", 1)
        if wait > 0:
            return _error("slow_down", 429, {"Retry-After": str(int(wait) + 1)})
        if request.headers.get("content-type", "").split(";")[0].strip() != "application/x-www-form-urlencoded":
            return _error("invalid_request", 415)
        try:
            form = _form(await read_body(request.receive, LARGEST_FORM, self._services.body_limit))
            client_id, secret = _credentials(request, form)
        except ClientGone:
            return Response(status_code=400)
        except BadRequest as bad:
            return _error("invalid_request", bad.status)
        except ValueError:
            return _error("invalid_request", 400)
        if form.get("grant_type") != "client_credentials":
            return _error("unsupported_grant_type", 400)
        scopes = form["scope"].split() if form.get("scope") else None
        try:
            with self._services.execution_limit():
                token = await self._services.transactions.run(
                    trust_id, lambda transaction: issue_token(transaction, client_id, secret, scopes)
                )
        except Refusal as refusal:
            code = _CODES.get(refusal.code, "invalid_client")
            return _error(code, 400 if code == "invalid_scope" else 401)
        answer = {
            "access_token": token.token,
            "token_type": "Bearer",
            "expires_in": token.lifetime,
            "scope": " ".join(token.scopes),
        }
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def _form(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("utf-8"), max_num_fields=20))


def _credentials(request: Request, form: dict[str, str]) -> tuple[str, str]:
    """From the Authorization header (preferred by RFC 6749, 2.3.1) or the form. ValueError where there are none."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except binascii.Error:
            raise ValueError("malformed credentials") from None
        name, secret = unquote_plus(name), unquote_plus(secret)
    else:
        name, secret = form.get("client_id", ""), form.get("client_secret", "")
    if not name or not secret or "\0" in name:
        raise ValueError("no credentials")
    return name, secret


def _error(code: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": code}, status_code=status, headers={"Cache-Control": "no-store", **(headers or {})})
