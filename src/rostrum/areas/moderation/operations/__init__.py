"""Assessing comments and carrying out what was decided: evidence first, a person always, the record kept."""

from rostrum.areas.moderation.operations.answering import answer_as_no_notice
from rostrum.areas.moderation.operations.assessing import (
    assess_comment,
    drop_assessment,
    look_and_open,
    open_assessment,
    second_assessment,
)
from rostrum.areas.moderation.operations.blocking import agree_to_block, ask_block, end_block, note_block_done
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
    "agree_to_block",
    "answer_as_no_notice",
    "answer_referral",
    "ask_block",
    "assess_comment",
    "confirm_removal",
    "confirm_restoration",
    "decide_removal",
    "drop_assessment",
    "end_block",
    "fail_removal",
    "fail_restoration",
    "look_and_open",
    "note_block_done",
    "note_notice",
    "open_assessment",
    "restore_comment",
    "retry_removal",
    "second_assessment",
    "witness_outcome",
]
