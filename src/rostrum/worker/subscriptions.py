"""Which job kind is handled where, which event starts which job, and what runs by the clock.

A room that adds a job adds its row here; `tests/structure` sees to it that each handler can be imported. Handlers are
``def handler(args: dict[str, Any], *, now: datetime) -> None`` in the area's `jobs.py`, and may run twice.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job kind queued once every so many seconds; with `when`, only if that query (given ``now``) finds work."""

    kind: str
    every_seconds: int
    when: str = ""


# job kind -> handler
HANDLERS: dict[str, str] = {
    "archive.capture": "rostrum.areas.archive.jobs.capture",
    "archive.capture-due": "rostrum.areas.archive.jobs.capture_due",
    "archive.read-back": "rostrum.areas.archive.jobs.read_back",
    "disclosure.make-production": "rostrum.areas.disclosure.jobs.make_production",
    "disclosure.send-letter": "rostrum.areas.disclosure.jobs.send_letter",
    "duties.explain-ledger-trouble": "rostrum.areas.duties.jobs.explain_ledger_trouble",
    "ledger.sequence": "rostrum.areas.ledger.jobs.sequence",
    "moderation.apply-removal": "rostrum.areas.moderation.jobs.apply_removal",
    "moderation.apply-restoration": "rostrum.areas.moderation.jobs.apply_restoration",
    "mail.send": "rostrum.areas.people.jobs.send_mail",
    "people.send-password-link": "rostrum.areas.people.jobs.send_password_link",
    "people.sweep": "rostrum.areas.people.jobs.sweep",
    "publishing.compare": "rostrum.areas.publishing.jobs.compare",
    "publishing.look": "rostrum.areas.publishing.jobs.look",
    "publishing.publish": "rostrum.areas.publishing.jobs.publish",
    "publishing.take-down": "rostrum.areas.publishing.jobs.take_down",
}

# event kind -> job kinds, queued in the act's own transaction with {"entry": public id}
EVENTS: dict[str, tuple[str, ...]] = {
    "archive.capture-stored.v1": ("publishing.compare",),
    "ledger.entries-lost.v1": ("duties.explain-ledger-trouble",),
    "ledger.log-restarted.v1": ("duties.explain-ledger-trouble",),
}

SCHEDULE: tuple[Periodic, ...] = (
    Periodic("ledger.sequence", every_seconds=1, when="rostrum.areas.ledger.queries.has_work"),
    Periodic("archive.capture-due", every_seconds=15),
    Periodic("archive.read-back", every_seconds=60),
    Periodic("people.sweep", every_seconds=3600),
)
