"""What tests of governance start from: a body with the text of its policy entered, and persons at any point of it."""

from datetime import UTC, date, datetime
from typing import Any

from rostrum.areas.governance import operations
from rostrum.areas.governance.files import GivenFile
from rostrum.areas.governance.models import Certification, PolicyText
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from tests.channels import a_body
from tests.people import PASSWORD, a_person

# A Monday; nothing else happens on the days around it.
NOW = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
TODAY = date(2026, 11, 30)
DMA_FORM, AGENTS_FORM, MILWAUKEE_FORM = "dma-receipt", "wausau-agents", "milwaukee-receipt"
PAPER = GivenFile(b"%PDF-1.7 a scanned certification", "certification.pdf")
STATEMENTS = ("received", "read", "responsibility", "no-privacy", "ask-supervisor", "discipline")


def a_text(pack: str = "dma-2.110", text: str = "Think before you post.", **overrides: Any) -> PolicyText:
    """The body's own text of a pack's document, entered by one person and put in force by another."""
    head = a_person(Role.AGENCY_HEAD)
    values: dict[str, Any] = {"label": "2026", "actor": a_person(Role.HR), "now": NOW}
    made = operations.enter_policy_text(pack=pack, text=text, **(values | overrides))
    return operations.put_text_in_force(text_id=made.public_id, actor=head, now=overrides.get("now", NOW))


def a_department(**overrides: Any) -> PolicyText:
    """The Department of Military Affairs with the text of its bulletin in force."""
    a_body("dma-2.110", name="Department of Military Affairs")
    return a_text(**overrides)


def an_employee(**overrides: Any) -> User:
    """A person who can sign: with a password."""
    return a_person(**({"name": "Erin O'Neil", "password": PASSWORD} | overrides))


def delivered(person: User, form: str = DMA_FORM, now: datetime = NOW) -> Certification:
    """What the person was given to certify."""
    return operations.deliver_policy(person=person, form_id=form, actor="system", now=now)


def read(found: Certification, now: datetime = NOW) -> Certification:
    """The whole text opened and read by whom it was delivered to."""
    operations.open_policy(certification_id=found.public_id, actor=found.person, now=now)
    return operations.finish_reading(
        certification_id=found.public_id, digest=found.text.digest, actor=found.person, now=now
    )


def certify(found: Certification, now: datetime = NOW, **overrides: Any) -> Certification:
    """Sign it, complete and right, unless overridden."""
    values: dict[str, Any] = {
        "statements": STATEMENTS,
        "typed_name": found.person.name,
        "signed_on": TODAY,
        "password": PASSWORD,
        "actor": found.person,
    }
    return operations.certify_policy(certification_id=found.public_id, **(values | overrides), now=now)
