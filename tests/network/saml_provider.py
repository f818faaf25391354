"""A SAML 2.0 identity provider by another library than the product's (pysaml2), with a page of its own on loopback.

    with SamlProvider(folder) as provider:             # its settings for the product: `provider.metadata`
        provider.trust(product_metadata)               # what the product says of itself
        provider.people["rosa"] = Answer("rosa@city.example", ("Social Media",))
        provider.signs_in = "rosa"

Whoever comes to its page is taken to be `signs_in` and is sent back with a signed answer, by a form that submits
itself. It is served as ``localhost`` while the product is at ``127.0.0.1``: two sites, as in real life, so that a
browser keeps back the product's cookies when the answer is posted.
"""

import base64
import datetime as dt
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from saml2 import BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAME_FORMAT_BASIC, NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

PASSWORD_ONLY = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
WITH_SECOND_FACTOR = "https://refeds.org/profile/mfa"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider says of a person."""

    mail: str
    groups: tuple[str, ...] = ()
    name: str = "Rosa Lindqvist"
    context: str = PASSWORD_ONLY


@dataclass
class Asked:
    """A question as it arrived."""

    id: str
    wants_fresh_proof: bool


@dataclass
class SamlProvider:
    """The provider; leaving its `with` block ends its page."""

    folder: Path
    people: dict[str, Answer] = field(default_factory=dict)
    signs_in: str = ""
    asked: list[Asked] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    lasts_minutes: int = 5
    # What happens to an answer on its way: takes and gives its XML.
    on_the_way: Callable[[str], str] = str

    def __enter__(self) -> Self:
        self._web = ThreadingHTTPServer(("127.0.0.1", 0), _page_of(self))
        self._web.daemon_threads = True
        self.address = f"http://localhost:{self._web.server_address[1]}"
        self.key = self.make_key("provider")
        self._thread = threading.Thread(target=self._web.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        self.metadata = str(entity_descriptor(self._config()))
        return self

    def __exit__(self, *_problem: object) -> None:
        self._web.shutdown()
        self._web.server_close()
        self._thread.join()

    def trust(self, product_metadata: str) -> None:
        """Take in what the product says of itself."""
        self._product = product_metadata
        self._server = Server(config=self._config(metadata={"inline": [product_metadata]}))

    def make_key(self, name: str) -> tuple[str, str]:
        """Make a key and its certificate; gives the two files' names."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        begins = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(dt.datetime(2090, 1, 1, tzinfo=dt.UTC))
            .sign(key, hashes.SHA256())
        )
        files = self.folder / f"{name}.key", self.folder / f"{name}.crt"
        files[0].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
            )
        )
        files[1].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return str(files[0]), str(files[1])

    def sign_with(self, key: tuple[str, str]) -> None:
        """Sign with another key from here on."""
        self.key = key
        self.trust(self._product)

    def answer(self, request: str) -> tuple[str, str]:
        """Answer a question (deflated, base64): where to, and the answer (base64)."""
        parsed = self._server.parse_authn_request(request, BINDING_HTTP_REDIRECT)
        self.asked.append(Asked(parsed.message.id, parsed.message.force_authn == "true"))
        said, where = self.people[self.signs_in], self._server.response_args(parsed.message)
        identity = {"mail": [said.mail], "displayName": [said.name]}
        if said.groups:
            identity["groups"] = list(said.groups)
        given = {
            "in_response_to": where["in_response_to"],
            "destination": where["destination"],
            "sp_entity_id": where["sp_entity_id"],
            "name_id": NameID(format=NAMEID_FORMAT_PERSISTENT, text=f"person-{self.signs_in}"),
            "authn": {"class_ref": said.context, "authn_auth": self.address},
            "sign_assertion": True,
            "sign_response": False,
            "sign_alg": SIG_RSA_SHA256,
            "digest_alg": DIGEST_SHA256,
        }
        xml = str(self._server.create_authn_response(identity, **(given | self.options)))
        self.sent.append(xml)
        return where["destination"], base64.b64encode(self.on_the_way(xml).encode()).decode()

    def _config(self, **more: Any) -> IdPConfig:
        key, certificate = self.key
        config = IdPConfig()
        config.load(
            {
                "entityid": f"{self.address}/metadata",
                "service": {
                    "idp": {
                        "endpoints": {"single_sign_on_service": [(f"{self.address}/sso", BINDING_HTTP_REDIRECT)]},
                        "policy": {
                            "default": {"lifetime": {"minutes": self.lasts_minutes}, "name_form": NAME_FORMAT_BASIC}
                        },
                        "want_authn_requests_signed": False,
                    }
                },
                "key_file": key,
                "cert_file": certificate,
                **more,
            }
        )
        return config


def _page_of(provider: SamlProvider) -> type[BaseHTTPRequestHandler]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            question = parse_qs(urlsplit(self.path).query).get("SAMLRequest")
            if not question:
                self.send_error(404)
                return
            where, answer = provider.answer(question[0])
            page = (
                f'<!doctype html><title>Provider</title><body onload="document.forms[0].submit()">'
                f'<form method="post" action="{where}"><input type="hidden" name="SAMLResponse" value="{answer}">'
                f"<button>Go on</button></form></body>"
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: the test's own output is what is read."""

    return Page


def without_signature(xml: str) -> str:
    """The same answer, unsigned."""
    return re.sub(r"<(\w+:)?Signature .*?</\1Signature>", "", xml, flags=re.DOTALL)
