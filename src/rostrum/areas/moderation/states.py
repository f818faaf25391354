"""The life of an assessment of a comment, as one table (records-and-law §7)."""

from enum import StrEnum

from rostrum.workflow.machine import Machine, Transition


class AssessmentState(StrEnum):
    """Where an assessment stands. Evidence comes first: there is no assessment without it."""

    CAPTURED = "captured"  # the evidence is taken and hashed
    ASSESSED = "assessed"  # the elements of each ground are answered and a measure proposed
    SECONDED = "seconded"  # a second person agreed, where the ground asks for one
    APPLYING = "applying"  # the platform has been asked to hide
    APPLIED = "applied"
    RESTORING = "restoring"  # the platform has been asked to show again
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
    """What may be done with a comment, least first (records-and-law M5). Blocking a person is an act of its own."""

    KEEP = "keep"
    REFER = "refer"
    HIDE = "hide"
    DELETE = "delete"


class Outcome(StrEnum):
    """How a removal stands on the platform, as far as we know."""

    INTENDED = "intended"  # decided; the platform is being asked
    APPLIED = "applied"
    FAILED = "failed"  # the platform refused
    UNCLEAR = "unclear"  # nobody knows: a person looks
    ABANDONED = "abandoned"  # given up after trouble; the comment was never hidden
    RESTORING = "restoring"  # the platform is being asked to show it again
    RESTORE_FAILED = "restore_failed"
    RESTORED = "restored"


# A person has to look at these.
IN_TROUBLE = (Outcome.FAILED, Outcome.UNCLEAR, Outcome.RESTORE_FAILED)
# The comment is off the platform through our act.
IN_FORCE = (Outcome.APPLIED, Outcome.RESTORING, Outcome.RESTORE_FAILED)

_S, _A = AssessmentState, AssessmentAct

STATE_TITLES = {
    _S.CAPTURED: "Evidence taken",
    _S.ASSESSED: "Assessed",
    _S.SECONDED: "Seconded",
    _S.APPLYING: "Asked of the platform",
    _S.APPLIED: "Removed",
    _S.RESTORING: "Being shown again",
    _S.KEPT: "Kept",
    _S.REFERRED: "Referred",
    _S.RESTORED: "Restored",
    _S.DROPPED: "Given up",
}

ASSESSMENT_MACHINE: Machine[AssessmentState] = Machine(
    "assessment",
    (
        Transition(_S.CAPTURED, _A.ASSESS, _S.ASSESSED, "every element of each chosen ground is answered"),
        Transition(_S.CAPTURED, _A.DROP, _S.DROPPED, "the evidence stays"),
        Transition(_S.ASSESSED, _A.ASSESS, _S.ASSESSED, "before a second person has agreed"),
        Transition(_S.ASSESSED, _A.KEEP, _S.KEPT),
        Transition(_S.ASSESSED, _A.REFER, _S.REFERRED),
        Transition(_S.ASSESSED, _A.SECOND, _S.SECONDED, "another person than the assessor"),
        Transition(_S.ASSESSED, _A.APPLY, _S.APPLYING, "no ground needs a second person"),
        Transition(_S.ASSESSED, _A.DROP, _S.DROPPED, "the comment or the policy changed, or the assessor did"),
        Transition(_S.SECONDED, _A.APPLY, _S.APPLYING),
        Transition(_S.SECONDED, _A.DROP, _S.DROPPED),
        Transition(_S.APPLYING, _A.CONFIRM, _S.APPLIED, "the platform confirmed, or a person saw it done"),
        Transition(_S.APPLYING, _A.RETRY, _S.APPLYING, "the platform refused, or did not answer"),
        Transition(_S.APPLYING, _A.DROP, _S.DROPPED, "the platform refused, and a person says why it is given up"),
        Transition(_S.APPLIED, _A.RESTORE, _S.RESTORING, "another person than the remover"),
        Transition(_S.RESTORING, _A.CONFIRM, _S.RESTORED, "the platform confirmed, or a person saw it done"),
        Transition(_S.RESTORING, _A.RETRY, _S.RESTORING, "the platform refused, or did not answer"),
    ),
    initial=_S.CAPTURED,
    final=(_S.KEPT, _S.REFERRED, _S.RESTORED, _S.DROPPED),
    titles=STATE_TITLES,
    buttons={
        _A.ASSESS: "Record the assessment",
        _A.SECOND: "I agree as the second person",
        _A.KEEP: "Record the assessment",
        _A.REFER: "Record the assessment",
        _A.APPLY: "Hide it on the platform",
        _A.CONFIRM: "I saw that it is done",
        _A.RETRY: "Ask the platform again",
        _A.RESTORE: "Restore the comment",
        _A.DROP: "Give it up",
    },
)

# Somebody still has something to do; `applied` only waits for a possible restoration.
OPEN_STATES = tuple(
    state for state in AssessmentState if not ASSESSMENT_MACHINE.is_final(state) and state is not _S.APPLIED
)
