"""Building the bundle of one production from what was decided, record by record."""

import os
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

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


def build(production: Production, *, now: datetime) -> tuple[str, int, int]:
    """Build the production, look it over, keep its zip as a blob; return (SHA-256, size in bytes, records).

    Raises `verifying.StillThere` when something withheld can be read in it; nothing is kept then.
    """
    request = production.request
    chosen = chosen_from(queries.records_under_review(request, with_payloads=True))
    secrets = secrets_of(chosen)
    determination = Determination.objects.get(request=request)
    watch = verifying.Watch(secrets)
    searches = [masked_query(search.query, watch) for search in request.searches.all()]
    body = governance.body_name()
    stated = Stated(
        statement=(
            f"All records of {body} found by the searches made for records request {request.number}, "
            f"determined {determination.issued_at:%Y-%m-%d}: {determination.get_outcome_display().lower()}."
        ),
        query={"searches": searches},
        title=f"Production {production.number} for records request {request.number}",
        introduction=(
            f"Released by {body}. Each record below is also in this bundle as data, with a proof of its place in the "
            "body's ledger; the file certificates/how-to-verify.txt tells how anyone can check it.",
        ),
        info={
            "Source-Organization": body,
            "External-Identifier": production.public_id,
            "Bagging-Date": f"{now:%Y-%m-%d}",
            "External-Description": f"Production {production.number} for records request {request.number}",
        },
    )
    letter = determination.letter.split("\n\n")
    with tempfile.TemporaryDirectory(prefix="rostrum-production-") as place:
        folder = Path(place) / f"request-{request.number}-production-{production.number}"
        report = write_bundle(
            folder,
            chosen=chosen,
            entries=_entries(request),
            gaps=_gaps(request),
            stated=stated,
            letter=(letter[0], [paragraph.strip("\n") for paragraph in letter[1:]]),
        )
        verifying.look_over(folder, secrets)
        packed = Path(place) / "production.zip"
        zip_folder(folder, packed)
        with packed.open("rb") as stream:
            digest = archive.blobs().put(stream)
        return digest, packed.stat().st_size, report.records


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
