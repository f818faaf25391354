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
    "agenda.remind": "rostrum.areas.agenda.jobs.remind",
    "agenda.send-digest": "rostrum.areas.agenda.jobs.send_digest",
    "archive.capture": "rostrum.areas.archive.jobs.capture",
    "archive.capture-due": "rostrum.areas.archive.jobs.capture_due",
    "archive.read-back": "rostrum.areas.archive.jobs.read_back",
    "channels.carry-out-separation": "rostrum.areas.channels.jobs.separation.carry_out",
    "channels.extend-unit-rights": "rostrum.areas.channels.jobs.grants.extend_unit_rights",
    "channels.note-surrender": "rostrum.areas.channels.jobs.separation.note_surrender",
    "channels.note-use": "rostrum.areas.channels.jobs.grants.note_use",
    "channels.tell-lost": "rostrum.areas.channels.jobs.connection.tell_lost",
    "channels.watch-parts": "rostrum.areas.channels.jobs.parts.watch_parts",
    "channels.read-access": "rostrum.areas.channels.jobs.access.read_access",
    "channels.read-access-of-leaver": "rostrum.areas.channels.jobs.access.read_access_of_leaver",
    "channels.watch-access": "rostrum.areas.channels.jobs.access.watch_access",
    "channels.read-page": "rostrum.areas.channels.jobs.page.read_page",
    "channels.watch-pages": "rostrum.areas.channels.jobs.page.watch_pages",
    "channels.expire-disclosures": "rostrum.areas.channels.jobs.custody.expire_disclosures",
    "channels.notice-change": "rostrum.areas.channels.jobs.custody.notice_change",
    "channels.notice-no-change": "rostrum.areas.channels.jobs.custody.notice_no_change",
    "channels.test-log-in": "rostrum.areas.channels.jobs.custody.test_log_in",
    "channels.report-attempt": "rostrum.areas.channels.jobs.separation.report_attempt",
    "channels.tell-review": "rostrum.areas.channels.jobs.reviews.tell_review",
    "channels.tell-separation": "rostrum.areas.channels.jobs.separation.tell",
    "channels.tend-separations": "rostrum.areas.channels.jobs.separation.tend_separations",
    "channels.tend-reviews": "rostrum.areas.channels.jobs.reviews.tend_reviews",
    "channels.read-list": "rostrum.areas.channels.jobs.registry.read_list",
    "channels.take-in-list": "rostrum.areas.channels.jobs.registry.take_in_list",
    "channels.ask-speaker-to-read": "rostrum.areas.channels.jobs.terms.ask_speaker_to_read",
    "channels.end-use-look": "rostrum.areas.channels.jobs.terms.end_use_look",
    "channels.fetch-terms": "rostrum.areas.channels.jobs.terms.fetch_terms",
    "channels.look-at-terms": "rostrum.areas.channels.jobs.terms.look_at_terms",
    "channels.owe-use-look": "rostrum.areas.channels.jobs.terms.owe_use_look",
    "channels.tell-terms-changed": "rostrum.areas.channels.jobs.terms.tell_terms_changed",
    "disclosure.make-production": "rostrum.areas.disclosure.jobs.make_production",
    "disclosure.send-letter": "rostrum.areas.disclosure.jobs.send_letter",
    "duties.explain-ledger-trouble": "rostrum.areas.duties.jobs.explain_ledger_trouble",
    "governance.make-certificate": "rostrum.areas.governance.jobs.make_certificate",
    "governance.send-letter": "rostrum.areas.governance.jobs.send_letter",
    "governance.suggest-directive": "rostrum.areas.governance.jobs.suggest_directive",
    "governance.tend": "rostrum.areas.governance.jobs.tend",
    "ledger.sequence": "rostrum.areas.ledger.jobs.sequence",
    "moderation.apply-removal": "rostrum.areas.moderation.jobs.apply_removal",
    "moderation.apply-restoration": "rostrum.areas.moderation.jobs.apply_restoration",
    "mail.send": "rostrum.areas.people.jobs.send_mail",
    "people.send-password-link": "rostrum.areas.people.jobs.send_password_link",
    "people.note-failed-try": "rostrum.areas.people.jobs.note_failed_try",
    "people.send-security-notice": "rostrum.areas.people.jobs.send_security_notice",
    "people.sweep": "rostrum.areas.people.jobs.sweep",
    "portal.export-registry": "rostrum.areas.portal.jobs.export_registry",
    "publishing.compare": "rostrum.areas.publishing.jobs.compare",
    "publishing.hold-leavers-posts": "rostrum.areas.publishing.jobs.hold_leavers_posts",
    "publishing.look": "rostrum.areas.publishing.jobs.look",
    "publishing.publish": "rostrum.areas.publishing.jobs.publish",
    "publishing.take-down": "rostrum.areas.publishing.jobs.take_down",
    "publishing.watch-integrity": "rostrum.areas.publishing.jobs.watch_integrity",
}

# event kind -> job kinds, queued in the act's own transaction with {"entry": public id}
EVENTS: dict[str, tuple[str, ...]] = {
    "archive.capture-stored.v1": ("publishing.compare", "publishing.watch-integrity"),
    "archive.gap-opened.v1": ("governance.suggest-directive",),
    "channels.channel-requested.v1": ("governance.suggest-directive",),
    "channels.channel-opened.v1": ("channels.extend-unit-rights",),
    "channels.credential-deposited.v1": ("channels.note-use",),
    "channels.credential-tested.v1": ("channels.note-surrender",),
    "channels.person-separated.v1": ("publishing.hold-leavers-posts", "channels.read-access-of-leaver"),
    "governance.choice-made.v1": ("governance.tend",),
    "governance.packs-activated.v1": ("governance.tend",),
    "governance.policy-text-put-in-force.v1": ("governance.tend",),
    "channels.connection-lost.v1": ("channels.notice-change",),
    "channels.connection-restored.v1": ("channels.notice-no-change",),
    "channels.page-read.v1": ("publishing.watch-integrity",),
    "channels.channel-closed.v1": ("channels.end-use-look",),
    "channels.channel-went-live.v1": ("channels.owe-use-look",),
    "ledger.entries-lost.v1": ("duties.explain-ledger-trouble",),
    "ledger.log-restarted.v1": ("duties.explain-ledger-trouble",),
    "moderation.comment-assessed.v1": ("channels.note-use",),
    "moderation.removal-decided.v1": ("channels.note-use",),
    "people.channel-right-given.v1": ("governance.tend", "channels.ask-speaker-to-read"),
    "people.attempt-refused.v1": ("channels.report-attempt",),
    "people.person-added.v1": ("governance.tend",),
    "people.person-deactivated.v1": ("governance.tend",),
    "publishing.draft-approved.v1": ("channels.note-use",),
    "publishing.publication-scheduled.v1": ("channels.note-use",),
}

SCHEDULE: tuple[Periodic, ...] = (
    Periodic("ledger.sequence", every_seconds=1, when="rostrum.areas.ledger.queries.has_work"),
    Periodic("archive.capture-due", every_seconds=15),
    Periodic("portal.export-registry", every_seconds=60, when="rostrum.areas.portal.queries.registry_has_changed"),
    Periodic("archive.read-back", every_seconds=60),
    Periodic("agenda.remind", every_seconds=900),
    Periodic("channels.tend-reviews", every_seconds=3600),
    Periodic("channels.tend-separations", every_seconds=60, when="rostrum.areas.channels.queries.separation.has_work"),
    Periodic("governance.tend", every_seconds=600),
    Periodic("channels.watch-pages", every_seconds=3600),
    Periodic(
        "channels.expire-disclosures",
        every_seconds=60,
        when="rostrum.areas.channels.queries.log_in_disclosure.has_expired_disclosures",
    ),
    Periodic("channels.watch-access", every_seconds=86400),
    Periodic("channels.watch-parts", every_seconds=86400),
    Periodic("channels.look-at-terms", every_seconds=3600),
    Periodic("people.sweep", every_seconds=3600),
    Periodic("publishing.watch-integrity", every_seconds=3600),
)
