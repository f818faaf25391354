"""Passkeys (WebAuthn): what the browser is asked for, and what its answer proves. Nothing is stored here.

A passkey signs in by itself: it is on a device the person has, and asks for their finger, face or PIN (user
verification is required, always). It works for one site name only, so it cannot be given to an impostor's page.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rostrum.areas.people.models import Factor, User


class PasskeyNotAccepted(Exception):
    """What the browser sent proves nothing; `code` says which step it failed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Site:
    """Where a passkey is for: the host's name, and the exact origins its pages have."""

    id: str
    origins: frozenset[str]
    name: str


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey that was just made."""

    credential: bytes
    digest: str
    site: str
    sign_count: int


def begin_registration(person: User, site: Site, existing: Iterable[Factor]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser is asked to make (JSON), and the state to keep until it answers."""
    from fido2.webauthn import PublicKeyCredentialUserEntity, ResidentKeyRequirement, UserVerificationRequirement

    options, state = _server(site).register_begin(
        PublicKeyCredentialUserEntity(
            # The public id, which tells nothing: it is stored on devices.
            id=person.public_id.encode(),
            name=person.email,
            display_name=person.name,
        ),
        credentials=_credentials(existing),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _plain(options), _plain(state)


def finish_registration(answer: str, state: dict[str, Any], site: Site) -> NewPasskey:
    """Check what the browser made. Raises `PasskeyNotAccepted`."""
    try:
        made = _server(site).register_complete(state, json.loads(answer))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as problem:
        # The parser meets whatever a stranger sends.
        raise PasskeyNotAccepted("registration") from problem
    if made.credential_data is None:
        raise PasskeyNotAccepted("registration")
    return NewPasskey(
        credential=bytes(made.credential_data),
        digest=digest_of(made.credential_data.credential_id),
        site=site.id,
        sign_count=made.counter,
    )


def begin_sign_in(site: Site, factors: Iterable[Factor] = ()) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser is asked to prove (JSON), and the state to keep. Without `factors`: by any passkey it has."""
    from fido2.webauthn import UserVerificationRequirement

    options, state = _server(site).authenticate_begin(
        credentials=_credentials(factors) or None, user_verification=UserVerificationRequirement.REQUIRED
    )
    return _plain(options), _plain(state)


def digest_in(answer: str) -> str:
    """The digest of the passkey that an answer claims to be by; "" when it cannot be read."""
    from fido2.utils import websafe_decode

    try:
        raw_id = json.loads(answer)["rawId"]
        return digest_of(websafe_decode(raw_id))
    except (ValueError, TypeError, KeyError):
        return ""


def finish_sign_in(answer: str, state: dict[str, Any], site: Site, factor: Factor) -> int:
    """Check that the answer is by this passkey, now and for this site; return its counter.

    Raises `PasskeyNotAccepted`; its code is "copied" when the counter went back, as it does when a passkey was copied.
    """
    from fido2.webauthn import AttestedCredentialData, AuthenticationResponse

    if factor.site != site.id:
        raise PasskeyNotAccepted("site")
    try:
        sent = json.loads(answer)
        _server(site).authenticate_complete(state, [AttestedCredentialData(bytes(factor.credential or b""))], sent)
        response = AuthenticationResponse.from_dict(sent).response
        handle, counter = response.user_handle, response.authenticator_data.counter
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as problem:
        raise PasskeyNotAccepted("proof") from problem
    if handle is not None and handle != factor.person.public_id.encode():
        raise PasskeyNotAccepted("person")
    # Passkeys that are kept in step over several devices count nothing and say 0.
    if (counter or factor.sign_count) and counter <= factor.sign_count:
        raise PasskeyNotAccepted("copied")
    return int(counter)


def digest_of(credential_id: bytes) -> str:
    """The digest under which a passkey is found."""
    return hashlib.sha256(credential_id).hexdigest()


def _server(site: Site) -> Any:
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    entity = PublicKeyCredentialRpEntity(id=site.id, name=site.name)
    # The exact origins: the library's own check would take any host below the site's name.
    return Fido2Server(entity, verify_origin=lambda origin: origin in site.origins)


def _credentials(factors: Iterable[Factor]) -> list[Any]:
    from fido2.webauthn import AttestedCredentialData

    return [AttestedCredentialData(bytes(one.credential)) for one in factors if one.credential]


def _plain(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(dict(value), default=dict))
    return found
