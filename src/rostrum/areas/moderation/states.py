"""The life of an assessment of a comment, as one table (records-and-law §7)."""

from enum import StrEnum

from rostrum.workflow.machine import Machine, Transition


class AssessmentState(StrEnum):
    """Where an assessment stands. Evidence comes first: there is no assessment without it."""

    CAPTURED = "captured"  # the evidence is taken and hashed
    ASSESSED = "assessed"  # the elements of each ground are answered and a measure proposed
    SECONDED = "seconded"  # a second person agreed, where the ground asks for one
    APPLYING = "applying"  # the platform has been asked
    APPLIED = "applied"
    KEPT = "kept"
    REFERRED = "referred"
    RESTORED = "restored"
    DROPPED = "dropped"


class AssessmentAct(StrEnum):
    """What can be done with an assessment."""

    ASSESS = "assess"
    SECOND = "second"
    KEEP = "keep"
    REFER = "refer"
    APPLY = "apply"
    CONFIRM = "confirm"
    RETRY = "retry"
    RESTORE = "restore"
    DROP = "drop"


class Measure(StrEnum):
    """What may be done with a comment, least first (records-and-law M5). Blocking a person is not offered here."""

    KEEP = "keep"
    REFER = "refer"
    HIDE = "hide"
    DELETE = "delete"


_S, _A = AssessmentState, AssessmentAct

ASSESSMENT_MACHINE: Machine[AssessmentState] = Machine(
    "assessment",
    (
        Transition(_S.CAPTURED, _A.ASSESS, _S.ASSESSED, "every element of each chosen ground is answered"),
        Transition(_S.ASSESSED, _A.ASSESS, _S.ASSESSED, "before a second person has agreed"),
        Transition(_S.CAPTURED, _A.DROP, _S.DROPPED),
        Transition(_S.ASSESSED, _A.KEEP, _S.KEPT),
        Transition(_S.ASSESSED, _A.REFER, _S.REFERRED),
        Transition(_S.ASSESSED, _A.SECOND, _S.SECONDED, "another person than the assessor"),
        Transition(_S.ASSESSED, _A.APPLY, _S.APPLYING, "no ground needs a second person"),
        Transition(_S.SECONDED, _A.APPLY, _S.APPLYING),
        Transition(_S.APPLYING, _A.CONFIRM, _S.APPLIED, "the platform confirmed, or a person saw it done"),
        Transition(_S.APPLYING, _A.RETRY, _S.APPLYING, "the platform refused, or did not answer"),
        Transition(_S.APPLIED, _A.RESTORE, _S.RESTORED, "a hidden comment can be shown again"),
    ),
    initial=_S.CAPTURED,
    final=(_S.KEPT, _S.REFERRED, _S.RESTORED, _S.DROPPED),
)
