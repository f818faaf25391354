"""Keys in an OpenBao or Vault server's transit engine: the key never leaves the server, only what is sealed does.

Spoken by its documented HTTP API (``/v1/MOUNT/{encrypt,decrypt,hmac,keys}``). Two keys are used: KEY seals, with the
row as associated data; KEY-marks makes the keyed hashes and is not changed when KEY is. The token is read from its file
at every call, where an agent may renew it. Never run against a real server: docs/limits.md.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from rostrum.connectors.keystore.interface import KeyStoreTrouble, Sealed, Trouble

if TYPE_CHECKING:
    import httpx

_SECONDS = 5.0
_ANSWER_LIMIT_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class VaultPlace:
    """Where the server is and which key is ours. `token_file` holds the token; `ca_file` trusts a body's own CA."""

    address: str
    token_file: Path
    mount: str = "transit"
    key: str = "rostrum-custody"
    namespace: str = ""
    ca_file: str = ""


class VaultKeyStore:
    """One transit key of one server."""

    code = "vault"

    def __init__(self, place: VaultPlace, transport: "httpx.BaseTransport | None" = None) -> None:
        self._place = place
        self._transport = transport

    def holds(self, key_id: str) -> bool:
        """Whether a key with this id would be this server's."""
        return key_id.startswith(f"vault:{self._place.key}:v")

    def make(self) -> None:
        """Make both keys; the server leaves existing ones as they are."""
        for name in (self._place.key, self._marks_key):
            self._call("POST", f"keys/{name}", {"type": "aes256-gcm96"})

    def current(self) -> str:
        """The id of the newest version of the key."""
        return self._id(int(_told(self._read_key(), "latest_version")))

    def keys(self) -> frozenset[str]:
        """The ids of the versions that still decrypt."""
        told = self._read_key()
        least = max(1, int(told.get("min_decryption_version") or 1))
        return frozenset(self._id(version) for version in range(least, int(_told(told, "latest_version")) + 1))

    def seal(self, plain: bytes, bound_to: bytes) -> Sealed:
        """Have the server encrypt, with the row as associated data."""
        asked = {"plaintext": _text(plain), "associated_data": _text(bound_to)}
        ciphertext = str(_told(self._call("POST", f"encrypt/{self._place.key}", asked), "ciphertext"))
        return Sealed(self._id(_version(ciphertext)), ciphertext.encode("ascii"))

    def unseal(self, sealed: Sealed, bound_to: bytes) -> bytes:
        """Have the server decrypt."""
        if not self.holds(sealed.key_id):
            raise KeyStoreTrouble(
                Trouble.OTHER_KEY, f"It was sealed under the key {sealed.key_id}, which is not this server's."
            )
        asked = {"ciphertext": sealed.data.decode("ascii", "replace"), "associated_data": _text(bound_to)}
        try:
            answer = self._call("POST", f"decrypt/{self._place.key}", asked)
        except KeyStoreTrouble as trouble:
            # The server answers 400 for a version it no longer opens and for altered bytes alike.
            if trouble.kind is Trouble.ALTERED and sealed.key_id not in self.keys():
                raise KeyStoreTrouble(
                    Trouble.OTHER_KEY, f"It was sealed under the key {sealed.key_id}, which the server no longer opens."
                ) from trouble
            raise
        return _bytes(_told(answer, "plaintext"))

    def marks(self, values: Sequence[str]) -> list[tuple[str, ...]]:
        """The keyed hash of each value, made by the server."""
        if not values:
            return []
        asked = {"batch_input": [{"input": _text(value.encode())} for value in values]}
        answer = self._call("POST", f"hmac/{self._marks_key}/sha2-256", asked)
        return [(_bytes(str(_told(one, "hmac")).rpartition(":")[2]).hex(),) for one in _told(answer, "batch_results")]

    def rotate(self) -> str:
        """Have the server make the next version of the key."""
        self._call("POST", f"keys/{self._place.key}/rotate", {})
        return self.current()

    def drop(self, key_id: str) -> None:
        """Forbid decryption with this version and all before it."""
        if key_id not in self.keys():
            raise KeyStoreTrouble(Trouble.OTHER_KEY, f"The server opens nothing with the key {key_id}.")
        if key_id == self.current():
            raise KeyStoreTrouble(Trouble.IN_USE, "The current key cannot be dropped: make a new one first.")
        version = int(key_id.rpartition(":v")[2])
        self._call("POST", f"keys/{self._place.key}/config", {"min_decryption_version": version + 1})

    @property
    def _marks_key(self) -> str:
        return f"{self._place.key}-marks"

    def _id(self, version: int) -> str:
        return f"vault:{self._place.key}:v{version}"

    def _read_key(self) -> Mapping[str, Any]:
        return self._call("GET", f"keys/{self._place.key}")

    def _token(self) -> str:
        try:
            token = self._place.token_file.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            token = ""
        if not token:
            raise KeyStoreTrouble(
                Trouble.DENIED, f"There is no token for the key server in {self._place.token_file.name}."
            )
        return token

    def _call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Mapping[str, Any]:
        import httpx

        place = self._place
        headers = {"X-Vault-Token": self._token(), "X-Vault-Request": "true"}
        if place.namespace:
            headers["X-Vault-Namespace"] = place.namespace
        url = f"{place.address.rstrip('/')}/v1/{quote(place.mount.strip('/'))}/{quote(path)}"
        try:
            with (
                httpx.Client(
                    timeout=_SECONDS,
                    follow_redirects=False,
                    transport=self._transport,
                    verify=place.ca_file or True,
                    trust_env=False,
                ) as client,
                client.stream(method, url, headers=headers, json=body) as answer,
            ):
                content = bytearray()
                for chunk in answer.iter_bytes():
                    content += chunk
                    if len(content) > _ANSWER_LIMIT_BYTES:
                        raise KeyStoreTrouble(Trouble.AWAY, "The key server's answer is too long.")
                return _read(answer.status_code, bytes(content), path)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as fault:
            # The cause names the address only; a body is never part of it, but who knows of the next library.
            raise KeyStoreTrouble(Trouble.AWAY, f"The key server does not answer ({type(fault).__name__}).") from None


def _read(status: int, content: bytes, path: str) -> Mapping[str, Any]:
    if status in (200, 204):
        try:
            told = json.loads(content) if content else {}
        except ValueError:
            raise KeyStoreTrouble(Trouble.AWAY, "What answers at the key server's address is no key server.") from None
        data = told.get("data") if isinstance(told, dict) else None
        return data if isinstance(data, dict) else {}
    if status == 403:
        raise KeyStoreTrouble(Trouble.DENIED, f"The key server's policy does not let us use {path.partition('/')[0]}.")
    if status == 404 or (status == 400 and b"encryption key not found" in content):
        raise KeyStoreTrouble(Trouble.MISSING, "The key server has no such key, or no transit engine at this mount.")
    if status == 400:
        raise KeyStoreTrouble(
            Trouble.ALTERED, "The key server cannot open it: it was changed, or moved to another row."
        )
    raise KeyStoreTrouble(Trouble.AWAY, f"The key server answers {status}: it may be sealed or standing by.")


def _told(data: Mapping[str, Any], name: str) -> Any:
    if name not in data:
        raise KeyStoreTrouble(Trouble.AWAY, "What answers at the key server's address is no key server.")
    return data[name]


def _version(ciphertext: str) -> int:
    head, _, rest = ciphertext.partition(":v")
    number = rest.partition(":")[0]
    if head != "vault" or not number.isdecimal():
        raise KeyStoreTrouble(Trouble.AWAY, "What answers at the key server's address is no key server.")
    return int(number)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(value: object) -> bytes:
    try:
        return base64.b64decode(str(value), validate=True)
    except binascii.Error:
        raise KeyStoreTrouble(Trouble.AWAY, "What answers at the key server's address is no key server.") from None
