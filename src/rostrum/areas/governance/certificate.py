"""The signed page as a tagged PDF, set from what was signed."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.defaultfilters import date as shown_date

from rostrum.areas.governance import queries
from rostrum.areas.governance.models import Certification
from rostrum.areas.governance.queries.acknowledgements import form_words
from rostrum.areas.governance.rules.acknowledgements import Proof
from rostrum.connectors.typesetting import typeset

TEMPLATE = Path(__file__).with_name("typst") / "certificate.typ"
PROOF_WORDS = {
    Proof.PASSWORD: "Signed in this product: the name was typed and the password entered again.",
    Proof.TYPED_WORDS: "Signed in this product: the name and the words “I certify” were typed after signing in.",
    Proof.INK: "Signed by hand on paper; a picture of the paper is kept with this page.",
}


def certificate_data(found: Certification) -> dict[str, Any]:
    """What the signed page says, line by line."""
    form = form_words(found)
    zone = ZoneInfo(settings.LEGAL_TIME_ZONE)
    at = found.certified_at.astimezone(zone) if found.certified_at else None
    return {
        "body": queries.body_name(),
        "title": form.title if form else "Certification",
        "document": found.text.document.title,
        "version": found.text.label,
        "statements": [one["words"] for one in found.statements],
        "name": found.signed_name,
        "signed_on": shown_date(found.signed_on, "F j, Y"),
        "proof": PROOF_WORDS[Proof(found.proof)],
        "returned_to": found.returned_to,
        "facts": [
            ["Delivered", _moment(found.delivered_at.astimezone(zone))],
            ["Read to its end", _moment(found.read_at.astimezone(zone)) if found.read_at else "On paper"],
            ["Certified", _moment(at) if at else ""],
            ["Due", _moment(found.due_at.astimezone(zone))],
            ["Certification", found.public_id],
            ["Text of the policy, SHA-256", found.text.digest],
            ["What was signed, SHA-256", found.content_digest],
            ["Policy version", found.policy_version],
        ],
    }


def _moment(at: Any) -> str:
    return shown_date(at, "F j, Y, g:i a T")


def set_certificate(found: Certification) -> bytes:
    """Set the signed page. Raises `TypesettingFailed`."""
    return typeset(TEMPLATE, certificate_data(found))
