"""Everything that changes a post: written and reviewed (`drafting`), published (`publication`), set right (`after`)."""

from rostrum.areas.publishing.operations.after import (
    compare_captured,
    correct_post,
    note_taken_down,
    withdraw_post,
)
from rostrum.areas.publishing.operations.disclosures import authorize_disclosure, withdraw_authorization
from rostrum.areas.publishing.operations.drafting import (
    MediaInput,
    create_draft,
    save_revision,
)
from rostrum.areas.publishing.operations.integrity import answer_alert, watch_channel
from rostrum.areas.publishing.operations.leavers import hold_leavers_post
from rostrum.areas.publishing.operations.publication import (
    call_off_publication,
    intend_publication,
    note_failure,
    note_found,
    note_receipt,
    note_unclear,
    publish_in_emergency,
    resolve_unclear,
    retry_publication,
    schedule_publication,
)
from rostrum.areas.publishing.operations.review import (
    approve_draft,
    check_draft,
    clear_finding,
    record_consent,
    return_draft,
    submit_draft,
)

__all__ = [
    "MediaInput",
    "answer_alert",
    "approve_draft",
    "authorize_disclosure",
    "call_off_publication",
    "check_draft",
    "clear_finding",
    "compare_captured",
    "correct_post",
    "create_draft",
    "hold_leavers_post",
    "intend_publication",
    "note_failure",
    "note_found",
    "note_receipt",
    "note_taken_down",
    "note_unclear",
    "publish_in_emergency",
    "record_consent",
    "resolve_unclear",
    "retry_publication",
    "return_draft",
    "save_revision",
    "schedule_publication",
    "submit_draft",
    "watch_channel",
    "withdraw_authorization",
    "withdraw_post",
]
