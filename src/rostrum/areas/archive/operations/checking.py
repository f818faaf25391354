"""Reading the archive back: is every stored record still what was committed to, and is it found again?

A round goes over every version, some thousands at a time, so that it never holds the archive up; a new one begins a
day after the last was finished. What does not read back opens a duty of the IT director, one per
version; the round that finds it whole again closes it.
"""

import hashlib
import re
import zlib
from datetime import datetime, timedelta

from django.db import transaction

from rostrum.areas.archive import events, queries
from rostrum.areas.archive.models import ReadBack, Version
from rostrum.areas.archive.operations.acting import Person, actor_id
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties.queries import open_duties
from rostrum.areas.ledger import operations as ledger
from rostrum.connectors.blobs import NoSuchBlob
from rostrum.evidence.commitments import commit

BETWEEN_ROUNDS = timedelta(days=1)
RESTORE_DUTY = "archive.restore-record"
_AT_ONCE = 2_000
# Of so many versions one is looked for by the search, too.
_ONE_IN = 20
_WORD = re.compile(r"[A-Za-z]{4,}")


@transaction.atomic
def read_back(*, actor: Person | str, now: datetime, at_once: int = _AT_ONCE) -> ReadBack | None:
    """Read the next versions of the round back; None while the last round is less than a day old.

    Nothing is changed by it. The entry is written when a round is finished.
    """
    last = ReadBack.objects.select_for_update().order_by("-started_at", "-pk").first()
    if last is not None and last.finished_at is not None:
        if last.finished_at > now - BETWEEN_ROUNDS:
            return None
        last = None
    this = last or ReadBack.objects.create(started_at=now)
    versions = list(
        Version.objects.filter(pk__gt=this.after)
        .select_related("item__channel")
        .prefetch_related("media")
        .order_by("pk")[:at_once]
    )
    in_trouble = set(open_duties(kind=RESTORE_DUTY).values_list("subject", flat=True))
    for version in versions:
        this.checked += 1
        problem = problem_with(version)
        if not problem and this.checked % _ONE_IN == 1 and (word := _WORD.search(version.text)):
            this.searched += 1
            if is_found(version, word[0]):
                this.found += 1
            else:
                problem = "the search does not find it"
        subject = f"{version.item.public_id}/v{version.number}"
        if not problem and subject in in_trouble:
            duties.close_duty(
                kind=RESTORE_DUTY, subject=subject, evidence=this.public_id, actor=actor_id(actor), now=now
            )
        if problem:
            this.failures += 1
            duties.open_duty(
                kind=RESTORE_DUTY,
                title=f"Restore a stored record from a backup: {problem}",
                owner_role="it_director",
                due_at=now + BETWEEN_ROUNDS,
                subject=subject,
                actor=actor_id(actor),
                now=now,
            )
    if versions:
        this.after = versions[-1].pk
    if len(versions) < at_once:
        this.finished_at = now
        ledger.record(
            events.RecordsReadBack(
                round=this.public_id,
                checked=this.checked,
                failures=this.failures,
                searched=this.searched,
                found=this.found,
            ),
            actor=actor_id(actor),
            now=now,
        )
    this.save()
    return this


def problem_with(version: Version) -> str:
    """What is wrong with a stored version, in words; empty when it is what was committed to. Reads every byte of it."""
    if commit(queries.parts_of(version), bytes(version.seed)) != bytes(version.commitment):
        return "what it says is not what was committed to"
    try:
        raw = queries.raw_of(version)
    except NoSuchBlob:
        return "its payload is missing"
    except (ValueError, zlib.error):
        return "its payload cannot be unpacked"
    if hashlib.sha256(raw).digest() != bytes(version.raw_sha256):
        return "its payload is not the one that was captured"
    for medium in version.media.all():
        if medium.sha256 and not _reads_back(medium.sha256):
            return "a file of it is missing or not the one that was captured"
    return ""


def _reads_back(digest: str) -> bool:
    try:
        read = hashlib.sha256()
        with queries.blobs().open(digest) as stream:
            while chunk := stream.read(1 << 18):
                read.update(chunk)
        return read.hexdigest() == digest
    except NoSuchBlob:
        return False


def is_found(version: Version, word: str) -> bool:
    """Whether the search finds the version by a word it contains, among what was published in its second."""
    second = version.item.sorted_at.replace(microsecond=0)
    answer = queries.search_for(
        queries.SearchQuery(
            text=f'"{word}"',
            channels=(version.item.channel.slug,),
            from_=second,
            to=second + timedelta(seconds=1),
            include_restricted=True,
        )
    )
    return any(found.pk == version.pk for hit in answer for found in hit.versions)
