"""Building the bundle of one production from what was decided, record by record."""

import os
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from rostrum.areas.archive import queries as archive
from rostrum.areas.disclosure import law, queries, verifying
from rostrum.areas.disclosure.bundling import Chosen, Stated, Withholding, write_bundle
from rostrum.areas.disclosure.models import Determination, Production, RecordsRequest, ResponsiveRecord
from rostrum.areas.disclosure.parts import Cut
from rostrum.areas.governance import queries as governance
from rostrum.areas.ledger.models import Entry


def chosen_records(request: RecordsRequest) -> list[Chosen]:
    """The responsive records with what of each is withheld; a record that does not answer the request is left out."""
    exemptions = law.known_exemptions()

    def authority(code: str) -> str:
        return exemptions[code].citation if code in exemptions else code

    chosen = []
    for record in queries.records_under_review(request):
        if record.choice == ResponsiveRecord.Choice.NOT_RESPONSIVE:
            continue
        why: list[Withholding] = []
        if record.choice == ResponsiveRecord.Choice.WITHHOLD:
            by = record.decided_by.public_id if record.decided_by else ""
            cited = ", ".join(authority(code) for code in record.exemptions)
            why.append(
                Withholding(
                    None,
                    ",".join(record.exemptions),
                    cited,
                    record.reason,
                    by,
                    by,
                    record.decided_at or request.received_at,
                )
            )
        elif record.choice == ResponsiveRecord.Choice.REDACT:
            why += [
                Withholding(
                    Cut(one.place, one.start, one.end),
                    one.exemption,
                    authority(one.exemption),
                    one.reason,
                    one.proposed_by.public_id,
                    one.seconded_by.public_id if one.seconded_by else "",
                    one.proposed_at,
                )
                for one in queries.open_redactions(record)
            ]
        chosen.append(Chosen(record.public_id, record.version, tuple(why)))
    return chosen


def _secrets(chosen: list[Chosen]) -> Iterator[verifying.Secret]:
    for one in chosen:
        for why in one.withholdings:
            if why.cut is None:
                yield verifying.Secret(one.record_id, one.version.text)
            elif why.cut.place == "text":
                yield verifying.Secret(one.record_id, one.version.text[why.cut.start : why.cut.end])


def _entries(request: RecordsRequest) -> Iterator[Entry]:
    # The custody log of a request: its own acts, found by its id, which stands in each body in one spelling.
    yield from Entry.objects.filter(
        kind__startswith="disclosure.", body_text__contains=f'"request":"{request.public_id}"'
    ).order_by("pk")


def build(production: Production, *, now: datetime) -> tuple[str, int, int]:
    """Build the production, look it over, keep its zip as a blob; return (SHA-256, size in bytes, records).

    Raises `verifying.StillThere` when something withheld can be read in it; nothing is kept then.
    """
    request = production.request
    chosen = chosen_records(request)
    determination = Determination.objects.get(request=request)
    channels = {one.version.item.channel for one in chosen}
    query = {"searches": [search.query for search in request.searches.all()]}
    body = governance.body_name()
    stated = Stated(
        statement=(
            f"All records of {body} found by the searches made for records request {request.number}, "
            f"determined {determination.issued_at:%Y-%m-%d}: {determination.get_outcome_display().lower()}."
        ),
        query=query,
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
            gaps=archive.gaps_between(channels, None, None),
            stated=stated,
            letter=(letter[0], [paragraph.strip("\n") for paragraph in letter[1:]]),
        )
        verifying.look_over(folder, _secrets(chosen))
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
