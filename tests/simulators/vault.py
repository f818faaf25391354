"""A strict stand-in for an OpenBao or Vault server: the transit engine as its HTTP API documents it, in memory.

It knows only the calls and parameters that are documented, wants real base64, checks the token and its policy, and
answers errors as ``{"errors": [...]}``. https://openbao.org/api-docs/secret/transit
"""

import base64
import binascii
import hmac
import json
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Refusal(Exception):
    """What the server does not do: a status and its words."""

    def __init__(self, status: int, *errors: str) -> None:
        super().__init__(status, errors)
        self.status, self.errors = status, errors


@dataclass
class Version:
    """One version of a key: what encrypts, and its own key for HMACs."""

    sealing: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    hmac: bytes = field(default_factory=lambda: secrets.token_bytes(32))


@dataclass
class Key:
    """A named key and its versions."""

    versions: dict[int, Version] = field(default_factory=lambda: {1: Version()})
    min_decryption_version: int = 1
    min_encryption_version: int = 0

    @property
    def latest(self) -> int:
        return max(self.versions)


_PARAMETERS = {
    "make": {"type", "derived", "convergent_encryption", "exportable", "allow_plaintext_backup", "key_size"},
    "read": set(),
    "rotate": set(),
    "config": {"min_decryption_version", "min_encryption_version", "deletion_allowed", "exportable"},
    "encrypt": {"plaintext", "associated_data", "context", "key_version", "nonce", "batch_input", "type"},
    "decrypt": {"ciphertext", "associated_data", "context", "nonce", "batch_input"},
    "hmac": {"input", "batch_input", "key_version", "algorithm"},
}
_STATUS = {200: "200 OK", 204: "204 No Content"}


class VaultServer:
    """The server; `application` is its HTTP side, `transport` the way there without a network."""

    def __init__(self, token: str = "s.token-of-rostrum", mount: str = "transit", namespace: str = "") -> None:
        self.token, self.mount, self.namespace = token, mount, namespace
        self.keys: dict[str, Key] = {}
        self.denied: set[str] = set()
        self.is_sealed = False
        self.calls: list[str] = []
        self.bodies: list[bytes] = []

    def transport(self) -> httpx.BaseTransport:
        return httpx.WSGITransport(self.application)

    def application(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            data = self._answer(environ, body)
        except Refusal as refusal:
            start_response(f"{refusal.status} Refused", [("Content-Type", "application/json")])
            return [json.dumps({"errors": list(refusal.errors)}).encode()]
        start_response(_STATUS[200 if data is not None else 204], [("Content-Type", "application/json")])
        return [json.dumps({"request_id": "r", "data": data}).encode()] if data is not None else [b""]

    def _answer(self, environ: WSGIEnvironment, body: bytes) -> dict[str, Any] | None:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.calls.append(f"{method} {path}")
        self.bodies.append(body)
        if self.is_sealed:
            raise Refusal(503, "Vault is sealed")
        if not hmac.compare_digest(environ.get("HTTP_X_VAULT_TOKEN", ""), self.token):
            raise Refusal(403, "permission denied", "invalid token")
        if environ.get("HTTP_X_VAULT_NAMESPACE", "") != self.namespace:
            raise Refusal(403, "permission denied")
        found = re.fullmatch(r"/v1/([^/]+)/(.+)", path)
        if not found or found.group(1) != self.mount:
            raise Refusal(404, f'no handler for route "{path.removeprefix("/v1/")}". route entry not found.')
        for wanted, pattern, name, act in self._routes():
            match = re.fullmatch(pattern, found.group(2))
            if match and wanted == method:
                if name in self.denied:
                    raise Refusal(403, "1 error occurred:\n\t* permission denied\n\n")
                asked = json.loads(body) if body else {}
                if unknown := set(asked) - _PARAMETERS[name]:
                    raise Refusal(400, f"not in the documented API of {name}: {sorted(unknown)}")
                return act(match.group(1), asked)
        raise Refusal(405, "unsupported operation")

    def _routes(self) -> list[tuple[str, str, str, Callable[[str, dict[str, Any]], dict[str, Any] | None]]]:
        return [
            ("POST", r"keys/([\w-]+)", "make", self._make),
            ("GET", r"keys/([\w-]+)", "read", self._read),
            ("POST", r"keys/([\w-]+)/rotate", "rotate", self._rotate),
            ("POST", r"keys/([\w-]+)/config", "config", self._config),
            ("POST", r"encrypt/([\w-]+)", "encrypt", self._encrypt),
            ("POST", r"decrypt/([\w-]+)", "decrypt", self._decrypt),
            ("POST", r"hmac/([\w-]+)/sha2-256", "hmac", self._hmac),
        ]

    def _key(self, name: str, status: int = 400) -> Key:
        if name not in self.keys:
            raise Refusal(status, *(["encryption key not found"] if status == 400 else []))
        return self.keys[name]

    def _make(self, name: str, asked: dict[str, Any]) -> None:
        if asked.get("type", "aes256-gcm96") != "aes256-gcm96":
            raise Refusal(400, "this stand-in makes aes256-gcm96 keys only")
        self.keys.setdefault(name, Key())

    def _read(self, name: str, asked: dict[str, Any]) -> dict[str, Any]:
        key = self._key(name, 404)
        return {
            "name": name,
            "type": "aes256-gcm96",
            "keys": {str(number): 1442851412 for number in key.versions if number >= key.min_decryption_version},
            "latest_version": key.latest,
            "min_available_version": 0,
            "min_decryption_version": key.min_decryption_version,
            "min_encryption_version": key.min_encryption_version,
            "supports_encryption": True,
            "supports_decryption": True,
        }

    def _rotate(self, name: str, asked: dict[str, Any]) -> None:
        key = self._key(name)
        key.versions[key.latest + 1] = Version()

    def _config(self, name: str, asked: dict[str, Any]) -> None:
        key = self._key(name)
        least = int(asked.get("min_decryption_version", key.min_decryption_version))
        if least > key.latest:
            raise Refusal(400, "cannot set min decryption version of key greater than the latest version")
        key.min_decryption_version = max(1, least)

    def _version(self, key: Key, asked: dict[str, Any]) -> int:
        number = int(asked.get("key_version") or key.latest)
        if number < key.min_encryption_version or number not in key.versions or number < key.min_decryption_version:
            raise Refusal(400, "cannot encrypt with this version of the key")
        return number

    def _encrypt(self, name: str, asked: dict[str, Any]) -> dict[str, Any]:
        # Without the "create" capability an unknown key is not made by encrypting.
        key = self._key(name)
        number = self._version(key, asked)
        nonce = secrets.token_bytes(12)
        sealed = nonce + AESGCM(key.versions[number].sealing).encrypt(
            nonce, _decoded(asked["plaintext"]), _decoded(asked.get("associated_data", ""))
        )
        return {"ciphertext": f"vault:v{number}:{base64.b64encode(sealed).decode()}", "key_version": number}

    def _decrypt(self, name: str, asked: dict[str, Any]) -> dict[str, Any]:
        key = self._key(name)
        found = re.fullmatch(r"vault:v(\d+):(.*)", asked["ciphertext"], re.S)
        if not found:
            raise Refusal(400, "invalid ciphertext: no prefix")
        number = int(found.group(1))
        if number < key.min_decryption_version:
            raise Refusal(400, "ciphertext or signature version is disallowed by policy (too old)")
        if number not in key.versions:
            raise Refusal(400, "invalid ciphertext: version is too new")
        sealed = _decoded(found.group(2))
        try:
            plain = AESGCM(key.versions[number].sealing).decrypt(
                sealed[:12], sealed[12:], _decoded(asked.get("associated_data", ""))
            )
        except (InvalidTag, ValueError) as fault:
            raise Refusal(400, "cipher: message authentication failed") from fault
        return {"plaintext": base64.b64encode(plain).decode()}

    def _hmac(self, name: str, asked: dict[str, Any]) -> dict[str, Any]:
        key = self._key(name)
        number = self._version(key, asked)

        def made(text: str) -> str:
            digest = hmac.digest(key.versions[number].hmac, _decoded(text), sha256)
            return f"vault:v{number}:{base64.b64encode(digest).decode()}"

        if "batch_input" in asked:
            return {"batch_results": [{"hmac": made(one["input"])} for one in asked["batch_input"]]}
        return {"hmac": made(asked["input"])}


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as fault:
        raise Refusal(400, "failed to base64-decode plaintext") from fault
