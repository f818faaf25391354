"""Sign-in by OpenID Connect: authorization code with PKCE, the identity token verified here, whoever handed it over.

    directory = OpenId(OpenIdSettings(issuer="https://login.example.gov", client_id="rostrum", client_secret="…"))
    begun = directory.begin(redirect_uri)             # keep `begun` in the browser's session, send them to begun.url
    assertion = directory.finish(answer, begun, redirect_uri, now=now)

The settings of the issuer and its keys are read from it and kept for some minutes; an unknown key is looked up again.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx

from rostrum.connectors.identity import Assertion, NotAccepted, OpenIdSettings, Unreachable, is_safe_address
from rostrum.connectors.interface import ConnectorError
from rostrum.connectors.web import call, open_client

# Signatures by a key only the issuer has. Not `none`, and none made with the shared secret.
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
# What the directory may say it asked for beside a password (RFC 8176).
SECOND_FACTORS = frozenset({"mfa", "otp", "hwk", "swk", "pop", "sc", "fpt", "face", "iris", "fido"})
_KEPT_SECONDS = 600
_KEYS_AGAIN_SECONDS = 30
_LARGEST_ANSWER_BYTES = 1024 * 1024
# A token is for now: one that was issued long ago was kept by somebody.
_OLDEST_SECONDS = 600
_AFRESH_SECONDS = 300
_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True, slots=True)
class Begun:
    """What must come back unchanged; lives in the session of the browser that was sent away."""

    url: str
    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    # A fresh proof was asked for: the answer must say that one was given.
    again: bool = False


@dataclass(slots=True)
class _Known:
    """What was read of an issuer, and when."""

    metadata: dict[str, Any]
    read_at: float
    keys: list[dict[str, Any]] = field(default_factory=list)
    keys_read_at: float = float("-inf")


_known: dict[str, _Known] = {}
_lock = threading.Lock()


class OpenId:
    """One issuer, as a client of it."""

    def __init__(self, settings: OpenIdSettings, transport: httpx.BaseTransport | None = None) -> None:
        self.settings = settings
        self._transport = transport

    def begin(self, redirect_uri: str, *, again: bool = False) -> Begun:
        """Make the address to send the browser to; `again` asks for a fresh proof. Raises `Unreachable`."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(self.settings.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        } | ({"prompt": "login", "max_age": "0"} if again else {})
        return Begun(_with(self._endpoint("authorization_endpoint"), query), state, nonce, verifier, again)

    def finish(self, answer: Mapping[str, str], begun: Begun, redirect_uri: str, *, now: datetime) -> Assertion:
        """Check what came back and read who it is. Raises `NotAccepted` or `Unreachable`."""
        # 1. It answers the question that this browser was sent away with.
        if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise NotAccepted("state")
        # 2. It comes from the issuer that was asked (RFC 9207), where the issuer says so.
        if "iss" in answer:
            if answer["iss"] != self.settings.issuer:
                raise NotAccepted("issuer")
        elif self._metadata().get("authorization_response_iss_parameter_supported"):
            raise NotAccepted("issuer")
        if "error" in answer:
            raise NotAccepted("denied")
        if not answer.get("code"):
            raise NotAccepted("code")
        # 3. The code is exchanged, with the proof that we asked for it (RFC 7636).
        tokens = self._exchange(answer["code"], begun.verifier, redirect_uri)
        # 4. The identity token is signed by the issuer, and is for us, for now and for this question.
        claims = self._read_token(str(tokens.get("id_token", "")))
        check_identity(claims, self.settings, nonce=begun.nonce, now=now)
        if begun.again:
            _check_afresh(claims, self.settings, now)
        # 5. What it does not hold is asked for; the answer must be about the same subject.
        if access_token := str(tokens.get("access_token", "")):
            claims = self._with_user_info(claims, access_token)
        return _assertion(claims, self.settings)

    def sign_out_url(self, return_to: str) -> str:
        """Where to send the browser to sign out of the directory too; "" if the directory has no such page."""
        address = str(self._metadata().get("end_session_endpoint", ""))
        if not address or not is_safe_address(address):
            return ""
        return _with(address, {"client_id": self.settings.client_id, "post_logout_redirect_uri": return_to})

    def read_sign_out(self, token: str, *, now: datetime) -> tuple[str, str]:
        """The subject and session (either may be "") that a directory's sign-out message ends. Raises `NotAccepted`."""
        claims = self._read_token(token)
        _check_time(claims, self.settings, now)
        _check_parties(claims, self.settings)
        # A message is no identity token: it has no nonce, and it names the event.
        events = claims.get("events")
        if "nonce" in claims or not isinstance(events, dict) or _LOGOUT_EVENT not in events:
            raise NotAccepted("no-sign-out")
        subject, session = str(claims.get("sub", "")), str(claims.get("sid", ""))
        if not subject and not session:
            raise NotAccepted("no-subject")
        return subject, session

    # what the issuer says of itself

    def _metadata(self) -> dict[str, Any]:
        return self._read_issuer().metadata

    def _read_issuer(self) -> _Known:
        issuer = self.settings.issuer
        with _lock:
            known = _known.get(issuer)
            if known is not None and time.monotonic() - known.read_at < _KEPT_SECONDS:
                return known
        metadata = self._get(issuer.rstrip("/") + "/.well-known/openid-configuration")
        # Whoever answers there must be who we meant to ask: else another issuer's keys would be believed.
        if metadata.get("issuer") != issuer:
            raise NotAccepted("issuer")
        with _lock:
            _known[issuer] = known = _Known(metadata, time.monotonic())
        return known

    def _endpoint(self, name: str) -> str:
        address = str(self._metadata().get(name, ""))
        if not is_safe_address(address):
            raise Unreachable(f"{_host(self.settings.issuer)} names no usable {name}")
        return address

    def _keys(self, key_id: str) -> list[dict[str, Any]]:
        known = self._read_issuer()
        has_it = any(not key_id or key.get("kid") == key_id for key in known.keys)
        # Issuers change their keys; a stranger's token must not make us ask for them all the time.
        if not has_it and time.monotonic() - known.keys_read_at > _KEYS_AGAIN_SECONDS:
            answer = self._get(self._endpoint("jwks_uri"))
            known.keys = [key for key in answer.get("keys", []) if isinstance(key, dict)]
            known.keys_read_at = time.monotonic()
        return [key for key in known.keys if not key_id or key.get("kid") == key_id]

    # tokens

    def _read_token(self, token: str) -> dict[str, Any]:
        """The claims of a token whose signature is the issuer's. Raises `NotAccepted`."""
        import jwt

        try:
            header = jwt.get_unverified_header(token)
        except jwt.InvalidTokenError as problem:
            raise NotAccepted("token") from problem
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            raise NotAccepted("algorithm")
        for key in self._keys(str(header.get("kid", ""))):
            # A key says what it is for; one for encrypting, or for another algorithm, signs nothing here.
            if key.get("use", "sig") != "sig" or key.get("alg", algorithm) != algorithm:
                continue
            try:
                found = jwt.PyJWS().decode_complete(token, jwt.PyJWK(key, algorithm), algorithms=[algorithm])
                claims = json.loads(found["payload"])
            except (jwt.InvalidTokenError, jwt.PyJWKError, jwt.InvalidKeyError, ValueError):
                continue
            if isinstance(claims, dict):
                return claims
        raise NotAccepted("signature")

    def _exchange(self, code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        headers, secret = {"Accept": "application/json"}, self.settings.secret()
        ways = self._metadata().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if not secret or "client_secret_basic" not in ways:
            form |= {"client_id": self.settings.client_id} | ({"client_secret": secret} if secret else {})
        else:
            # RFC 6749, 2.3.1: both parts are form-encoded before they are joined.
            pair = f"{quote(self.settings.client_id, safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        return self._ask("POST", self._endpoint("token_endpoint"), data=form, headers=headers)

    def _with_user_info(self, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
        wanted = {"email", "email_verified", "name", self.settings.groups_claim}
        if wanted <= set(claims) or not self._metadata().get("userinfo_endpoint"):
            return claims
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        more = self._ask("GET", self._endpoint("userinfo_endpoint"), headers=headers)
        if more.get("sub") != claims["sub"]:
            raise NotAccepted("subject")
        # The token is signed, so what it says stands.
        return {name: more[name] for name in wanted if name in more} | claims

    # asking

    def _get(self, address: str) -> dict[str, Any]:
        return self._ask("GET", address, headers={"Accept": "application/json"})

    def _ask(self, method: str, address: str, **request: object) -> dict[str, Any]:
        if not is_safe_address(address):
            raise Unreachable(f"{_host(address)} is not reached over TLS")
        try:
            with open_client(address, self._transport) as client:
                answer = call(client, method, address, is_write=method == "POST", **request)
        except ConnectorError as problem:
            raise Unreachable(f"{_host(address)} was not reached") from problem
        if answer.status_code >= 500:
            raise Unreachable(f"{_host(address)} answered {answer.status_code}")
        try:
            found = json.loads(answer.content) if len(answer.content) <= _LARGEST_ANSWER_BYTES else None
        except ValueError:
            found = None
        if answer.status_code != 200 or not isinstance(found, dict):
            # A used or foreign code is answered with 400: the sign-in proves nothing, the directory is well.
            raise NotAccepted("exchange" if method == "POST" else "answer")
        return found


def check_identity(claims: Mapping[str, Any], settings: OpenIdSettings, *, nonce: str, now: datetime) -> None:
    """Check an identity token's claims (OpenID Connect Core, 3.1.3.7). Raises `NotAccepted` naming the check."""
    _check_parties(claims, settings)
    _check_time(claims, settings, now)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise NotAccepted("nonce")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise NotAccepted("no-subject")


def _check_parties(claims: Mapping[str, Any], settings: OpenIdSettings) -> None:
    if claims.get("iss") != settings.issuer:
        raise NotAccepted("issuer")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if settings.client_id not in audiences:
        raise NotAccepted("audience")
    party = claims.get("azp")
    if (len(audiences) > 1 or party is not None) and party != settings.client_id:
        raise NotAccepted("audience")


def _check_time(claims: Mapping[str, Any], settings: OpenIdSettings, now: datetime) -> None:
    seconds, leeway = now.timestamp(), settings.leeway_seconds
    expires, issued, begins = (claims.get(name) for name in ("exp", "iat", "nbf"))
    if not _is_number(expires) or not _is_number(issued):
        raise NotAccepted("times")
    if seconds >= float(expires) + leeway or seconds - float(issued) > _OLDEST_SECONDS + leeway:  # type: ignore[arg-type]
        raise NotAccepted("expired")
    if float(issued) > seconds + leeway or (begins is not None and not _has_begun(begins, seconds + leeway)):  # type: ignore[arg-type]
        raise NotAccepted("too-early")


def _check_afresh(claims: Mapping[str, Any], settings: OpenIdSettings, now: datetime) -> None:
    proven = claims.get("auth_time")
    if not _is_number(proven) or now.timestamp() - float(proven) > _AFRESH_SECONDS + settings.leeway_seconds:  # type: ignore[arg-type]
        raise NotAccepted("not-afresh")


def _has_begun(begins: object, seconds: float) -> bool:
    return isinstance(begins, int | float) and begins <= seconds


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _assertion(claims: Mapping[str, Any], settings: OpenIdSettings) -> Assertion:
    methods = claims.get("amr")
    return Assertion(
        issuer=settings.issuer,
        subject=claims["sub"],
        email=_text(claims.get("email")),
        # Some directories send the word, not the truth value; anything else is no promise.
        email_is_verified=claims.get("email_verified") is True or claims.get("email_verified") == "true",
        name=_text(claims.get("name")),
        groups=_groups(claims.get(settings.groups_claim)),
        has_second_factor=isinstance(methods, list) and bool(SECOND_FACTORS & {str(one) for one in methods}),
        session=_text(claims.get("sid")),
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _groups(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    listed: Iterable[object] = value if isinstance(value, list) else ()
    return tuple(dict.fromkeys(one for one in listed if isinstance(one, str)))


def forget_issuers() -> None:
    """Forget what was read of all issuers: for tests, and after a change of settings."""
    with _lock:
        _known.clear()


def _with(address: str, query: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def _host(address: str) -> str:
    return urlsplit(address).hostname or "the directory"
