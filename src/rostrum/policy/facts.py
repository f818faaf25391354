"""What a check needs to know about a draft or comment. Stored with every verdict, so that it can be replayed. Pure.

A fact that is `None` was not asked: the checks that need it say nothing. An empty value was asked and left empty.
"""

from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from typing import Any, get_args, get_origin

from rostrum.kernel.decisions import InvalidInput


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """One medium of a draft. `rights` is the stated rights basis, `people` one of none, released, unreleased."""

    mime: str
    alt: str = ""
    has_captions: bool = False
    name: str = ""
    rights: str | None = None
    people: str | None = None

    @property
    def kind(self) -> str:
        """image, video, audio or other."""
        kind = self.mime.partition("/")[0]
        return kind if kind in ("image", "video", "audio") else "other"


@dataclass(frozen=True, slots=True)
class PartyRef:
    """Another party the author says the draft is about: a unit, government, organization or person."""

    name: str
    kind: str = "unit"


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """The facts of one text for one channel.

    `role` is one of the packs' actors (``authorized_poster``, ``elected_official``, …); `unit` the author's
    unit, or empty where not known. `channel_kind` is ``official``, ``personal``, or an audience such as
    ``private`` that changes nothing for a confidential matter. `consents` names the parties who agreed;
    `published_sources` the units or links whose earlier publication was verified. `concerns_body` says of
    personal use whether it affects or names the body. `device` is what it was written on: kept with the
    verdict, and read by no check. `signature_line` is added to the text before it is published.
    `programme_area` is what the author says it is about; `permitted_areas` those of the author's right on the
    channel, none where the right names none.
    """

    text: str
    channel_kind: str = "official"
    platform: str = ""
    role: str = "authorized_poster"
    unit: str = ""
    author_name: str = ""
    author_title: str = ""
    signature_line: str = ""
    is_first_post: bool | None = None
    is_reply: bool = False
    media: tuple[MediaFacts, ...] = ()
    other_party_refs: tuple[PartyRef, ...] = ()
    consents: tuple[str, ...] = ()
    published_sources: tuple[str, ...] = ()
    is_required_notice: bool = False
    standard_channel_reference: str = ""
    is_critical: bool = False
    other_channel_reference: str = ""
    is_correction: bool = False
    corrects_other: bool = False
    uses_borrowed: bool = False
    is_uncomfortable: bool = False
    is_live_event: bool = False
    concerns_body: bool | None = None
    device: str = ""
    official_topic: str | None = None
    programme_area: str | None = None
    permitted_areas: tuple[str, ...] = ()
    declared_interests: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The facts as JSON values: what is stored with the findings. Default values are left out."""
        full = asdict(self)
        plain = {field.name: field.default for field in fields(self)}
        kept = {key: value for key, value in full.items() if key == "text" or value != plain[key]}
        return {key: list(value) if isinstance(value, tuple) else value for key, value in kept.items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "DraftFacts":
        """Read stored facts. Raises `InvalidInput` naming a key that is none, is missing, or holds another kind."""
        values = _read(cls, data, "facts")
        for key, one in (("media", MediaFacts), ("other_party_refs", PartyRef)):
            values[key] = tuple(
                one(**_read(one, each, f"facts, {key} {number}")) if isinstance(each, Mapping) else each
                for number, each in enumerate(values.get(key, ()), start=1)
            )
        return cls(**values)


def _read(kind: type["DraftFacts | MediaFacts | PartyRef"], data: Mapping[str, Any], where: str) -> dict[str, Any]:
    known = {field.name: field for field in fields(kind)}
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key not in known:
            raise InvalidInput(f"{where}, key {key!r}", f"is not one of {', '.join(sorted(known))}")
        if not _is_of(value, known[key].type):
            raise InvalidInput(f"{where}, key {key!r}", f"must be {_in_words(known[key].type)}")
        values[key] = tuple(value) if isinstance(value, list) else value
    for name, field in known.items():
        if name not in values and field.default is MISSING:
            raise InvalidInput(where, f"have no {name}")
    return values


def _is_of(value: Any, kind: Any) -> bool:
    if get_origin(kind) is tuple:
        each = get_args(kind)[0]
        return isinstance(value, list | tuple) and all(_is_of(one, each) for one in value)
    return isinstance(value, kind) or (is_dataclass(kind) and isinstance(value, Mapping))


def _in_words(kind: Any) -> str:
    if get_origin(kind) is tuple:
        return "a list of texts" if get_args(kind)[0] is str else "a list of objects"
    return "true or false" if kind in (bool, bool | None) else "a text"
