"""What of each record is withheld and why, what that makes secret, and whether a released record still shows it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.models import Version
from rostrum.areas.disclosure import law, queries
from rostrum.areas.disclosure.models import ResponsiveRecord
from rostrum.areas.disclosure.parts import Cut, withheld_positions
from rostrum.areas.disclosure.verifying import Secret, Watch, written
from rostrum.evidence.commitments import Part


@dataclass(frozen=True, slots=True)
class Withholding:
    """Why a part of a record, or all of it, is withheld."""

    cut: Cut | None  # None: the whole record
    code: str
    authority: str
    reason: str
    by: str
    seen_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Chosen:
    """One version that goes into a bundle, and what of it is withheld."""

    record_id: str
    version: Version
    withholdings: tuple[Withholding, ...] = ()

    @property
    def is_whole_withheld(self) -> bool:
        """Whether nothing of the record is shown."""
        return any(one.cut is None for one in self.withholdings)

    def withheld(self, parts: Sequence[Part]) -> set[int]:
        """The positions of the version's parts that are withheld."""
        if self.is_whole_withheld:
            return set(range(len(parts)))
        return withheld_positions(parts, self.version.text, [one.cut for one in self.withholdings if one.cut])


def chosen_from(records: Iterable[ResponsiveRecord]) -> list[Chosen]:
    """The responsive records with what of each is withheld; a record that does not answer the request is left out."""
    exemptions = law.known_exemptions()

    def authority(code: str) -> str:
        return exemptions[code].citation if code in exemptions else code

    chosen = []
    for record in records:
        if record.choice == ResponsiveRecord.Choice.NOT_RESPONSIVE:
            continue
        why: list[Withholding] = []
        if record.choice == ResponsiveRecord.Choice.WITHHOLD:
            by = record.decided_by.public_id if record.decided_by else ""
            why.append(
                Withholding(
                    cut=None,
                    code=",".join(record.exemptions),
                    authority=", ".join(authority(code) for code in record.exemptions),
                    reason=record.reason,
                    by=by,
                    seen_by="",
                    at=record.decided_at or record.request.received_at,
                )
            )
        elif record.choice == ResponsiveRecord.Choice.REDACT:
            why += [
                Withholding(
                    cut=Cut(one.place, one.start, one.end),
                    code=one.exemption,
                    authority=authority(one.exemption),
                    reason=one.reason,
                    by=one.proposed_by.public_id,
                    seen_by=one.seconded_by.public_id if one.seconded_by else "",
                    at=one.proposed_at,
                )
                for one in queries.open_redactions(record)
            ]
        chosen.append(Chosen(record.public_id, record.version, tuple(why)))
    return chosen


def secrets_of(chosen: Iterable[Chosen]) -> list[Secret]:
    """The texts that the withholdings make secret: withheld words, whole withheld texts, who wrote."""
    found: list[Secret] = []
    for one in chosen:
        version, item = one.version, one.version.item
        for why in one.withholdings:
            if why.cut is None:
                found.append(Secret(one.record_id, version.text))
            elif why.cut.place == "text":
                found.append(Secret(one.record_id, version.text[why.cut.start : why.cut.end]))
            elif why.cut.place == "author":
                found += [Secret(one.record_id, name, is_key=True) for name in (item.author_id, version.author_handle)]
                found.append(Secret(one.record_id, version.author_name))
    return [secret for secret in found if secret.text.strip()]


@dataclass(frozen=True, slots=True)
class StillShown:
    """A released record that shows what was withheld from a record, maybe itself."""

    shown_in: str
    withheld_from: str


def still_shown(chosen: Sequence[Chosen]) -> list[StillShown]:
    """The records that would show, as they are decided now, what is withheld from one of them (rule X5).

    Looked for before the letter goes out, while it can still be put right. Reads every released payload, but only
    where something is withheld at all.
    """
    watch = Watch(secrets_of(chosen))
    if not watch:
        return []
    found: list[StillShown] = []
    for one in chosen:
        if one.is_whole_withheld:
            continue
        parts = archive.parts_of(one.version)
        hidden = {parts[position].name for position in one.withheld(parts)}
        texts = [(text, one.record_id) for text in written(parts, hidden)]
        texts += [(part.value.decode(), "") for part in parts if part.name == "record" and part.name not in hidden]
        if "raw" not in hidden:
            texts += [(text, "") for text in Watch.texts_of(archive.raw_of(one.version), one.version.raw_type)]
        secrets = {
            secret.record_id for text, of_record in texts for secret in watch.found_in(text, of_record=of_record)
        }
        found += [StillShown(one.record_id, record_id) for record_id in sorted(secrets)]
    return found


def masked_query(query: Mapping[str, Any], watch: Watch) -> dict[str, Any]:
    """A saved search as it may be told: whoever searched for a number that is withheld must not repeat it."""
    return {
        name: watch.masked(value)
        if isinstance(value, str)
        else [watch.masked(str(one)) for one in value]
        if isinstance(value, list)
        else value
        for name, value in query.items()
    }
