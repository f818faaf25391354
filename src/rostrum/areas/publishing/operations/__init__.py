"""Everything that changes a post: written and reviewed (`drafting`), published (`publication`), set right (`after`)."""

from rostrum.areas.publishing.operations.after import (
    compare_captured,
    correct_post,
    note_taken_down,
    withdraw_post,
)
from rostrum.areas.publishing.operations.drafting import (
    MediaInput,
    create_draft,
    save_revision,
)
from rostrum.areas.publishing.operations.publication import (
    call_off_publication,
    intend_publication,
    note_failure,
    note_found,
    note_receipt,
    note_unclear,
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
    "approve_draft",
    "call_off_publication",
    "check_draft",
    "clear_finding",
    "compare_captured",
    "correct_post",
    "create_draft",
    "intend_publication",
    "note_failure",
    "note_found",
    "note_receipt",
    "note_taken_down",
    "note_unclear",
    "record_consent",
    "resolve_unclear",
    "retry_publication",
    "return_draft",
    "save_revision",
    "schedule_publication",
    "submit_draft",
    "withdraw_post",
]
