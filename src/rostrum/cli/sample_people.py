"""People of the sample city who do not sign in, and what people sign and learn: acknowledgements, training, directives.

Everything is invented, and done by the product's own operations at the instants given.
"""

from datetime import datetime, timedelta

from rostrum.areas.governance import operations as governance
from rostrum.areas.governance.queries import acknowledgements, directives
from rostrum.areas.governance.rules.acknowledgements import INTENT_WORDS
from rostrum.areas.people import operations as people
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import Role

_FORM = "wausau-agents"
_POLICY = """Social media policy of the sample city (sample text, not the policy of any real city)

1. The city speaks on social media through channels that are approved, and through persons who are authorised.

2. What is posted serves the city's business. It is public record and is kept as such.

3. Residents may disagree. Comments are removed only on the grounds that this policy lists, and the evidence is kept.

4. A log-in belongs to the city, not to a person. It is kept in custody and changed when somebody leaves.

5. Contractors, vendors and agents certify that they received and read this policy before they act for the city.
"""
_RELATED = {
    "city-code-of-ethics": "Nobody uses an office of the city for a private advantage. (Sample text)",
    "city-work-rules": "What holds at the desk holds online: no confidential matter leaves the office. (Sample text)",
}
_TRAINING = "records-and-speech"
_TOPICS = (
    (
        "What you post is a record",
        "Every post, comment and message on a channel of the city is a public record, deleted ones too. Write what may "
        "be read out at a council meeting. Never move a conversation to a private page to keep it off the record.",
    ),
    (
        "Residents may disagree",
        "A rude opinion about the city stays up. Only the grounds in the policy allow removal, and a moderator "
        "decides, not who was criticised. If in doubt, leave it and ask.",
    ),
)
_OPTION = "Nothing to do by hand: Rostrum captures every post and comment and keeps them with their history."


def add_more(units: dict[str, Unit], *, domain: str, now: datetime) -> dict[str, User]:
    """A colleague who will leave, and those who work for the city by contract; none of them has a password."""
    found = {}
    for login, name, title, unit, kind in (
        ("nora", "Nora Quist", "Recreation Supervisor", "parks", "permanent"),
        ("cal", "Cal Moreno", "Photographer, Northwoods Media", "parks", "contractor"),
        ("fay", "Fay Zielinski", "Videographer, Northwoods Media", "parks", "contractor"),
        ("otto", "Otto Brandl", "Website vendor", "it", "vendor"),
        ("jan", "Jan Pelikan", "Festival agency", "clerk", "agent"),
    ):
        ends_at = None if kind == "permanent" else now + timedelta(days=300)
        found[login] = people.add_person(
            email=f"{login}@{domain}",
            name=name,
            title=title,
            unit=units[unit],
            employment_class=kind,
            engagement_ends_at=ends_at,
            actor="system",
            now=now,
        )
        role = {"nora": Role.POSTER, "cal": Role.CONTRACTOR, "fay": Role.CONTRACTOR}.get(login, Role.EMPLOYEE)
        limited = role is Role.POSTER
        people.give_role(person=found[login], role=role, unit=units[unit] if limited else None, actor="system", now=now)
    return found


def list_rules(persons: dict[str, User], now: datetime) -> None:
    """Two of the city's other policies, for everybody to read."""
    for related, text in _RELATED.items():
        governance.enter_policy_text(
            pack="wausau-city", related=related, label="2025", text=text, actor=persons["hana"], now=now
        )


def answer_suggestions(persons: dict[str, User], now: datetime) -> None:
    """The IT director looked at the platforms that are new, all but one of which a directive covers already."""
    for suggested in directives.suggestions():
        if suggested.subject != "facebook":
            governance.answer_suggestion(
                suggestion_id=suggested.pk, answer="Covered by directives 1 and 2.", actor=persons["tom"], now=now
            )


def acknowledge(persons: dict[str, User], now: datetime) -> None:
    """The policy's text in force, delivered to those by contract: three certified it, one owes it still."""
    text = governance.enter_policy_text(
        pack="wausau-city", label="as adopted in January", text=_POLICY, actor=persons["rosa"], now=now
    )
    governance.put_text_in_force(text_id=text.public_id, actor=persons["gus"], now=now)
    for days, login in ((1, "cal"), (3, "fay"), (6, "otto"), (0, "jan")):
        person = persons[login]
        found = governance.deliver_policy(person=person, form_id=_FORM, actor="system", now=now)
        if not days:
            continue
        at = now + timedelta(days=days)
        governance.open_policy(certification_id=found.public_id, actor=person, now=at)
        governance.finish_reading(
            certification_id=found.public_id, digest=text.digest, actor=person, now=at + timedelta(minutes=9)
        )
        signed_at = at + timedelta(minutes=10)
        governance.certify_policy(
            certification_id=found.public_id,
            statements=[one.id for one in acknowledgements.form_called(_FORM).statements],
            typed_name=person.name,
            signed_on=acknowledgements.legal_day(signed_at),
            words=INTENT_WORDS,
            actor=person,
            now=signed_at,
        )


def train(persons: dict[str, User], now: datetime) -> None:
    """A training of the body's own for who may speak: done by two, overdue with one, owed by the others."""
    governance.enter_training(
        key=_TRAINING,
        title="Public records and residents' speech",
        topics=_TOPICS,
        assigned=("grant-holders",),
        due_days=14,
        renewal_days=365,
        actor=persons["hana"],
        now=now,
    )
    for days, login in ((2, "dev"), (4, "maya"), (0, "lee")):
        person = persons[login]
        governance.assign_training(person=person, key=_TRAINING, actor="system", now=now)
        if days:
            governance.complete_training(
                person=person,
                key=_TRAINING,
                confirmed=[f"topic-{number}" for number, _ in enumerate(_TOPICS, start=1)],
                actor=person,
                now=now + timedelta(days=days),
            )


def direct(persons: dict[str, User], now: datetime) -> None:
    """The IT director's yearly directive, which reached every department, and an interim one that did not yet."""
    tom = persons["tom"]
    yearly = governance.issue_directive(
        method="connector",
        option=_OPTION,
        cost_reason="One system for all departments costs less than a subscription for each.",
        actor=tom,
        now=now,
    )
    for delivery in yearly.deliveries.all():
        governance.record_directive_delivery(
            delivery_id=delivery.public_id,
            how="Handed out at the department heads' meeting",
            actor=tom,
            now=now + timedelta(days=1),
        )
    later = now + timedelta(days=30)
    interim = governance.issue_directive(
        platform="bluesky",
        method=directives.capture_methods("bluesky")[0].code,
        option="Nothing to do by hand: Rostrum captures the channel's own repository and its conversations.",
        cost_reason="The connector is part of Rostrum; no subscription is needed.",
        is_interim=True,
        why_interim="The Parks Department asks for a channel on Bluesky before the next yearly directive.",
        actor=tom,
        now=later,
    )
    for delivery in interim.deliveries.select_related("unit").exclude(unit__slug__in=("council", "works", "finance")):
        governance.record_directive_delivery(
            delivery_id=delivery.public_id, how="Told by telephone", actor=tom, now=later + timedelta(hours=2)
        )
