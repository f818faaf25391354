"""Readable copies of a bundle: JSON lines and CSV for all records, tagged PDF by volumes; made from what is shown.

Everything a record says is read from its disclosed parts, never from the original (ADR 0901), so that a withheld word
is gone before any page is set.
"""

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rostrum.areas.channels.queries.property import STAMP_TITLES
from rostrum.areas.disclosure.parts import TOKEN, Run, shown_text
from rostrum.areas.disclosure.withholding import Chosen
from rostrum.connectors.typesetting import typeset
from rostrum.evidence.bundle import BundleWriter, Gap
from rostrum.evidence.commitments import Part
from rostrum.kernel.spreadsheets import harmless

TEMPLATES = Path(__file__).with_name("typst")
# Typst's memory grows with the document: volumes of at most this many records (stack figures: 0.4 GB each).
_VOLUME = 1000
_COLUMNS = (
    "record", "platform", "channel", "kind", "author", "owner", "published_at", "captured_at", "version", "state",
    "url", "text", "withheld",
)  # fmt: skip
_STATES = {"deleted": "deleted on the platform", "hidden": "hidden on the platform"}


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands on the first page of the readable copies."""

    title: str
    body: str
    statement: str
    introduction: tuple[str, ...]


class ReadableCopies:
    """Writes the readable copies of one bundle, record by record. Leaving the `with` block drops what was set aside."""

    def __init__(self, bundle: BundleWriter, heading: Heading, gaps: Iterable[Gap]) -> None:
        self._bundle = bundle
        self._heading = heading
        self._gaps = tuple(gaps)
        # Set aside in files: a full export may have millions of rows.
        self._files = ExitStack()
        json_file, csv_file = (self._files.enter_context(tempfile.TemporaryFile()) for _ in range(2))  # noqa: SIM115
        self._json = self._files.enter_context(io.TextIOWrapper(json_file, encoding="utf-8", newline="\n"))
        self._csv = self._files.enter_context(io.TextIOWrapper(csv_file, encoding="utf-8-sig", newline=""))
        self._aside = (("records.jsonl", self._json, json_file), ("records.csv", self._csv, csv_file))
        self._writer = csv.DictWriter(self._csv, _COLUMNS, lineterminator="\r\n")
        self._writer.writeheader()
        self._volume: list[dict[str, Any]] = []
        self._volumes = 0
        self._count = 0

    def __enter__(self) -> "ReadableCopies":
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def add(self, one: Chosen, parts: Sequence[Part], hidden: set[str]) -> None:
        """Add one record as it may be shown."""
        runs = shown_text(parts, hidden)
        row = _row(one, parts, hidden, runs)
        self._count += 1
        self._json.write(json.dumps(row, ensure_ascii=False) + "\n")
        # The JSON beside it holds the text as it is.
        self._writer.writerow({name: harmless(str(value)) for name, value in row.items()})
        self._volume.append(_page(self._count, one, row, runs, hidden))
        if len(self._volume) == _VOLUME:
            self._write_volume()

    def finish(self) -> None:
        """Write what is left; a bundle without records still has its first page."""
        if self._volume or not self._volumes:
            self._write_volume()
        for name, text, file in self._aside:
            text.flush()
            file.seek(0)
            self._bundle.add_readable(name, file)

    def _write_volume(self) -> None:
        self._volumes += 1
        heading = self._heading
        data = {
            "title": heading.title if self._volumes == 1 else f"{heading.title}, volume {self._volumes}",
            "body": heading.body,
            "introduction": list(heading.introduction),
            "facts": [["Scope", heading.statement]],
            "gaps": [_gap_text(gap) for gap in self._gaps],
            "records": self._volume,
        }
        name = "records.pdf" if self._volumes == 1 else f"records-{self._volumes}.pdf"
        self._bundle.add_readable(name, typeset(TEMPLATES / "production.typ", data))
        self._volume = []


def _row(one: Chosen, parts: Sequence[Part], hidden: set[str], runs: Sequence[Run]) -> dict[str, Any]:
    version, item = one.version, one.version.item
    values = {part.name: part.value for part in parts if part.name not in hidden}
    record = json.loads(values["record"]) if "record" in values else {}
    if record:
        kind, published, captured, number = (
            record["kind"], record["published_at"], record["captured_at"], record["number"],
        )  # fmt: skip
    else:
        # Withheld with the author, for its ids lead to them. No exemption covers kind, day and version, so the
        # custodian states them; the day alone, because the very instant would find the post on the platform.
        kind, captured, number = item.kind, TOKEN, version.number
        published = f"{item.published_at:%Y-%m-%d}" if item.published_at else ""
    return {
        "record": one.record_id,
        "platform": item.platform,
        "channel": item.channel.slug,
        "kind": kind,
        "author": _author(values["author"]) if "author" in values else TOKEN,
        # The body owns what its staff made: said only where the author is, because it tells who that was.
        "owner": item.property_holder if "author" in values else TOKEN,
        "published_at": published,
        "captured_at": captured,
        "version": number,
        "state": item.state,
        "url": values["url"].decode() if "url" in values else TOKEN,
        "text": "".join(run.text + (" " if run.withheld else "") for run in runs).rstrip(" "),
        "withheld": "; ".join(f"{why.authority}: {why.reason}" for why in one.withholdings),
    }


def _author(value: bytes) -> str:
    author = json.loads(value)
    return str(author["name"] or author["handle"] or author["id"])


def _page(count: int, one: Chosen, row: Mapping[str, Any], runs: Sequence[Run], hidden: set[str]) -> dict[str, Any]:
    version, item = one.version, one.version.item
    notes = [f"Withheld under {why.authority}: {why.reason}" for why in one.withholdings]
    for medium in version.media.all():
        if f"media/{medium.position}" in hidden:
            notes.append(f"Medium {medium.position + 1}: withheld")
            continue
        words = medium.alt or "no alternative text was given"
        missing = f"; its file is missing ({medium.missing})" if medium.missing else ""
        notes.append(f"Medium {medium.position + 1} ({medium.mime or 'of unknown kind'}): {words}{missing}")
    facts = (
        ("Channel", f"{item.channel.name} ({item.platform})"),
        ("Author", row["author"]),
        *([(STAMP_TITLES[item.property_kind], row["owner"])] if item.property_holder and row["owner"] != TOKEN else []),
        ("Published", row["published_at"]),
        ("Captured", row["captured_at"]),
        ("Version", f"{version.number} of {item.version_count}" if item.version_count > 1 else ""),
        ("State", _STATES.get(item.state, "")),
    )
    return {
        "heading": f"{count}. {item.get_kind_display()} {one.record_id}",
        "facts": [[name, str(value)] for name, value in facts if value],
        "text": [{"text": run.text, "withheld": run.withheld} for run in runs]
        or [{"text": "(no text)", "withheld": False}],
        "notes": notes,
    }


def _gap_text(gap: Gap) -> str:
    cause = gap.cause.replace("_", " ")
    return f"{gap.channel}: from {gap.since or 'the beginning'} to {gap.until or 'now'} ({cause}). {gap.detail}"
