"""A security key in software: makes passkeys and proofs as a browser sends them, and misbehaves on demand.

key = SecurityKey(site="testserver")
answer = key.make(options)                       # to a registration's options
answer = key.prove(options)                      # to a sign-in's options
answer = key.prove(options, origin="https://evil.example", verified=False, counter=1)
"""

import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

_FLAG = AuthenticatorData.FLAG


class SecurityKey:
    """One key with one passkey."""

    def __init__(self, *, site: str = "testserver", origin: str = "http://testserver") -> None:
        self.site, self.origin = site, origin
        self.counter = 0
        self.credential_id = secrets.token_bytes(32)
        self._private = ec.generate_private_key(ec.SECP256R1())
        self.user_handle = b""

    def make(self, options: dict[str, Any], *, origin: str = "", verified: bool = True, challenge: str = "") -> str:
        """Answer a registration's options."""
        asked = options["publicKey"]
        self.user_handle = websafe_decode(asked["user"]["id"])
        public = ES256.from_cryptography_key(self._private.public_key())
        credential = AttestedCredentialData.create(b"\0" * 16, self.credential_id, public)
        flags = _FLAG.UP | _FLAG.AT | (_FLAG.UV if verified else _FLAG(0))
        data = AuthenticatorData.create(sha256(self.site.encode()), flags, self.counter, credential)
        client = CollectedClientData.create("webauthn.create", challenge or asked["challenge"], origin or self.origin)
        return self._sent(clientDataJSON=client, attestationObject=AttestationObject.create("none", data, {}))

    def prove(
        self,
        options: dict[str, Any],
        *,
        origin: str = "",
        verified: bool = True,
        counter: int | None = None,
        user_handle: bytes | None = None,
        challenge: str = "",
        altered: bool = False,
    ) -> str:
        """Answer a sign-in's options."""
        asked = options["publicKey"]
        self.counter = self.counter + 1 if counter is None else counter
        flags = _FLAG.UP | (_FLAG.UV if verified else _FLAG(0))
        data = AuthenticatorData.create(sha256(self.site.encode()), flags, self.counter)
        client = CollectedClientData.create("webauthn.get", challenge or asked["challenge"], origin or self.origin)
        signature = self._private.sign(bytes(data) + sha256(bytes(client)), ec.ECDSA(SHA256()))
        if altered:
            signature = signature[:-1] + bytes([signature[-1] ^ 1])
        return self._sent(
            clientDataJSON=client,
            authenticatorData=data,
            signature=signature,
            userHandle=self.user_handle if user_handle is None else user_handle,
        )

    def _sent(self, **parts: bytes) -> str:
        name = websafe_encode(self.credential_id)
        response = {key: websafe_encode(bytes(value)) for key, value in parts.items()}
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
        )
