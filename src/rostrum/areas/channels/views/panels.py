"""What stands on one channel's page: a part of the page, and what it needs, for each subject.

A subject adds itself by a template in `templates/channels/parts/` (included by `channel.html`), and by a function here
or in its own module that answers what the template needs: ``panel(channel, person, now) -> dict``.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from rostrum.areas.channels import custody as keeping
from rostrum.areas.channels import queries
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.queries import custody as custody_reads
from rostrum.areas.channels.queries import emergency as emergency_reads
from rostrum.areas.channels.queries import grants
from rostrum.areas.channels.queries import log_in_disclosure as disclosure_reads
from rostrum.areas.channels.queries.kind import kinds
from rostrum.areas.channels.rules import emergency as emergency_rules
from rostrum.areas.channels.rules.grants import GRANTABLE_STATES
from rostrum.areas.channels.rules.log_in_disclosure import DISCLOSURE_TITLES, DisclosureState
from rostrum.areas.channels.views import access, connection, page, terms_reviews
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission, Right

Panel = Callable[[Channel, User, datetime], dict[str, Any]]


def custody(channel: Channel, person: User, now: datetime) -> dict[str, Any]:
    """How the log-in stands: in custody, tested, changed in time, readable; and what this person may do about it."""
    credential = queries.credential_in_force(channel)
    labels = {field.name: field.label for field in queries.secret_fields(channel.platform_id)}
    parts = credential.parts if credential else {}
    change = custody_reads.open_change(channel)
    rotation = disclosure_reads.rotation_after_disclosures(channel)
    may_see = disclosure_reads.may_disclose(channel, actor=person, now=now)
    return {
        "credential": credential,
        "deposit_decision": queries.may_deposit(channel, actor=person, now=now),
        "log_in_parts": [
            {"label": labels.get(name, name), "since": datetime.fromisoformat(since)} for name, since in parts.items()
        ],
        "log_in_trouble": custody_reads.log_in_trouble(channel),
        "has_connector": custody_reads.has_connector(channel),
        "has_seed": keeping.SEED_FIELD in parts,
        "change": change,
        "change_overdue": change is not None and change.due_at < now,
        "seen_unchanged": rotation.unchanged if rotation else (),
        "log_in_holders": list(people.holders_of_right(Right.CREDENTIAL, channel.public_id, now=now)),
        "disclose_decision": may_see,
        "disclosures": [
            {"disclosure": one, "state": DISCLOSURE_TITLES[DisclosureState(one.state)]}
            for one in channel.disclosures.select_related("requested_by")[:5]
        ]
        if may_see.allowed
        else [],
    }


def emergency(channel: Channel, person: User, now: datetime) -> dict[str, Any]:
    """Whether this person may speak in an emergency, and who does now."""
    facts = emergency_reads.emergency_facts(channel, reason="a reason", actor=person, now=now)
    return {
        "may_break_glass": facts.may_break_glass.allowed,
        "emergency_decision": emergency_rules.decide_emergency(facts),
        "emergencies_running": list(emergency_reads.running_on(channel, now=now)),
        "emergencies_unreviewed": list(emergency_reads.unreviewed(channel=channel).filter(ends_at__lte=now)),
        "may_review_emergency": emergency_reads.may_review(channel, actor=person, now=now).allowed,
    }


def rights(channel: Channel, person: User, now: datetime) -> dict[str, Any]:
    """Who may act on the channel, what is asked for, and whether this person may ask and end."""
    held = grants.rights_on([channel.public_id], now=now)
    return {
        "holders": grants.held_rows(held, now=now),
        "asked_rights": grants.open_requests().filter(channel=channel),
        "may_ask_right": people.may(person, Permission.REQUEST_RIGHT, now=now),
        "end_right_decision": people.may(person, Permission.END_GRANT, unit=channel.unit, now=now),
        "has_spokesperson": grants.spokespersons(channel.unit, now=now).exists(),
        "takes_rights": channel.state in GRANTABLE_STATES,
    }


def kind(channel: Channel, person: User, now: datetime) -> dict[str, Any]:
    """Whether the channel is what the policy calls the body's own."""
    del person
    return {"official_kinds": kinds(channel, now=now)}


PANELS: tuple[Panel, ...] = (
    kind,
    terms_reviews.panel,
    custody,
    emergency,
    rights,
    page.panel,
    connection.panel,
    access.panel,
)
