"""Sign-in by SAML 2.0, begun here only: an answer that nobody here asked for is refused.

Needs the extra `saml` (python3-saml). The toolkit checks signatures, times, audience and destination by its own clock;
that the answer belongs to the question is checked here, in the part of the answer that is signed.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rostrum.connectors.identity import Assertion, NotAccepted, SamlSettings

_SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
# What an identity provider may say it asked for beside a password.
_SECOND_FACTORS = frozenset(
    {
        "https://refeds.org/profile/mfa",
        "http://schemas.microsoft.com/claims/multipleauthn",
        "urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken",
        "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract",
        "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard",
        "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI",
    }
)


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser, and the question's id that its answer must bear."""

    url: str
    request_id: str


class Saml:
    """One identity provider. `metadata_url` names this product there, `answer_url` is where its answers are posted."""

    def __init__(self, settings: SamlSettings, *, metadata_url: str, answer_url: str) -> None:
        self.settings = settings
        self._metadata_url = metadata_url
        self._answer_url = answer_url

    def begin(self, *, again: bool = False) -> Begun:
        """Make the address to send the browser to; `again` asks for a fresh proof."""
        auth = self._auth({})
        url = auth.login(return_to=self._answer_url, force_authn=again)
        return Begun(url, auth.get_last_request_id())

    def finish(self, answer: str, request_id: str) -> Assertion:
        """Check a posted answer (base64) and read who it is. Raises `NotAccepted`."""
        from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError

        auth = self._auth({"SAMLResponse": answer})
        try:
            auth.process_response(request_id=request_id)
        except (OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, ValueError, TypeError, AttributeError) as problem:
            # The toolkit meets bytes that are no answer at all with whatever its parser raises.
            raise NotAccepted("answer") from problem
        except Exception as problem:
            if type(problem).__module__.partition(".")[0] not in ("lxml", "xmlsec", "binascii"):
                raise
            raise NotAccepted("answer") from problem
        if auth.get_errors() or not auth.is_authenticated():
            raise NotAccepted("answer")
        _check_question(auth.get_last_response_xml(), request_id)
        return self._assertion(auth)

    def describe(self) -> str:
        """This product's metadata (XML) for the identity provider."""
        from onelogin.saml2.settings import OneLogin_Saml2_Settings

        # Without the provider's half: the metadata is handed over before theirs is known here, too.
        settings = OneLogin_Saml2_Settings(self._toolkit_settings(), sp_validation_only=True)
        metadata = settings.get_sp_metadata()
        return metadata.decode() if isinstance(metadata, bytes) else str(metadata)

    def _assertion(self, auth: Any) -> Assertion:
        # Providers name an attribute formally (urn:oid:…) and say beside it what people call it.
        attributes: dict[str, list[str]] = auth.get_friendlyname_attributes() | auth.get_attributes()

        def first(name: str) -> str:
            values = attributes.get(name) or [""]
            return str(values[0] or "").strip()

        subject = first(self.settings.subject_attribute) if self.settings.subject_attribute else auth.get_nameid()
        if not subject:
            raise NotAccepted("no-subject")
        contexts = set(auth.get_last_authn_contexts())
        return Assertion(
            issuer=auth.get_settings().get_idp_data()["entityId"],
            subject=str(subject),
            email=first(self.settings.email_attribute),
            # The directory of the body itself vouches for its attributes: SAML has no word for "not verified".
            email_is_verified=True,
            name=first(self.settings.name_attribute),
            groups=tuple(str(one) for one in attributes.get(self.settings.groups_attribute, [])),
            has_second_factor=bool(contexts & _SECOND_FACTORS),
            session=str(auth.get_session_index() or ""),
        )

    def _auth(self, posted: dict[str, str]) -> Any:
        from onelogin.saml2.auth import OneLogin_Saml2_Auth

        parts = urlsplit(self._answer_url)
        request = {
            "https": "on" if parts.scheme == "https" else "off",
            "http_host": parts.netloc,
            "script_name": parts.path,
            "get_data": {},
            "post_data": posted,
        }
        return OneLogin_Saml2_Auth(request, old_settings=self._toolkit_settings())

    def _toolkit_settings(self) -> dict[str, Any]:
        from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser

        found: dict[str, Any] = OneLogin_Saml2_IdPMetadataParser.parse(self.settings.metadata)
        return found | {
            "strict": True,
            "debug": False,
            "sp": {
                "entityId": self._metadata_url,
                "assertionConsumerService": {
                    "url": self._answer_url,
                    "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
                },
                "NameIDFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
            },
            "security": {
                "wantAssertionsSigned": True,
                "rejectUnsolicitedResponsesWithInResponseTo": True,
                "rejectDeprecatedAlgorithm": True,
                "requestedAuthnContext": False,
                "wantAttributeStatement": False,
            },
        }


def _check_question(xml: str | bytes, request_id: str) -> None:
    """See that the signed assertion, not only its envelope, answers the question with this id."""
    from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

    tree = OneLogin_Saml2_XML.to_etree(xml)
    answered = {node.get("InResponseTo") for node in tree.iter(f"{_SAML}SubjectConfirmationData")}
    if answered != {request_id}:
        raise NotAccepted("unasked")
