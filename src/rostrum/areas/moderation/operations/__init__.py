"""Assessing comments and carrying out what was decided: evidence first, a person always, the record kept."""

from rostrum.areas.moderation.operations.assessing import (
    assess_comment,
    drop_assessment,
    look_and_open,
    open_assessment,
    second_assessment,
)
from rostrum.areas.moderation.operations.referring import answer_referral
from rostrum.areas.moderation.operations.removing import (
    abandon_removal,
    confirm_removal,
    decide_removal,
    fail_removal,
    note_notice,
    retry_removal,
    witness_outcome,
)
from rostrum.areas.moderation.operations.restoring import confirm_restoration, fail_restoration, restore_comment

__all__ = [
    "abandon_removal",
    "answer_referral",
    "assess_comment",
    "confirm_removal",
    "confirm_restoration",
    "decide_removal",
    "drop_assessment",
    "fail_removal",
    "fail_restoration",
    "look_and_open",
    "note_notice",
    "open_assessment",
    "restore_comment",
    "retry_removal",
    "second_assessment",
    "witness_outcome",
]
