"""An OpenID Connect issuer in memory, as a transport of httpx: honest by default, and misbehaving on demand.

    issuer = Issuer(now=NOW, claims={"groups": ["parks"]})
    openid = OpenId(issuer.settings, issuer.transport)
    begun = openid.begin("http://testserver/back/")
    assertion = openid.finish(issuer.sign_in(begun), begun, "http://testserver/back/", now=NOW)

What is given to `token` replaces claims of the identity token (None: leaves them out); `signed_by` and `algorithm`
choose who signs it and how.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from rostrum.connectors.identity import OpenIdSettings
from rostrum.connectors.identity.oidc import Begun, forget_issuers

URL = "https://login.city.example"


class Key:
    """A signing key of an issuer."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def public(self, **more: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key()))
        return found | {"kid": self.kid, "use": "sig", "alg": "RS256"} | more


_KEY, _OTHER = Key("k1"), Key("k1")


class Issuer:
    """The issuer; `asked` counts what was asked of it, by path."""

    def __init__(self, *, now: datetime, claims: dict[str, Any] | None = None, url: str = URL) -> None:
        forget_issuers()
        self.url, self.now = url, now
        self.claims: dict[str, Any] = {
            "sub": "u-1",
            "email": "ada@city.example",
            "email_verified": True,
            "name": "Ada Lindqvist",
            "groups": [],
        } | (claims or {})
        self.settings = OpenIdSettings(url, "rostrum", "a secret of ours")
        self.metadata: dict[str, Any] = {
            "issuer": url,
            "authorization_endpoint": f"{url}/auth",
            "token_endpoint": f"{url}/token",
            "jwks_uri": f"{url}/keys",
            "end_session_endpoint": f"{url}/out",
        }
        self.keys = [_KEY.public()]
        self.token: dict[str, Any] = {}
        self.signed_by, self.algorithm = _KEY, "RS256"
        self.user_info: dict[str, Any] | None = None
        self.asked: list[str] = []
        self.sent: dict[str, list[str]] = {}
        self.headers: dict[str, str] = {}
        self.answers: dict[str, Callable[[httpx.Request], httpx.Response]] = {}
        self._codes: dict[str, dict[str, str]] = {}
        self.transport = httpx.MockTransport(self._answer)

    def sign_in(self, begun: Begun, **more: str) -> dict[str, str]:
        """What the browser brings back after somebody signed in there."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(begun.url).query).items()}
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]} | more

    def signed_token(self, claims: dict[str, Any]) -> str:
        """These claims, signed as `signed_by` and `algorithm` say."""
        key: Any = self.signed_by.private if self.algorithm.startswith("RS") else "a secret of ours, long enough for it"
        headers = {"kid": self.signed_by.kid}
        if self.algorithm == "none":
            return jwt.encode(claims, None, algorithm="none", headers=headers)
        return jwt.encode(claims, key, algorithm=self.algorithm, headers=headers)

    def sign_out_token(self, **changes: Any) -> str:
        """A message that the person has signed out."""
        seconds = int(self.now.timestamp())
        claims = {
            "iss": self.url,
            "aud": "rostrum",
            "iat": seconds,
            "exp": seconds + 120,
            "jti": "m-1",
            "sub": "u-1",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        } | changes
        return self.signed_token({name: value for name, value in claims.items() if value is not None})

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append(path)
        if path in self.answers:
            return self.answers[path](request)
        if path == "/.well-known/openid-configuration":
            return httpx.Response(200, json=self.metadata)
        if path == "/keys":
            return httpx.Response(200, json={"keys": self.keys})
        if path == "/userinfo" and self.user_info is not None:
            self.headers = dict(request.headers)
            return httpx.Response(200, json=self.user_info)
        if path == "/token":
            return self._exchange(request)
        return httpx.Response(404)

    def _exchange(self, request: httpx.Request) -> httpx.Response:
        self.sent = parse_qs(request.content.decode())
        self.headers = dict(request.headers)
        asked = self._codes.pop(self.sent.get("code", [""])[0], None)
        verifier = self.sent.get("code_verifier", [""])[0]
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge:
            return httpx.Response(400, json={"error": "invalid_grant"})
        seconds = int(self.now.timestamp())
        claims = (
            {"iss": self.url, "aud": "rostrum", "exp": seconds + 300, "iat": seconds, "nonce": asked["nonce"]}
            | ({"sub": self.claims["sub"]} if self.user_info is not None else self.claims)
            | self.token
        )
        token = self.signed_token({name: value for name, value in claims.items() if value is not None})
        return httpx.Response(200, json={"access_token": "an-access-token", "token_type": "Bearer", "id_token": token})


def a_stranger() -> Key:
    """Another's key, which bears the same id."""
    return _OTHER
