"""What changes the public registry's export: put together, recorded, kept until the next."""

from datetime import datetime

from django.db import transaction

from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger.rules import instant_text
from rostrum.areas.people.operations.acting import Actor, name_of
from rostrum.areas.portal import events, queries
from rostrum.areas.portal.models import RegistryExport
from rostrum.evidence.canonical import canonical_json
from rostrum.evidence.registry import digest_of

# The digests of all exports stay in the ledger; of the files themselves the newest are enough.
_KEPT = 3


@transaction.atomic
def export_registry(*, actor: Actor, now: datetime) -> RegistryExport:
    """Put the registry together as it is now and record its digest.

    The file can be had when the entry has its place in the log (`queries.signed_export`).
    """
    content = queries.registry_content()
    registry = content | {"as_of": instant_text(now)}
    made = RegistryExport(content_sha256=digest_of(content), text=canonical_json(registry).decode(), made_at=now)
    entry = ledger.record(
        events.RegistryExported(export=made.public_id, sha256=digest_of(registry), channels=len(content["channels"])),
        actor=name_of(actor),
        now=now,
    )
    made.entry = entry.public_id
    made.save(force_insert=True)
    kept = RegistryExport.objects.order_by("-pk").values_list("pk", flat=True)[:_KEPT]
    RegistryExport.objects.exclude(pk__in=list(kept)).delete()
    return made
