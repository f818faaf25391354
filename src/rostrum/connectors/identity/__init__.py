"""Directories that say who somebody is: OpenID Connect and SAML. How they are reached, what they say, how it fails."""

import importlib.util
import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a directory says of the person who signed in there. `subject` is its own lasting name for them."""

    issuer: str
    subject: str
    email: str = ""
    email_is_verified: bool = False
    name: str = ""
    groups: tuple[str, ...] = ()
    # The directory says that more than a password was asked for.
    has_second_factor: bool = False
    session: str = ""


class NotAccepted(Exception):
    """The directory's answer proves nothing. `code` says which check it failed; it holds nothing of the answer."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unreachable(Exception):
    """The directory did not answer, or not as one; names the host."""


@dataclass(frozen=True, slots=True)
class OpenIdSettings:
    """How this product is known at an issuer."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    # Where it lies otherwise: read at every call, so that it does not stay in memory.
    client_secret_file: Path | None = None
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    groups_claim: str = "groups"
    leeway_seconds: int = 60

    def secret(self) -> str:
        """The client's secret; "" where there is none. Raises `Unreachable` when its file cannot be read any more."""
        if self.client_secret_file is None:
            return self.client_secret
        try:
            return self.client_secret_file.read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as problem:
            raise Unreachable(f"the file with the secret for {self.issuer} cannot be read") from problem


@dataclass(frozen=True, slots=True)
class SamlSettings:
    """An identity provider by its metadata, and what its attributes are called, formally or by their friendly name."""

    metadata: str
    email_attribute: str = "mail"
    name_attribute: str = "displayName"
    groups_attribute: str = "groups"
    # An attribute that lasts and names one person; "" takes the NameID.
    subject_attribute: str = ""


def is_safe_address(address: str) -> bool:
    """Whether secrets may travel there: over TLS, or on this machine itself."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        is_here = ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        is_here = parts.hostname == "localhost"
    return parts.scheme == "http" and is_here


def saml_is_installed() -> bool:
    """Whether the extra `saml` is here."""
    return importlib.util.find_spec("onelogin") is not None
