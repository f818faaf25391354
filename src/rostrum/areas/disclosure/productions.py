"""Building the bundle of one production from what was decided, record by record."""

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.models import Gap
from rostrum.areas.archive.queries import SearchQuery
from rostrum.areas.channels.models import Channel
from rostrum.areas.disclosure import queries, verifying
from rostrum.areas.disclosure.bundling import Stated, write_bundle
from rostrum.areas.disclosure.models import Determination, Production, RecordsRequest
from rostrum.areas.disclosure.withholding import chosen_from, masked_query, secrets_of
from rostrum.areas.governance import queries as governance
from rostrum.areas.ledger.models import Entry
from rostrum.evidence.bundle import BundleReport


def _entries(request: RecordsRequest) -> Iterator[Entry]:
    # The custody log of a request: its own acts, found by its id, which stands in each body in one spelling.
    yield from Entry.objects.filter(
        kind__startswith="disclosure.", body_text__contains=f'"request":"{request.public_id}"'
    ).order_by("pk")


def _gaps(request: RecordsRequest) -> list[Gap]:
    """The gaps that the request's searches touch: of their channels, or all, in their spans of time."""
    found: dict[int, Gap] = {}
    for search in request.searches.all():
        query = SearchQuery.from_json(search.query)
        channels = Channel.objects.filter(slug__in=query.channels) if query.channels else Channel.objects.all()
        found |= {gap.pk: gap for gap in archive.gaps_between(channels, query.from_, query.to)}
    return [gap for _, gap in sorted(found.items())]


def write_folder(request: RecordsRequest, number: int, folder: Path, *, identifier: str, now: datetime) -> BundleReport:
    """Write the bundle of a determined request into a new folder and look it over; what fails is not left behind.

    Raises `verifying.StillThere` when something withheld can be read in it, `Refused` while a record has no index,
    Determination.DoesNotExist.
    """
    chosen = chosen_from(queries.records_under_review(request, with_payloads=True))
    secrets = secrets_of(chosen)
    watch = verifying.Watch(secrets)
    determination = Determination.objects.get(request=request)
    body = governance.body_name()
    title = f"Production {number} for records request {request.number}"
    decided_on = determination.issued_at.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE)).date()
    letter = determination.letter.split("\n\n")
    report = write_bundle(
        folder,
        chosen=chosen,
        entries=_entries(request),
        gaps=_gaps(request),
        stated=Stated(
            statement=(
                f"All records of {body} found by the searches made for records request {request.number}, "
                f"determined {decided_on}: {determination.get_outcome_display().lower()}."
            ),
            query={"searches": [masked_query(search.query, watch) for search in request.searches.all()]},
            title=title,
            introduction=(
                f"Released by {body}. Each record below is also in this bundle as data, with a proof of its place in "
                "the body's ledger; the file certificates/how-to-verify.txt tells how anyone can check it.",
            ),
            info={
                "Source-Organization": body,
                "External-Identifier": identifier,
                "Bagging-Date": f"{now:%Y-%m-%d}",
                "External-Description": title,
            },
        ),
        letter=(letter[0], [paragraph.strip("\n") for paragraph in letter[1:]]),
    )
    try:
        verifying.look_over(folder, secrets)
    except verifying.StillThere:
        shutil.rmtree(folder)
        raise
    return report


def build(production: Production, *, now: datetime) -> tuple[str, int, int]:
    """Build the production and keep its zip as a blob; return (SHA-256, size in bytes, records).

    Raises as `write_folder`; nothing is kept then.
    """
    request = production.request
    with tempfile.TemporaryDirectory(prefix="rostrum-production-") as place:
        folder = Path(place) / f"request-{request.number}-production-{production.number}"
        report = write_folder(request, production.number, folder, identifier=production.public_id, now=now)
        packed = Path(place) / "production.zip"
        zip_folder(folder, packed)
        with packed.open("rb") as stream:
            digest = archive.blobs().put(stream)
        return digest, packed.stat().st_size, report.records


def unpack(production: Production, folder: Path) -> None:
    """Write a finished production's bag into a new folder, byte for byte as it was handed over."""
    aside = folder.with_name(f"{folder.name}.unfinished")
    if aside.exists():
        shutil.rmtree(aside)
    with archive.blobs().open(production.digest) as stream, zipfile.ZipFile(stream) as packed:
        for member in packed.infolist():
            # Ours, and without ".." by construction: the first folder's name is left off.
            target = aside / member.filename.partition("/")[2]
            target.parent.mkdir(parents=True, exist_ok=True)
            with packed.open(member) as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink)
    aside.rename(folder)


def zip_folder(folder: Path, target: Path) -> None:
    """Pack a bundle's folder into a zip, in a fixed order and with fixed times: the same bundle, the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                info = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", (2020, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                with path.open("rb") as source, out.open(info, "w", force_zip64=True) as sink:
                    while block := source.read(1 << 20):
                        sink.write(block)
    with target.open("rb") as done:
        os.fsync(done.fileno())
