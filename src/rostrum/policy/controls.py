"""Controls: the code that carries clauses. What each is called, where it acts, and how it shows that it acts. Pure.

The catalog (`shipped/controls.toml`) lists every control id a pack may bind a clause to. An area registers the ones
it has built as `LiveControl`s in its `controls.py`; only those can make a clause live (design §11.12).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.findings import Strength


class Stage(StrEnum):
    """Where in the life of a channel, post, comment, request or person a control acts."""

    PACK_LINT = "pack.lint"
    PACK_ACTIVATE = "pack.activate"
    CHANNEL_REQUEST = "channel.request"
    CHANNEL_APPROVE = "channel.approve"
    CHANNEL_OPEN = "channel.open"
    CHANNEL_REVIEW = "channel.review"
    PLATFORM_REVIEW = "platform.review"
    PAGE_CHECK = "page.check"
    CUSTODY_CHANGE = "custody.change"
    GRANT_ISSUE = "grant.issue"
    GRANT_REVIEW = "grant.review"
    PERSON_RESOLVE = "person.resolve"
    PERSON_JOIN = "person.join"
    PERSON_SEPARATE = "person.separate"
    DRAFT_CHECK = "draft.check"
    DRAFT_APPROVE = "draft.approve"
    PUBLISH_GATE = "publish.gate"
    PUBLISH_AFTER = "publish.after"
    CAPTURE_RUN = "capture.run"
    COMMENT_ASSESS = "comment.assess"
    COMMENT_REMOVE = "comment.remove"
    USER_BLOCK = "user.block"
    RECORD_CLASSIFY = "record.classify"
    RECORD_DISPOSE = "record.dispose"
    REQUEST_RECEIVE = "request.receive"
    REQUEST_SEARCH = "request.search"
    REQUEST_DETERMINE = "request.determine"
    PRODUCTION_RELEASE = "production.release"
    GUIDANCE_SHOW = "guidance.show"
    SELF_CHECK = "self.check"
    CASE_OPEN = "case.open"
    CASE_DECIDE = "case.decide"
    DISCLOSURE_RECEIVE = "disclosure.receive"
    DIRECTIVE_ISSUE = "directive.issue"
    AUDIT_REVIEW = "audit.review"


@dataclass(frozen=True, slots=True)
class ControlSpec:
    """One entry of the catalog: what a control is, before anyone has built it."""

    id: str
    title: str
    stage: Stage
    strength: Strength
    does: str

    @property
    def area(self) -> str:
        """The part of the id before the first dot: what the control is about."""
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a control shows of itself now: one sentence, how often it acted, since when, and where to look."""

    summary: str
    count: int
    since: datetime | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class LiveControl:
    """A control that exists. Registered by the area that built it.

    `proven_by` names tests (``tests/areas/test_x.py::test_name``), each marked ``@pytest.mark.proves(id)``, that saw
    it act or refuse. `evidence` is asked when coverage is computed and must answer. `clauses`, where not empty, limits
    the claim to those clauses of the ones bound to the control; leave it empty only when every parameter the packs
    give is honoured. `is_recorded_duty` says that a person does the work and the product only opens and closes the
    duty: such a clause is shown as a recorded duty, not as live.
    """

    id: str
    proven_by: tuple[str, ...]
    evidence: Callable[[], Evidence]
    clauses: tuple[str, ...] = ()
    is_recorded_duty: bool = False


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every control a clause may be bound to, in the order of the file."""

    specs: Mapping[str, ControlSpec]

    def __contains__(self, control_id: object) -> bool:
        return control_id in self.specs

    def __iter__(self) -> Iterator[ControlSpec]:
        return iter(self.specs.values())

    def __len__(self) -> int:
        return len(self.specs)

    def get(self, control_id: str) -> ControlSpec:
        """Return the control with this id; raises `InvalidInput` where there is none."""
        try:
            return self.specs[control_id]
        except KeyError:
            raise InvalidInput(f"control {control_id!r}", "is not in the catalog (shipped/controls.toml)") from None

    def at(self, stage: Stage) -> tuple[ControlSpec, ...]:
        """The controls that act at `stage`, in the order of the catalog."""
        return tuple(spec for spec in self if spec.stage is stage)
